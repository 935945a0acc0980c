"""How the adapter handles a cluster's answers, errors and delays. The cluster is a double."""

import json
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from index.engines.opensearch import client
from index.engines.opensearch.catalog import Catalog
from index.engines.opensearch.client import (
    CONNECT_PATIENCE,
    ONE_TRY,
    ClusterAccess,
    ClusterClient,
    Conflict,
    NotFound,
    Patience,
)
from index.engines.opensearch.field_lengths import FieldLengths
from index.engines.opensearch.reading import point_in_time
from index.engines.opensearch.reading.point_in_time import PointInTime
from index.engines.opensearch.schema import compress_text, decompress_text
from index.engines.opensearch.writing import bulk
from index.engines.opensearch.writing.bulk import BulkSender
from index.engines.opensearch.writing.pack import (
    MAX_ID_BYTES,
    decompress_lines,
    document_name,
    pack,
    removals,
)
from index.engines.registry import open_engine
from index.errors import (
    AnswerPartial,
    ClusterAway,
    ClusterFault,
    ClusterForeign,
    ClusterRefused,
    EngineUnavailable,
    NoSuchGeneration,
    SettingsError,
)
from index.settings import Settings, load
from tests.cluster.double import BANNER, Answer, Double, double
from tests.support.documents import plain
from tests.support.visitors import visitor_of
from web.cli.main import main

QUICK = Patience(answer_seconds=2, total_seconds=2)
SECRET = "geheim-8d3f"
BUSY_STATUSES: Answer = (429, {"error": {"type": "circuit_breaking_exception"}})
FOUND: Answer = (200, {"ok": True})


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "READ_PATIENCE", QUICK)
    monkeypatch.setattr(point_in_time, "READ_PATIENCE", QUICK)
    monkeypatch.setattr(bulk, "WRITE_PATIENCE", QUICK)


def cluster_at(*addresses: str, **access: Any) -> ClusterClient:
    return ClusterClient(ClusterAccess(addresses, **access))


def unused_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


# Errors


@pytest.mark.parametrize(
    ("banner", "error"),
    [
        pytest.param({"version": {"number": "8.11.0"}}, ClusterForeign, id="Elasticsearch"),
        pytest.param({"hello": "world"}, ClusterForeign, id="something else"),
        pytest.param("<h1>It works!</h1>", ClusterForeign, id="a web server"),
        pytest.param(
            {"version": {"distribution": "opensearch", "number": "2.3.0"}},
            ClusterForeign,
            id="too old",
        ),
    ],
)
def test_another_product(banner: object, error: type[Exception]) -> None:
    """Another product, or an old version, is refused at the first request."""
    with double(banner=(200, banner)) as found:
        with pytest.raises(error):
            cluster_at(found.address).call("GET", "/x")
        assert found.asked == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param((401, {}), ClusterRefused, id="no such user"),
        pytest.param((403, {}), ClusterRefused, id="not allowed"),
        pytest.param((404, {}), NotFound, id="not there"),
        pytest.param((409, {}), Conflict, id="somebody was faster"),
        pytest.param((400, {"error": {"type": "parsing_exception"}}), ClusterFault, id="our fault"),
        pytest.param((500, {"error": {"type": "null_pointer"}}), ClusterFault, id="its fault"),
        pytest.param((503, {"error": {"type": "cluster_block"}}), ClusterAway, id="no manager"),
        pytest.param(
            (503, {"error": {"type": "search_phase_execution_exception"}}),
            AnswerPartial,
            id="a shard is missing",
        ),
        pytest.param((0, {}), ClusterAway, id="hangs up"),
    ],
)
def test_errors(answer: Answer, error: type[Exception]) -> None:
    """Each bad answer becomes one of our errors, without the password in its text."""
    with double(answer) as found, pytest.raises(error) as raised:
        cluster_at(found.address, user="u", password=SECRET).call("GET", "/x", patience=ONE_TRY)
    assert SECRET not in str(raised.value)


