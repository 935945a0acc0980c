"""Fetches one address over HTTP, within bounds on time, size and redirects.

Only this module opens connections. Why urllib3: docs/decisions/fetching.md.
"""

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from http.client import HTTPException
from importlib.metadata import version
from threading import Timer
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.response import BaseHTTPResponse
from urllib3.util.ssl_match_hostname import CertificateError

from index.fetching.connecting.addresses import (
    DEFAULT_PORTS,
    Resolve,
    allowed_address,
    host_and_port,
    resolve,
)
from index.fetching.connecting.errors import FetchError
from index.messages import Message, msg

MAX_BYTES = 15_000_000
"""Of a response, both as it comes and unpacked."""
MAX_SECONDS = 20.0
"""For a fetch with all its redirects."""
MAX_MEMBERS = 100
"""Of gzip in one body: unpacking each copies all that follows it."""
MAX_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))
PERMANENT = frozenset((301, 308))
FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
"""What is accepted of a server of feeds."""
_BLOCK = 65_536
_TLS_FAILED = msg("证书无效或 TLS 连接失败")


def _any_address(_: str) -> None:
    """No address is refused."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to fetch. The validators are sent back as they came. `private_hosts`: hosts (lower case)
    that may be inside. `most`: bytes, both as they come and unpacked. `permit` is called with each
    address before it is asked, also after a redirect, and raises FetchError for one that is not."""

    url: str
    etag: str = ""
    last_modified: str = ""
    private_hosts: frozenset[str] = frozenset()
    accept: str = FEEDS
    most: int = MAX_BYTES
    permit: Callable[[str], None] = _any_address


@dataclass(frozen=True, slots=True)
class Response:
    """The last answer. Header names are in lower case. `moved_to`: the address after all redirects
    that are permanent from the first on, None if the first is not. `whole`: whether the body came
    to its end; of one that was cut off, what came is here."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved_to: str | None = None
    requests: int = 1
    whole: bool = True


class Client(Protocol):
    """Gets an answer of any status. Raises FetchError."""

    def fetch(self, request: Request) -> Response: ...


@dataclass(frozen=True, slots=True)
class HttpClient:
    """The client for the internet. `agent`: what it says it is. `seconds` and `resolver` are for
    tests."""

    seconds: float = MAX_SECONDS
    resolver: Resolve = resolve
    agent: str = ""

    def fetch(self, request: Request) -> Response:
        request.permit(request.url)
        deadline = time.monotonic() + self.seconds
        url, moved_to, permanent = request.url, None, True
        for count in range(1, MAX_REDIRECTS + 2):
            answer = self._answer(url, request, deadline)
            target = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not target:
                return replace(answer, moved_to=moved_to, requests=count)
            url = _joined(url, target)
            request.permit(url)
            permanent = permanent and answer.status in PERMANENT
            moved_to = url if permanent else moved_to
        raise FetchError(msg("转向超过 %(number)s 次", number=MAX_REDIRECTS), lasting=True)

    def _answer(self, url: str, request: Request, deadline: float) -> Response:
        """One request without redirects."""
        try:
            host, port = host_and_port(url)
            private = host.lower() in request.private_hosts
            address = allowed_address(url, allow_private=private, resolver=self.resolver)
        except (OSError, UnicodeError) as problem:
            raise FetchError(msg("找不到这个主机，请检查网址和网络")) from problem
        left = deadline - time.monotonic()
        if left <= 0:
            raise FetchError(_too_slow(self.seconds))
        connection = _connection(url, host, address, port, left)
        expired: list[bool] = []
        try:
            connection.connect()
            with _ended_at(deadline, connection, expired):
                connection.request(
                    "GET",
                    _target(url),
                    headers=self._headers(url, request),
                    preload_content=False,
                    decode_content=False,
                )
                answer = _read(connection, url, request.most)
            if expired:  # what was shut down may look like the end
                raise FetchError(_too_slow(self.seconds))
            return answer
        except FetchError:
            raise
        except (HTTPError, HTTPException, OSError, ValueError, zlib.error) as problem:
            if expired or isinstance(problem, TimeoutError):
                raise FetchError(_too_slow(self.seconds)) from problem
            raise FetchError(_in_words(problem)) from problem
        finally:
            connection.close()

    def _headers(self, url: str, request: Request) -> dict[str, str]:
        headers = {
            "Host": _host_header(url),
            "User-Agent": self.agent or user_agent(),
            "Accept": request.accept,
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        return headers


def user_agent(address: str | None = None) -> str:
    """Name and version, and the site for which it fetches."""
    return f"Yuansou/{version('yuansou')} ({f'+{address}; ' if address else ''}feed fetcher)"


def _host_header(url: str) -> str:
    host, port = host_and_port(url)
    host = f"[{host}]" if ":" in host else host
    return host if port == DEFAULT_PORTS[urlsplit(url).scheme] else f"{host}:{port}"


def _connection(url: str, host: str, address: str, port: int, seconds: float) -> HTTPConnection:
    """A connection to `address` that asks for, and over TLS checks, the name `host`."""
    if urlsplit(url).scheme == "http":
        return HTTPConnection(address, port, timeout=seconds)
    return HTTPSConnection(
        address,
        port,
        timeout=seconds,
        ssl_context=_tls(),
        server_hostname=host,
        assert_hostname=host,
    )


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@contextmanager
def _ended_at(deadline: float, connection: HTTPConnection, expired: list[bool]) -> Iterator[None]:
    """Shuts the socket down under whatever reads from it: time limits of sockets begin anew with
    each byte, so a server that drips would hold one for hours."""
    connected = connection.sock  # which http.client forgets once it has read the headers

    def end() -> None:
        expired.append(True)
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = Timer(max(0.0, deadline - time.monotonic()), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read(connection: HTTPConnection, url: str, most: int) -> Response:
    # The answer holds the socket as well, and is not closed with the connection.
    with closing(connection.getresponse()) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status in REDIRECTS or answer.status == 304:
            return Response(answer.status, headers, b"", url)
        data, whole = _body(answer, most)
    body, unpacked_whole = _unpacked(data, headers, most)
    return Response(answer.status, headers, body, url, whole=whole and unpacked_whole)


def _body(answer: BaseHTTPResponse, most: int) -> tuple[bytes, bool]:
    """What comes, and whether its end was reached. Only `read1` gives what came before a break."""
    data = bytearray()
    try:
        while block := answer.read1(_BLOCK, decode_content=False):
            data += block
            if len(data) > most:
                raise _too_large(most)
    except ProtocolError:
        if not data:
            raise
        return bytes(data), False
    return bytes(data), True


def _unpacked(data: bytes, headers: Mapping[str, str], most: int) -> tuple[bytes, bool]:
    """A body without its content encodings, and whether it is whole. Bounded, because a kilobyte
    may hold a gigabyte."""
    whole = True
    encodings = [part.strip().lower() for part in headers.get("content-encoding", "").split(",")]
    for encoding in reversed([name for name in encodings if name not in ("", "identity")]):
        if encoding not in ("gzip", "x-gzip", "deflate"):
            raise FetchError(msg("不认识的压缩格式"), encoding[:40], lasting=True)
        data, complete = _inflated(data, most)
        whole = whole and complete
    return data, whole


def _inflated(data: bytes, most: int) -> tuple[bytes, bool]:
    """gzip (also several in a row), zlib, or deflate without either's header."""
    wrapped = data[:2] == b"\x1f\x8b" or (data[:1] and data[0] & 0x0F == 8 and not _bad_zlib(data))
    found = bytearray()
    members = 0
    while data:
        members += 1
        if members > MAX_MEMBERS:
            raise FetchError(msg("压缩的内容分成太多段"), lasting=True)
        packed = zlib.decompressobj(zlib.MAX_WBITS | 32 if wrapped else -zlib.MAX_WBITS)
        found += packed.decompress(data, most + 1 - len(found))
        if len(found) > most:
            raise _too_large(most)
        if not packed.eof:
            return bytes(found), False
        data = packed.unused_data if packed.unused_data[:2] == b"\x1f\x8b" else b""
    return bytes(found), True


