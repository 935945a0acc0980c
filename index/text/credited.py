"""Finds the outlet that a text itself names as where it is from, at its beginning or end.

中国证券网讯, 新华社北京9月5日电, 据财新报道, (文章来源:财联社), 本文转载自…, a closing (全景网).
Not the source of a picture or chart, nor who is cited for one fact further down. The rules are in
data/credits.toml, the outlets and their usual names in data/outlets.toml.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from index.text.normalize import normalize
from index.word_lists import alternation, data_table

WINDOWS = {"head": slice(160), "tail": slice(-320, None), "end": slice(-60, None)}
"""Which characters of a text the rules look at."""
MAX_OUTLET_NAME = 24
"""Characters of a name that is not in the list."""
_CHANNEL = re.compile(r"(?:客户端|app|网站|官网|官微|微博|公众号|综合|整理)$")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_PART = re.compile(r"\{([a-z]+)\}")
_CHARACTER = r"[^\s()\[\]【】\"“”「」《》<>,。;、:|/?]"


@dataclass(frozen=True, slots=True)
class _Rule:
    """Looks for `pattern` in a window, if one of `cues` is there and the text has at most
    `longest` characters."""

    window: str
    longest: int
    cues: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Outlets:
    """Usual names by normalised spelling or host; parts (`pictures`) and beginnings
    (`nobody`) of names that are no outlet's."""

    usual: Mapping[str, str]
    pictures: tuple[str, ...]
    nobody: tuple[str, ...]


def credited(text: str, normalized: str) -> str | None:
    """The outlet's usual name, or as the text writes it; None if the text names none.

    `normalized` is the text normalised, and so of the same length.
    """
    seen = {name: normalized[window] for name, window in WINDOWS.items()}
    for rule in _rules():
        if len(normalized) <= rule.longest and any(map(seen[rule.window].__contains__, rule.cues)):
            name = _named(rule, text, normalized)
            if name:
                return name
    return None


def known_outlet(name: str) -> bool:
    """Whether this is an outlet of the list, or a part of one (央视网/新闻联播)."""
    usual = _outlets().usual
    normalized = normalize(name).removeprefix("www.")
    return normalized in usual or normalized.partition("/")[0] in usual


def _named(rule: _Rule, text: str, normalized: str) -> str | None:
    start, end, _ = WINDOWS[rule.window].indices(len(normalized))
    for match in rule.pattern.finditer(normalized, start, end):
        if match.end() < end or end == len(normalized):  # else the name may go on
            group = next(name for name, value in match.groupdict().items() if value)
            name = _usual(text[slice(*match.span(group))])
            if name:
                return name
    return None


def _usual(written: str) -> str | None:
    """The usual name of what a text writes, or None if that is nobody's."""
    table = _outlets()
    normalized = normalize(written).strip()
    known = table.usual.get(normalized) or table.usual.get(_CHANNEL.sub("", normalized))
    if known:
        return known
    none = normalized.startswith(table.nobody) or any(map(normalized.__contains__, table.pictures))
    return None if none or not _LETTERS.search(normalized) else written.strip()


@cache
def _outlets() -> _Outlets:
    data = data_table("outlets")
    usual = {
        normalize(spelling): name
        for name, others in data["names"].items()
        for spelling in (name, *others)
    }
    return _Outlets(usual, tuple(data["pictures"]), tuple(data["nobody"]))


@cache
def _rules() -> tuple[_Rule, ...]:
    data = data_table("credits")
    endings = alternation(map(normalize, data_table("outlets")["endings"]))
    usual = _outlets().usual
    hosts = [name for name in usual if re.fullmatch(r"[a-z0-9.-]+\.[a-z]+", name)]
    parts = data["parts"] | {
        "known": f"(?P<known>{alternation(usual)})",
        "host": f"(?P<host>{alternation(hosts)})",
        "any": f"(?P<any>{_CHARACTER}{{2,{MAX_OUTLET_NAME}}}?)",
        "name": f"(?P<name>{_CHARACTER}{{2,{MAX_OUTLET_NAME}}}?)",
        "line": f"(?P<line>(?:{_CHARACTER}| ){{2,{MAX_OUTLET_NAME}}}?)",
        "ending": rf"(?P<ending>[\u4e00-\u9fffa-z0-9]{{1,10}}?(?:{endings}))",
    }
    return tuple(
        _Rule(
            row["where"],
            row.get("longest", sys.maxsize),
            tuple(row["cues"]),
            _compiled(row["pattern"], parts),
        )
        for row in data["rule"]
    )


def _compiled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    while _PART.search(pattern):
        pattern = _PART.sub(lambda part: parts[part[1]], pattern)
    return re.compile(pattern, re.MULTILINE)
