"""Headers that every answer carries, and answers that need not be sent again."""

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
from search.request import SearchRequest
from search.searcher import Searcher
from web.http.site import site

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
EXPOSED = "ETag, Link"
SHARED = ("/api/", "/openapi.json", "/embed.js")
"""What other origins may read: it only reads, and knows no cookies."""
OF_ONE_MACHINE = frozenset(("index_dir", "host", "port", "workers"))
"""Settings that may differ between machines which give the same answers."""
_REQUIRED = re.compile(r"[A-Za-z0-9._-]+")


def init_app(app: Flask) -> None:
    app.after_request(_secure)
    app.after_request(_share)


def _secure(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _share(response: Response) -> Response:
    """Let other origins read it, as the setting allows."""
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

    `asked`: the search that it answers. `address`: path and arguments that matter, where not all
    of this request's do. `to_the_minute`: it says 5 分钟前. Other answers are the same all day, in
    which an article loses less than 0.0002 of its score to its age.
    """
    state = ""
    if asked is not None:
        state = "corrects" if searcher.aids.corrects else "does not correct yet"
        to_the_minute = to_the_minute or asked.within is not None  # a period that ends now
    now = datetime.now(UTC).astimezone(SHANGHAI)
    clock = f"{now:%Y-%m-%d %H:%M}" if to_the_minute else f"{now:%Y-%m-%d}"
    etag = _etag(searcher.index.generation, state, address or request.full_path, clock)
    held = request.if_none_match
    # `*` asks whether there is any answer, which only making it can tell.
    unchanged = not held.star_tag and held.contains_weak(etag)
    response = Response(status=304) if unchanged else make()
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _etag(generation: str, state: str, address: str, clock: str) -> str:
    """A digest of everything that an answer depends on; links repeat its scheme and host."""
    place = site().absolute(address)
    text = "\n".join((_program(), _shown(site().settings), generation, state, place, clock))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _shown(settings: Settings) -> str:
    """Settings that change answers. A tag is public, and a password could be guessed from it."""
    return repr(
        [
            (setting.name, getattr(settings, setting.name))
            for setting in SETTINGS
            if not setting.secret and setting.name not in OF_ONE_MACHINE
        ]
    )


@cache
def _program() -> str:
    """A digest of the code, templates and texts that answer, and of the libraries they use: a
    checkout changes without its version, and a sanitizer is mended without ours."""
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
    """`flask` of `flask<4,>=3.0`."""
    found = _REQUIRED.match(requirement)
    return found.group() if found else requirement


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None  # of an extra that is not installed
