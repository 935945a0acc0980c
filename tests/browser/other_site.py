"""A site of another owner: pages of another origin, with a strict content security policy."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

STYLE = """
body { font-family: sans-serif; margin: 1rem auto; max-width: 50rem; padding: 0 1rem; background: #fff; color: #111; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } }
"""


def policy(origin: str) -> str:
    """The policy that docs/use/embed.md asks a page to have, with nothing added but its own style."""
    return (
        f"default-src 'none'; style-src 'self'; script-src {origin}; connect-src {origin}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def page(body: str, head: str = "") -> str:
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>一篇博客</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/style.css">{head}</head>'
        f"<body><main><h1>一篇博客</h1>{body}</main></body></html>"
    )


@contextmanager
def running(app: Flask | Callable[[Request], Response], port: int = 0) -> Iterator[str]:
    """The address of an application that runs in a thread of this process."""
    wsgi = app if isinstance(app, Flask) else Request.application(app)
    server = make_server("127.0.0.1", port, wsgi, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def other_site(files: Mapping[str, str], csp: str) -> Iterator[str]:
    """The address of a site made of these files: path → text."""
    kinds = {"html": "text/html", "js": "text/javascript", "css": "text/css"}

    def answer(request: Request) -> Response:
        text = {"/style.css": STYLE, **files}.get(request.path)
        if text is None:
            return Response(status=204 if request.path == "/favicon.ico" else 404)
        response = Response(text, mimetype=kinds[request.path.rpartition(".")[2]])
        response.headers["Content-Security-Policy"] = csp
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        return response

    with running(answer) as address:
        yield address
