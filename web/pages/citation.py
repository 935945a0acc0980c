"""«复制引用»: citations of an article as plain text, Markdown and GB/T 7714-2015.

Missing parts are left out, as the standard prescribes for numbered references: without an author
a citation begins with the title. A date that nobody gave is said to be so: 约2022年9月5日 for an
estimate, 日期不详 for none.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from index.text.dates import SHANGHAI

MAX_AUTHORS = 3
"""Authors that GB/T 7714 lists before 等."""
ABOUT, UNKNOWN = "约", "日期不详"
_AUTHORS = re.compile(r"(?<!\s)\s*+[、，,；;]\s*")
_MARKDOWN = re.compile(r"([\\\[\]*_`<>])")


@dataclass(frozen=True, slots=True)
class Cited:
    """The parts of a citation. `published`: epoch seconds, `estimated` if nobody gave it; `url`:
    the original address, else ours."""

    title: str
    author: str | None = None
    source: str | None = None
    published: int | None = None
    url: str | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations of one article, one for each format."""

    plain: str
    markdown: str
    gbt7714: str


def cite(cited: Cited, today: date) -> Citations:
    """`today`: the day of access, in Asia/Shanghai."""
    return Citations(_plain(cited), _markdown(cited), _gbt7714(cited, today))


def _plain(cited: Cited) -> str:
    """作者：《题名》，来源，2022年9月5日，https://…"""
    day = _day(cited)
    written = _dated(cited, f"{day.year}年{day.month}月{day.day}日" if day else None)
    lead = f"{cited.author}：" if cited.author else ""
    return lead + "，".join(_given(f"《{cited.title}》", _source(cited), written, cited.url))


def _markdown(cited: Cited) -> str:
    """[题名](https://…)，来源，2022-09-05"""
    title = _escaped(cited.title)
    day = _day(cited)
    # A parenthesis or a space would end the address.
    linked = f"[{title}]({quote(cited.url, safe=_ADDRESS)})" if cited.url else f"《{title}》"
    source = _source(cited)
    names = _given(cited.author, source)
    return "，".join(_given(linked, *map(_escaped, names), _dated(cited, _iso(day))))


def _gbt7714(cited: Cited, today: date) -> str:
    """作者. 题名[EB/OL]. 来源, (2022-09-05)[2026-11-23]. https://….

    Clause 4.6 of GB/T 7714-2015, electronic resources: the date of publication in parentheses, the
    date of access in brackets.
    """
    day = _day(cited)
    dates = f"({_dated(cited, _iso(day))})[{today.isoformat()}]"
    source = _source(cited)
    parts = [
        _authors(cited.author),
        f"{cited.title}[EB/OL]",
        f"{source}, {dates}" if source else dates,
        cited.url,
    ]
    return ". ".join(_given(*parts)) + "."


def _authors(author: str | None) -> str | None:
    names = [name for name in _AUTHORS.split(author or "") if name]
    shown = [*names[:MAX_AUTHORS], *(["等"] if len(names) > MAX_AUTHORS else [])]
    return ", ".join(shown) or None


def _source(cited: Cited) -> str | None:
    """The source, or None if it is already given as the author."""
    return cited.source if cited.source != cited.author else None


def _day(cited: Cited) -> date | None:
    if cited.published is None:
        return None
    return datetime.fromtimestamp(cited.published, SHANGHAI).date()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _dated(cited: Cited, day: str | None) -> str:
    if day is None:
        return UNKNOWN
    return f"{ABOUT}{day}" if cited.estimated else day


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _given(*parts: str | None) -> list[str]:
    return [part for part in parts if part]


_ADDRESS = "!#$%&'*+,/:;=?@[]~-._"
"""Characters not escaped in Markdown addresses. Parentheses and spaces must be."""
