"""Addresses: which may be connected to, and that the one which was checked is."""

from collections.abc import Iterator, Sequence

import pytest

from index.fetching.connecting.addresses import (
    allowed_address,
    host_and_port,
    is_public,
)
from index.fetching.connecting.errors import FetchError, RefusedAddressError
from index.fetching.connecting.http_client import HttpClient, Request
from tests.support.feed_server import HOST, FeedServer, feed_server

ADDRESSES = {
    "8.8.8.8": True,
    "2606:4700::1111": True,
    "127.0.0.1": False,
    "127.8.8.8": False,
    "0.0.0.0": False,
    "10.1.2.3": False,
    "172.16.0.1": False,
    "192.168.1.1": False,
    "100.64.0.1": False,
    "169.254.169.254": False,
    "224.0.0.1": False,
    "255.255.255.255": False,
    "198.18.0.1": False,
    "::1": False,
    "::": False,
    "fe80::1%eth0": False,
    "fd00::1": False,
    "ff02::1": False,
    "::ffff:127.0.0.1": False,
    "::ffff:8.8.8.8": True,
    "2002:7f00:1::": False,
    "fec0::1": False,
    "::127.0.0.1": False,
    "::8.8.8.8": False,
    "::ffff:0:127.0.0.1": False,
    "64:ff9b:1::1": False,
    "64:ff9b::7f00:1": False,
    "64:ff9b::808:808": True,
    "not an address": False,
}


@pytest.mark.parametrize(("address", "public"), ADDRESSES.items(), ids=ADDRESSES)
def test_public_addresses(address: str, public: bool) -> None:
    """Also where an IPv6 address carries one of IPv4."""
    assert is_public(address) is public


BAD_URLS = ["ftp://a.example/", "file:///etc/passwd", "https://", "//a.example/", "https://u@a/"]


@pytest.mark.parametrize("url", [*BAD_URLS, "http://a:b/", "http://[::1", "http://\u2028.a/", ""])
def test_what_is_no_address(url: str) -> None:
    """Each is refused in words."""
    with pytest.raises(RefusedAddressError):
        host_and_port(url)


def test_international_names() -> None:
    """As they are asked for."""
    assert host_and_port("https://新闻.example/a") == ("xn--efvy88h.example", 443)


def test_the_first_public_address_is_taken() -> None:
    """Of several, an inner one is passed over."""
    answers = ["10.0.0.1", "8.8.8.8"]
    found = allowed_address(
        "http://a.example/", allow_private=False, resolver=lambda host, port: answers
    )
    assert found == "8.8.8.8"


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        yield running


class Rebinding:
    """A name whose answers change: first a public address, then an inner one."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return [self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]]


def test_a_name_that_rebinds(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is resolved once a request, and the connection goes to that answer: the second one, which
    leads inside, is never used. After a redirect it is resolved again, and refused."""
    public = frozenset(("127.0.0.1",))
    monkeypatch.setattr("index.fetching.connecting.addresses.is_public", public.__contains__)
    server.begin()
    rebinding = Rebinding("127.0.0.1", "127.0.0.2")
    found = HttpClient(resolver=rebinding).fetch(Request(server.url("plain")))
    assert (found.status, rebinding.asked) == (200, 1)
    assert server.asked[0].headers["host"] == f"{HOST}:{server.port}"

    rebinding = Rebinding("127.0.0.1", "127.0.0.2")
    with pytest.raises(FetchError, match="内部地址"):
        HttpClient(resolver=rebinding).fetch(Request(server.url("moved_301")))
    assert server.paths() == ["/plain", "/moved_301"]


def test_a_private_host_is_the_only_one(server: FeedServer) -> None:
    """Naming one's own host opens no other."""
    client = HttpClient(resolver=lambda host, port: ["127.0.0.1"])
    assert (
        client.fetch(Request(server.url("plain"), private_hosts=frozenset((HOST,)))).status == 200
    )
    with pytest.raises(FetchError, match="内部地址"):
        client.fetch(Request(server.url("plain"), private_hosts=frozenset(("other.test",))))


def test_what_we_say_we_are(server: FeedServer) -> None:
    """Name, version and, where it is known, the site; nothing else about the machine."""
    server.begin()
    client = HttpClient(
        resolver=lambda host, port: ["127.0.0.1"], agent="Yuansou/1 (+https://s.example)"
    )
    client.fetch(Request(server.url("plain"), private_hosts=frozenset((HOST,))))
    headers = server.asked[0].headers
    assert headers["user-agent"] == "Yuansou/1 (+https://s.example)"
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
