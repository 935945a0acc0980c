"""Flipped bits and shortened files: told, harmless, or a wrong answer that nobody notices."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.reliability.outcomes import Outcomes, fresh
from benchmarks.reliability.systems import OURS, Answer, System, answering, system


def damaged(name: str, times: int, seed: int, work: Path) -> dict[str, object]:
    """Outcomes of damage to each file: `times` flipped bits and `times` cuts of each.

    `unharmed`: the right answer. `older`: the generation before it answers and says so. `refused`:
    an error instead of an answer. `wrong`: another answer, without a word.
    """
    subject, random, outcomes = system(name), Random(seed), Outcomes()
    folder = fresh(subject, work, "damaged")
    right = subject.answer(folder)
    for path in _files(subject, folder):
        content = path.read_bytes()
        for what, broken in _broken(content, times, random):
            path.write_bytes(broken)
            outcome, seen = _outcome(subject, folder, right)
            outcomes.add(outcome, f"{what} of {path.name}: {seen}" if outcome == "wrong" else "")
            path.unlink()
            path.write_bytes(content)
    return outcomes.to_json()


def _files(subject: System, folder: Path) -> list[Path]:
    """Of the published generation, for ours."""
    if subject.name in OURS:
        folder = folder / "generations" / (folder / "CURRENT").read_text("utf-8")
    return [path for path in sorted(folder.iterdir()) if path.is_file() and path.stat().st_size]


def _broken(content: bytes, times: int, random: Random) -> Iterator[tuple[str, bytes]]:
    for _ in range(times):
        at, bit = random.randrange(len(content)), 1 << random.randrange(8)
        yield f"bit {at * 8}", content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]
        yield "the end", content[: random.randrange(len(content))]


def _outcome(subject: System, folder: Path, right: Answer) -> tuple[str, str]:
    try:
        answer = subject.answer(folder)
    except BaseException as error:  # a panic of a library in Rust is no Exception
        return "refused", repr(error)
    if answer == right:
        return "unharmed", ""
    if subject.name in OURS:
        opened = answering(subject.name, folder)
        opened.snapshot.close()
        if opened.warning:
            return "older", ""
    return "wrong", f"{len(answer)} articles"
