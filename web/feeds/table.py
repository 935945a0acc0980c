"""Results as CSV that spreadsheets open with Chinese text intact."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from urllib.parse import quote

from index.article import DateOrigin
from index.text.dates import SHANGHAI
from search.response import Hit
from web.feeds.entries import link_of
from web.http.site import Site
from web.http.xml_text import legible
from web.i18n import gettext as _
from web.markup.formatting import estimated_from, exact_day, kind_name

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of the machine."""
_FORMULA = re.compile(r"[\s]*[=+\-@＝＋－＠]|[\t\r\n]")
_UNSAFE = re.compile(r"[^\w.-]+")
MAX_FILE_NAME = 40


def cell(text: str) -> str:
    """The text as one cell that no spreadsheet evaluates as a formula.

    OWASP, "CSV Injection": an apostrophe goes before a leading = + - @, tab or return.
    """
    text = legible(text)
    return f"'{text}" if _FORMULA.match(text) else text


def file_name(what: str, suffix: str = "csv") -> str:
    """A Content-Disposition header with the search in the file name (RFC 6266)."""
    name = _UNSAFE.sub("-", legible(what)).strip("-.")[:MAX_FILE_NAME]
    encoded = f"yuansou-{quote(name)}.{suffix}"
    return f"attachment; filename=\"yuansou.{suffix}\"; filename*=UTF-8''{encoded}"


def table(pages: Iterable[Sequence[Hit]], site: Site, *, partial: bool = False) -> Iterator[bytes]:
    """The file in chunks, one for each page of results. Quotes and line ends follow RFC 4180.

    `partial`: with a column for the words that a row lacks.
    """
    header = [*_header(), *([_("缺少的词")] if partial else [])]
    yield BYTE_ORDER_MARK.encode() + csv_lines([header])
    for hits in pages:
        yield csv_lines(
            [*_row(hit, site), *(["、".join(hit.missing)] if partial else [])] for hit in hits
        )


def csv_lines(rows: Iterable[list[str]]) -> bytes:
    """Rows as RFC 4180 has them, in UTF-8."""
    file = StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([cell(text) for text in row] for row in rows)
    return file.getvalue().encode()


def _header() -> list[str]:
    names = (
        _("标题"),
        _("来源"),
        _("文中来源"),
        _("作者"),
        _("发布时间"),
        _("日期来源"),
        _("链接"),
        _("摘要"),
        _("话题"),
    )
    return [*names, _("分类"), _("类型"), _("相同报道篇数"), _("编号")]


def _row(hit: Hit, site: Site) -> list[str]:
    return [
        hit.title.text,
        hit.source or "",
        hit.credited or "",
        hit.author or "",
        _time(hit.published, hit.date_origin),
        _origin(hit.date_origin),
        link_of(hit, site) or "",
        _snippet(hit),
        "、".join(hit.topics),
        "、".join(hit.categories),
        "、".join(map(kind_name, hit.kinds)),
        str(hit.story.size),
        hit.id,
    ]


def _snippet(hit: Hit) -> str:
    """A file cannot warn after its rows, so a row without a snippet says so itself."""
    text = hit.snippet.text
    return _("（查询费时，这是正文开头）%(text)s", text=text) if hit.plain else text


def _origin(origin: DateOrigin) -> str:
    return estimated_from(origin) or (_("原有") if origin == "given" else _("无"))


def _time(seconds: int | None, origin: DateOrigin) -> str:
    """A date and time in Asia/Shanghai, in a form that spreadsheets recognise; an estimate is a
    day."""
    if seconds is None:
        return ""
    if origin != "given":
        return exact_day(seconds)
    return f"{datetime.fromtimestamp(seconds, SHANGHAI):%Y-%m-%d %H:%M:%S}"
