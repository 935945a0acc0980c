"""Lanes: which request goes where, how many may wait, and who is refused."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

from web.http.admission import Ticket
from web.serving import lanes
from web.serving.lanes import Lane, LaneDispatcher, LaneSize, lane_of

SECONDS = 30
"""Far more than anything here takes, also on a busy machine."""
SMALL: dict[Lane, LaneSize] = {
    "quick": LaneSize(1, 2),
    "plain": LaneSize(2, 2),
    "dear": LaneSize(1, 1),
}


@pytest.mark.parametrize(
    ("path", "args", "lane"),
    [
        pytest.param("/healthz", {}, "quick", id="health"),
        pytest.param("/metrics", {}, "quick", id="metrics"),
        pytest.param("/static/style.css", {"v": "1"}, "quick", id="file"),
        pytest.param("/", {}, "plain", id="home"),
        pytest.param("/search", {"q": "数字人民币 试点"}, "plain", id="search"),
        pytest.param("/search", {"q": "区块* 元宇*"}, "plain", id="two prefixes"),
        pytest.param("/search", {"q": "区* 元* 比*"}, "dear", id="three prefixes"),
        pytest.param("/search", {"q": "区＊ 元＊ 比＊"}, "dear", id="prefixes in full width"),
        pytest.param("/api/v1/search", {"q": "字" * 61}, "dear", id="long query"),
        pytest.param("/api/v1/search", {"per_page": "100"}, "dear", id="many hits"),
        pytest.param("/api/v1/search", {"per_page": "-1"}, "plain", id="no number"),
        pytest.param("/api/v1/search", {"per_page": "²"}, "plain", id="digit of another kind"),
        pytest.param("/api/v1/analyze", {"text": "字" * 500}, "dear", id="long text"),
        pytest.param("/search.csv", {}, "dear", id="table"),
        pytest.param("/search.rss", {}, "plain", id="feed"),
        pytest.param("/compare", {"q": "a"}, "dear", id="comparison"),
        pytest.param("/sitemap.xml", {}, "dear", id="sitemap"),
        pytest.param("/sitemap-2022-09-1.xml", {}, "dear", id="part of the sitemap"),
        pytest.param("/nowhere", {}, "plain", id="no such address"),
    ],
)
def test_the_lane_of_a_request(path: str, args: dict[str, str], lane: Lane) -> None:
    assert lane_of(path, urlencode(args)) == lane


@dataclass(eq=False)
class Request:
    """A request whose answer takes until `release` is set."""

    lane: Lane
    release: threading.Event = field(default_factory=threading.Event)
    served: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)
    ticket: Ticket = field(default_factory=lambda: Ticket("", 0.0))
    told_briefly: bool = False
    cancelled: bool = False

    def service(self) -> None:
        self.started.set()
        if not self.ticket.refused:
            assert self.release.wait(SECONDS)
        self.served.set()

    def refuse(self) -> None:
        self.told_briefly = True

    def cancel(self) -> None:
        self.cancelled = True


class Broken(Request):
    def service(self) -> None:
        raise ZeroDivisionError


Ask = Callable[[Lane], Request]


@pytest.fixture
def dispatcher() -> Iterator[LaneDispatcher]:
    made = LaneDispatcher(lambda request: request.lane, SMALL)  # type: ignore[attr-defined]
    yield made
    assert made.shutdown(timeout=SECONDS)


@pytest.fixture
def ask(dispatcher: LaneDispatcher) -> Iterator[Ask]:
    with ExitStack() as stack:

        def ask_one(lane: Lane) -> Request:
            request = Request(lane)
            stack.callback(request.release.set)
            dispatcher.add_task(request)
            return request

        yield ask_one


def test_what_waits_is_bounded(dispatcher: LaneDispatcher, ask: Ask) -> None:
    """A lane takes what its threads answer and what may wait; the next is refused at once."""
    first = ask("dear")
    assert first.started.wait(SECONDS)
    second, third = ask("dear"), ask("dear")

    assert third.served.wait(SECONDS)
    assert (third.ticket.refused, third.ticket.lane) == (True, "dear")
    assert not second.started.is_set()
    state = dispatcher.state()["dear"]
    assert (state.waiting, state.running, state.refused) == (1, 1, 1)
    first.release.set()
    second.release.set()
    assert second.served.wait(SECONDS)
    assert not second.ticket.refused
    assert second.ticket.waited > 0


def test_no_lane_waits_for_another(ask: Ask) -> None:
    """However many dear requests there are, plain ones are answered, and health checks beside
    those."""
    for _ in range(10):
        ask("dear")
    for _ in range(2):
        assert ask("plain").started.wait(SECONDS)
    ask("plain"), ask("plain"), ask("plain")
    check = ask("quick")
    check.release.set()

    assert check.served.wait(SECONDS)


def test_a_flood_of_refusals(ask: Ask) -> None:
    """Where even refusals pile up, a few bytes are sent without a thread."""
    check = ask("quick")
    assert check.started.wait(SECONDS)
    flood = [ask("dear") for _ in range(20)]

    assert sum(each.told_briefly for each in flood) == 20 - 2 - 2
    check.release.set()


def test_who_waited_too_long_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the answer any more, so it is not computed."""
    monkeypatch.setattr(lanes, "MAX_WAIT_SECONDS", -1.0)
    late = ask("plain")

    assert late.served.wait(SECONDS)
    assert late.ticket.refused


def test_the_end(dispatcher: LaneDispatcher, ask: Ask) -> None:
    """What waits is cancelled; what is being answered is waited for."""
    first = ask("dear")
    assert first.started.wait(SECONDS)
    second = ask("dear")
    first.release.set()

    assert dispatcher.shutdown(timeout=SECONDS)
    assert first.served.is_set()
    assert second.cancelled or second.served.is_set()


def test_a_task_that_fails(
    dispatcher: LaneDispatcher, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault in the server itself costs no thread."""
    broken = Broken("dear")
    dispatcher.add_task(broken)
    whole = ask("dear")
    whole.release.set()

    assert whole.served.wait(SECONDS)
    assert "ZeroDivisionError" in caplog.text
