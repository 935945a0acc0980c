"""Runs the application behind trusted proxies and under the path of `public_url`."""

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import PathConverter

from index.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    path = unquote(urlsplit(settings.public_url or "").path).encode().decode("latin-1")
    if path:
        app.wsgi_app = _Mounted(app.wsgi_app, path)  # type: ignore[assignment, method-assign]
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops
        )


class _Mounted:
    """Makes every link begin with the path of `public_url`, whether or not the proxy strips that
    path from the requests it forwards."""

    def __init__(self, inner: WSGIApplication, path: str) -> None:
        self._inner = inner
        self._path = path

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not environ.get("SCRIPT_NAME"):
            asked = environ.get("PATH_INFO", "")
            if asked == self._path or asked.startswith(f"{self._path}/"):
                environ["PATH_INFO"] = asked.removeprefix(self._path) or "/"
            environ["SCRIPT_NAME"] = self._path
        return self._inner(environ, start)


class AnyId(PathConverter):
    """Article ids in routes. They may be complete addresses, with slashes at either end."""

    regex = r"[\s\S]+"
    part_isolating = False
