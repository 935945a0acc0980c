"""Whose names the site answers to: complete links repeat the name that a request came with.

With `public_url` they never do, and any name is answered. Without it, only names that lead to this
machine are: who sends another one (https://portswigger.net/web-security/host-header) would have
feeds, answers and the widget's code link to a place of theirs. Werkzeug's own list of trusted
hosts knows no IPv6 and no networks, and leaves no error page that has links.
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from flask import Flask, request

from index.errors import UnknownHost
from index.messages import msg
from index.settings import Settings

WITHOUT_LINKS = frozenset(("static", "api.health"))
"""Endpoints that answer to any name: monitors call a site as they find it."""
MAX_SHOWN = 100
"""Characters of an unknown name that are repeated to who sent it."""


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
                msg("这里没有名为“%(host)s”的站点。", host=host[:MAX_SHOWN]),
                hint=msg("如果它是本站的公开地址，请写进设置 public_url。"),
            )

    return refuse


def _names(settings: Settings) -> frozenset[str]:
    """Names of this machine, as far as it listens to them."""
    if not _is_everywhere(settings.host):
        return frozenset(("localhost", settings.host.lower()))
    name = socket.gethostname().lower()
    # A network without a DNS server finds it with .local (RFC 6762).
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
    # The address of a container's machine is none of the container's own. Those of private
    # networks lead no further than the network that the request came from.
    return not address.is_global or _is_own(address)


def _is_own(address: IPv4Address | IPv6Address) -> bool:
    """Whether this machine has the address now: only then a socket can be bound to it."""
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
