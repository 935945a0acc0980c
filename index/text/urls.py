"""Canonical web addresses, and the tokens by which a `url:` query finds them."""

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import SplitResult, unquote, urlsplit

from index.text.html import valid_unicode
from index.word_lists import data_lines

MAX_URL = 2000
"""Characters. Browsers and sitemaps do not accept longer addresses."""
MAX_URL_TOKENS = 20

_DEFAULT_PORT = {"http": 80, "https": 443}
_SCHEME = re.compile(r"\A[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PROXIED = re.compile(
    r"(?:/web/\d+[a-z_]*|/[^/?]*)?[/?](?=https?(?:://?|%3a%2f%2f))", re.IGNORECASE
)
_ONE_SLASH = re.compile(r"^(https?:)/(?!/)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\"<>\\^`{|}\s]")
_ROUTE = re.compile(r"!?/[^/]|![^/]")
"""A fragment by which a script chooses what the page shows: `#/news/1`, `#!/news/1`."""
_HOST = re.compile(r"[^\x00-\x2c/:-@\[-^`{-\x7f\s\ufffd]+")


def canonical_url(url: str | None) -> str | None:
    """The form under which one page has one address, or None if it is not an http(s) address.

    Lower-case host, no default port, user or tracking parameters, no fragment but a route, unsafe
    characters escaped; the real address where the given one is that of a proxy or archive.
    """
    parts = _split(url)
    address = _join(_unwrapped(parts)) if parts else ""
    return address if 0 < len(address) <= MAX_URL else None


def host_of(url: str | None) -> str | None:
    """The host in lower case without a port, or None if it is not an http(s) address."""
    parts = _split(url)
    return _host(parts) if parts else None


def url_tokens(url: str | None) -> tuple[str, ...]:
    """All that `url:` finds an address by: lower case, unique, 20 at most.

    Host without `www.`, host, parent domains, host with each path prefix, whole address without
    scheme. `url_term` brings what a user types into the same form.
    """
    canonical = canonical_url(url)
    if canonical is None:
        return ()
    whole = url_term(canonical)
    place, _, _ = whole.partition("?")
    bare, *folders = place.rstrip("/").split("/")
    host = host_of(canonical) or bare
    name = host.removeprefix("www.")
    labels = name.split(".")
    parents = [".".join(labels[n:]) for n in range(1, len(labels) - 1)]
    prefixes = ["/".join([bare, *folders[:n]]) for n in range(1, len(folders) + 1)]
    found = dict.fromkeys([name, host, whole, bare, *parents, *prefixes])
    return tuple(found)[:MAX_URL_TOKENS]


def url_term(text: str) -> str:
    """What a user typed after `url:`, as the matching token of `url_tokens`."""
    text, _, fragment = _SCHEME.sub("", text.strip().lower()).partition("#")
    return f"{text}{_route(fragment)}".removeprefix("www.").rstrip("/")


def _split(url: str | None) -> SplitResult | None:
    # First of all, so that reading a canonical address again gives the same address.
    text = valid_unicode((url or "").strip())
    if text.startswith("//"):
        text = f"https:{text}"
    if not text or len(text) > MAX_URL:
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises ValueError if it is not a number
    except ValueError:
        return None
    return parts if parts.scheme in _DEFAULT_PORT and _HOST.fullmatch(_host(parts)) else None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".").lower()


def _tail(parts: SplitResult) -> str:
    return parts.path + (f"?{parts.query}" if parts.query else "") + _route(parts.fragment)


def _route(fragment: str) -> str:
    """The part of an address after `#` if it belongs to it, without tracking parameters."""
    fragment = fragment.partition("#")[0]
    if not _ROUTE.match(fragment):
        return ""
    path, _, query = fragment.partition("?")
    kept = _kept(query, "")
    return f"#{path}{kept}"


def _unwrapped(parts: SplitResult) -> SplitResult:
    while proxied := _PROXIED.match(_tail(parts)):
        address = _tail(parts)[proxied.end() :]
        if "%" in address[:8]:
            address = unquote(address)
        inner = _split(_ONE_SLASH.sub(r"\1//", address))
        if inner is None:
            break
        parts = inner
    return parts


def _join(parts: SplitResult) -> str:
    port = "" if parts.port in (None, _DEFAULT_PORT[parts.scheme]) else f":{parts.port}"
    host = _host(parts)
    place = f"{host}{port}{parts.path or '/'}{_kept(parts.query, host)}"
    return _UNSAFE.sub(_escaped, f"{parts.scheme}://{place}{_route(parts.fragment)}")


def _kept(query: str, host: str) -> str:
    """The parameters that say what is shown, with the `?` before them."""
    kept = [pair for pair in query.split("&") if pair and not _tracks(pair, host)]
    return "?" + "&".join(kept) if kept else ""


def _tracks(pair: str, host: str) -> bool:
    name = pair.partition("=")[0].lower()
    if name.startswith("utm_"):
        return True
    sites = _tracking_parameters().get(name)
    return sites is not None and (not sites or f".{host}".endswith(sites))


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


@cache
def _tracking_parameters() -> Mapping[str, tuple[str, ...]]:
    """Names with the sites (each after a dot) on which they track; without any: on all."""
    rows = map(str.split, data_lines("tracking_parameters"))
    return {name: tuple(f".{site}" for site in sites) for name, *sites in rows}
