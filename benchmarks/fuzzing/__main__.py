"""`python -m benchmarks.fuzzing`: whether readers take whatever they are given.

Files, records, feeds and lists of them, markup, queries, cursors and addresses of the site. Each
reader gets as many inputs, made of pieces that mean something to it, cut and spliced, and of odd
characters. An input fails if it raises what its reader does not announce, breaks a law, or takes
more than a second of the processor. What fails is printed in its shortest form, to be kept in
tests/benchmarks/test_fuzz.py; the same seed makes the same inputs.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.fuzzing.readers import READERS

SLOW = 1.0
"""Seconds of processor time for one input of a few hundred characters."""
MAX_PIECES = 40
ODD = tuple(
    "\0\x01\x1b\x7f\x85\xa0\xad\u0300\u200b\u2028\u202e\u3000\ufdd0\ufeff\uffff\ud800"
    "😀𠀀元a1 \n\r\t"
)
ODD_SHARES = (0.0, 0.02, 0.08)
"""Shares of odd characters, one for each input: many spoil every structure."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that failed, in its shortest form, and how."""

    reader: str
    text: str
    problem: str


def made_input(reader: str, number: int, seed: int) -> str:
    """Input `number` of a reader."""
    draw = random.Random(f"{seed} {reader} {number}")
    pieces, odd = READERS[reader].pieces, draw.choice(ODD_SHARES)
    parts = [
        draw.choice(ODD) if draw.random() < odd else draw.choice(pieces)
        for _ in range(draw.randint(1, MAX_PIECES))
    ]
    if draw.random() < 0.2:
        parts[draw.randrange(len(parts))] *= draw.randint(2, 60)
    text = "".join(parts)
    if draw.random() < 0.3:
        start, end = sorted(draw.randrange(len(text) + 1) for _ in range(2))
        text = text[:start] + draw.choice(("", text[start:end] * 2)) + text[end:]
    frames = READERS[reader].frames
    at = draw.randrange(len(frames) + 1)
    return frames[at](text) if at < len(frames) else text


def problem_of(reader: str, text: str) -> str:
    """What is wrong with how a reader takes an input, or ""."""
    begun = time.thread_time()
    try:
        READERS[reader].check(text)
    except Exception as problem:  # whatever it is
        return f"{type(problem).__name__}: {str(problem)[:200]}"
    took = time.thread_time() - begun
    return f"slow: {took:.1f} s" if took > SLOW else ""


def shortest(reader: str, text: str) -> str:
    """An input with parts left out as long as it fails in the same way."""
    kind = problem_of(reader, text).partition(":")[0]
    size = len(text) // 2
    while size:
        at = 0
        while at < len(text):
            less = text[:at] + text[at + size :]
            if problem_of(reader, less).partition(":")[0] == kind:
                text = less
            else:
                at += size
        size //= 2
    return text


def failures(reader: str, numbers: Sequence[int], seed: int) -> Iterator[Failure]:
    """Inputs that fail, each kind of problem once."""
    problem_of(reader, "")  # what is loaded once is no part of the time of an input
    seen = set()
    for number in numbers:
        text = made_input(reader, number, seed)
        if (problem := problem_of(reader, text)) and problem[:40] not in seen:
            seen.add(problem[:40])
            yield Failure(reader, shortest(reader, text), problem)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzzing", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000, help="for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=[*READERS])
    asked = parser.parse_args()
    found = total = 0
    for reader in [asked.only] if asked.only else READERS:
        begun = time.process_time()
        numbers = range(0, asked.inputs, READERS[reader].each)
        for failure in failures(reader, numbers, asked.seed):
            found += 1
            print(json.dumps([reader, failure.text]), failure.problem, flush=True)
        total += len(numbers)
        print(f"{reader}: {len(numbers):,} inputs, {time.process_time() - begun:.0f} s", flush=True)
    print(f"{total:,} inputs of seed {asked.seed}, {found} failures")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
