"""Recorded answers: what is masked, what is a difference, and which requests are made."""

import json
import stat
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from benchmarks.harness import checkout
from benchmarks.harness.checkout import Checkout
from benchmarks.recorded_answers import comparison, recorder
from benchmarks.recorded_answers.normalizing import Run, chosen_headers, normalized
from benchmarks.recorded_answers.outline import Outline, outline
from benchmarks.recorded_answers.recorder import Answer, Served
from benchmarks.recorded_answers.requests import Facts, Request, all_requests, typed_queries

RUN = Run("127.0.0.1:4711", "20261130T040345503670Z", frozenset([date(2026, 11, 3)]))
HTML, JSON = "text/html; charset=utf-8", "application/json"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("http://127.0.0.1:4711/a", "http://HOST/a", id="address"),
        pytest.param("u=127.0.0.1%3A4711", "u=HOST", id="address in an address"),
        pytest.param("v 20261130T040345503670Z", "v GENERATION", id="generation"),
        pytest.param('{"took_ms":1.25}', '{"took_ms":TOOK}', id="duration in JSON"),
        pytest.param("，用时 0.012 秒", "，用时 TOOK 秒", id="duration on a page"),
        pytest.param("12 results in 0.012 s", "12 results in TOOK s", id="duration in English"),
        pytest.param("等了 5 秒", "等了 5 秒", id="no duration"),
        pytest.param('"request_id":"ab12"', '"request_id":"REQUEST"', id="request in JSON"),
        pytest.param(
            "<code>0123456789abcdef</code>", "<code>REQUEST</code>", id="request on a page"
        ),
        pytest.param("/x.js?v=0a1b2c3d", "/x.js?v=VERSION", id="version of an asset"),
        pytest.param("?cursor=AbC_1.x&q=2", "?cursor=CURSOR&q=2", id="cursor in an address"),
        pytest.param('"cursor":null', '"cursor":null', id="no cursor"),
        pytest.param("2026-11-03T04:03:45+08:00", "TIME", id="time"),
        pytest.param("Tue, 03 Nov 2026 04:03:45 +0800", "TIME", id="time in a feed"),
        pytest.param("urldate={2026-11-03}", "urldate={DAY}", id="day"),
        pytest.param("2026年11月3日", "DAY", id="day in Chinese"),
        pytest.param("3 November 2026", "DAY", id="day in English"),
        pytest.param("2026-11-30", "2026-11-30", id="another day"),
    ],
)
def test_normalized(text: str, masked: str) -> None:
    assert normalized(text, RUN) == masked


def test_headers_are_chosen_and_joined() -> None:
    given = [
        ("etag", 'W/"1"'),
        ("Date", "now"),
        ("Link", "<http://127.0.0.1:4711/>"),
        ("Link", "b"),
    ]
    assert chosen_headers(given, RUN) == {"Link": "<http://HOST/>, b", "ETag": "given"}


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        pytest.param(
            '<p class="a" title="甲">一 <b>二</b></p>',
            "text/html",
            Outline(
                ["[p title] 甲", "一", "二"],
                ["<p class=a title>", "text", "<b>", "text", "</b>", "</p>"],
            ),
            id="HTML",
        ),
        pytest.param(
            '{"took_ms":TOOK,"hits":[{"id":"a"},{"id":"b"}],"none":[]}',
            "application/json",
            Outline(
                ['.took_ms = "TOOK"', '.hits[].id = "a"', '.hits[].id = "b"', ".none = []"],
                [".took_ms", ".hits[].id", ".hits[].id", ".none"],
            ),
            id="JSON",
        ),
        pytest.param(
            '<rss version="2"><title>甲</title></rss>',
            "application/rss+xml",
            Outline(["title = 甲"], ["<rss version=2>", "<title>"]),
            id="XML",
        ),
        pytest.param("a\nb", "text/csv", Outline(["a", "b"], []), id="lines"),
        pytest.param("{", "application/json", Outline(["{"], []), id="broken"),
    ],
)
def test_outline(body: str, media_type: str, expected: Outline) -> None:
    assert outline(body, media_type) == expected


def answer(
    body: str, media_type: str = HTML, *, status: int = 200, headers: Mapping[str, str] = {}
) -> Answer:
    return Answer(Request("group", "/a"), status, {"Content-Type": media_type, **headers}, body)


OLD = answer("<p>旧 3 篇</p>")


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        pytest.param(OLD, OLD, "equal", id="the same"),
        pytest.param(OLD, answer("<p>\n旧  3 篇</p>"), "layout", id="white space"),
        pytest.param(OLD, answer("<p>新 3 篇</p>"), "text", id="wording"),
        pytest.param(OLD, answer("<div>旧 3 篇</div>"), "structure", id="another element"),
        pytest.param(OLD, answer("<p>旧</p><p>新</p>"), "text and structure", id="more"),
        pytest.param(OLD, answer(OLD.body, headers={"ETag": "given"}), "headers", id="header"),
        pytest.param(OLD, answer(OLD.body, status=404), "status", id="status"),
        pytest.param(
            answer("", headers={"Allow": "GET, HEAD"}),
            answer("", headers={"Allow": "HEAD, GET"}),
            "equal",
            id="order of a header",
        ),
        pytest.param(
            answer('{"score":1.23456789012}', JSON),
            answer('{"score":1.23456789013}', JSON),
            "layout",
            id="last digits",
        ),
        pytest.param(
            answer('{"a":["x","y"]}', JSON), answer('{"a":["y","x"]}', JSON), "text", id="order"
        ),
    ],
)
def test_kind_of_difference(old: Answer, new: Answer, kind: str) -> None:
    assert comparison.difference(old, new).kind == kind


