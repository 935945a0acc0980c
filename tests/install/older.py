"""Makes an index look as if another version of the program had built it, by changing its manifest."""

import json
from pathlib import Path
from typing import Any

from index.engines.embedded.checksums import sealed
from index.engines.embedded.generations import CURRENT, MANIFEST


def current_folder(root: Path) -> Path:
    return root / "generations" / (root / CURRENT).read_text("utf-8")


def rewrite_manifest(folder: Path, **changes: Any) -> None:
    path = folder / MANIFEST
    manifest = json.loads(path.read_text("utf-8"))
    manifest.pop("checksum")
    path.write_text(sealed({**manifest, **changes}), "utf-8")


OLD_FORMAT = {"format": 1, "program": "0.0.9"}
OLD_ANALYZER = {"analyzer": "another"}
NEW_FORMAT = {"format": 99, "program": "9.0", "unknown_to_us": [1]}
