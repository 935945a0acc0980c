"""`create_app(settings)`: the Flask application. Holds no logic of its own."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from index.engines.registry import open_engine
from index.settings import Settings
from web import api, errors, headers, pages
from web.live import LiveSearcher
from web.site import Site

LIVE, SITE = "yuansou.live", "yuansou.site"


def create_app(settings: Settings) -> Flask:
    """An application over the index that `settings` name, which need not be there yet."""
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.extensions[LIVE] = LiveSearcher(open_engine(settings))
    app.extensions[SITE] = Site(settings)
    app.register_blueprint(pages.bp)
    app.register_blueprint(api.bp)
    errors.init_app(app)
    headers.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops
        )
    return app