def test_unreachable_hosts() -> None:
    """The message names the hosts, and the settings to check."""
    with pytest.raises(ClusterAway, match="opensearch_hosts") as raised:
        cluster_at(address := unused_address()).call("GET", "/x")
    assert address in raised.value.message


@pytest.mark.timing
def test_unreachable_hosts_are_reported_soon() -> None:
    """Starting a server with a wrong address fails within seconds."""
    started = time.monotonic()
    with pytest.raises(ClusterAway):
        cluster_at(unused_address()).call("GET", "/x")
    assert time.monotonic() - started < 2 * CONNECT_PATIENCE.total_seconds


# Patience


@pytest.mark.parametrize("passing", [BUSY_STATUSES, (502, {}), (503, {}), (0, {})])
def test_passing_faults_are_retried(passing: Answer) -> None:
    """A request is retried until it is answered."""
    with double(passing, passing, FOUND) as found:
        assert cluster_at(found.address).call("GET", "/x") == {"ok": True}
        assert len(found.asked) == 3


def test_retries_end() -> None:
    """Retries end in bounded time."""
    with double(BUSY_STATUSES) as found, pytest.raises(ClusterAway):
        cluster_at(found.address).call(
            "GET", "/x", patience=Patience(answer_seconds=1, total_seconds=0.3)
        )
    assert len(found.asked) > 1


def test_a_slow_answer_times_out() -> None:
    """A slow answer is retried, then an error, long before the answer would come."""
    started = time.monotonic()
    with double(FOUND, delay=600) as found, pytest.raises(ClusterAway):
        cluster_at(found.address).call(
            "GET", "/x", patience=Patience(answer_seconds=0.2, total_seconds=0.5)
        )
    assert len(found.asked) > 1
    assert time.monotonic() - started < 60


def test_hosts_in_turn() -> None:
    """An unreachable host costs one try."""
    with double(FOUND) as found:
        over = cluster_at(unused_address(), found.address)
        assert [over.call("GET", "/x") for _ in range(4)] == [{"ok": True}] * 4


