"""Columns: articles whose titles are the same but for numbers (第 12 期, 9月5日)."""

import re

from index.text.normalize import normalize

_NUMBERS = re.compile("[0-9〇零一二三四五六七八九十百]+")


def column_of(title: str) -> str:
    """What the titles of all issues of a column have in common: everything but numbers."""
    return _NUMBERS.sub("#", normalize(title))
