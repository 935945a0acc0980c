"""How much of an article is read. What is longer is shortened, and the report names the article.

No article of a newspaper comes near these bounds; they keep the cost of one that is hostile or
broken within seconds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from index.article import BodyFormat

MAX_FILE = 32_000_000
"""Bytes of a file that holds one article, and of a line that does."""
MAX_VALUE, MAX_VALUES = 20_000, 1_000
"""Characters of a field as it was written, with entities and tags, and parts of a list that are
read."""
MAX_TITLE = 2_000
MAX_NAME = 200
"""Characters of a source, an author and a category."""
MAX_CATEGORIES = 100
MAX_BODY = 1_000_000
"""Characters of a body with its markup, after long embedded files were dropped."""
MAX_SIGNS = 30_000
"""Characters of a body that may be markup: tags, entities, links, pictures, emphasis, blocks."""

_SIGN = re.compile(r"[<&\[\]*_`~|]|\n[ \t]*(?=\n)|\n[ \t]*[#>+\d-]")
_EMBEDDED = re.compile(r"data:[\w/+.;=-]{1,100},[A-Za-z0-9+/=%]{500,}+")


@dataclass(slots=True)
class Shortening:
    """Shortens the parts of one article. `shortened` names, in Chinese, those that were too
    long."""

    shortened: list[str] = field(default_factory=list)

    def line(self, name: str, text: str, most: int) -> str:
        """At most so many characters, of which the last says that some are missing."""
        if len(text) <= most:
            return text
        self.shortened.append(name)
        return f"{text[: most - 1].rstrip()}…"

    def categories(self, names: Sequence[str]) -> tuple[str, ...]:
        kept = [name for name in names if len(name) <= MAX_NAME][:MAX_CATEGORIES]
        if len(kept) < len(names):
            self.shortened.append("分类")
        return tuple(kept)

    def body(self, body: str, body_format: BodyFormat) -> str:
        """The beginning of a body; the body itself if all of it keeps the bounds."""
        if len(body) > MAX_BODY:
            body = _EMBEDDED.sub("data:,", body)
        kept = beginning(body, body_format, MAX_BODY, MAX_SIGNS)
        if kept is not body:
            self.shortened.append("正文")
        return kept


def beginning(body: str, body_format: BodyFormat, characters: int, signs: int) -> str:
    """The body itself if it has at most so many characters, and so many that may be markup; else
    its beginning, up to the end of a line or tag."""
    end = min(len(body), characters)
    if body_format != "text" and end > signs:  # each sign is a character at least
        sign = next(islice(_SIGN.finditer(body, 0, end), signs, None), None)
        end = sign.start() if sign else end
    return body if end == len(body) else body[: _border(body, end)]


def _border(body: str, end: int) -> int:
    """The last end of a line or tag before `end`, so that no tag is cut in two."""
    near = max(0, end - 1_000)
    border = max(body.rfind("\n", near, end), body.rfind(">", near, end) + 1)
    return border if border > near else end
