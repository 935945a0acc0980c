"""`create_app(settings)`: assembles the Flask application from its parts."""

from flask import Flask
from jinja2 import StrictUndefined

from index.engines.registry import open_engine, open_takedowns
from index.settings import Settings
from search.ranking.meaning import open_meaning
from web import i18n
from web.api import reference
from web.api import routes as api
from web.charts import routes as charts
from web.crawlers import opensearch_description, sitemap
from web.explore import routes as explore
from web.feeds import routes as feeds
from web.http import (
    admission,
    budgets,
    caching,
    compression,
    errors,
    hosts,
    proxy,
    security,
    site,
)
from web.monitoring import access_log, metrics
from web.monitoring import routes as monitoring
from web.pages import routes as pages
from web.pages import widget
from web.serving import live_searcher
from web.serving.live_searcher import LiveSearcher
from web.shared_state import SharedState, shared_by
from web.statistics import counting
from web.statistics import routes as statistics


def create_app(
    settings: Settings, *, owns_process: bool = False, shared: SharedState | None = None
) -> Flask:
    """Create the application for the index in `settings`, which need not exist yet.

    `owns_process`: nothing else runs in this process, so that its garbage collector and thread
    switching may be tuned, and standard error written to. Leave it off when the application is
    embedded in another. `shared`: None in a server of one process.
    """
    shared = shared or shared_by(settings)
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.undefined = StrictUndefined
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["path"] = proxy.AnyId
    searcher = LiveSearcher(
        open_engine(settings),
        open_takedowns(settings),
        owns_process=owns_process,
        meaning=open_meaning(settings),
    )
    live_searcher.init_app(app, searcher)
    site.init_app(app, settings)
    compression.init_app(app)
    metrics.init_app(app, searcher, shared.figures)
    access_log.init_app(app, settings, writes=owns_process)
    security.init_app(app)
    counting.init_app(app, shared.query_sender)
    app.register_blueprint(pages.bp)
    app.register_blueprint(explore.bp)
    app.register_blueprint(api.bp)
    app.register_blueprint(charts.bp)
    app.register_blueprint(widget.bp)
    app.register_blueprint(monitoring.bp)
    app.register_blueprint(reference.bp)
    app.register_blueprint(statistics.bp)
    app.register_blueprint(feeds.bp)
    app.register_blueprint(opensearch_description.bp)
    app.register_blueprint(sitemap.bp)
    i18n.init_app(app, settings)
    budgets.init_app(app, settings)
    errors.init_app(app)
    admission.init_app(app, settings, shared.buckets)
    hosts.init_app(app, settings)
    caching.init_app(app)
    proxy.init_app(app, settings)
    return app
