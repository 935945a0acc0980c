"""The title of an article that gives none: its first heading, else its first sentence."""

import re

from index.article import BodyFormat
from index.sources.named_fields import NamedFields
from index.text.html import as_html, collapse, plain_text

TITLE_LIMIT = 60
"""Characters of a title made from the text."""

_SENTENCE = re.compile(r".*?(?:[。！？!?…]++[”」』）]*+|\Z)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING = re.compile(
    r"<h(?P<level>[1-6])\b[^<>]*>(?P<inner>(?:(?!<h[1-6]\b).)*?)</h(?P=level)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_TIGHT_HEADING = re.compile(r"^ {0,3}#{1,6}(?P<text>[^#\s][^#\n]{0,100}?)[# \t]*$", re.MULTILINE)
"""A heading without the space that CommonMark wants, as some editors let pass."""


def title_of(fields: NamedFields, body: str, body_format: BodyFormat) -> str:
    """As given, else the first heading, else a name, else the first sentence; "" without any."""
    return (
        fields.display_line("title")
        or first_heading(body, body_format)
        or fields.display_line("name")
        or _first_sentence(plain_text(body, body_format))
    )


def first_heading(body: str, body_format: BodyFormat) -> str:
    """The first heading with text, however it is written and whatever stands before it; else ""."""
    if body_format == "text":
        return ""
    if body_format == "markdown":
        body = _TIGHT_HEADING.sub(r"# \g<text>", body)
    html = _COMMENT.sub("", as_html(body, body_format))
    texts = (collapse(plain_text(found["inner"], "html")) for found in _HEADING.finditer(html))
    return next(filter(None, texts), "")


def _first_sentence(text: str) -> str:
    line = text.partition("\n")[0]
    match = _SENTENCE.match(line[: TITLE_LIMIT + 1])
    sentence = match[0] if match else line
    if len(sentence) <= TITLE_LIMIT:
        return sentence
    return sentence[: TITLE_LIMIT - 1] + "…"
