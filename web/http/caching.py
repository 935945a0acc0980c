"""HTTP caching and cross-origin headers: ETag, 304 and Access-Control-Allow-Origin."""

import hashlib
import platform
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.resources import files
from pathlib import Path

from flask import Flask, Response, request

from index.settings import SETTINGS, Settings
from index.text.dates import SHANGHAI
from search.budget import FOR_THE_REST
from search.request import SearchRequest
from search.searcher import Searcher
from web.http.budgets import budget
from web.http.site import site

EXPOSED = "ETag, Link"
SHARED = ("/api/", "/openapi.json", "/embed.js")
"""Path prefixes that other origins may read. They are read-only and use no cookies."""
OF_ONE_MACHINE = frozenset(
    "index_dir host port workers request_cpu_seconds rate_limit metrics feeds articles".split()
)
"""Settings that do not change answers and may differ between machines of one site."""
_REQUIRED = re.compile(r"[A-Za-z0-9._-]+")


def init_app(app: Flask) -> None:
    app.after_request(_share)


def _share(response: Response) -> Response:
    """Add the CORS headers that the setting `cors_origins` allows."""
    if not request.path.startswith(SHARED):
        return response
    allowed = [origin.strip() for origin in site().settings.cors_origins.split(",")]
    origin = request.headers.get("Origin", "")
    if "*" in allowed:
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        response.vary.add("Origin")
        if origin in allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    return response


def cached(
    searcher: Searcher,
    make: Callable[[], Response],
    *,
    asked: SearchRequest | None = None,
    address: str | None = None,
    to_the_minute: bool = False,
) -> Response:
    """`make()` with an ETag; 304 where the client has it.

    `asked`: the search request that is answered. `address`: path and arguments for the tag, where
    some of this request's arguments have no effect. `to_the_minute`: the answer contains relative
    times such as 5 分钟前. Other answers stay the same for a day, in which the age of an article
    changes its score by less than 0.0002.
    """
    state = ""
    if asked is not None:
        state = searcher.state
        to_the_minute = to_the_minute or asked.within is not None  # a period that ends now
    now = datetime.now(UTC).astimezone(SHANGHAI)
    clock = f"{now:%Y-%m-%d %H:%M}" if to_the_minute else f"{now:%Y-%m-%d}"
    etag = _etag(searcher.index.generation, state, address or request.full_path, clock)
    held = request.if_none_match
    # `*` matches any existing answer: we only know whether one exists after making it.
    unchanged = not held.star_tag and held.contains_weak(etag)
    response = Response(status=304) if unchanged else make()
    if not unchanged and budget().leaving(FOR_THE_REST).is_spent:
        # It may be shortened, and be complete when it is asked for again.
        response.headers["Cache-Control"] = "no-store"
        return response
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _etag(generation: str, state: str, address: str, clock: str) -> str:
    """A digest of all an answer depends on, with scheme and host because links contain them."""
    place = site().absolute(address)
    text = "\n".join((_program(), _shown(site().settings), generation, state, place, clock))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _shown(settings: Settings) -> str:
    """Settings that change answers. No secrets: they could be guessed from a public tag."""
    return repr(
        [
            (setting.name, getattr(settings, setting.name))
            for setting in SETTINGS
            if not setting.secret and setting.name not in OF_ONE_MACHINE
        ]
    )


@cache
def _program() -> str:
    """A digest of our code, templates and texts, and of the versions of the libraries. The version
    number alone is not enough: a checkout can change without it, and so can a sanitizer."""
    digest = hashlib.blake2b(platform.python_version().encode())
    for library in ("yuansou", *map(_name, requires("yuansou") or ())):
        digest.update(f"\n{library} {_version(library)}".encode())
    for package in ("index", "search", "web"):
        folder = Path(str(files(package)))
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                content = file.read_bytes()
                name = file.relative_to(folder).as_posix()
                digest.update(f"\n{package}/{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _name(requirement: str) -> str:
    """The package name in a requirement: `flask<4,>=3.0` → `flask`."""
    found = _REQUIRED.match(requirement)
    return found.group() if found else requirement


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None  # belongs to an extra that is not installed
