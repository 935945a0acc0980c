"""Which elements of a page show none of their content, by their tags alone.

Style sheets are not read: a class says nothing here, but for Discuz's `jammer`, whose letters are
sprinkled over posts to spoil copies.
"""

import re
from enum import Enum
from html import unescape

VOID_TAGS = frozenset(
    "area base basefont br col embed frame hr img input link meta param source track wbr".split()
)
READING_TAGS = frozenset({"rt", "rp", "rtc"})
"""How the base of a `<ruby>` is pronounced: no part of the sentence."""

_ALWAYS_SHOWN = frozenset({"html", "body", "main", "article"})
_SHOWN_BY_SCRIPT = "js_content"
"""Id of the whole article on WeChat's pages; a script makes it visible."""
_JAMMER = "jammer"
_SIGNS = ("hidden", "display", "visibility", "font-size", _JAMMER)
_HIDING = re.compile("|".join(_SIGNS), re.IGNORECASE)
_SHOWING = re.compile(r"visibility|font-size", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s"'>/=]++)\s*+(?:=\s*+(?P<value>"[^"]*"|'[^']*'|[^\s"'>]*+))?"""
)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_IMPORTANT = re.compile(r"(?<!\s)\s*+!\s*+important\s*+\Z")
_ZERO = re.compile(r"(?:0+(?:\.0*)?|\.0+)(?:[a-z]+|%)?")


class Visibility(Enum):
    """SHOWN; UNSEEN: it takes up its place, and what is in it may be seen again; GONE: as if it
    were not there."""

    SHOWN = "shown"
    UNSEEN = "unseen"
    GONE = "gone"


def may_hide(html: str) -> bool:
    """Whether any tag may hide something; for most pages no is a quick answer."""
    small = html.lower()
    return any(sign in small for sign in _SIGNS)


def visibility(name: str, attributes: str) -> Visibility:
    """What a start tag says of its element. `name` in small letters, `attributes` as written."""
    if name in READING_TAGS:
        return Visibility.GONE
    if not _HIDING.search(attributes) or name in _ALWAYS_SHOWN:
        return Visibility.SHOWN
    values = _values(attributes)
    if values.get("id") == _SHOWN_BY_SCRIPT:
        return Visibility.SHOWN
    style = _style(values.get("style", ""))
    if "hidden" in values or style.get("display") == "none":
        return Visibility.GONE
    if _JAMMER in values.get("class", "").lower().split():
        return Visibility.GONE
    if style.get("visibility") in ("hidden", "collapse") or _is_zero(style.get("font-size", "")):
        return Visibility.UNSEEN
    return Visibility.SHOWN


def shows_again(attributes: str) -> bool:
    """Whether a start tag inside an unseen element makes its own content visible."""
    if not _SHOWING.search(attributes):
        return False
    style = _style(_values(attributes).get("style", ""))
    size = style.get("font-size", "")
    return style.get("visibility") == "visible" or bool(size and not _is_zero(size))


def _values(attributes: str) -> dict[str, str]:
    """Attributes by name in small letters; of two with one name the first counts."""
    values: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(attributes):
        value = (found["value"] or "").strip("\"'")
        values.setdefault(found["name"].lower(), unescape(value))
    return values


def _style(declarations: str) -> dict[str, str]:
    """CSS values by property, in small letters. The last one counts, an important one first."""
    values: dict[str, str] = {}
    important = set()
    for declaration in _CSS_COMMENT.sub("", declarations).lower().split(";"):
        name, _, value = declaration.partition(":")
        plain = _IMPORTANT.sub("", value)
        name = name.strip()
        if plain != value:
            important.add(name)
        elif name in important:
            continue
        values[name] = plain.strip()
    return values


def _is_zero(size: str) -> bool:
    return bool(_ZERO.fullmatch(size))
