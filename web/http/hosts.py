"""Checks the `Host` header, so that an attacker cannot choose where our complete links lead.

Without `public_url`, links in feeds, JSON and the widget's code use the host of the request
(https://portswigger.net/web-security/host-header). Only names and addresses of this machine are
accepted then. With `public_url`, links never depend on the header and any host is accepted.
Werkzeug's trusted hosts support neither IPv6 nor networks, and prevent error pages with links.
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from flask import Flask, request

from index.errors import UnknownHost
from index.messages import msg
from index.settings import Settings

WITHOUT_LINKS = frozenset(("static", "monitoring.health", "monitoring.ready", "monitoring.metrics"))
"""Endpoints that accept any host: their answers have no links, and monitors use any name."""
MAX_SHOWN_CHARACTERS = 100
"""Characters of an unknown host that the error message repeats."""


def init_app(app: Flask, settings: Settings) -> None:
    if settings.public_url is None:
        app.before_request(_refusing(settings))


def _refusing(settings: Settings) -> Callable[[], None]:
    names = _names(settings)
    everywhere = _is_everywhere(settings.host)

    def refuse() -> None:
        host = request.host
        if request.endpoint not in WITHOUT_LINKS and not _leads_here(host, names, everywhere):
            raise UnknownHost(
                msg("这里没有名为“%(host)s”的站点。", host=host[:MAX_SHOWN_CHARACTERS]),
                hint=msg("如果它是本站的公开地址，请写进设置 public_url。"),
            )

    return refuse


def _names(settings: Settings) -> frozenset[str]:
    """Names of this machine at which the server listens."""
    if not _is_everywhere(settings.host):
        return frozenset(("localhost", settings.host.lower()))
    name = socket.gethostname().lower()
    # Networks without a DNS server resolve host names with .local (RFC 6762).
    return frozenset(("localhost", name, f"{name.partition('.')[0]}.local"))


def _is_everywhere(host: str) -> bool:
    """Whether `serve` listens on all addresses of the machine."""
    address = _address(host)
    return not host or (address is not None and address.is_unspecified)


def _leads_here(host: str, names: frozenset[str], everywhere: bool) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    address = _address(name)
    if name in names or (address is not None and address.is_loopback):
        return True
    if address is None or not everywhere:
        return False
    # In a container, the address of its host is not our own. Private addresses are accepted: they
    # lead nowhere outside the network that the request came from.
    return not address.is_global or _is_own(address)


def _is_own(address: IPv4Address | IPv6Address) -> bool:
    """Whether this machine has the address now, which is when a socket can be bound to it."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
