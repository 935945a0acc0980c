"""Metrics and the access log: what they say, to whom, and what they do not say."""

import io
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from index.errors import SettingsError
from index.settings import load
from tests.support.servers import WAYS, serving
from tests.support.visitors import Visitor, app_over, visitor_of
from web.app import create_app
from web.http import errors
from web.http.site import app_settings
from web.monitoring import access_log

Lines = Callable[[], list[dict[str, Any]]]


def samples(text: str) -> dict[tuple[str, ...], float]:
    """(name, label values …) → value."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_count_requests(tiny_root: Path) -> None:
    """Each request by route and status, never by what a stranger typed."""
    visitor = visitor_of(tiny_root)
    for path in ("/search?q=元", "/search?q=宙", "/search?page=0", "/nowhere", "/else<where>"):
        visitor.get(path)
    answer = visitor.get("/metrics")
    found = samples(answer.text)

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert found["yuansou_requests_total", "pages.search", "200"] == 2
    assert found["yuansou_requests_total", "pages.search", "400"] == 1
    assert found["yuansou_requests_total", "none", "404"] == 2
    assert found["yuansou_request_seconds_count", "pages.search"] == 3
    assert 0 < found["yuansou_request_cpu_seconds_sum", "pages.search"] < 60
    assert found["yuansou_index_articles",] == 6
    assert found["yuansou_index_age_seconds",] >= 0
    assert found["yuansou_memory_bytes",] > 10_000_000
    assert "where" not in answer.text


def test_metrics_count_what_is_refused(tiny_root: Path, nothing: Visitor) -> None:
    """By the code of the error."""
    for visitor, code in (
        (nothing, "index_missing"),
        (visitor_of(tiny_root, request_cpu_seconds=1e-9), "too_costly"),
        (visitor_of(tiny_root, rate_limit=0.01), "too_many_requests"),
    ):
        for _ in range(2):
            visitor.get("/api/v1/search")
        found = samples(visitor.client.get("/metrics").text)
        assert found["yuansou_refused_total", code] >= 1


@pytest.mark.parametrize(
    ("setting", "address", "headers", "status"),
    [
        pytest.param("loopback", "127.0.0.1", {}, 200, id="this machine"),
        pytest.param("loopback", "::1", {}, 200, id="this machine over IPv6"),
        pytest.param("loopback", "192.0.2.1", {}, 404, id="a stranger"),
        pytest.param("loopback", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404, id="by proxy"),
        pytest.param("loopback", "127.0.0.1", {"Forwarded": "for=a"}, 404, id="by another proxy"),
        pytest.param("all", "192.0.2.1", {}, 200, id="opened"),
        pytest.param("off", "127.0.0.1", {}, 404, id="closed"),
    ],
)
def test_who_sees_metrics(
    tiny_root: Path, setting: str, address: str, headers: dict[str, str], status: int
) -> None:
    """Nobody beyond this machine, unless the setting says so."""
    visitor = visitor_of(tiny_root, metrics=setting)
    answer = visitor.client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers)

    assert answer.status_code == status
    with pytest.raises(SettingsError, match="metrics"):
        load({}, {"YUANSOU_METRICS": "everyone"})


PROMISES = (
    "查询不留记录",
    "访客不会被记录",
    "Queries are not recorded",
    "Visitors are not tracked",
)
KEPT = ("日志记下查询和访客地址", "access log keeps queries")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lines:
    """Reads the lines of the access log that were written so far."""
    monkeypatch.setattr(access_log, "log", logging.Logger("yuansou.access.test"))
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def logged(tiny_root: Path, **settings: Any) -> Visitor:
    app = create_app(app_settings(app_over(tiny_root, **settings)), owns_process=True)
    return Visitor(app.test_client())


def test_a_line_for_each_request(tiny_root: Path, lines: Lines) -> None:
    """What was answered and how long it took, not who asked for what."""
    visitor = logged(tiny_root)
    visitor.get("/search?q=保密的词")
    error = visitor.error("/api/v1/search?from=保密的词")
    line, refused = written = lines()

    assert (line["route"], line["status"], line["method"]) == ("pages.search", 200, "GET")
    assert line["ms"] >= 0
    assert line["cpu_ms"] >= 0
    assert (refused["status"], refused["error"]) == (400, "invalid_parameter")
    assert refused["request_id"] == error["request_id"]
    assert "保密" not in repr(written)
    assert "127.0.0.1" not in repr(written)


def test_a_full_line(tiny_root: Path, lines: Lines) -> None:
    """Addresses and queries where they are switched on."""
    logged(tiny_root, access_log="full").get(
        "/search", q="元宇宙", headers={"User-Agent": "x\n"[:1]}
    )
    (line,) = lines()

    assert (line["client"], line["agent"]) == ("127.0.0.1", "x")
    assert line["address"].startswith("/search?q=")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("setting", ["off", "anonymous", "full"])
@pytest.mark.parametrize("path", ["/", "/search?q=元宇宙", "/embed"])
def test_a_page_says_what_is_kept(tiny_root: Path, path: str, setting: str, language: str) -> None:
    """No page promises what the access log does not hold to."""
    page = visitor_of(tiny_root, access_log=setting, language=language).page(path)
    promised = any(words in page for words in PROMISES)

    assert promised == (setting != "full")
    assert any(words in page for words in KEPT) == (setting == "full")


def test_no_lines(tiny_root: Path, lines: Lines) -> None:
    logged(tiny_root, access_log="off").get("/search?q=元")
    assert lines() == []


def test_a_503_says_why(tmp_path: Path, lines: Lines) -> None:
    """The access log has the cause of each."""
    error = logged(tmp_path / "nothing").error("/api/v1/search", 503)
    (line,) = lines()

    assert (line["status"], line["error"]) == (503, error["code"])
    assert error["message"] in line["cause"]
    assert line["request_id"] == error["request_id"]


def test_the_log_of_503s_is_bounded(
    nothing: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind is logged once in a while, with how many there were since."""
    monkeypatch.setattr(errors, "_reporter", errors._Reporter())
    for _ in range(5):
        nothing.error("/api/v1/search", 503)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "index_missing" in caplog.text
    monkeypatch.setattr(errors, "REPORT_SECONDS", 0.0)
    nothing.error("/api/v1/search", 503)
    assert "此前另有 4 次" in caplog.text