def test_credentials() -> None:
    """Every request has user and password."""
    with double(FOUND) as found:
        cluster_at(found.address, user="leser", password="x").call("GET", "/x")
        assert found.asked[0].headers["authorization"] == "Basic bGVzZXI6eA=="


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, with its key, in one file."""
    file = tmp_path_factory.mktemp("tls") / "node.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(file), "-out", "-"]
    made = subprocess.run([*command.split(), *names], check=True, capture_output=True)
    with file.open("ab") as both:
        both.write(made.stdout)
    return file


def test_tls(certificate: Path) -> None:
    """Only a cluster with a trusted CA is accepted."""
    with double(FOUND, certificate=certificate) as found:
        assert cluster_at(found.address, ca=certificate).call("GET", "/x") == {"ok": True}
        with pytest.raises(ClusterRefused, match="opensearch_ca"):
            cluster_at(found.address).call("GET", "/x")


# Bulk requests


def items(*statuses: int) -> Answer:
    rows = []
    for status in statuses:
        error = {"error": {"type": "t", "reason": "r"}} if status >= 400 else {}
        rows.append({"index": {"status": status, **error}})
    return 200, {"items": rows}


def sent(found: Double) -> list[list[str]]:
    """Ids of the articles in each bulk request."""
    lines = [asked.body.split(b"\n")[0:-1:2] for asked in found.asked]
    return [[str(line).split('"_id":"')[1].split('"')[0] for line in each] for each in lines]


def deliver(found: Double, *names: str) -> BulkSender:
    sender = BulkSender(cluster_at(found.address), "i")
    for chunk in pack([plain(name) for name in names]):
        sender.send(chunk)
    try:
        sender.finish()
    finally:
        sender.abort()
    return sender


def test_only_refused_articles_are_sent_again() -> None:
    """Articles refused for lack of room are retried, not whole requests; conflicts are counted."""
    with double(items(201, 429, 409, 503), items(429, 201), items(201)) as found:
        assert deliver(found, *"abcd").conflicts == 1
        assert sent(found) == [["a", "b", "c", "d"], ["b", "d"], ["b"]]


def test_a_whole_request_is_sent_again() -> None:
    """A request is retried whole if none of it was accepted, or there was no answer."""
    with double(BUSY_STATUSES, (0, {}), items(201, 201)) as found:
        deliver(found, "a", "b")
        assert sent(found) == [["a", "b"]] * 3


def test_invalid_articles_are_named() -> None:
    """The error has ids and reasons; nothing is retried."""
    with double(items(201, 400)) as found:
        with pytest.raises(ClusterFault, match="1 篇文章：b（t：r）"):
            deliver(found, "a", "b")
        assert len(found.asked) == 1


def test_a_deleted_index() -> None:
    """A bulk request does not create the index again."""
    with double((404, {})) as found, pytest.raises(NoSuchGeneration):
        deliver(found, "a")


def test_requests_of_removals() -> None:
    """One line for each article, with its version."""
    (chunk,) = removals(["a", "b"], 7)
    assert chunk.ids == ("a", "b")
    assert decompress_lines(chunk.data).count(b'"version":7') == 2


@pytest.mark.parametrize("level", [pytest.param(0, id="plain"), pytest.param(1, id="gzip")])
def test_requests_are_sent_as_they_were_packed(level: int) -> None:
    """Requests are sent, and retried, compressed as they were packed."""
    with double(items(201, 429), items(201)) as found:
        (chunk,) = pack([plain("a"), plain("b")], level=level)
        sender = BulkSender(cluster_at(found.address), "i")
        sender.send(chunk)
        sender.finish()
        assert sent(found) == [["a", "b"], ["b"]]
        assert {"content-encoding" in asked.headers for asked in found.asked} == {level > 0}


@pytest.mark.parametrize(
    ("hosts", "near"),
    [
        pytest.param(["http://localhost:9200", "http://127.0.0.1:9201"], True, id="this machine"),
        pytest.param(["http://127.0.0.1:9200", "http://other:9200"], False, id="one is elsewhere"),
    ],
)
def test_local_requests_are_not_compressed(hosts: list[str], near: bool) -> None:
    """Requests are compressed only if a host is another machine."""
    assert cluster_at(*hosts).near == near


# Views


def found_nothing(**changes: Any) -> Answer:
    answer = {"_shards": {"failed": 0}, "timed_out": False, "hits": []}
    return 200, answer | changes


POINT: Answer = (200, {"pit_id": "p"})
LOST: Answer = (404, {"error": {"type": "search_context_missing_exception"}})


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(found_nothing(timed_out=True), id="timed out"),
        pytest.param(found_nothing(_shards={"failed": 1}), id="a shard failed"),
    ],
)
def test_partial_answers_are_refused(answer: Answer) -> None:
    """A partial answer is an error, after a few retries."""
    with double(POINT, *[answer, POINT] * 500) as found, pytest.raises(AnswerPartial):
        PointInTime(cluster_at(found.address), "i", 1).search_all([{}])
    assert 3 < len(found.asked) < 100


def test_a_missing_shard_is_reported_first() -> None:
    """A missing shard is reported rather than the lost host that caused it."""
    missing: Answer = (503, {"error": {"type": "search_phase_execution_exception"}})
    with double(POINT, (0, {}), missing) as found, pytest.raises(AnswerPartial):
        PointInTime(cluster_at(found.address), "i", 1).search_all([{}])


def test_a_lost_point_in_time() -> None:
    """A lost point in time is opened again, and the search continues."""
    fresh: Answer = (200, {"pit_id": "q"})
    with double(POINT, LOST, fresh, found_nothing(hits=["x"])) as found:
        assert PointInTime(cluster_at(found.address), "i", 1).search_all([{}])[0]["hits"] == ["x"]
        assert b'"id":"q"' in found.asked[-1].body
        assert "allow_partial_search_results=false" in found.asked[-1].path


def several(*answers: Answer) -> Answer:
    """What `_msearch` says of as many searches."""
    return 200, {"responses": [{"status": status, **body} for status, body in answers]}


def test_several_searches_are_one_request() -> None:
    """Each of the point in time, and none partial."""
    two = several(found_nothing(hits=["x"]), found_nothing(hits=["y"]))
    with double(POINT, two) as found:
        point = PointInTime(cluster_at(found.address), "i", 3)
        answers = point.search_all([{"size": 1}, {"size": 2}])

    assert [answer["hits"] for answer in answers] == [["x"], ["y"]]
    head, first, _, second = map(json.loads, found.asked[-1].body.splitlines())
    assert head == {
        "allow_partial_search_results": False,
        "search_type": "dfs_query_then_fetch",
    }
    assert (first["size"], second["size"]) == (1, 2)
    assert first["pit"] == second["pit"] == {"id": "p", "keep_alive": "5m"}


def test_one_of_several_searches_that_lost_its_point_in_time() -> None:
    """All are sent again, so that they see the same."""
    fresh: Answer = (200, {"pit_id": "q"})
    lost, whole = several(found_nothing(), LOST), several(found_nothing(), found_nothing())
    with double(POINT, lost, fresh, whole) as found:
        assert len(PointInTime(cluster_at(found.address), "i", 1).search_all([{}, {}])) == 2
        assert found.asked[-1].body.count(b'"id":"q"') == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(found_nothing(timed_out=True), AnswerPartial, id="timed out"),
        pytest.param((400, {"error": {"type": "parsing"}}), ClusterFault, id="refused"),
        pytest.param((429, {"error": {"type": "rejected"}}), ClusterAway, id="too busy"),
    ],
)
def test_one_of_several_searches_that_failed(answer: Answer, error: type[Exception]) -> None:
    """There is no answer rather than part of one."""
    failed = several(found_nothing(), answer)
    with double(POINT, *[failed, POINT] * 500) as found, pytest.raises(error):
        PointInTime(cluster_at(found.address), "i", 1).search_all([{}, {}])


def test_a_lost_index() -> None:
    """If the index is deleted, the error says so."""
    with double(POINT, LOST, (404, {})) as found, pytest.raises(NoSuchGeneration):
        PointInTime(cluster_at(found.address), "i", 1).search_all([{}])


def test_our_own_faults_are_not_repeated() -> None:
    """Requests that the cluster rejects as invalid are not retried."""
    with double(POINT, (400, {"error": {"type": "parsing"}})) as found:
        with pytest.raises(ClusterFault):
            PointInTime(cluster_at(found.address), "i", 1).search_all([{}])
        assert len(found.asked) == 2


# Settings, pages, commands


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("opensearch_hosts", "", id="no host"),
        pytest.param("opensearch_hosts", "localhost:9200", id="no protocol"),
        pytest.param("opensearch_hosts", f"http://u:{SECRET}@localhost", id="password in it"),
        pytest.param("opensearch_alias", "Yuan*", id="no name of an index"),
    ],
)
def test_invalid_settings(name: str, value: str) -> None:
    """One message names the setting, without a value that may be a password."""
    with pytest.raises(SettingsError, match=name) as raised:
        load(environment={f"YUANSOU_{name.upper()}": value})
    assert SECRET not in str(raised.value)


def test_hosts_of_a_setting() -> None:
    """A setting may have several hosts, with or without spaces."""
    hosts = "http://a:9200, https://b"
    found = load(environment={"YUANSOU_OPENSEARCH_HOSTS": hosts})
    assert found.opensearch_hosts == ("http://a:9200", "https://b")


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_the_password_is_never_shown(
    options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the settings command nor a printed Settings shows the password."""
    monkeypatch.setenv("YUANSOU_OPENSEARCH_PASSWORD", SECRET)
    result = CliRunner().invoke(main, ["settings", *options])
    assert result.exit_code == 0
    assert "已设置，不显示" in result.output
    assert SECRET not in result.output + repr(load())


