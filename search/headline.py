"""A pasted headline: quotation marks and brackets that belong to the text, not to the query."""

import re

LOOSENED = "没有文章符合引号或括号的写法，已改为查找其中的词。"
_OPENING, _CLOSING = "“「『（", "”」』）"
_MARKS = re.compile(f"[{_OPENING}{_CLOSING}]")
_GLUED = re.compile(rf"(?<=\w)[{_OPENING}]|[{_CLOSING}](?=\w)")


def as_words(query: str) -> str | None:
    """The query without its marks, where one is written as prose has it: a Chinese one, with text
    before or after it and no white space between (欧洲“火车头”熄火)."""
    return _MARKS.sub(" ", query) if _GLUED.search(query) else None
