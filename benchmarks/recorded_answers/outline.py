"""Splits a body into two lists: the texts that are read, and the structure.

Two answers with the same structure and other texts differ in wording or values only.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

READ_ATTRIBUTES = frozenset(("alt", "title", "aria-label", "placeholder", "content", "data-done"))
"""Attributes that hold words for people."""


@dataclass(frozen=True, slots=True)
class Outline:
    texts: list[str]
    structure: list[str]


def outline(body: str, media_type: str) -> Outline:
    """The two lists for `body` of `media_type`; a body that cannot be parsed is lines of text."""
    try:
        if media_type == "text/html":
            return _of_html(body)
        if media_type.endswith("json"):
            return _of_json(parsed(body))
        if media_type.endswith("xml"):
            return _of_xml(body)
    except (ValueError, ET.ParseError):
        pass
    return Outline(body.splitlines(), [])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.structure: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = []
        for name, value in attrs:
            if name in READ_ATTRIBUTES:
                self.texts.append(f"[{tag} {name}] {value or ''}")
                kept.append(name)
            else:
                kept.append(f"{name}={value}")
        self.structure.append(f"<{' '.join([tag, *kept])}>")

    def handle_endtag(self, tag: str) -> None:
        self.structure.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text:
            self.texts.append(text)
            self.structure.append("text")


def _of_html(body: str) -> Outline:
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return Outline(reader.texts, reader.structure)


def parsed(body: str) -> Any:
    """A normalised body as JSON. Raises ValueError for others: a masked duration is no JSON."""
    return json.loads(body.replace('"took_ms":TOOK', '"took_ms":"TOOK"'))


def _of_json(value: Any) -> Outline:
    leaves = list(_leaves(value, ""))
    return Outline([f"{path} = {leaf}" for path, leaf in leaves], [path for path, _ in leaves])


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Paths to values, with `[]` for items of lists, so that one more hit adds no new path."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}")
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _leaves(inner, f"{path}[]")
    else:
        yield path, json.dumps(_rounded(value), ensure_ascii=False)


def _rounded(value: Any) -> Any:
    """Sums of the same parts in another order differ in their last digits."""
    return float(f"{value:.9g}") if isinstance(value, float) else value


def _of_xml(body: str) -> Outline:
    texts, structure = [], []
    for element in ET.fromstring(body).iter():
        attributes = " ".join(f"{name}={value}" for name, value in element.attrib.items())
        structure.append(f"<{element.tag} {attributes}>".replace(" >", ">"))
        text = " ".join((element.text or "").split())
        if text:
            texts.append(f"{element.tag.rpartition('}')[2]} = {text}")
    return Outline(texts, structure)
