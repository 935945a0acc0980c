"""The page of docs/measured/ that is made from the figures, and what in them breaks a promise."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.feeds.kills import BAD
from benchmarks.feeds.simulation import DAYS, FeedDays, table

Figures = Mapping[str, Any]
NEVER = ("wrong_dates", "duplicates", "private_connections")
"""What no behaviour of a server may lead to."""

HEAD = """\
# Feeds in, measured

Written by `python -m benchmarks.feeds`: change the benchmark, not this page.
What is promised: [feeds in](../run/feeds-in.md).
"""
SIMULATED = """\
## {days} days of simulated time

When each feed was fetched, with the clock passed in. Six days show all but the adoption of a
redirect, which takes a week. Day 1 is a Monday, days begin at midnight GMT. Each server has an
article every three hours and shows those of two days.

![Requests of each feed](feeds.svg)

Requests by day:
"""
AFTER_SIMULATED = """
Failures wait 10 minutes, then twice as long each time, up to a day, and the first success is
followed by the usual hour; what a server no longer shows by then was never seen. Days to skip are
kept a day at a time, the longest that any hint delays a fetch. 410 is looked at again a day later,
and ends the feed if it is there still. After a week of 301 the new address is asked.
"""
LOAD = """\
## {feeds} feeds of {entries} entries

`yuansou feeds fetch` with {engine}, from a server process on the same machine ({machine}):

| | first run | second run, without news |
|---|---:|---:|
"""
AFTER_LOAD = """\
| files written | {files:,} | 0 |

The second run is made due by hand, and the benchmark fails if it makes a request without
validators, or if any file has another time or other bytes afterwards. Wall time is that of a disk
and of cores that others used too: every file is waited for until it is on the disk.
"""
RUN = {
    "processor_seconds": "processor time, s",
    "of_the_system": "of it in the kernel, s",
    "seconds": "wall time, s",
    "peak_mb": "peak memory of the process, MB",
    "peak_all_mb": "the same with its workers, MB",
}
ASKED = {
    "requests": "requests",
    "conditional": "of them conditional",
    "answered 200": "answered 200",
    "answered 304": "answered 304",
}
KILLS = """\
## {kills} kills

`yuansou feeds fetch` as a process of its own, with SIGKILL from outside at a random moment after
its first request (seeds {seeds}): by turns while files are written, and at any time until the end.
Its feeds have new, changed, moved and unchanged entries. After {deleted} of the kills the state was
deleted too. Then the command ran again.

| when the process was killed | |
|---|---:|
"""
AFTERWARDS = {
    "lost": "articles or earlier versions lost, at once or after the next run",
    "half files": "half files, at once",
    "duplicates": "files that would not be there without the kill",
    "other files": "files with another text than without the kill",
    "other index": "indexes with another answer than without the kill",
    "left behind": "temporary files left behind by the next run",
}
HOSTILE = """\
## Behaviours of servers

{count}, right and wrong ones. Each is a path of the server in `tests/support/feed_server.py`,
fetched three times, the last time after the state was lost. *Said* is what the owner reads after
the first fetch. A date is wrong if it is another than was written for the article; connections are
noted by the interpreter itself. Texts, versions and what comes with time are in `test_behaviours`.

| | articles | of them dated by first sight | wrong dates | duplicates | private connections |
|---|---:|---:|---:|---:|---:|
"""
EACH = """
| behaviour | status | said | articles | versions | wrong dates | duplicates | private |
|---|---:|---|---:|---:|---:|---:|---:|
"""


def page(figures: Figures, days: Sequence[FeedDays]) -> str:
    """The whole page. Parts that were not run are left out."""
    parts = [HEAD, _simulated(days)]
    parts += [_load(figures["load"])] if "load" in figures else []
    parts += [_kills(figures["kills"])] if "kills" in figures else []
    parts += [_hostile(figures["hostile"])] if "hostile" in figures else []
    return "\n".join(parts)


def broken(figures: Figures) -> list[str]:
    """Lines that name what must not be."""
    rows, runs = figures.get("hostile", ()), figures.get("kills", {})
    found = [f"{row['behaviour']}: {name}" for row in rows for name in NEVER if row[name]]
    kills = [f"kills, seed {seed}: {name}" for seed in runs for name in BAD if runs[seed][name]]
    return found + kills


def _simulated(days: Sequence[FeedDays]) -> str:
    return SIMULATED.format(days=DAYS) + "\n" + _lines(table(days)) + AFTER_SIMULATED


def _load(load: Figures) -> str:
    runs = load["first"], load["second"]
    rows = [_row(what, (f"{run[name]:,}" for run in runs)) for name, what in RUN.items()]
    rows += [
        _row(what, (run["requests"].get(name, 0) for run in runs)) for name, what in ASKED.items()
    ]
    return LOAD.format(**load) + _lines(rows) + AFTER_LOAD.format(**load)


def _kills(runs: Figures) -> str:
    total: Counter[str] = Counter()
    moments: Counter[str] = Counter()
    for run in runs.values():
        total.update({name: run[name] for name in ("kills", "state_deleted", *BAD)})
        moments.update(run["moments"])
    head = KILLS.format(kills=total["kills"], seeds=", ".join(runs), deleted=total["state_deleted"])
    after = ["", "| afterwards | |", "|---|---:|"]
    after += [_row(AFTERWARDS[name], [total[name]]) for name in BAD]
    return head + _lines(_row(name, [moments[name]]) for name in sorted(moments)) + _lines(after)


def _hostile(rows: Sequence[Figures]) -> str:
    names = ("articles", "dated_by_sight", *NEVER)
    total = _row("all", (sum(row[name] for row in rows) for name in names))
    each = (
        _row(
            f"`{row['behaviour']}`",
            (
                row["status"] or "",
                row["said"].replace("|", "\\|"),
                *(row[name] for name in ("articles", "versions", *NEVER)),
            ),
        )
        for row in rows
    )
    return HOSTILE.format(count=len(rows)) + _lines([total]) + EACH + _lines(each)


def _row(name: str, cells: Iterator[Any] | Sequence[Any]) -> str:
    return f"| {name} | {' | '.join(map(str, cells))} |"


def _lines(lines: Iterator[str] | Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
