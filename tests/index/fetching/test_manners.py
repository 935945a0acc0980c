"""How we behave towards other people's servers, as a real one sees it."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext, SSLObject, SSLSocket

import pytest

from index.fetching.archive import Archive
from index.fetching.connecting import http_client
from index.fetching.connecting.errors import FetchError
from index.fetching.connecting.http_client import HttpClient, Request
from index.fetching.fetcher import MAX_CONNECTIONS, MAX_PER_HOST, Fetcher
from index.fetching.schedule import HOUR
from index.fetching.state import FetchState
from index.fetching.subscriptions import Subscription
from tests.support.feed_archive import NOON
from tests.support.feed_server import HOST, FeedServer, feed_server


def anywhere(host: str, port: int) -> Sequence[str]:
    """Every name is this machine."""
    return ["127.0.0.1"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    """Its address counts as public where a test does not name the host as its own."""
    public = frozenset(("127.0.0.1",))
    monkeypatch.setattr("index.fetching.connecting.addresses.is_public", public.__contains__)
    with feed_server() as running:
        yield running


class Fetching:
    """Fetches at a time that is set."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self.state = FetchState(folder / "feeds.sqlite")
        archive = Archive(folder / "articles", self.state)
        client = HttpClient(seconds=120.0, resolver=anywhere)
        self.fetcher = Fetcher(client, archive, self.state, lambda: self.now)

    def fetch(self, feeds: Sequence[Subscription]) -> int:
        """How many were fetched."""
        return len(list(self.fetcher.fetch(feeds)))

    def due(self, feeds: Sequence[Subscription]) -> list[str]:
        return [each.name for each in self.fetcher.due(feeds)]


@pytest.fixture
def fetching(tmp_path: Path) -> Iterator[Fetching]:
    found = Fetching(tmp_path)
    with closing(found.state):
        yield found


def test_connections_at_once(server: FeedServer, fetching: Fetching) -> None:
    """Two to a host and ten in all, however many feeds there are: requests wait at the server until
    ten are there, so that more would be seen."""
    feeds = [
        Subscription(f"{host} {feed}", f"http://host{host}.test:{server.port}/no_entries?{feed}")
        for host in range(8)
        for feed in range(5)
    ]
    server.awaited = MAX_CONNECTIONS
    assert fetching.fetch(feeds) == len(feeds)
    assert server.at_once.pop("") == MAX_CONNECTIONS
    assert len(server.at_once) == 8
    assert max(server.at_once.values()) == MAX_PER_HOST


@pytest.mark.parametrize(("path", "seconds"), [("too_many_seconds", 7_200), ("busy", 3 * HOUR)])
@pytest.mark.parametrize("own", [False, True], ids=["public", "own"])
def test_a_host_that_asks_for_rest(
    server: FeedServer, fetching: Fetching, path: str, seconds: int, own: bool
) -> None:
    """429 and 503: a public host rests with all its feeds, of one's own host the one feed; other
    hosts go on."""
    base = f"http://a.test:{server.port}"
    tired = Subscription("甲", f"{base}/{path}", allow_private=own)
    beside = Subscription("乙", f"{base}/plain", allow_private=own)
    other = Subscription("丙", f"http://b.test:{server.port}/plain")
    feeds = [tired, beside, other]
    fetching.fetch([tired])

    assert fetching.due(feeds) == (["乙", "丙"] if own else ["丙"])
    fetching.now += seconds - 1
    assert fetching.due(feeds) == (["乙", "丙"] if own else ["丙"])
    fetching.now += 1
    assert fetching.due(feeds) == ["甲", "乙", "丙"]


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for a name, with its key, in one file."""
    file = folder / f"{name}.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name}"
    names = ["-addext", f"subjectAltName=DNS:{name}", "-keyout", str(file), "-out", "-"]
    made = subprocess.run([*command.split(), *names], check=True, capture_output=True)
    with file.open("ab") as both:
        both.write(made.stdout)
    return file


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tls")
    return {name: certificate(folder, name) for name in (HOST, "other.test")}


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """To set what SSL_CERT_FILE names, which is read once."""
    http_client._tls.cache_clear()
    yield monkeypatch
    http_client._tls.cache_clear()


def serving(file: Path, names: list[str | None]) -> SSLContext:
    """Remembers the names that are asked for before the certificate is shown (SNI)."""
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def asked(_: SSLSocket | SSLObject, name: str | None, __: SSLContext) -> None:
        names.append(name)

    context.sni_callback = asked
    return context


def test_tls(certificates: dict[str, Path], trusted: pytest.MonkeyPatch) -> None:
    """The address that was checked is connected to; its certificate, SNI and Host are of the name."""
    trusted.setenv("SSL_CERT_FILE", str(certificates[HOST]))
    names: list[str | None] = []
    resolved: list[tuple[str, int]] = []

    def resolver(host: str, port: int) -> Sequence[str]:
        resolved.append((host, port))
        return ["127.0.0.1"]

    with feed_server(serving(certificates[HOST], names)) as server:
        request = Request(server.url("plain"), private_hosts=frozenset((HOST,)))
        assert HttpClient(resolver=resolver).fetch(request).status == 200
        assert server.asked[0].headers["host"] == f"{HOST}:{server.port}"
        assert (names, resolved) == ([HOST], [(HOST, server.port)])


REFUSED = {
    "a certificate of another host": ("other.test", "other.test", "证书不是发给这个主机的"),
    "a certificate of nobody's": (HOST, "other.test", "证书没有可信的签发者，可能是自签的"),
}


@pytest.mark.parametrize(("shown", "known", "said"), REFUSED.values(), ids=REFUSED)
def test_certificates_that_are_refused(
    certificates: dict[str, Path],
    trusted: pytest.MonkeyPatch,
    shown: str,
    known: str,
    said: str,
) -> None:
    """In words, and nothing is asked of the server."""
    trusted.setenv("SSL_CERT_FILE", str(certificates[known]))
    with feed_server(serving(certificates[shown], [])) as server:
        request = Request(server.url("plain"), private_hosts=frozenset((HOST,)))
        with pytest.raises(FetchError, match=said):
            HttpClient(resolver=anywhere).fetch(request)
        assert server.asked == []


def test_no_tls_where_it_is_expected(server: FeedServer) -> None:
    """In words, too."""
    url = server.url("plain").replace("http:", "https:")
    with pytest.raises(FetchError, match="TLS 连接失败"):
        HttpClient(resolver=anywhere).fetch(Request(url))
