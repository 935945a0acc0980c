"""Where the forms of a word stand in a text, at each place in turn."""

import re
from collections.abc import Iterable
from itertools import accumulate, pairwise

from index.analysis.codes import MAX_RUN, code_parts
from index.text.spans import Span


def naive_spans(words: Iterable[str], text: str, runs: Iterable[str] = ()) -> list[Span]:
    """All of them from left to right, the longest first; none overlap."""
    runs = {*runs}
    forms = sorted({*words, *runs} - {""}, key=len, reverse=True)
    spans, at = [], 0
    while at < len(text):
        fitting = (
            at + len(form)
            for form in forms
            if text.startswith(form, at) and (form in runs or _is_word(form, text, at))
        )
        end = next(fitting, at)
        if end > at:
            spans.append((at, end))
        at = max(end, at + 1)
    return spans


def _is_word(form: str, text: str, at: int) -> bool:
    """By itself, or as a word of a code."""
    alone = re.compile(_alone(form)).match(text, at)
    return alone is not None or (at, at + len(form)) in _words_of_codes(text)


def _words_of_codes(text: str) -> set[Span]:
    spans = set()
    for run in re.finditer("[0-9a-z]+", text):
        parts = code_parts(run[0])
        if len(parts) > 1 and len(run[0]) <= MAX_RUN:
            ends = [*accumulate(map(len, parts), initial=run.start())]
            spans |= set(pairwise(ends))
    return spans


def _alone(form: str) -> str:
    before = "(?<![0-9a-z])" if re.match("[0-9a-z]", form[0]) else ""
    before += "(?<![0-9][.,])" if form[0].isdigit() else ""
    after = "(?![0-9a-z])" if re.match("[0-9a-z]", form[-1]) else ""
    return before + re.escape(form) + after
