"""Sends every request to a checkout's server and stores the normalised answers as JSON Lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.comparison.stock_run import QUERIES
from benchmarks.harness.checkout import Checkout
from benchmarks.harness.corpus import read_queries
from benchmarks.harness.serving import Address, get
from benchmarks.recorded_answers.drawing import draw
from benchmarks.recorded_answers.normalizing import Run, chosen_headers, normalized
from benchmarks.recorded_answers.requests import SITES, Request, all_requests, typed_queries

EAST = timedelta(hours=8)
"""The product tells times in Asia/Shanghai."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request, without what differs from run to run."""

    request: Request
    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Served:
    """An index of a checkout, to be served."""

    checkout: Checkout
    index: Path
    engine: str


def record(served: Served, requests: Sequence[Request] | None = None) -> Iterator[Answer]:
    """Yields each answer as it comes. Without `requests`, they are made from facts drawn from the
    index."""
    if requests is None:
        requests = listed(served)
    for site, settings in SITES.items():
        wanted = [request for request in requests if request.site == site]
        if wanted:
            with served.checkout.serve(served.index, served.engine, settings) as address:
                yield from _asked(address, wanted)


def listed(served: Served) -> list[Request]:
    """The requests for this index."""
    typed = {**typed_queries(), "everyday": read_queries(QUERIES)}
    with served.checkout.serve(served.index, served.engine) as address:
        connection = address.connect()
        facts = draw(connection, typed["judged"])
        connection.close()
    return all_requests(typed, facts)


def write(answers: Iterator[Answer], path: Path) -> int:
    """Writes all answers; returns their number."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for answer in answers:
            out.write(json.dumps(asdict(answer), ensure_ascii=False) + "\n")
            count += 1
    return count


def read(path: Path) -> list[Answer]:
    """The inverse of `write`."""
    with path.open(encoding="utf-8") as lines:
        return [_answer(json.loads(line)) for line in lines]


def _answer(row: dict[str, object]) -> Answer:
    request = row.pop("request")
    assert isinstance(request, dict)
    return Answer(Request(**request), **row)  # type: ignore[arg-type]


def _asked(address: Address, requests: Sequence[Request]) -> Iterator[Answer]:
    connection = address.connect()
    run = _run(connection, address)
    for request in requests:
        yield _ask(connection, request, run)
    connection.close()


def _ask(connection: HTTPConnection, request: Request, run: Run) -> Answer:
    path = request.path
    for _ in range(request.follow):
        following = json.loads(get(connection, path))["next"]
        if following is None:
            break
        place = urlsplit(following)
        path = f"{place.path}?{place.query}"
    connection.request(request.method, path, headers=dict(request.headers))
    response = connection.getresponse()
    body = response.read().decode("utf-8", "replace")
    headers = chosen_headers(response.getheaders(), run)
    return Answer(request, response.status, headers, normalized(body, run))


def _run(connection: HTTPConnection, address: Address) -> Run:
    index = json.loads(get(connection, "/healthz"))["index"]
    indexed = datetime.fromisoformat(index["updated_at"])
    days: set[date] = set()
    for moment in (indexed.astimezone(UTC), datetime.now(UTC)):
        days |= {moment.date(), (moment + EAST).date()}
    return Run(f"{address.host}:{address.port}", index["generation"], frozenset(days))


def body_type(answer: Answer) -> str:
    """The media type without parameters."""
    return answer.headers.get("Content-Type", "").partition(";")[0]
