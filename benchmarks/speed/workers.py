"""`python -m benchmarks.speed.workers`: memory and throughput of a server of several processes.

It starts servers over an index as people do and asks them the judged queries over sockets. Memory
is megabytes over all processes of the server, as the kernel counts it: private pages, and the
proportional share of what is not a file, so that pages that several have count once.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from benchmarks.harness.load import throughput
from benchmarks.harness.process import cpu_seconds, family, private_mb, proportional_mb
from benchmarks.harness.serving import Address, serving

JUDGED = Path(__file__).parent.parent / "quality/judged"
QUIET_SECONDS, QUIET_CPU_SECONDS = 3.0, 0.1
"""A server that uses less than this in such a time has loaded everything."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.workers", description=__doc__)
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--engine", default="whoosh")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--seconds", type=float, default=10.0, help="for each number of clients")
    options = parser.parse_args()
    asked = [f"{count} clients: answers a second / a processor second" for count in options.clients]
    memory = "private / in all, MB"
    columns = ["processes that answer", f"{memory}, at first", *asked, f"{memory}, after it"]
    print("", *columns, "", sep=" | ")
    print("|---" * len(columns) + "|")
    for count in options.workers:
        print(f"| {count} |", " | ".join(_row(count, options)), "|", flush=True)


def _row(count: int, options: argparse.Namespace) -> list[str]:
    command = [sys.executable, "-m", "web.cli"]
    command += ["--engine", options.engine, "--index-dir", str(options.index_dir.resolve())]
    command += ["serve", "--port", "0", "--workers", str(count)]
    paths = [f"/api/v1/search?q={quote(q)}" for q in _queries()]
    with tempfile.TemporaryDirectory() as folder, serving(command, Path(folder)) as address:
        _wait_until_loaded(address)
        cells = [_memory(address)]
        for clients in options.clients:
            before = _cpu(address)
            rate = throughput(address, paths, clients, options.seconds)
            used = _cpu(address) - before
            cells.append(f"{rate:.0f} / {rate * options.seconds / used:.0f}")
        return [*cells, _memory(address)]


def _queries() -> list[str]:
    lines = [
        line
        for part in ("choose", "final")
        for line in (JUDGED / f"{part}.jsonl").read_text("utf-8").splitlines()
    ]
    return [json.loads(line)["query"] for line in lines]


def _wait_until_loaded(address: Address) -> None:
    address.connect().close()
    used, before = _cpu(address), -1.0
    while used - before > QUIET_CPU_SECONDS:
        time.sleep(QUIET_SECONDS)
        before, used = used, _cpu(address)


def _memory(address: Address) -> str:
    everyone = list(family(address.pid))
    return f"{sum(map(private_mb, everyone)):.0f} / {sum(map(proportional_mb, everyone)):.0f}"


def _cpu(address: Address) -> float:
    return sum(map(cpu_seconds, family(address.pid)))


if __name__ == "__main__":
    main()
