"""The site as pages and JSON show it: its name, settings and addresses."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Flask, current_app, has_request_context, request, url_for
from werkzeug.datastructures import MultiDict

from index.settings import Settings

ARTICLE_LANGUAGE = "zh-CN"
"""Of the articles, whatever the language of the pages."""
_EXTENSION = "yuansou.site"


class Site:
    """Passed to the functions that build answers, so that only routes need Flask's application."""

    def __init__(self, settings: Settings, path: Callable[..., str] = url_for) -> None:
        """`path` maps an endpoint and its values to a path on this site."""
        self.settings = settings
        self.name = settings.site_name
        self.path = path

    def absolute(self, path: str) -> str:
        """The complete address of a path on this site."""
        public = self.settings.public_url
        if public is None:
            return request.host_url.rstrip("/") + path
        root = request.script_root if has_request_context() else ""
        return public + (path.removeprefix(root) if root else path)

    def address(self, endpoint: str, args: MultiDict[str, str]) -> str:
        """The path of an endpoint with arguments, which may be repeated."""
        query = urlencode(list(args.items(multi=True)))
        return self.path(endpoint) + (f"?{query}" if query else "")

    @property
    def logs_queries(self) -> bool:
        """Whether the access log has queries and the addresses of visitors."""
        return self.settings.access_log == "full"

    @property
    def counts_queries(self) -> bool:
        """Whether queries are counted, without visitors."""
        return self.settings.query_counts == "on"

    @property
    def shows_articles(self) -> bool:
        """Whether articles have pages here (the setting `article_page`)."""
        return self.settings.article_page != "off"

    def article(self, article_id: str) -> str:
        """The complete address of an article's page."""
        return self.absolute(self.path("pages.article", article_id=article_id))

    def page_of(self, article_id: str) -> str | None:
        """The complete address of an article's page; None if the site has none."""
        return self.article(article_id) if self.shows_articles else None

    def article_link(self, article_id: str, url: str | None) -> str | None:
        """The path of an article's page; the original (`url`) if the site has no pages."""
        return self.path("pages.article", article_id=article_id) if self.shows_articles else url


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions[_EXTENSION] = Site(settings)


def app_settings(app: Flask) -> Settings:
    """The settings that an application was created with."""
    found: Site = app.extensions[_EXTENSION]
    return found.settings


def site() -> Site:
    """The site of the current application. For routes, which pass it on."""
    found: Site = current_app.extensions[_EXTENSION]
    return found
