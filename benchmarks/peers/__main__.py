"""A process of one peer.

`python -m benchmarks.peers build NAME TEXTS FOLDER` prints the seconds it took; TEXTS has one
article a line and is read while building. `… serve NAME FOLDER` prints its address and answers
`/search?q=` behind waitress, with as many threads as the product has.
"""

import json
import logging
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs

from waitress import serve as waitress

from benchmarks.harness.corpus import Text
from benchmarks.peers.base import Peer, Search

THREADS = 8
"""As in web/serving/waitress_server.py, which Debian's Python cannot import."""


def main() -> None:
    command, name, *paths = sys.argv[1:]
    peer = cast(Peer, import_module(f"benchmarks.peers.{name}"))
    if command == "build":
        _build(peer, *map(Path, paths))
    else:
        _serve(peer, *map(Path, paths))


def _build(peer: Peer, texts: Path, folder: Path) -> None:
    started = time.perf_counter()
    with texts.open(encoding="utf-8") as lines:
        peer.build((Text(*json.loads(line)) for line in lines), folder)
    print(time.perf_counter() - started)


def _serve(peer: Peer, folder: Path) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    listener = socket.create_server(("127.0.0.1", 0))
    search = peer.open_index(folder)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    with suppress(KeyboardInterrupt):
        waitress(_application(search), sockets=[listener], threads=THREADS, _quiet=True)


def _application(search: Search) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        query = parse_qs(environ["QUERY_STRING"]).get("q", [""])[0]
        body = json.dumps({"hits": [hit._asdict() for hit in search(query)]}).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers)
        return iter([body])

    return answer


if __name__ == "__main__":
    main()
