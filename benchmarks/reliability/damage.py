"""Flipped bits and shortened files: told, harmless, or a wrong answer that nobody notices."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.reliability.outcomes import Outcomes, fresh
from benchmarks.reliability.systems import OURS, Answer, System, answering, system
from benchmarks.reliability.systems import opened as open_ours


def damaged(name: str, times: int, seed: int, work: Path) -> dict[str, object]:
    """Outcomes of damage to each file: `times` flipped bits and `times` cuts of each.

    `unharmed`: the right answer. `verified`: the right answer, and `verify` tells. `older`: another
    generation answers and says so. `refused`: an error instead of an answer. `wrong`: another
    answer, without a word. Ours has an updated generation, the one it shares files with, and an
    older one.
    """
    subject, random, outcomes = system(name), Random(seed), Outcomes()
    folder = fresh(subject, work, "damaged")
    if name in OURS:
        subject.act(folder, "rebuild")
        subject.act(folder, "update")
    right, files = subject.answer(folder), _files(folder)
    for path in files:
        content = path.read_bytes()
        for what, broken in _broken(content, times, random):
            path.write_bytes(broken)  # the same file in all generations that share it
            outcome, seen = _outcome(subject, folder, right)
            shown = outcome in ("wrong", "refused", "unharmed")
            outcomes.add(outcome, f"{what} of {path.name}: {seen}" if shown else "")
            path.write_bytes(content)
    return {"files": len(files), **outcomes.to_json()}


def _files(folder: Path) -> list[Path]:
    """Those with content, each once; of ours without the list of takedowns, which has no checksum
    because people edit it."""
    files = {
        path.stat().st_ino: path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.stat().st_size and path.name != "removed.jsonl"
    }
    return list(files.values())


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
    told = subject.name in OURS and _told(subject.name, folder)
    if answer == right:
        return "verified" if told else "unharmed", ""
    return "older" if told else "wrong", f"{len(answer)} articles"


def _told(name: str, folder: Path) -> bool:
    """Whether what answers says so, or the status, or `verify` of a generation."""
    opened = answering(name, folder)
    opened.snapshot.close()
    engine, _ = open_ours(name, folder)
    if opened.warning or engine.status_messages():
        return True
    return any(engine.verify(generation.name) for generation in engine.generations())
