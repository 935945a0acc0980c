"""How the adapter bears a cluster that is busy, slow, broken or something else: asked of a double,
which says so without being one. What a real one does is in test_cluster_kill.py."""

import json
import ssl
import time
from pathlib import Path
from typing import Any

import pytest
import trustme

from index.engines.opensearch.bulk import Sender
from index.engines.opensearch.cluster import Access, Cluster, Patience
from index.engines.opensearch.pack import Chunk, pack
from index.errors import (
    ClusterAway,
    ClusterFault,
    ClusterForeign,
    ClusterRefused,
    EngineUnavailable,
)
from index.settings import Settings
from tests.documents import plain
from tests.double import Double, Reply, double
from tests.visitors import Visitor
from web.app import create_app

OK = Reply(body={"said": "ok"})
QUICK = Patience(answer=0.3, all=1.0)


def ask(told: Double, *more: str) -> Any:
    return Cluster(Access((*more, *told.hosts))).call("GET", "/x", patience=QUICK)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param([Reply(429)], id="429"),
        pytest.param([Reply(429)] * 3, id="429 three times"),
        pytest.param([Reply(502), Reply(503)], id="502 and 503"),
        pytest.param([Reply(504)], id="504"),
        pytest.param([Reply(delay=0.6)], id="slow"),
        pytest.param([Reply(reset=True)], id="reset"),
    ],
)
def test_passing_trouble_is_outlived(trouble: list[Reply]) -> None:
    """The same request is sent again, after a while, until it is answered."""
    with double(*trouble, OK) as told:
        assert ask(told) == {"said": "ok"}
        assert len(told.asked) == len(trouble) + 1


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(Reply(429), id="429"),
        pytest.param(Reply(503), id="503"),
        pytest.param(Reply(delay=5), id="slow"),
        pytest.param(Reply(reset=True), id="reset"),
    ],
)
def test_lasting_trouble_is_told_in_time(trouble: Reply) -> None:
    """We do not ask for ever, nor all at once."""
    with double(trouble) as told:
        started = time.monotonic()
        with pytest.raises(ClusterAway):
            ask(told)
        assert time.monotonic() - started < 3 * QUICK.all
        assert 2 <= len(told.asked) <= 100


def test_another_host_is_asked() -> None:
    """One that breaks every connection, and one where nobody listens, do not matter."""
    with double(Reply(reset=True)) as broken, double(OK) as sound:
        for _ in range(5):
            assert ask(sound, broken.address, "http://127.0.0.1:9") == {"said": "ok"}


@pytest.mark.parametrize(
    ("banner", "error"),
    [
        pytest.param(
            {"tagline": "You Know, for Search", "version": {"number": "8.15.0"}},
            ClusterForeign,
            id="Elasticsearch",
        ),
        pytest.param(
            {"version": {"distribution": "opensearch", "number": "1.3.20"}},
            ClusterForeign,
            id="too old",
        ),
        pytest.param({}, ClusterForeign, id="something else"),
        pytest.param([], ClusterForeign, id="no object"),
    ],
)
def test_another_product_is_refused(banner: Any, error: type[EngineUnavailable]) -> None:
    """G10: before anything else is asked of it; and the page says so."""
    with double(banner=Reply(body=banner)) as told:
        with pytest.raises(error):
            ask(told)
        assert told.asked == []
        visitor = Visitor(create_app(settings_for(told)).test_client())
        assert visitor.error("/api/v1/search", 503, q="元宇宙")["code"] == "cluster_foreign"


