"""The `<yuansou-search>` widget for other sites: its script, and the page that writes its code."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from markupsafe import Markup

from index.text.dates import DAY_SECONDS
from search.request import MAX_QUERY, Choice, SearchRequest
from web.http import params
from web.http.site import Site, site
from web.i18n import gettext as _
from web.markup.marks import FIRST_MARK_ID
from web.pages.filters import order_names

bp = Blueprint("embed", __name__)

THEMES = ("auto", "light", "dark")
SIZES = range(1, 21)
DEFAULT_SIZE = 5
_YEAR_SECONDS = 365 * DAY_SECONDS
_EITHER = re.compile(r"\bOR\b|[或|｜]")
_SPACED = re.compile(r"[^\w·.-]")


@bp.get("/embed.js")
def script() -> Response:
    """The script. Cached for a day, or permanently if the address has its version in `v`."""
    body = _script()
    version = _version(body)
    response = Response(body, mimetype="text/javascript")
    response.set_etag(version)
    if request.args.get("v") == version:
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
    # Pages with Cross-Origin-Embedder-Policy load only resources that have this header.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response


def _script() -> bytes:
    settings = {
        "language": current_app.jinja_env.globals["language"],
        "longest": MAX_QUERY,
        "match": FIRST_MARK_ID,
        "text": _texts(site().name),
    }
    return render_template("embed.js", site=settings).encode()


def _version(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=8).hexdigest()


def _texts(site_name: str) -> dict[str, str]:
    """Translated strings of the widget. The script replaces `{n}` and similar placeholders."""
    return {
        "words": _("搜索词"),
        "search": _("搜索"),
        "box": _("在%(site)s搜索", site=site_name),
        "searching": _("正在搜索…"),
        "found": _("找到 {n} 条结果"),
        "nothing": _("没有找到与 {q} 相符的文章。"),
        "empty": _("还没有文章。"),
        "corrected": _("没有找到“{typed}”，以下是“{q}”的结果。"),
        "missing": _("缺少：%(words)s", words="{words}"),
        "estimated": _("推算"),
        "unreachable": _("连不上搜索服务，请检查网络后重试。"),
        "away": _("搜索服务暂时不可用，请稍后重试。"),
        "retry": _("重试"),
        "all": _("在%(site)s查看全部 {n} 条", site=site_name),
    }


@dataclass(frozen=True, slots=True)
class Widget:
    """Attributes of a `<yuansou-search>` under their own names; `box` is `search-box`."""

    query: str = ""
    sort: str = params.SORTS[0]
    size: int = DEFAULT_SIZE
    theme: str = THEMES[0]
    source: str = ""
    box: bool = False

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Widget":
        """Read form fields or link parameters. Invalid values become defaults."""
        size = args.get("size", "")
        whole = int(size) if size.isascii() and size.isdigit() and len(size) < 4 else 0
        return cls(
            query=" ".join(args.get("query", "").split()),
            sort=_one_of(params.SORTS, args.get("sort")),
            size=whole if whole in SIZES else DEFAULT_SIZE,
            theme=_one_of(THEMES, args.get("theme")),
            source=" ".join(args.get("source", "").split()),
            box=args.get("search-box") == "1",
        )

    def tag(self) -> Markup:
        """The HTML element, with only the attributes that differ from the defaults."""
        plain = Widget()
        shown = {
            "query": self.query,
            "sort": "" if self.sort == plain.sort else self.sort,
            "size": "" if self.size == plain.size else str(self.size),
            "theme": "" if self.theme == plain.theme else self.theme,
            "source": self.source,
        }
        attributes = Markup("").join(
            Markup(' {}="{}"').format(name, value) for name, value in shown.items() if value
        )
        box = Markup(" search-box") if self.box else Markup("")
        return Markup("<yuansou-search{}{}></yuansou-search>").format(attributes, box)


def _one_of(allowed: tuple[str, ...], given: str | None) -> str:
    """The given value if it is allowed, else the first."""
    return given if given in allowed else allowed[0]


def address_of(asked: SearchRequest, site: Site) -> str | None:
    """The address of the code generator for a search; None if a widget cannot show the same.

    A widget has a query, sources and an order. Other filters become part of its query.
    """
    choices = {name: choice for name, choice in asked.filters.items() if name != "source"}
    if (
        asked.scope
        or asked.within
        or asked.verbatim
        or asked.first
        or not asked.fold
        or "organisation" in choices
    ):
        return None
    filters = [_as_query(name, choice) for name, choice in choices.items()]
    if asked.from_day or asked.to_day:
        filters.append(f"date:{asked.from_day or ''}..{asked.to_day or ''}")
    if asked.date_status:
        filters.append(f"date:{asked.date_status}")
    q = f"({asked.q})" if filters and _EITHER.search(asked.q) else asked.q
    source = asked.filters.get("source", Choice())
    return site.path(
        "embed.generator",
        query=" ".join(filter(None, [q, *filters])) or None,
        source=",".join([*source.include, *(f"-{value}" for value in source.exclude)]) or None,
        sort=None if asked.sort == params.SORTS[0] else asked.sort,
    )


def _as_query(name: str, choice: Choice) -> str:
    """A filter written in the query language."""
    include, exclude = (
        [f'{name}:"{value}"' if _SPACED.search(value) else f"{name}:{value}" for value in values]
        for values in (choice.include, choice.exclude)
    )
    either = f"({' OR '.join(include)})" if len(include) > 1 else "".join(include)
    return " ".join(filter(None, [either, *(f"-{value}" for value in exclude)]))


@bp.get("/embed")
def generator() -> str:
    params.bounded(request.args, "query", MAX_QUERY)
    widget = Widget.read(request.args)
    address = site().absolute(url_for("embed.script"))
    origin = "/".join(address.split("/")[:3])
    return render_template(
        "embed.html",
        q=widget.query,
        widget=widget,
        tag=widget.tag(),
        code=Markup('<script src="{}" defer></script>\n{}').format(address, widget.tag()),
        policy=f"script-src {origin}; connect-src {origin}",
        longest=MAX_QUERY,
        **_choices(),
    )


def _choices() -> dict[str, Any]:
    """Options of the form's fields: value and label."""
    return {
        "sizes": tuple((size, size) for size in SIZES),
        "sorts": tuple(order_names().items()),
        "themes": tuple(zip(THEMES, (_("跟随系统"), _("浅色"), _("深色")), strict=True)),
    }
