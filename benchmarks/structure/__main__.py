"""`python -m benchmarks.structure [CHECKOUT]`: its layout and the path of one request, in counts.

The request is traced over an index of the sample articles that the checkout builds itself. With
`--tests` its tests are collected and run, which takes as long as they take.
"""

import argparse
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness.checkout import EMBEDDED, Checkout
from benchmarks.harness.process import environment
from benchmarks.structure import layout

QUERY = "元宇宙 银行"
PROBE = Path(__file__).with_name("request_probe.py")
FAST_TARGETS = ("check", "test")
"""Targets of the Makefile that run the tests everyone runs, the first that there is."""
ADAPTERS = ("index.engines.opensearch.", "index.engines.tantivy.", "index.engines.whoosh.")
_NO_NAME = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<lambda>")


@dataclass(frozen=True, slots=True)
class Passed:
    """What one request passes. `functions` and `files` are those of Python files, each named
    function counted once; `codes` also counts functions without a name, and templates, by name
    and file. `calls`: watched function → (all calls, calls with the query or a part of it,
    callers of the latter)."""

    functions: int
    files: int
    codes: int
    code_files: int
    calls: dict[str, tuple[int, int, Counter[str]]]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.structure", description=__doc__)
    parser.add_argument("checkout", type=Path, nargs="?", default=Path())
    parser.add_argument("--engine", default=EMBEDDED[0], choices=EMBEDDED)
    parser.add_argument("--tests", action="store_true", help="time the tests, too")
    options = parser.parse_args(arguments)
    root = options.checkout.resolve()
    print("\n".join(layout_lines(layout.modules(root))))
    print("\n".join(request_lines(trace(root, options.engine))), flush=True)
    if options.tests:
        print("\n".join(test_lines(root)))


def layout_lines(found: list[layout.Module]) -> Iterator[str]:
    folders = layout.in_each_folder(found)
    yield f"modules: {len(found)} in {len(folders)} folders, at most {max(folders.values())} in one"
    yield from (f"  {folder}: {count}" for folder, count in folders.items())
    for package in layout.PACKAGES:
        one = layout.floors(found, package)
        if one.rooms:
            circles = "; ".join(map(", ".join, one.circles)) or "none"
            yield f"{package}: {one.rooms} rooms on {one.floors} floors, {one.arrows} arrows"
            yield f"  circles: {circles}"
    yield f"modules with a name of one word: {len(layout.one_word(found))}"
    shared = layout.two_meanings(found)
    adapters = sum(all(place.startswith(ADAPTERS) for place in one) for one in shared.values())
    yield (
        f"public functions and classes that two modules define: {len(shared)}, of which "
        f"{adapters} only in adapters of engines"
    )
    yield from (f"  {name}: {', '.join(places)}" for name, places in shared.items())
    values = layout.two_values(found)
    yield f"public constants that two modules define: {len(values)}"
    yield f"  {', '.join(values)}"


def trace(root: Path, engine: str) -> Passed:
    """Runs the probe in the checkout's interpreter."""
    with TemporaryDirectory(prefix="yuansou-structure-") as folder:
        index = Path(folder) / "index"
        checkout = Checkout(root)
        environ = {**environment(), "PYTHONDONTWRITEBYTECODE": "1"}
        rebuild = [*checkout.command(index, engine), "index", "rebuild"]
        subprocess.run(rebuild, check=True, cwd=folder, env=environ, stdout=subprocess.DEVNULL)
        command = [str(checkout.python), str(PROBE), str(root), str(index), engine, QUERY]
        told = subprocess.run(command, check=True, cwd=folder, env=environ, stdout=subprocess.PIPE)
    answer = json.loads(told.stdout)
    return passed(answer["passed"], answer["watched"], QUERY)


def passed(
    places: Sequence[tuple[str, str, int]],
    watched: dict[str, list[tuple[str, str]]],
    query: str,
) -> Passed:
    """`places`: (file, qualified name, first line); `watched` as the probe gives it."""
    named = {tuple(place) for place in places if _is_named(place[0], place[1])}
    codes = {(file, name.rpartition(".")[2]) for file, name, _ in places}
    calls = {}
    for name, given in sorted(watched.items()):
        callers = Counter(caller for text, caller in given if text.strip() and text in query)
        calls[name] = (len(given), callers.total(), callers)
    return Passed(
        functions=len(named),
        files=len({place[0] for place in named}),
        codes=len(codes),
        code_files=len({file for file, _ in codes}),
        calls=calls,
    )


def _is_named(file: str, qualified: str) -> bool:
    return file.endswith(".py") and qualified.rpartition(".")[2] not in _NO_NAME


def request_lines(found: Passed) -> Iterator[str]:
    yield f"one request for /search?q={QUERY}:"
    yield f"  passes {found.functions} functions in {found.files} files"
    yield (
        f"  with templates and what has no name, by name and file: {found.codes} in "
        f"{found.code_files} files"
    )
    for name, (everything, of_query, callers) in found.calls.items():
        who = ", ".join(f"{caller} ×{times}" for caller, times in callers.most_common())
        yield f"  {name}: {everything} calls, {of_query} with the query or a part of it ({who})"


def test_lines(root: Path) -> Iterator[str]:
    """Wall and processor seconds. Compare them only if taken on an idle machine."""
    python = str(Checkout(root).python)
    yield timed("collect the tests", [[python, "-m", "pytest", "--collect-only", "-q"]], root)
    target, commands = fast_tests(root)
    yield timed(f"run the tests of `make {target}`", commands, root)


def fast_tests(root: Path) -> tuple[str, list[list[str]]]:
    """The Makefile's target, and its commands that run pytest."""
    for target in FAST_TARGETS:
        # A make above this process would have it print the folders it enters.
        command = ["make", "--no-print-directory", "-n", target]
        told = subprocess.run(command, check=False, cwd=root, capture_output=True, text=True)
        lines = [line for line in told.stdout.splitlines() if "pytest" in line]
        if told.returncode == 0 and lines:
            return target, [["sh", "-c", line] for line in lines]
    raise SystemExit(f"the Makefile in {root} has no target that runs pytest")


def timed(what: str, commands: Sequence[Sequence[str]], root: Path) -> str:
    """Runs the commands in `root`; tells how long they took, and whether one failed."""
    before, started = os.times(), time.perf_counter()
    ends = []
    for command in commands:
        told = subprocess.run(command, check=False, cwd=root, capture_output=True, text=True)
        ends += told.stdout.strip().splitlines()[-1:]
        if told.returncode:
            ends.append(f"ended with status {told.returncode}")
    wall, after = time.perf_counter() - started, os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    return f"{what}: {wall:.1f} s, {spent:.1f} s of processor time ({'; '.join(ends)})"


if __name__ == "__main__":
    main()
