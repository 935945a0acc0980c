"""`python -m benchmarks.recorded_answers record TO --index FOLDER` and `compare OLD NEW`.

Record a checkout over an index that it built; then another checkout, over its own index of the same
articles, with `--like` the first record, so that it gets the same requests; then compare. The
output of `compare`, reduced to the lines that are intended, can be given back with `--accept`.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness.checkout import EMBEDDED, Checkout
from benchmarks.recorded_answers import comparison, recorder


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    if options.command == "record":
        _record(options)
    else:
        _compare(options)


def _record(options: argparse.Namespace) -> None:
    served = recorder.Served(Checkout(options.checkout), options.index, options.engine)
    requests = [answer.request for answer in recorder.read(options.like)] if options.like else None
    started = time.monotonic()
    count = recorder.write(recorder.record(served, requests), options.to)
    print(f"{count} answers in {time.monotonic() - started:.0f} s")


def _compare(options: argparse.Namespace) -> None:
    accepted = frozenset(
        change
        for file in options.accept
        for change in comparison.accepted_changes(file.read_text("utf-8"))
    )
    found = comparison.compare(recorder.read(options.old), recorder.read(options.new), accepted)
    print(comparison.report(found))
    kinds = found.kinds
    same = kinds["equal"] + found.accepted == sum(kinds.values())
    sys.exit(0 if same and not found.only_old and not found.only_new else 1)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.recorded_answers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    record = commands.add_parser("record", help="ask a server everything and keep the answers")
    record.add_argument("to", type=Path, help="file to write, .jsonl")
    record.add_argument("--index", type=Path, required=True, help="folder of the index")
    record.add_argument("--engine", default=EMBEDDED[0], choices=EMBEDDED)
    record.add_argument("--checkout", type=Path, default=Path(), help="default: this one")
    record.add_argument("--like", type=Path, help="an earlier record, whose requests are asked")
    compare = commands.add_parser("compare", help="exit status 1 unless all is equal or accepted")
    compare.add_argument("old", type=Path)
    compare.add_argument("new", type=Path)
    compare.add_argument("--accept", type=Path, nargs="*", default=[], help="files of report lines")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