def _bad_zlib(data: bytes) -> bool:
    """Whether the first two bytes are no header of zlib (RFC 1950)."""
    return len(data) < 2 or int.from_bytes(data[:2]) % 31 != 0


def _target(url: str) -> str:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # Bytes outside ASCII are sent as browsers send them.
    return "".join(c if "!" <= c <= "~" else _percent(c) for c in target)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _joined(url: str, location: str) -> str:
    try:
        # Locations outside ASCII arrive as Latin-1, which they are not.
        with suppress(UnicodeError):
            location = location.encode("latin-1").decode("utf-8")
        return urljoin(url, location.strip()).partition("#")[0]
    except ValueError:
        raise FetchError(msg("转向的网址写错了"), lasting=True) from None


def _too_slow(seconds: float) -> Message:
    return msg("%(seconds)s 秒内没有读完", seconds=f"{seconds:g}")


def _too_large(most: int) -> FetchError:
    return FetchError(msg("内容超过 %(size)s MB", size=most // 1_000_000), lasting=True)


def _certificate_fault(code: int) -> Message:
    """What OpenSSL finds wrong (X509_V_ERR_… of x509_vfy.h)."""
    match code:
        case 9:
            return msg("证书还没有生效，请检查对方和本机的时间")
        case 10:
            return msg("证书已经过期，请检查对方和本机的时间")
        case 18 | 19 | 20 | 21:
            return msg("证书没有可信的签发者，可能是自签的")
    return _TLS_FAILED


def _in_words(problem: Exception) -> Message:
    if isinstance(problem, CertificateError):
        return msg("证书不是发给这个主机的")
    if isinstance(problem, ssl.SSLCertVerificationError):
        return _certificate_fault(problem.verify_code)
    kind = f"{type(problem).__name__}: {problem}"
    if isinstance(problem, ssl.SSLError) or "SSL" in kind or "certificate" in kind.lower():
        return _TLS_FAILED
    if "IncompleteRead" in kind or "InvalidChunkLength" in kind:
        return msg("内容没有传完")
    if "refused" in kind or "unreachable" in kind or "reset" in kind:
        return msg("连不上这个主机")
    return msg("对方的回答不合 HTTP")
