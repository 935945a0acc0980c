"""`python -m benchmarks.feeds [PART …]`: feeds in, as a page, a picture and JSON in docs/measured/.

Parts may be run one by one: each replaces its own figures. Kills add up by seed.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.feeds.hostile import hostile
from benchmarks.feeds.kills import killed
from benchmarks.feeds.load import loaded
from benchmarks.feeds.page import broken, page
from benchmarks.feeds.picture import request_picture
from benchmarks.feeds.simulation import simulated
from benchmarks.harness.report import machine
from benchmarks.reliability.outcomes import workplace

OUT = Path("docs/measured/feeds.json")
PARTS = ("load", "kills", "hostile")


def main() -> None:
    options = _options()
    figures: dict[str, Any] = {}
    if options.out.exists():
        figures = json.loads(options.out.read_text("utf-8"))
    for part in options.parts:
        print(f"{part} …", file=sys.stderr)
        if part == "load":  # on a disk, as files are waited for
            with tempfile.TemporaryDirectory() as work:
                load = loaded(options.feeds, options.entries, options.engine, Path(work))
            facts = machine(("tantivy",))
            figures[part] = load | {"machine": ", ".join(f"{k} {v}" for k, v in facts.items())}
            continue
        with workplace() as work:
            if part == "kills":
                run = killed(options.kills, options.engine, options.seed, Path(work))
                figures.setdefault(part, {})[str(options.seed)] = run
            else:
                figures[part] = hostile(Path(work))
    with workplace() as work:
        days = simulated(Path(work))
    options.out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    options.out.with_suffix(".svg").write_text(request_picture(days), "utf-8")
    options.out.with_suffix(".md").write_text(page(figures, days), "utf-8")
    if broken(figures):
        raise SystemExit("\n".join(broken(figures)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feeds", description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS, metavar="|".join(PARTS))
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--entries", type=int, default=50)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="tantivy", choices=("whoosh", "tantivy"))
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


if __name__ == "__main__":
    main()