def test_a_pipe_that_nobody_reads_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are left out while it is full; the next one that has place says how many."""
    reader, writer = os.pipe()
    handler = access_log._StandardError()
    record = logging.makeLogRecord({"msg": '{"route":"pages.search"}'})
    with os.fdopen(reader), os.fdopen(writer, "w", buffering=1) as written:
        monkeypatch.setattr(sys, "stderr", written)
        for _ in range(10_000):
            handler.emit(record)
        os.set_blocking(reader, False)
        kept = os.read(reader, 1 << 20).decode().count("\n")
        handler.emit(record)
        after = [json.loads(line) for line in os.read(reader, 1 << 20).decode().splitlines()]
        monkeypatch.undo()

    assert 0 < kept < 10_000
    assert after == [{"left_out": 10_000 - kept}, {"route": "pages.search"}]


def test_a_reader_that_is_gone_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Broken())
    handler = access_log._StandardError()
    handler.emit(logging.makeLogRecord({"msg": "{}"}))

    kept = io.StringIO()
    monkeypatch.setattr(sys, "stderr", kept)
    handler.emit(logging.makeLogRecord({"msg": "{}"}))
    assert kept.getvalue() == '{"left_out":1}\n{}\n'


@pytest.mark.slow
@pytest.mark.parametrize("workers", WAYS)
def test_a_real_server(tiny_root: Path, tmp_path: Path, workers: str) -> None:
    """It writes its lines to standard error, and its metrics know its lanes."""
    errors_file = tmp_path / "errors"
    options = ("--workers", workers)
    with errors_file.open("w") as file, serving(tiny_root, *options, errors=file) as server:
        connection = server.connect(timeout=30)
        for path in ("/search?q=a", "/search.csv", "/healthz", "/metrics"):
            connection.request("GET", path)
            body = connection.getresponse().read().decode()
        connection.close()
    found = samples(body)
    written = [json.loads(line) for line in errors_file.read_text("utf-8").splitlines()]

    assert [line["lane"] for line in written][:3] == ["plain", "dear", "quick"]
    assert all(line["waited_ms"] >= 0 for line in written)
    assert found["yuansou_requests_running", "quick"] >= 1  # the one before may be ending
    assert found["yuansou_requests_waiting", "dear"] == 0
    # One that was closed may be counted until its thread is done with it.
    assert 1 <= found["yuansou_connections",] <= 2
    assert found["yuansou_connections_refused_total",] == 0
