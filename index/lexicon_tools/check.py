"""Checks a lexicon: faults that must be fixed and warnings to look at.

A fault gives some text a wrong meaning: one name for two concepts, a reference to a missing
concept, a name that splits ordinary words (币安 in 人民币安全). A warning is an entry that
has no effect.
No input or output: counts from an index are passed in as a function.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from index.analysis.dictionary import common_words
from index.analysis.segmenter import Segmenter
from index.lexicon.model import Concept, Lexicon, token_of
from index.text.han import is_han
from index.text.normalize import normalize

FindingKind = Literal["collision", "nothing", "torn", "overlap", "unused", "repeated", "unattested"]

FAULTS = frozenset(("collision", "nothing", "torn"))
PLACEHOLDER = "editor"
"""The attestation of entries that only the lexicon's authors vouch for."""

NEIGHBOURS = 40
"""Common words tried on either side of a name."""
TORN_ARTICLES = 3
"""Articles that must contain a split string before it is reported."""

ArticleCounter = Callable[[str], int]
"""Returns how many articles contain a normalised string."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or warning: its kind, the name concerned, and a sentence for the maintainer."""

    kind: FindingKind
    form: str
    message: str

    @property
    def is_fault(self) -> bool:
        return self.kind in FAULTS


def check_lexicon(
    lexicon: Lexicon, segmenter: Segmenter, count: ArticleCounter | None = None
) -> list[Finding]:
    """All findings, faults first. Unused and splitting names need `count`."""
    found = [*_collisions(lexicon), *_nothing(lexicon), *_unattested(lexicon)]
    if count is not None:
        found += _torn(lexicon, segmenter, count)
        found += _unused(lexicon, count)
    return sorted(found, key=lambda finding: not finding.is_fault)


def _collisions(lexicon: Lexicon) -> Iterator[Finding]:
    owners: defaultdict[str, list[tuple[str, Concept]]] = defaultdict(list)
    for concept in lexicon.concepts:
        for form in concept.forms():
            owners[token_of(normalize(form))].append((form, concept))
    for entries in owners.values():
        forms = "、".join(dict.fromkeys(form for form, _ in entries))
        names = list(dict.fromkeys(concept.name for _, concept in entries))
        if len(names) > 1:
            yield Finding("collision", forms, f"“{forms}”同时属于{'、'.join(names)}。")
        elif len(entries) > 1:
            yield Finding("repeated", forms, f"“{forms}”归一后相同，{names[0]}只需写一次。")
    for mask in lexicon.opaque & lexicon.by_form.keys():
        name = lexicon.by_form[mask].name
        yield Finding("collision", mask, f"“{mask}”既是{name}的写法，又在遮蔽词里。")


def _nothing(lexicon: Lexicon) -> Iterator[Finding]:
    sources = {source.id for source in lexicon.sources}
    for concept in lexicon.concepts:
        for name in concept.related:
            target = lexicon.find(name)
            if target is None:
                yield Finding("nothing", name, f"{concept.name}的相关概念“{name}”不存在。")
            elif target is concept:
                yield Finding("nothing", name, f"{concept.name}与自己相关。")
        for source in concept.sources:
            if source not in sources:
                yield Finding("nothing", concept.name, f"{concept.name}的来源“{source}”不存在。")


def _unattested(lexicon: Lexicon) -> Iterator[Finding]:
    for concept in lexicon.concepts:
        if not set(concept.sources) - {PLACEHOLDER}:
            yield Finding("unattested", concept.name, f"{concept.name}没有写明来源。")


def _torn(lexicon: Lexicon, segmenter: Segmenter, count: ArticleCounter) -> Iterator[Finding]:
    """Names found across the border of two common words: 币安 in 人民币|安全, 元宇宙 in 多元|宇宙.

    If only a single character is left over, both readings are possible (测试|网上, 测试网|上): a
    warning. Otherwise a fault.
    """
    before, after = _neighbours()
    words = lexicon.by_form.keys() | lexicon.regional_words.keys()
    for form in filter(is_han, sorted(words)):
        for at in range(1, len(form)):
            for left, right in product(before[form[:at]], after[form[at:]]):
                text = left + right
                if text in words or text in lexicon.opaque:
                    continue
                cut = segmenter.segment(text)
                if form in cut and (articles := count(text)) >= TORN_ARTICLES:
                    torn = min(map(len, cut)) > 1 or form not in (
                        text[: len(form)],
                        text[-len(form) :],
                    )
                    yield _overlap("torn" if torn else "overlap", form, cut, articles)


def _overlap(kind: FindingKind, form: str, cut: Sequence[str], articles: int) -> Finding:
    text, seen = "".join(cut), "/".join(cut)
    message = f"“{form}”把“{text}”切成 {seen}，有 {articles} 篇文章；切错了就把“{text}”列为遮蔽词。"
    return Finding(kind, form, message)


def _neighbours() -> tuple[defaultdict[str, list[str]], defaultdict[str, list[str]]]:
    """Common words by each of their endings, and by each of their beginnings."""
    before: defaultdict[str, list[str]] = defaultdict(list)
    after: defaultdict[str, list[str]] = defaultdict(list)
    for word in common_words():
        for length in range(1, len(word) + 1):
            for table, part in ((before, word[-length:]), (after, word[:length])):
                if len(table[part]) < NEIGHBOURS or length == len(word):
                    table[part].append(word)
    return before, after


def _unused(lexicon: Lexicon, count: ArticleCounter) -> Iterator[Finding]:
    for concept in lexicon.concepts:
        forms = dict.fromkeys(concept.spellings())
        if not any(count(form) for form in forms):
            yield Finding("unused", concept.name, f"索引里没有文章提到{concept.name}的任何写法。")
