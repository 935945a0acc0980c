"""Who is let in: one client's rate, and a server that has too many requests."""

import multiprocessing
from pathlib import Path

import pytest

from index.errors import SettingsError
from index.settings import load
from tests.support.visitors import Visitor, visitor_of
from web.http import admission
from web.http.admission import TICKET, Ticket, TokenBuckets, client_of


def test_a_bucket() -> None:
    """A client may ask as often as its tokens say, whatever others do; the wait is exact."""
    at = [0.0]
    buckets = TokenBuckets(2.0, lambda: at[0])
    assert [buckets.take("a") for _ in range(8)] == [0.0] * 8
    assert buckets.take("a") == 0.5
    assert buckets.take("b") == 0.0
    at[0] = 0.25
    assert buckets.take("a") == 0.25
    at[0] = 0.5
    assert (buckets.take("a"), buckets.take("a")) == (0.0, 0.5)
    at[0] = 1_000.0
    assert [buckets.take("a") for _ in range(9)] == [0.0] * 8 + [0.5]


def test_buckets_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many clients, those are forgotten whose buckets are full soonest."""
    monkeypatch.setattr(admission, "SETS", 1)
    at = [0.0]
    buckets = TokenBuckets(0.25, lambda: at[0])
    names = [str(number) for number in range(admission.PLACES)]
    for name in names:
        assert buckets.take(name) == 0.0
        at[0] += 0.125
    at[0] = 1.0
    assert buckets.take("0") == 3.0
    assert buckets.take("one more") == 0.0  # in the place of 0
    assert buckets.take("1") == 3.125
    assert buckets.take("0") == 0.0


def test_processes_share_buckets() -> None:
    """What one lets in the others count, forked or started."""
    buckets = TokenBuckets(0.001)
    for method in ("fork", "spawn"):
        process = multiprocessing.get_context(method).Process(target=buckets.take, args=(method,))
        process.start()
        process.join()
        assert process.exitcode == 0
        assert buckets.take(method) > 0
    assert buckets.take("another") == 0.0


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::1", "::1"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_one_client(address: str, client: str) -> None:
    """An IPv6 household is one client, however many addresses it has."""
    assert client_of(address) == client


def statuses(visitor: Visitor, times: int, address: str, **headers: str) -> list[int]:
    return [
        visitor.client.get(
            "/robots.txt", environ_base={"REMOTE_ADDR": address}, headers=headers
        ).status_code
        for _ in range(times)
    ]


def test_too_many_requests(tiny_root: Path) -> None:
    """429, with the time to wait, as JSON and as a page; health checks and files never."""
    visitor = visitor_of(tiny_root, rate_limit=0.25)
    assert statuses(visitor, 2, "192.0.2.1") == [200, 429]
    assert statuses(visitor, 1, "192.0.2.2") == [200]
    stranger = {"REMOTE_ADDR": "192.0.2.1"}
    answer = visitor.client.get("/api/v1/search", environ_base=stranger)
    assert answer.json is not None
    assert (answer.status_code, answer.json["error"]["code"]) == (429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 4
    page = visitor.client.get("/search", environ_base=stranger)
    assert (page.status_code, "太频繁" in page.text) == (429, True)
    for path in ("/healthz", "/readyz", "/static/style.css"):
        answer = visitor.client.get(path, environ_base=stranger, buffered=True)
        assert answer.status_code == 200


def test_the_default(tiny_root: Path) -> None:
    """Without the setting, strangers have a limit and this machine has none; 0 is none at all."""
    times = int(admission.DEFAULT_RATE * admission.BURST_SECONDS) + 200
    visitor = visitor_of(tiny_root)
    assert set(statuses(visitor, times, "127.0.0.1")) == {200}
    assert 429 in statuses(visitor, times, "192.0.2.1")
    assert set(statuses(visitor_of(tiny_root, rate_limit=0), times, "192.0.2.1")) == {200}


def test_clients_behind_a_proxy(tiny_root: Path) -> None:
    """They are told apart by what the trusted proxy says, and cannot say it themselves."""
    trusting = visitor_of(tiny_root, rate_limit=0.25, trusted_proxies=1)
    for client in ("192.0.2.1", "192.0.2.2"):
        assert statuses(trusting, 2, "127.0.0.1", **{"X-Forwarded-For": client}) == [200, 429]
    forged = [{"X-Forwarded-For": f"192.0.2.{at}"} for at in range(3)]
    alone = visitor_of(tiny_root, rate_limit=0.25)
    assert [statuses(alone, 1, "198.51.100.1", **each) for each in forged] == [[200], [429], [429]]


@pytest.mark.parametrize("value", ["-1", "often", "1e9"])
def test_values_of_the_setting(value: str) -> None:
    with pytest.raises(SettingsError, match="rate_limit"):
        load({}, {"YUANSOU_RATE_LIMIT": value})
    assert load({}, {"YUANSOU_RATE_LIMIT": ""}).rate_limit is None


@pytest.mark.parametrize("path", ["/search?q=元宇宙", "/api/v1/search", "/search.csv", "/compare"])
def test_a_busy_server(visitor: Visitor, path: str) -> None:
    """What the server has no room for gets a calm 503, in the form of its address."""
    refused = {TICKET: Ticket("dear", 0.0, refused=True)}
    answer = visitor.client.get(path, environ_overrides=refused)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "现在请求太多" in answer.text
    if answer.is_json:
        assert answer.json is not None
        assert answer.json["error"]["code"] == "busy"
