"""Whether a request comes from the owner: from this machine itself, and not through a proxy on it.

Behind a proxy on this machine all requests come from it, whatever `trusted_proxies` says, so those
that say that they were forwarded do not count.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

_FORWARDED = frozenset(
    "forwarded via x-real-ip x-client-ip x-cluster-client-ip true-client-ip"
    " cf-connecting-ip".split()
)
_OLD_PROTOCOL = "HTTP/1.0"
_FORWARDED_PREFIX = "x-forwarded-"


def is_from_this_machine() -> bool:
    """Whether a client on this machine asks, and no proxy for it."""
    return _is_loopback(request.remote_addr or "") and not any(
        name.startswith(_FORWARDED_PREFIX) or name in _FORWARDED
        for name in map(str.lower, request.headers.keys())
    )


def is_from_owner() -> bool:
    """The same, and the address asked for is one of this machine too. A proxy that passes on the
    name of the site is found by that, and so is a foreign page whose name leads here; nginx with
    nothing but a `proxy_pass` by its HTTP/1.0, which no browser speaks."""
    try:
        name = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return False
    if request.environ.get("SERVER_PROTOCOL") == _OLD_PROTOCOL:
        return False
    return is_from_this_machine() and (name == "localhost" or _is_loopback(name))


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
