"""«复制引用»: how an article is cited, as plain text, in Markdown, and after GB/T 7714-2015.

What an article lacks is left out, as the standard has it for references in order of citation:
without an author one begins with the title, without a date stands the day of the visit alone.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from index.text.dates import SHANGHAI

NAMED = 3
"""Authors that GB/T 7714 names; of more, the rest is 等."""
_AUTHORS = re.compile(r"\s*[、，,；;]\s*")
_MARKDOWN = re.compile(r"([\\\[\]*_`<>])")


@dataclass(frozen=True, slots=True)
class Cited:
    """An article as a reference needs it. `published`: epoch seconds; `url`: the original's
    address, else ours."""

    title: str
    author: str | None = None
    source: str | None = None
    published: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Citations:
    """One article, cited in three ways."""

    plain: str
    markdown: str
    gbt7714: str


def cite(cited: Cited, today: date) -> Citations:
    """`today`: the day of the visit, in Asia/Shanghai."""
    return Citations(_plain(cited), _markdown(cited), _gbt7714(cited, today))


def _plain(cited: Cited) -> str:
    """作者：《题名》，来源，2022年9月5日，https://…"""
    day = _day(cited)
    written = f"{day.year}年{day.month}月{day.day}日" if day else None
    lead = f"{cited.author}：" if cited.author else ""
    return lead + "，".join(_given(f"《{cited.title}》", _source(cited), written, cited.url))


def _markdown(cited: Cited) -> str:
    """[题名](https://…)，来源，2022-09-05"""
    title = _escaped(cited.title)
    day = _day(cited)
    # A bracket or a blank would end the address.
    linked = f"[{title}]({quote(cited.url, safe=_ADDRESS)})" if cited.url else f"《{title}》"
    source = _source(cited)
    names = _given(cited.author, source)
    return "，".join(_given(linked, *map(_escaped, names), day.isoformat() if day else None))


def _gbt7714(cited: Cited, today: date) -> str:
    """作者. 题名[EB/OL]. 来源, (2022-09-05)[2026-11-23]. https://….

    Clause 4.6 of GB/T 7714-2015, electronic resources: the date of publication in parentheses, the
    date of the visit in brackets.
    """
    day = _day(cited)
    dates = f"({day.isoformat()})" if day else ""
    dates += f"[{today.isoformat()}]"
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
    shown = [*names[:NAMED], *(["等"] if len(names) > NAMED else [])]
    return ", ".join(shown) or None


def _source(cited: Cited) -> str | None:
    """Once is enough where the source is the author too."""
    return cited.source if cited.source != cited.author else None


def _day(cited: Cited) -> date | None:
    if cited.published is None:
        return None
    return datetime.fromtimestamp(cited.published, SHANGHAI).date()


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _given(*parts: str | None) -> list[str]:
    return [part for part in parts if part]


_ADDRESS = "!#$%&'*+,/:;=?@[]~-._"
"""What stays as it is in an address in Markdown: neither parentheses nor blanks do."""
