"""Results as comma-separated values that a spreadsheet opens with Chinese intact."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from urllib.parse import quote

from index.text.dates import SHANGHAI
from search.response import Hit, SearchResponse
from web.feeds.entries import link_of
from web.http.site import Site
from web.http.xml_text import legible
from web.i18n import gettext as _

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of the machine."""
_FORMULA = re.compile(r"[\s]*[=+\-@＝＋－＠]|[\t\r\n]")
_UNSAFE = re.compile(r"[^\w.-]+")
MAX_NAME = 40


def cell(text: str) -> str:
    """The text as one cell, which no spreadsheet takes for a formula.

    OWASP, "CSV Injection": an apostrophe before what begins with = + - @, tab or return.
    """
    text = legible(text)
    return f"'{text}" if _FORMULA.match(text) else text


def file_name(what: str) -> str:
    """A Content-Disposition with a name that says what was searched (RFC 6266)."""
    name = _UNSAFE.sub("-", legible(what)).strip("-.")[:MAX_NAME]
    return f"attachment; filename=\"yuansou.csv\"; filename*=UTF-8''yuansou-{quote(name)}.csv"


def table(pages: Iterable[SearchResponse], site: Site) -> Iterator[bytes]:
    """The file, a piece a page of results; every cell in quotes, lines end as RFC 4180 wants."""
    yield BYTE_ORDER_MARK.encode() + _lines([_header()])
    for response in pages:
        yield _lines(_row(hit, site) for hit in response.hits)


def _lines(rows: Iterable[list[str]]) -> bytes:
    file = StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([cell(text) for text in row] for row in rows)
    return file.getvalue().encode()


def _header() -> list[str]:
    names = (_("标题"), _("来源"), _("作者"), _("发布时间"), _("链接"), _("摘要"), _("话题"))
    return [*names, _("分类"), _("相同报道篇数"), _("编号")]


def _row(hit: Hit, site: Site) -> list[str]:
    return [
        hit.title.text,
        hit.source or "",
        hit.author or "",
        _time(hit.published),
        link_of(hit, site) or "",
        hit.snippet.text,
        "、".join(hit.topics),
        "、".join(hit.categories),
        str(hit.story.size),
        hit.id,
    ]


def _time(seconds: int | None) -> str:
    """A form that spreadsheets know as a time, in Asia/Shanghai."""
    if seconds is None:
        return ""
    return f"{datetime.fromtimestamp(seconds, SHANGHAI):%Y-%m-%d %H:%M:%S}"
