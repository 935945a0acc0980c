"""Applications over tiny indexes, and clients that send requests to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from index.article import Article
from index.engines.registry import open_engine
from index.lexicon.model import Lexicon
from index.settings import Settings
from tests.support.articles import CONCEPTS
from tests.support.tiny_search import fill
from web.app import create_app
from web.serving.live_searcher import live

LEXICON = Lexicon(CONCEPTS, ("银行卡",), ("元宇宙", "区块链", "数字人民币", "DeFi", "支付"))
NOW = "2022-09-15T12:00:00+08:00"
MANY = 1_030
"""More articles than pages reach."""


@dataclass(frozen=True)
class Visitor:
    """Sends requests to one application. The keyword `in_` is sent as `in`, `from_` as `from`."""

    client: FlaskClient

    def warmed(self) -> "Visitor":
        """The same visitor, once everything is loaded and answers change no more."""
        with self.client.application.app_context():
            live().load(live().get())
        return self

    def get(self, path: str, headers: Any = None, **args: Any) -> TestResponse:
        query = {name.rstrip("_"): value for name, value in args.items()}
        return self.client.get(path, query_string=query or None, headers=headers, buffered=True)

    def json(self, path: str, status: int = 200, **args: Any) -> dict[str, Any]:
        answer = self.get(path, **args)
        assert answer.mimetype == "application/json"
        assert answer.status_code == status, answer.get_data(as_text=True)
        return cast(dict[str, Any], answer.json)

    def search(self, **args: Any) -> dict[str, Any]:
        return self.json("/api/v1/search", **args)

    def error(self, path: str, status: int = 400, **args: Any) -> dict[str, Any]:
        answer = self.json(path, status, **args)
        assert list(answer) == ["error"]
        return cast(dict[str, Any], answer["error"])

    def page(self, path: str, status: int = 200, **args: Any) -> str:
        answer = self.get(path, **args)
        assert answer.mimetype == "text/html"
        assert answer.status_code == status
        return answer.get_data(as_text=True)


class Markup(HTMLParser):
    """The tags of a page with their attributes, and its links by text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self._open: str | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag == "a" and attributes.get("href"):
            self._open = attributes["href"]
            self.links.append(("", self._open or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = None

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._open is not None:
            text, href = self.links[-1]
            self.links[-1] = (text + data, href)

    def link(self, text: str) -> str:
        """The target of the first link with this text; runs of white space are equal."""
        found = [href for shown, href in self.links if " ".join(shown.split()) == text]
        assert found, f"no link {text!r} among {[shown for shown, _ in self.links]}"
        return found[0]

    def marks(self) -> int:
        return sum(tag == "mark" for tag, _ in self.tags)


def index_of(root: Path, articles: Iterable[Article], lexicon: Lexicon = LEXICON) -> Path:
    """Publishes a generation of these articles in `root`."""
    fill(open_engine(Settings(index_dir=root)), articles, lexicon)
    return root


def app_over(root: Path, **settings: Any) -> Flask:
    return create_app(Settings(index_dir=root, **settings))


def visitor_of(root: Path, **settings: Any) -> Visitor:
    return Visitor(app_over(root, **settings).test_client())
