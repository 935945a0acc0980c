"""Finds names that texts mark as such: 非同质化代币（NFT）, 《稳定币条例》."""

import re
from collections.abc import Callable, Iterator

_HAN = "[\u4e00-\u9fff]"
_GLOSS = re.compile(rf"({_HAN}{{2,14}})\s?[（(]([A-Za-z][A-Za-z0-9 &\-]{{1,40}})[)）]")
_TITLE = re.compile(rf"《({_HAN}[^《》\n]{{3,23}})》")
_RULES = re.compile("(?:法|法案|条例|办法|规定|意见|指引|规划|协定|草案|规则|细则|标准|白皮书)$")
MAX_WORDS = 4

Cut = Callable[[str], list[str]]


def glosses(text: str, cut: Cut) -> Iterator[tuple[tuple[str, ...], str]]:
    """(words before a bracket, Latin name in it), once for each number of words that may belong."""
    for match in _GLOSS.finditer(text):
        words = cut(match[1])
        for count in range(1, min(MAX_WORDS, len(words)) + 1):
            yield tuple(words[-count:]), match[2].strip()


def named_rules(text: str) -> Iterator[str]:
    """Titles in 《》 that end like a law, rule or plan."""
    for match in _TITLE.finditer(text):
        if _RULES.search(match[1]):
            yield match[1]