def test_causes_are_counted_without_their_numbers() -> None:
    old = [keyed(OLD, number, f"<p>旧 {number} 篇</p>") for number in range(3)]
    new = [keyed(OLD, number, f"<p>新 {number} 篇</p>") for number in range(3)]
    found = comparison.compare(old, new)
    assert {change: len(keys) for change, keys in found.causes.items()} == {
        ("旧 # 篇", "新 # 篇"): 3
    }


def test_what_a_report_shows_can_be_accepted() -> None:
    old, new = [keyed(OLD, 1, "<p>旧</p>")], [keyed(OLD, 1, "<p>新</p>")]
    shown = comparison.report(comparison.compare(old, new))
    found = comparison.compare(old, new, comparison.accepted_changes(shown))
    assert (found.accepted, dict(found.causes)) == (1, {})


def test_a_change_of_behaviour_is_not_accepted_with_another() -> None:
    accepted = frozenset([("旧", "新")])
    found = comparison.compare(
        [keyed(OLD, 1, "<p>旧</p><b>1</b>")], [keyed(OLD, 1, "<p>新</p><b>2</b>")], accepted
    )
    assert (found.accepted, list(found.causes)) == (0, [("1", "2")])


@pytest.mark.parametrize(
    ("body", "differs"),
    [
        pytest.param({"total": 2, "hits": [{"id": "a"}, {"id": "b"}]}, False, id="the same"),
        pytest.param({"total": 2, "hits": [{"id": "b"}, {"id": "a"}]}, True, id="order"),
        pytest.param({"total": 3, "hits": [{"id": "a"}, {"id": "b"}]}, True, id="total"),
        pytest.param({"error": {}}, True, id="none"),
    ],
)
def test_other_hits_are_told_from_other_words(body: dict[str, object], differs: bool) -> None:
    old = {"total": 2, "hits": [{"id": "a", "title": "旧"}, {"id": "b"}]}
    answers = [[answer(json.dumps(one), JSON)] for one in (old, body)]
    assert bool(comparison.compare(*answers).other_hits) is differs


def test_an_accepted_status_is_that_of_one_address() -> None:
    old = [keyed(OLD, number, "") for number in (1, 2)]
    new = [replace(one, status=404) for one in old]
    accepted = frozenset([("200 /1", "404 /1")])
    found = comparison.compare(old, new, accepted)
    assert (found.accepted, list(found.causes)) == (1, [("200 /2", "404 /2")])


def test_an_answer_without_a_body_names_no_hits() -> None:
    assert comparison.hits(answer("", JSON)) is None


def test_requests_of_one_record_only_are_told() -> None:
    found = comparison.compare([keyed(OLD, 1, "")], [keyed(OLD, 2, "")])
    assert (len(found.only_old), len(found.only_new)) == (1, 1)


def keyed(model: Answer, number: int, body: str) -> Answer:
    return replace(model, request=Request("group", f"/{number}"), body=body)


def test_long_texts_are_cut_around_what_differs() -> None:
    same = "甲" * 500
    found = comparison.compare([keyed(OLD, 1, same + "旧")], [keyed(OLD, 1, same + "新")])
    assert list(found.causes) == [("…" + "甲" * 40 + "旧", "…" + "甲" * 40 + "新")]


def test_requests_are_many_and_distinct() -> None:
    """Even of an index without facts; every address is a valid request."""
    requests = all_requests({**typed_queries(), "everyday": []}, Facts())
    keys = [request.key for request in requests]
    assert len(keys) == len(set(keys)) >= 1_198
    assert all(request.path.isascii() and " " not in request.path for request in requests)


FAKE = """#!{python}
import json
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        host = self.headers["Host"]
        index = {{"generation": "G1", "updated_at": "2026-11-03T04:03:45+08:00"}}
        answers = {{
            "/healthz": {{"index": index}},
            "/list": {{"next": f"http://{{host}}/list?page=2"}},
            "/list?page=2": {{"host": host, "generation": "G1", "settings": open("yuansou.toml").read()}},
        }}
        body = json.dumps(answers.get(self.path, {{}})).encode()
        self.send_response(200 if self.path in answers else 404 if "nothing" in self.path else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{{server.server_port}}", flush=True)
server.serve_forever()
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A checkout whose command starts a small fake server."""
    monkeypatch.setattr(checkout, "QUIET_S", 0.05)
    program = tmp_path / ".venv/bin/yuansou"
    program.parent.mkdir(parents=True)
    program.write_text(FAKE.format(python=sys.executable), "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return Served(Checkout(tmp_path), tmp_path, "whoosh")


def test_a_server_is_asked_with_its_settings(fake: Served, tmp_path: Path) -> None:
    """`next` is followed, values of the run are masked, and the file is read back."""
    requests = [
        Request("next", "/list", site="english", follow=1),
        Request("absent", "/nothing"),
    ]
    file = tmp_path / "answers.jsonl"
    assert recorder.write(recorder.record(fake, requests), file) == 2
    absent, following = recorder.read(file)
    assert (absent.request, absent.status) == (requests[1], 404)
    assert json.loads(following.body) == {
        "host": "HOST",
        "generation": "GENERATION",
        "settings": 'language = "en"\n',
    }


def test_a_checkout_that_is_not_installed(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="make install"):
        Checkout(tmp_path).command(tmp_path, "whoosh")
