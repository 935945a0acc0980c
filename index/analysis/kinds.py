"""Tells what kind of text an article is: machine-translated, promotional, a fragment.

Most articles are of no such kind. `kinds_of` says what a publisher declares or what the text shows
plainly; it guesses nothing. The words are data (data/kinds.toml); how often the rules are right:
docs/how/kinds.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from index.analysis.promotion import is_promotional
from index.text.normalize import normalize
from index.word_lists import data_table

MACHINE_TRANSLATED, PROMOTIONAL, FRAGMENT = "machine-translated", "promotional", "fragment"
KINDS = (MACHINE_TRANSLATED, PROMOTIONAL, FRAGMENT)

NOTICE_CHARS = 400
"""A text says in so many characters at its beginning or end that a program translated it."""
MIN_LETTERS = 20
"""Letters and digits: a text with fewer is a fragment."""
MIN_POST = 40
"""The same for a text that is its own title, as posts without one have it."""
MIN_TEASER = 100
"""The same for a text that is cut off and goes on elsewhere."""
MIN_ADDED = 10
"""Letters that a text has to add to its title."""
MAX_FRAGMENT_CHARS = 400
"""A longer text is no fragment."""

_ADDRESS = re.compile(r"https?:[!-~]+")
_DATELINE = re.compile(
    r"https?:[!-~]+|\([^()\n]{0,40}\)|(?<!\d)\d++月\d++日|\d{4}-\d\d?-\d\d?[\d: ]*"
)
_BYLINE = re.compile(r"^\W*\w{2,10}?(?:消息|讯|电)(?=\W|$)")


@dataclass(frozen=True, slots=True)
class _Rules:
    machine_translated: frozenset[str]
    promotional: frozenset[str]
    notice_cues: tuple[str, ...]
    notice: re.Pattern[str]
    cut_off: re.Pattern[str]


def kinds_of(
    title: str,
    text: str,
    own: str,
    categories: Iterable[str],
    *,
    machine_translated: bool = False,
) -> tuple[str, ...]:
    """The kinds of an article, in the order of KINDS. Title, text and its part without boilerplate
    (`own`) are normalised. `machine_translated`: its publisher says so in a field of its own."""
    declared = {_plain(category) for category in categories}
    rules = _rules()
    found = (
        machine_translated or not declared.isdisjoint(rules.machine_translated) or _notice(text),
        not declared.isdisjoint(rules.promotional) or is_promotional(title, text),
        is_fragment(title, own),
    )
    return tuple(kind for kind, holds in zip(KINDS, found, strict=True) if holds)


def kind_named(name: str) -> str | None:
    """The kind that people call so, in Chinese or by its id."""
    return _names().get(_plain(normalize(name)))


def kind_names() -> list[str]:
    """The Chinese name of each kind."""
    return [data_table("kinds")["names"][kind][0] for kind in KINDS]


def is_fragment(title: str, text: str) -> bool:
    """Whether a normalised text is too short to say anything, only repeats its title, or is the
    little that is left of one that goes on elsewhere."""
    if len(text) > MAX_FRAGMENT_CHARS:
        return False
    rules = _rules()
    said, headline = _letters(_ADDRESS.sub("", text)), _letters(title)
    if len(said) < MIN_LETTERS:
        return True
    if said == headline:
        return len(said) < MIN_POST
    if len(said) < MIN_TEASER and rules.cut_off.search(text):
        return True
    return headline in said and len(_content(text)) - len(_content(title)) < MIN_ADDED


def _content(text: str) -> str:
    return _letters(_BYLINE.sub("", _DATELINE.sub("", text)))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _notice(text: str) -> bool:
    rules = _rules()
    edges = text
    if len(text) > 2 * NOTICE_CHARS:
        edges = f"{text[:NOTICE_CHARS]}\n{text[-NOTICE_CHARS:]}"
    return any(cue in edges for cue in rules.notice_cues) and bool(rules.notice.search(edges))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.lower())


@cache
def _names() -> dict[str, str]:
    names = {_plain(kind): kind for kind in KINDS}
    return names | {
        name: kind for kind, called in data_table("kinds")["names"].items() for name in called
    }


@cache
def _rules() -> _Rules:
    data = data_table("kinds")
    declared, translated, fragment = (
        data[name] for name in ("declared", "machine_translated", "fragment")
    )
    return _Rules(
        machine_translated=frozenset(declared["machine_translated"]),
        promotional=frozenset(declared["promotional"]),
        notice_cues=tuple(translated["cues"]),
        notice=re.compile(translated["notice"]),
        cut_off=re.compile(fragment["cut_off"]),
    )
