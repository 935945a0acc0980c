"""Which addresses of the network a feed may be fetched from.

A name is resolved once, and the connection goes to the very address that was checked, so that a
name whose answers change cannot lead inside.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from index.fetching.connecting.errors import InsideAddressError, RefusedAddressError
from index.messages import msg

IPAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Host and port → addresses, as text. Raises OSError."""

_NEVER_PUBLIC = tuple(map(IPv6Network, ("fec0::/10", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48")))
"""Inside by what they are for, though Python takes them for global: those of a site (RFC 3879), the
two old forms that hold an IPv4 address, and those that a network translates itself (RFC 8215)."""
DEFAULT_PORTS = {"http": 80, "https": 443}


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order in which the system would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def allowed_address(url: str, *, allow_private: bool, resolver: Resolve = resolve) -> str:
    """An IP address of the host in `url` that may be connected to.

    Raises InsideAddressError if none may, and OSError if the host is not known. `allow_private`:
    the owner named this host as one of their own.
    """
    host, port = host_and_port(url)
    addresses = resolver(host, port)
    for address in addresses:
        if allow_private or is_public(address):
            return address
    if not addresses:
        raise OSError(f"no address for {host}")
    raise InsideAddressError(msg("这是内部地址"), host, addresses[0])


def host_and_port(url: str) -> tuple[str, int]:
    """The host in ASCII. Raises RefusedAddressError for anything but http and https, and for user
    names."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise RefusedAddressError(msg("网址写错了"), url[:100]) from None
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise RefusedAddressError(msg("只抓取 http 和 https 的网址"), url[:100])
    if parts.username is not None:
        raise RefusedAddressError(msg("网址里不能有用户名和密码"))
    return _ascii(host), port or DEFAULT_PORTS[parts.scheme]


def _ascii(host: str) -> str:
    """A host as it is asked for and as certificates name it."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise RefusedAddressError(msg("网址里的主机名写错了"), host[:100]) from None


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, also where it stands for another."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(found in network for network in _NEVER_PUBLIC):
        return False
    return all(each.is_global and not each.is_multicast for each in _meanings(found))


def _meanings(address: IPAddress) -> list[IPAddress]:
    """An address with the IPv4 addresses that it carries: mapped, 6to4, Teredo and NAT64."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    carried: list[IPAddress] = [address]
    if address.sixtofour:
        carried.append(address.sixtofour)
    if address.teredo:
        carried.extend(address.teredo)
    if int(address) >> 32 == 0x64FF9B << 64:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return carried
