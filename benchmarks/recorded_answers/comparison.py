"""Compares two records: how many answers are equal, and what differs, by group and by cause."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from benchmarks.recorded_answers.outline import outline, parsed
from benchmarks.recorded_answers.recorder import Answer, body_type

Kind = Literal["equal", "layout", "text", "structure", "text and structure", "headers", "status"]
KINDS: tuple[Kind, ...] = (
    *("equal", "layout", "text", "structure", "text and structure", "headers", "status"),
)
"""layout: white space, spelling of numbers or of markup, and nothing that is read or parsed.
status: another status code, whatever else differs. headers: a body that is equal or differs in
layout."""
SHOWN_CAUSES = 60
BEFORE_CHANGE, SHOWN_LETTERS = 40, 120
"""Characters of a long text that are shown: so many before what differs, so many in all."""
UNORDERED_HEADERS = frozenset(("Allow", "Vary", "Access-Control-Allow-Methods"))
"""Lists whose order says nothing, and which a server may write in any."""
_NUMBER = re.compile(r"[0-9][0-9,.]*")

Change = tuple[str, str]
"""What stood there, and what stands there now; either may be empty."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How two answers differ; `changes` in what is read, then in the structure."""

    kind: Kind
    texts: Sequence[Change] = ()
    structure: Sequence[Change] = ()
    other: Sequence[Change] = ()


@dataclass(slots=True)
class Comparison:
    """`kinds`: answers of each kind. `causes`: change → keys of the requests that show it, without
    accepted changes; `groups`: group → kind → answers that show one."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    groups: dict[str, Counter[Kind]] = field(default_factory=lambda: defaultdict(Counter))
    causes: dict[Change, list[str]] = field(default_factory=lambda: defaultdict(list))
    accepted: int = 0
    """Answers that differ by accepted changes only."""
    other_hits: list[str] = field(default_factory=list)
    """Requests whose JSON names other articles, another order, or another total."""
    only_old: list[str] = field(default_factory=list)
    only_new: list[str] = field(default_factory=list)


def compare(
    old: Sequence[Answer], new: Sequence[Answer], accepted: frozenset[Change] = frozenset()
) -> Comparison:
    """`accepted`: changes that are intended, from `accepted_changes`."""
    found = Comparison()
    before = {answer.request.key: answer for answer in old}
    after = {answer.request.key: answer for answer in new}
    found.only_old = [key for key in before if key not in after]
    found.only_new = [key for key in after if key not in before]
    for key, answer in before.items():
        if key in after:
            one = difference(answer, after[key])
            found.kinds[one.kind] += 1
            if hits(answer) != hits(after[key]):
                found.other_hits.append(key)
            changes = {_cause(change) for change in (*one.other, *one.texts, *one.structure)}
            for change in changes - accepted:
                found.causes[change].append(key)
            if one.kind != "equal" and changes and changes <= accepted:
                found.accepted += 1
            elif one.kind != "equal":
                found.groups[answer.request.group][one.kind] += 1
    return found


def difference(old: Answer, new: Answer) -> Difference:
    """Of two answers to one request."""
    if old.status != new.status:
        path = old.request.path
        return Difference("status", other=[(f"{old.status} {path}", f"{new.status} {path}")])
    headers = list(_header_changes(old.headers, new.headers))
    if old.body == new.body:
        return Difference("headers" if headers else "equal", other=headers)
    before, after = outline(old.body, body_type(old)), outline(new.body, body_type(new))
    texts = list(_changes(before.texts, after.texts))
    structure = list(_changes(before.structure, after.structure))
    return Difference(_kind(texts, structure, headers), texts, structure, headers)


def hits(answer: Answer) -> tuple[object, ...] | None:
    """The total and the ids in an answer of the API; None for other answers."""
    if body_type(answer) != "application/json" or not answer.body:  # HEAD, OPTIONS
        return None
    body = parsed(answer.body)
    if not isinstance(body, dict) or "hits" not in body:
        return None
    return (body.get("total"), *(hit["id"] for hit in body["hits"]))


def _kind(texts: Sequence[Change], structure: Sequence[Change], other: Sequence[Change]) -> Kind:
    if texts and structure:
        return "text and structure"
    if texts:
        return "text"
    if structure:
        return "structure"
    return "headers" if other else "layout"


def _header_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        before, after = (_header(name, one.get(name)) for one in (old, new))
        if before != after:
            yield before, after


def _header(name: str, value: str | None) -> str:
    if value is not None and name in UNORDERED_HEADERS:
        value = ", ".join(sorted(value.split(", ")))
    return "" if value is None else f"{name}: {value}"


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Pairs of lines if both sides have equally many, else each line as removed or added."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            continue
        if b - a == d - c:
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield from ((line, "") for line in old[a:b])
            yield from (("", line) for line in new[c:d])


def _cause(change: Change) -> Change:
    """A short text that ignores numbers, unless only numbers differ."""
    masked = tuple(_NUMBER.sub("#", text) for text in change)
    before, after = change if masked[0] == masked[1] else masked
    pairs = enumerate(zip(before, after, strict=False))
    same = next((at for at, (old, new) in pairs if old != new), 0)
    start = max(0, same - BEFORE_CHANGE)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    cut = text[start : start + SHOWN_LETTERS].replace("\t", " ").replace("\n", " ")
    return ("…" if start and cut else "") + cut + ("…" if start + SHOWN_LETTERS < len(text) else "")


def report(found: Comparison) -> str:
    """Counts, a row a group that differs, and the causes, the most frequent first."""
    kinds = found.kinds
    asked = sum(kinds.values())
    lines = [f"{asked} requests in both: {kinds['equal']} equal, {asked - kinds['equal']} not"]
    lines += [f"  {kind}: {kinds[kind]}" for kind in KINDS[1:] if kinds[kind]]
    lines.append(f"  JSON with other hits or another total: {len(found.other_hits)}")
    if found.accepted:
        lines.append(f"  of these by accepted changes only: {found.accepted}")
    for name, keys in (("first", found.only_old), ("second", found.only_new)):
        if keys:
            lines.append(f"only in the {name}: {len(keys)}, such as {keys[0]}")
    lines += ["", *_group_rows(found.groups), "", *_cause_rows(found.causes)]
    return "\n".join(lines).rstrip()


def _group_rows(groups: Mapping[str, Counter[Kind]]) -> Iterator[str]:
    for group, kinds in groups.items():
        yield f"{group}: {', '.join(f'{kinds[kind]} {kind}' for kind in KINDS if kinds[kind])}"


def _cause_rows(causes: Mapping[Change, Sequence[str]]) -> Iterator[str]:
    """Number of answers, old text, new text, and an example; separated by tabs."""
    ranked = sorted(causes.items(), key=lambda row: (-len(row[1]), row[0]))
    for (before, after), keys in ranked[:SHOWN_CAUSES]:
        yield "\t".join((str(len(keys)), before, after, keys[0]))
    if len(ranked) > SHOWN_CAUSES:
        yield f"and {len(ranked) - SHOWN_CAUSES} more causes"


def accepted_changes(text: str) -> frozenset[Change]:
    """From lines of a report that a person has read and accepted."""
    rows = [line.split("\t") for line in text.splitlines()]
    return frozenset((row[1], row[2]) for row in rows if len(row) == 4)
