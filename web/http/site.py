"""The site as pages and JSON show it: its name, settings and addresses."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, has_request_context, request, url_for
from werkzeug.datastructures import MultiDict

from index.settings import Settings

ARTICLE_LANGUAGE = "zh-CN"
"""Of the articles, whatever the language of the pages."""
_EXTENSION = "yuansou.site"


MAX_PATHS = 2_048
"""Addresses that are remembered, some 200 bytes each."""
_ID = "@id@"
"""Stands for the id in the address of any article or story."""
_SAFE = "!$&'()*+,/:;=@"
"""Characters that Flask does not escape in the path of an address."""


class Site:
    """Passed to the functions that build answers, so that only routes need Flask's application."""

    def __init__(self, settings: Settings, path: Callable[..., str] | None = None) -> None:
        """`path` maps an endpoint and its values to a path on this site; Flask's by default."""
        self.settings = settings
        self.name = settings.site_name
        self.path = path or _remembered_paths()

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
        return self.absolute(self.article_path(article_id))

    def article_path(self, article_id: str) -> str:
        """The path of an article's page."""
        return _with_id(self.path("pages.article", article_id=_ID), article_id)

    def story_path(self, story: str) -> str:
        """The path of a story's page."""
        return _with_id(self.path("explore.story", story=_ID), story)

    def page_of(self, article_id: str) -> str | None:
        """The complete address of an article's page; None if the site has none."""
        return self.article(article_id) if self.shows_articles else None

    def article_link(self, article_id: str, url: str | None) -> str | None:
        """The path of an article's page; the original (`url`) if the site has no pages."""
        return self.article_path(article_id) if self.shows_articles else url


def _remembered_paths() -> Callable[..., str]:
    """Flask's `url_for`, for addresses without a host. It takes 15 µs to build one, and a page has
    seventy; most are the same on every page."""

    @lru_cache(MAX_PATHS)
    def build(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return url_for(endpoint, **dict(values))

    def path(endpoint: str, **values: Any) -> str:
        if not has_request_context():
            return url_for(endpoint, **values)
        return build(request.script_root, endpoint, tuple(values.items()))

    return path


def _with_id(path: str, its_id: str) -> str:
    return path.replace(_ID, quote(its_id, _SAFE), 1)


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions[_EXTENSION] = made = Site(settings)
    app.jinja_env.globals["url_for"] = made.path


def app_settings(app: Flask) -> Settings:
    """The settings that an application was created with."""
    found: Site = app.extensions[_EXTENSION]
    return found.settings


def site() -> Site:
    """The site of the current application. For routes, which pass it on."""
    found: Site = current_app.extensions[_EXTENSION]
    return found
