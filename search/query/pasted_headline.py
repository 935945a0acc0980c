"""A pasted headline: quotation marks and brackets that belong to the text, not to the query."""

import re

from index.messages import msg
from search.query.parsing.tree import AndNode, Node, Quoted, Word

LOOSENED = msg("没有文章符合引号或括号的写法，已改为查找其中的词。")
_OPENING, _CLOSING = "“「『（(", "”」』）)"
_MARKS = f'{_OPENING}{_CLOSING}"'
_ANY = re.compile(f"[{_MARKS}]")
_GLUED = re.compile(rf"(?<=[^\s{_MARKS}])[{_OPENING}]|[{_CLOSING}](?=[^\s{_MARKS}])")


def without_marks(query: str, tree: Node) -> str | None:
    """The query without its marks, where one is written as prose has it, with text before or after
    it and no white space between: 欧洲“火车头”熄火, 小米(01810.HK)公告. None for a query that means
    its marks: one of quotations only, or with operators or fields. `tree`: what it was read as."""
    kinds = {type(child) for child in tree.children} if isinstance(tree, AndNode) else set()
    prose = Word in kinds and kinds <= {Word, Quoted} and _GLUED.search(query)
    return _ANY.sub(" ", query) if prose else None