@pytest.fixture
def away(tmp_path: Path) -> Settings:
    return Settings(index_dir=tmp_path, engine="opensearch", opensearch_hosts=(unused_address(),))


def test_a_page_without_a_cluster(away: Settings, tmp_path: Path) -> None:
    """Pages and JSON answer 503 with one sentence."""
    hosts = away.opensearch_hosts
    visitor = visitor_of(tmp_path, engine="opensearch", opensearch_hosts=hosts)
    page = visitor.get("/search?q=银行")
    assert (page.status_code, page.headers["retry-after"]) == (503, "10")
    assert "暂时无法应答" in page.text
    answer = visitor.get("/api/v1/search?q=银行")
    assert answer.status_code == 503
    assert answer.get_json()["error"]["code"] == "cluster_away"


def test_a_command_without_a_cluster(away: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command prints one line, no traceback."""
    monkeypatch.setenv("YUANSOU_OPENSEARCH_HOSTS", away.opensearch_hosts[0])
    result = CliRunner().invoke(main, ["--engine", "opensearch", "index", "status"])
    assert result.exit_code == 1
    assert result.stderr.startswith("错误：搜索集群")
    assert result.stderr.count("\n") == 1


def test_a_certificate_that_cannot_be_read(away: Settings, tmp_path: Path) -> None:
    """The error names the setting."""
    hosts = ("https://localhost:1",)
    settings = replace(away, opensearch_hosts=hosts, opensearch_ca=tmp_path / "none.pem")
    with pytest.raises(ClusterRefused, match="opensearch_ca"):
        open_engine(settings).current()


def test_without_the_library(monkeypatch: pytest.MonkeyPatch, away: Settings) -> None:
    """The error says what to install."""
    import sys  # noqa: PLC0415

    for name in [name for name in sys.modules if name.startswith("index.engines.opensearch")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(EngineUnavailable, match="make install EXTRAS=opensearch"):
        open_engine(away)


# Values


@pytest.mark.parametrize("text", ["", "数字", "\0", "\ud800", "\U0010f800", '\0"', "a\nb"])
def test_any_text_comes_back(text: str) -> None:
    """Any string survives, invalid Unicode too; the cluster drops the padding of base64."""
    assert (
        decompress_text(compress_text(text))
        == decompress_text(compress_text(text).rstrip("="))
        == text
    )


@pytest.mark.parametrize("name", ["", "汉" * MAX_ID_BYTES, "\ud800"])
def test_ids_that_a_cluster_refuses(name: str) -> None:
    """Such ids become digests, each a different one."""
    made = document_name(name)
    assert made.startswith("blake2b:")
    assert made != document_name(f"{name}x")
    assert document_name("新闻/1") == "新闻/1"


@pytest.fixture
def fine() -> Iterator[Double]:
    with double((200, {})) as made:
        yield made


def test_the_banner_is_asked_once(fine: Double) -> None:
    """The banner is requested once, not before every request."""
    over = cluster_at(fine.address)
    fine.banner = (200, BANNER)
    over.call("GET", "/x")
    fine.banner = (500, {})
    assert over.call("GET", "/x") == {}


# Rebuilds


@pytest.mark.parametrize(
    "indices",
    [pytest.param({"i": {"closed": True}}, id="now"), pytest.param({}, id="it was before")],
)
def test_an_index_that_cannot_be_closed_yet(indices: dict[str, Any]) -> None:
    """A close that left the index open is retried: setting the similarity needs a closed index."""
    closed: Answer = (200, {"acknowledged": True, "indices": indices})
    open_still: Answer = (200, {"acknowledged": True, "indices": {"i": {"closed": False}}})
    with double(open_still, closed, (200, {})) as found:
        Catalog(cluster_at(found.address), "i").tune(
            "i", FieldLengths(empty=Counter(title_words=1))
        )
        asked = [request.path for request in found.asked]
        assert asked == ["/i/_close", "/i/_close", "/i/_settings", "/i/_open"]
