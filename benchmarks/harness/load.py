"""Requests over HTTP, one after the other or from many clients at once."""

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from benchmarks.harness.serving import Address, get

HITS, MORE = 10, 20
"""Hits that are wanted at the least, and how many more at the most."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds until an answer had arrived in full, and its articles, the best first."""

    seconds: float
    ids: tuple[str, ...]


def ask_each(address: Address, paths: Sequence[str]) -> list[Answered]:
    """Each path once, one after the other, over one connection."""
    connection = address.connect()
    answers = []
    for path in paths:
        started = time.perf_counter()
        body = get(connection, path)
        seconds = time.perf_counter() - started
        answers.append(Answered(seconds, tuple(hit["id"] for hit in json.loads(body)["hits"])))
    connection.close()
    return answers


def throughput(address: Address, paths: Sequence[str], clients: int, seconds: float) -> float:
    """Answers a second while a number of clients send requests without pause, each over its own
    connection.

    Client n begins at the n-th path. Each time round it asks for another number of hits, so that no
    answer comes from a cache. All clients run in this process, which takes part of a core; the peer
    `nothing` shows its limit.
    """
    counts = [0] * clients
    faults: list[BaseException] = []
    begin = threading.Barrier(clients + 1)
    stop = threading.Event()

    def client(number: int) -> None:
        turn = number % len(paths)
        connection = address.connect()
        begin.wait()
        try:
            for asked, path in enumerate(cycle([*paths[turn:], *paths[:turn]])):
                hits = HITS + (number + asked // len(paths)) % MORE
                get(connection, f"{path}&per_page={hits}")
                if stop.is_set():
                    break
                counts[number] += 1
        except (SystemExit, OSError) as fault:
            faults.append(fault)
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    begin.wait()
    started = time.perf_counter()
    time.sleep(seconds)
    answered, taken = sum(counts), time.perf_counter() - started
    stop.set()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(f"a client was not answered: {faults[0]}")
    return answered / taken
