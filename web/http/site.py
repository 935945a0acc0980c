"""What pages and answers know of the site: its name and its addresses."""

from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for
from werkzeug.datastructures import MultiDict

from index.settings import Settings

_EXTENSION = "yuansou.site"


class Site:
    """Settings that the web layer shows or honours."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.name = settings.site_name

    def absolute(self, path: str) -> str:
        """A path of ours (as `url_for` gives it) as a complete address."""
        public = self.settings.public_url
        if public is None:
            return request.host_url.rstrip("/") + path
        root = request.script_root
        return public + (path.removeprefix(root) if root else path)

    def article(self, article_id: str) -> str:
        return self.absolute(url_for("pages.article", article_id=article_id))

    def page_of(self, article_id: str) -> str | None:
        """The complete address of an article's page; None where the site shows none."""
        return None if self.settings.article_page == "off" else self.article(article_id)


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions[_EXTENSION] = Site(settings)


def address(endpoint: str, args: MultiDict[str, str]) -> str:
    """The path of an endpoint with arguments, which may come more than once."""
    query = urlencode(list(args.items(multi=True)))
    return url_for(endpoint) + (f"?{query}" if query else "")


def site() -> Site:
    """The one of the application that answers this request."""
    found: Site = current_app.extensions[_EXTENSION]
    return found


def article_link(article_id: str, url: str | None) -> str | None:
    """Our page of an article; the original where ours are off."""
    if site().settings.article_page == "off":
        return url
    return url_for("pages.article", article_id=article_id)
