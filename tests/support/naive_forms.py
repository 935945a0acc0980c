"""Where the forms of a word stand in a text, by a regular expression."""

import re
from collections.abc import Iterable

from index.text.spans import Span


def naive_spans(words: Iterable[str], text: str, runs: Iterable[str] = ()) -> list[Span]:
    """All of them from left to right, the longest first; none overlap."""
    runs = {*runs}
    forms = sorted({*words, *runs} - {""}, key=len, reverse=True)
    pattern = "|".join(re.escape(form) if form in runs else _alone(form) for form in forms)
    return [match.span() for match in re.finditer(pattern, text)] if forms else []


def _alone(form: str) -> str:
    before = "(?<![0-9a-z])" if re.match("[0-9a-z]", form[0]) else ""
    before += "(?<![0-9][.,])" if form[0].isdigit() else ""
    after = "(?![0-9a-z])" if re.match("[0-9a-z]", form[-1]) else ""
    return before + re.escape(form) + after
