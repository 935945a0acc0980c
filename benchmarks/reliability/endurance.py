"""A server that is asked all the time and updated every minute: errors, memory, descriptors."""

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import quote

from benchmarks.harness.process import environment, private_mb
from benchmarks.harness.serving import Address, serving
from benchmarks.reliability.corpus import WORDS, row, write_rows

CLIENTS = 3
PAUSE_SECONDS = 0.2
"""Between two requests of a client, so that the machine is left to others too."""
WARM_SECONDS = 120
"""Memory is compared with its value after so long: by then each kind of question was asked, and
an update or two taken up."""
SAMPLE_SECONDS = 5
UPDATE_SECONDS = 60
ARTICLES = 2_000
PATHS = (
    "/api/v1/search?q={q}",
    "/search?q={q}",
    "/search?q=%22{q}%22",
    "/api/v1/suggest?q={q}",
    "/search.rss?q={q}",
    "/article/{id}",
    "/healthz",
)


@dataclass
class Seen:
    """Statuses of all answers, and samples of (seconds, private MB, descriptors)."""

    statuses: Counter[int] = field(default_factory=Counter)
    samples: list[tuple[float, float, int]] = field(default_factory=list)
    updates: int = 0
    errors: list[str] = field(default_factory=list)


def endured(engine: str, minutes: float, seed: int, work: Path) -> dict[str, object]:
    """Serves for so many minutes; what was answered, and how memory grew after warming up."""
    folder = work / f"endurance-{engine}"
    folder.mkdir()
    rows = [row(number, words=200) for number in range(ARTICLES)]
    _yuansou(engine, folder, "index", "rebuild", str(write_rows(folder / "news.jsonl", rows)))
    seen, stop = Seen(), threading.Event()
    with serving(_command(engine, folder, "serve", "--port", "0"), folder) as address:
        clients = [
            threading.Thread(target=_ask, args=(address, Random(seed + number), seen, stop))
            for number in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        _watch(engine, folder, address, minutes, seen)
        stop.set()
        for client in clients:
            client.join()
    return _summary(seen)


def _command(engine: str, folder: Path, *words: str) -> list[str]:
    program = [sys.executable, "-m", "web.cli", "--engine", engine]
    return [*program, "--index-dir", str(folder / "index"), *words]


def _yuansou(engine: str, folder: Path, *words: str) -> None:
    command = _command(engine, folder, *words)
    subprocess.run(command, check=True, capture_output=True, env=_environment())


def _environment() -> dict[str, str]:
    return {**environment(), "PYTHONPATH": str(Path.cwd())}


def _watch(engine: str, folder: Path, address: Address, minutes: float, seen: Seen) -> None:
    """Samples the server, and adds ten articles every minute."""
    started = time.monotonic()
    due = UPDATE_SECONDS / 2
    while (now := time.monotonic() - started) < minutes * 60:
        descriptors = len(list(Path(f"/proc/{address.pid}/fd").iterdir()))
        seen.samples.append((round(now, 1), round(private_mb(address.pid), 1), descriptors))
        if now >= due:
            due += UPDATE_SECONDS
            seen.updates += 1
            numbers = range(ARTICLES + 10 * seen.updates, ARTICLES + 10 * seen.updates + 10)
            rows = [row(number, words=200) for number in numbers]
            _yuansou(engine, folder, "index", "add", str(write_rows(folder / "more.jsonl", rows)))
        time.sleep(SAMPLE_SECONDS)


def _ask(address: Address, random: Random, seen: Seen, stop: threading.Event) -> None:
    connection = address.connect()
    while not stop.is_set():
        words = " ".join(random.sample(WORDS, random.randint(1, 3)))
        number = random.randrange(ARTICLES)
        path = random.choice(PATHS).format(q=quote(words), id=f"a{number:04}")
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            seen.statuses[response.status] += 1
            if response.status >= 400 or (path.startswith("/api") and not json.loads(body)):
                seen.errors.append(f"{response.status} {path}")
        except (OSError, ValueError) as error:
            seen.errors.append(f"{error!r} {path}")
            connection.close()
            connection = address.connect()
        time.sleep(PAUSE_SECONDS)


def _summary(seen: Seen) -> dict[str, object]:
    warm = [sample for sample in seen.samples if sample[0] >= WARM_SECONDS] or seen.samples
    return {
        "requests": seen.statuses.total(),
        "statuses": {str(status): count for status, count in sorted(seen.statuses.items())},
        "errors": len(seen.errors),
        "examples": seen.errors[:3],
        "updates": seen.updates,
        "private_mb": {"warm": warm[0][1], "end": warm[-1][1], "most": max(s[1] for s in warm)},
        "descriptors": {"warm": warm[0][2], "end": warm[-1][2], "most": max(s[2] for s in warm)},
        "samples": seen.samples,
    }
