"""Proposals for the lexicon from queries without results, with what each would touch.

A word becomes another name of a concept that sounds or looks like it, or a concept of its own where
articles write it. Nothing is written: people decide, and paste. The rest is listed too, for a
nickname (大饼) resembles nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from index.lexicon.model import Concept, Lexicon, form_key
from index.lexicon_tools.check import ArticleCounter, check_lexicon
from index.lexicon_tools.usage import article_counter
from index.text.han import is_han
from search.budget import UNLIMITED, Budget
from search.pinyin import blur, spell
from search.query.concept_conditions import mentioning
from search.spelling.edits import one_slip_apart
from web.statistics.report import QueryRow

Nearness = Literal["sound", "letter", "character", "initials", "part"]
NEARNESS: tuple[Nearness, ...] = ("sound", "letter", "character", "initials", "part")
"""The likeliest first."""
ALIKE = frozenset(("sound", "letter", "initials"))
"""What another spelling of a name has. 月球币 is not 月神币, and 元宇宙地产 is not 元宇宙."""
MAX_PROPOSALS = 10
MAX_NEAR = 3
MIN_LETTERS = 5
"""Of what may differ by one letter; shorter words that do are other words."""
MIN_INITIALS = 3
_WORD = re.compile(
    r"[一-鿿㐀-䶿]{2,12}|(?=.*[a-z一-鿿])(?=.*[a-z0-9])[a-z0-9一-鿿][a-z0-9一-鿿.+&-]{1,29}"
)


@dataclass(frozen=True, slots=True)
class NearConcept:
    """A concept whose name `form` is near a word. `articles`: how many mention the concept."""

    concept: Concept
    form: str
    nearness: Nearness
    articles: int


@dataclass(frozen=True, slots=True)
class LexiconProposal:
    """`asks`: queries with the word that no article matched. `articles`: those that have its
    characters and would be cut and labelled anew. `cut`: how it is segmented now. `concept`: the
    entry to paste, new or with one more alias (`joins`); None where neither can be proposed."""

    word: str
    asks: int
    articles: int
    cut: tuple[str, ...]
    near: tuple[NearConcept, ...]
    concept: Concept | None
    joins: bool


def lexicon_proposals(
    rows: Iterable[QueryRow],
    segmenter: Segmenter,
    lexicon: Lexicon,
    snapshot: Snapshot,
    budget: Budget = UNLIMITED,
) -> list[LexiconProposal]:
    """The words asked most often in vain, at most `MAX_PROPOSALS`; fewer where the budget is spent.
    `segmenter`: of this lexicon, which need not be the one that the snapshot was cut with."""
    asks = Counter[str]()
    for row in rows:
        for word in _unknown_words(row.query, lexicon, segmenter):
            asks[word] += row.counts.empty
    names, count = NearNames(lexicon), article_counter(snapshot)
    found: list[LexiconProposal] = []
    for word, times in sorted(asks.items(), key=lambda item: (-item[1], item[0]))[:MAX_PROPOSALS]:
        if budget.is_spent:
            break
        near = tuple(
            replace(each, articles=snapshot.match(mentioning(each.concept), limit=0).total)
            for each in names.near(word)
        )
        articles, cut = count(word), tuple(segmenter.segment(word))
        concept = _entry(word, near, articles)
        joins = concept is not None and concept.name != word
        found.append(LexiconProposal(word, times, articles, cut, near, concept, joins))
    return found


def words_cut(
    proposals: Iterable[LexiconProposal], lexicon: Lexicon, count: ArticleCounter
) -> dict[str, str]:
    """For proposed words that would cut others short, by the word: which, and in how many articles
    (see index/lexicon_tools/check.py). Takes half a second."""
    added = tuple(Concept(each.word) for each in proposals if each.concept is not None)
    if not added:
        return {}
    enlarged = Segmenter(replace(lexicon, concepts=(*lexicon.concepts, *added)))
    findings = check_lexicon(Lexicon(added, lexicon.masks), enlarged, count)
    return {found.form: found.message for found in findings if found.kind in ("torn", "overlap")}


def _unknown_words(query: str, lexicon: Lexicon, segmenter: Segmenter) -> Iterator[str]:
    """Words of a query as typed that the lexicon lacks. Of several, those of the dictionary are
    meant as such; a single one may be a nickname."""
    words = query.split()
    for word in dict.fromkeys(words):
        known = lexicon.find(word) or word in lexicon.regional_words
        ordinary = len(words) > 1 and segmenter.knows(word)
        if _WORD.fullmatch(word) and not known and not ordinary:
            yield word


def _entry(word: str, near: tuple[NearConcept, ...], articles: int) -> Concept | None:
    alike = next((each.concept for each in near if each.nearness in ALIKE), None)
    if alike is not None:
        return replace(alike, aliases=(*alike.aliases, word))
    if not articles:
        return None
    parts = [each.concept for each in near if each.nearness == "part"]
    topic = parts[0].topic if parts else ""
    return Concept(word, related=tuple(concept.name for concept in parts), topic=topic)


class NearNames:
    """Finds the names of a lexicon that are near a word: by sound, by one letter of a Latin word
    or of typed pinyin, by one character, by the initials, by a part."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._forms = [(form, concept) for form, concept in lexicon.by_form.items()]
        self._sounds: defaultdict[str, list[tuple[str, Concept]]] = defaultdict(list)
        self._initials: defaultdict[str, list[tuple[str, Concept]]] = defaultdict(list)
        self._letters: list[tuple[str, str, Concept]] = []
        for form, concept in self._forms:
            spelling = spell(form)
            letters = blur(spelling.letters.lower())
            self._sounds[letters].append((form, concept))
            self._letters.append((letters, form, concept))
            if is_han(form):
                self._initials[spelling.initials].append((form, concept))

    def near(self, word: str) -> list[NearConcept]:
        """The nearest concepts, at most `MAX_NEAR`, each by its nearest name. Without counts."""
        found: dict[str, NearConcept] = {}
        ordered = sorted(
            self._all_near(form_key(word)),
            key=lambda near: (
                NEARNESS.index(near.nearness),
                -SequenceMatcher(None, word, near.form).ratio(),
                near.form != form_key(near.concept.name),
                near.form,
            ),
        )
        for near in ordered:
            found.setdefault(near.concept.token, near)
        return list(found.values())[:MAX_NEAR]

    def _all_near(self, word: str) -> Iterator[NearConcept]:
        letters = blur(spell(word).letters.lower())
        for form, concept in self._sounds[letters] if letters else ():
            yield NearConcept(concept, form, "sound", 0)
        if word.isascii() and len(word) >= MIN_INITIALS:
            for form, concept in self._initials.get(word, ()):
                yield NearConcept(concept, form, "initials", 0)
        for spelled, form, concept in self._letters:
            nearness = _nearness(word, letters, form, spelled)
            if nearness:
                yield NearConcept(concept, form, nearness, 0)


def _nearness(word: str, letters: str, form: str, spelled: str) -> Nearness | None:
    if word.isascii() and len(letters) >= MIN_LETTERS and one_slip_apart(letters, spelled):
        return "letter"
    if min(len(word), len(form)) > 2 and is_han(word) and one_slip_apart(word, form):
        return "character"
    is_part = len(form) >= 2 and not form.isascii() and (form in word or word in form)
    return "part" if is_part else None
