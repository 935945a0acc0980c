"""Runs in a checkout's own interpreter: records which of its functions one page request passes.

A single file without imports from here, since the checkout may be any. Prints JSON.
"""

import ast
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGES = ("seeds", "index", "search", "web")
WATCHED = ("normalize", "segment", "tokens", "lex", "parse")
"""Functions whose calls are counted with what they are given and who calls them."""
WARM_S = 8
"""Seconds after the first request, for what is read in threads."""
Place = tuple[str, str, int]
"""File, name and first line of a function."""


@dataclass
class Trace:
    """`passed`: own functions with the number of their calls; `watched`: name → (text argument,
    name of the caller) of each call."""

    root: Path
    passed: Counter[Place] = field(default_factory=Counter)
    watched: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def look(self, frame: Any, event: str, _: Any) -> None:
        """For `sys.setprofile`."""
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(str(self.root) + "/"):
            return
        file = Path(code.co_filename).relative_to(self.root)
        if file.parts[0] not in PACKAGES:
            return
        self.passed[(file.as_posix(), code.co_qualname, code.co_firstlineno)] += 1
        if code.co_name in WATCHED:
            given = (frame.f_locals.get(name) for name in code.co_varnames[: code.co_argcount])
            text = next((value for value in given if isinstance(value, str)), "")
            caller = frame.f_back.f_code.co_qualname if frame.f_back else ""
            self.watched.setdefault(code.co_name, []).append((text, caller))


def main(root: Path, index: Path, engine: str, query: str) -> None:
    sys.path.insert(0, str(root))
    create_app, settings = _named(root, "create_app"), _named(root, "Settings")
    client = create_app(settings(index_dir=index, engine=engine)).test_client()
    assert client.get("/search?q=NFT").status_code == 200
    time.sleep(WARM_S)
    trace = Trace(root)
    sys.setprofile(trace.look)
    answer = client.get("/search", query_string={"q": query})
    sys.setprofile(None)
    assert answer.status_code == 200
    print(json.dumps({"passed": sorted(map(list, trace.passed)), "watched": trace.watched}))


def _named(root: Path, name: str) -> Any:
    """What a module of the checkout defines under this name."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
                    module = ".".join(path.relative_to(root).with_suffix("").parts)
                    return getattr(import_module(module), name)
    raise SystemExit(f"no module in {root} defines {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