@pytest.mark.parametrize("path", ["/search", "/topic/元宇宙", "/sources"])
def test_a_page_is_calm_when_the_cluster_refuses(path: str) -> None:
    """503, and one sentence that says what to do; no traceback."""
    with double(Reply(403)) as told:
        client = create_app(settings_for(told)).test_client()
        answer = client.get(path, query_string={"q": "元宇宙"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "搜索集群不接受我们的身份或证书。" in answer.get_data(as_text=True)


def settings_for(told: Double) -> Settings:
    return Settings(engine="opensearch", opensearch_hosts=told.hosts)


# TLS and passwords, which the bare server that tests start does not have

LOGIN = ("yuansou", "geheim-7")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """For a server whose certificate the authority signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


def test_a_certificate_is_checked(tls: ssl.SSLContext, ca: Path, tmp_path: Path) -> None:
    """It has to be signed by the CA of the setting; without one by one of the system's."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with double(OK, tls=tls) as told:
        access = Access(told.hosts, ca=ca)
        assert Cluster(access).call("GET", "/x", patience=QUICK) == {"said": "ok"}
        for wrong in (None, other):
            with pytest.raises(ClusterRefused):
                Cluster(Access(told.hosts, ca=wrong)).call("GET", "/x", patience=QUICK)


@pytest.mark.parametrize("text", ["", "no certificate"])
def test_a_file_that_is_no_certificate(text: str, tls: ssl.SSLContext, tmp_path: Path) -> None:
    """Is told with the name of the setting."""
    path = tmp_path / "ca.pem"
    path.write_text(text)
    with double(OK, tls=tls) as told, pytest.raises(ClusterRefused) as refused:
        Cluster(Access(told.hosts, ca=path)).call("GET", "/x", patience=QUICK)
    assert "opensearch_ca" in f"{refused.value}"


def test_a_password_is_sent_and_never_told(tls: ssl.SSLContext, ca: Path) -> None:
    """Over TLS as basic auth; a wrong one is a calm error that does not repeat it."""
    with double(OK, tls=tls, login=LOGIN) as told:
        right = Access(told.hosts, *LOGIN, ca=ca)
        assert Cluster(right).call("GET", "/x", patience=QUICK) == {"said": "ok"}
        with pytest.raises(ClusterRefused) as refused:
            Cluster(Access(told.hosts, LOGIN[0], "falsch-8", ca)).call("GET", "/x")
        assert "falsch-8" not in f"{refused.value}{refused.value.hint}"


# bulks


def chunk_of(*names: str) -> Chunk:
    (chunk,) = pack([plain(name) for name in names])
    return chunk


def items(*statuses: int) -> Reply:
    """What a bulk says of its articles."""
    told = []
    for status in statuses:
        item: dict[str, Any] = {"status": status}
        if status >= 300:
            item["error"] = {"type": f"error {status}", "reason": "because"}
        told.append({"index": item})
    return Reply(body={"items": told})


def send(told: Double, *names: str) -> Sender:
    sender = Sender(Cluster(Access(told.hosts)), "some-index")
    sender.send(chunk_of(*names))
    sender.finish()
    return sender


def sent(told: Double) -> list[list[str]]:
    """The ids in each bulk."""
    return [
        [
            line["index"]["_id"]
            for line in map(json.loads, asked.body.splitlines())
            if "index" in line
        ]
        for asked in told.asked
    ]


def test_only_articles_there_was_no_room_for_are_sent_again() -> None:
    """G7: single items answered 429 or 503, until each was taken; a conflict is counted, no fault."""
    with double(items(201, 429, 503, 409), items(429, 201), items(200)) as told:
        assert send(told, "a", "b", "c", "d").conflicts == 1
        assert sent(told) == [["a", "b", "c", "d"], ["b", "c"], ["b"]]


def test_whole_bulks_are_sent_again() -> None:
    """Where the cluster had no room for any of it, or broke the connection."""
    with double(Reply(429), Reply(reset=True), Reply(503), items(201, 201)) as told:
        send(told, "a", "b")
        assert sent(told) == [["a", "b"]] * 4


def test_refused_articles_are_named() -> None:
    """What would be refused again is not sent again."""
    with double(items(201, 400)) as told:
        with pytest.raises(ClusterFault, match=r"1 篇文章：b（error 400：because）"):
            send(told, "a", "b")
        assert len(told.asked) == 1
