"""Headers that every answer carries, and answers that need not be sent again."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, Response, request

from index.dates import SHANGHAI
from web.site import site

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
EXPOSED = "ETag, Link"
SHARED = ("/api/", "/openapi.json", "/embed.js")
"""What other origins may read: it only reads, and knows no cookies."""


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
        response.headers.add("Vary", "Origin")
        if origin in allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    return response


def cached(
    generation: str, make: Callable[[], Response], *, to_the_minute: bool = False
) -> Response:
    """`make()` with an ETag of generation, address and day; 304 where the client has it.

    The day belongs to it, for freshness and 近7天 mean something else tomorrow; and the minute,
    where the answer says 5 分钟前.
    """
    now = datetime.now(UTC).astimezone(SHANGHAI)
    clock = f"{now:%Y-%m-%d %H:%M}" if to_the_minute else f"{now:%Y-%m-%d}"
    seed = f"{generation}\n{site().absolute(request.full_path)}\n{clock}"
    etag = hashlib.blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    unchanged = request.if_none_match.contains_weak(etag)
    response = Response(status=304) if unchanged else make()
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response
