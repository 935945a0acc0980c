"""The memory of a server while it answers mixed questions."""

import time
from itertools import cycle, islice
from typing import Any

from benchmarks.fairness.clients import ask, crowd
from benchmarks.fairness.questions import dear_paths, plain_paths
from benchmarks.harness.process import family, private_mb, resident_mb
from benchmarks.harness.serving import Address

WARMING_SECONDS = 60.0
EVERY_SECONDS = 15.0
FURTHER = (
    "/ /sources /help /sitemap.xml /api/v1/suggest?q=bi /api/v1/suggest?q=yuanyuz"
    " /compare?q=NFT&q=DeFi"
).split()


def memory(address: Address, minutes: float) -> dict[str, Any]:
    """Four clients ask plain questions, pages and dear ones; resident megabytes every 15 seconds,
    the first after a minute of the same."""
    mixed = [*islice(plain_paths(), 400), *FURTHER * 4, *dear_paths().values()]
    points: list[tuple[float, float, float]] = []
    print("\n| minute | resident, MB | private, MB |\n|---|---|---|")
    with crowd(address, 3, mixed) as seen:
        ask(address, cycle(mixed), WARMING_SECONDS)
        started = time.monotonic()
        while not points or points[-1][0] < minutes:
            minute = (time.monotonic() - started) / 60
            everyone = list(family(address.pid))
            points.append(
                (
                    round(minute, 2),
                    round(sum(map(resident_mb, everyone)), 1),
                    round(sum(map(private_mb, everyone)), 1),
                )
            )
            print("| {} | {} | {} |".format(*points[-1]), flush=True)
            ask(address, cycle(mixed[len(points) % 7 :]), EVERY_SECONDS)
    growth = round(max(point[1] for point in points) / points[0][1], 3)
    print(f"\nlargest / first: {growth}; answers: {dict(seen.statuses)}")
    return {"points": points, "growth": growth, "statuses": dict(seen.statuses)}
