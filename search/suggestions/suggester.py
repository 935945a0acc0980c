"""Suggests concepts and titles that complete the typed text.

They match by prefix, by characters inside, by full or partial pinyin (`yuanyuz`), by initials
(`yyz`), by mixed scripts (`yuan宇宙`) or by the same sound (元宇舟). With several words, the last
is completed and the others are kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from index.analysis.scanner import RUNS
from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from index.engines.queries import All, And, Or, Query, Term
from index.text.composition import compose
from index.text.han import is_han
from index.text.normalize import normalize
from search.lazy import Lazy
from search.newest import newest_matches
from search.pinyin import spell
from search.query.parsing.lexeme import LexemeKind
from search.query.parsing.lexer import lex
from search.suggestions.prefix_index import PrefixIndex
from search.vocabulary import CONCEPT_LAYERS, VocabularyEntry

MAX_SUGGESTIONS = 10
MAX_CONCEPTS = 6
"""Maximum number of concepts if titles can fill the rest."""
MAX_TYPED_CHARS = 100
"""Longer texts get no suggestions: names and titles are shorter."""
MIN_TITLE_LETTERS, MIN_TITLE_INITIALS = 4, 3
"""Fewer letters occur in too many titles to be useful."""
TITLES_WAIT_SECONDS = 2.0
"""How long a request waits while another thread reads the titles, before it goes without."""
BINDING_KINDS = (LexemeKind.FIELD, LexemeKind.NOT, LexemeKind.OR)
"""Lexemes before the last word that keep it from being completed as one more required concept."""
MAX_LINES = 100
"""Maximum matching lines read before duplicates are removed."""
TITLES_PER_READ = 500
"""Articles read in one batch, with their texts, because most engines read whole rows faster."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text`: a whole query. `articles`: for a concept, how many mention it under any name and have
    the words before it; None for a title."""

    text: str
    kind: Literal["concept", "title"]
    articles: int | None = None


@dataclass(frozen=True, slots=True)
class _Typed:
    """The typed text, normalised, with single spaces. `letters`, `initials`: its pinyin. `han`: its
    Han characters, which a name found by mixed scripts must contain."""

    text: str
    letters: str
    initials: str
    han: str

    @classmethod
    def read(cls, typed: str) -> "_Typed":
        text = " ".join(normalize(compose(typed)).split())
        spelling = spell(text)
        return cls(text, spelling.letters.lower(), spelling.initials, "".join(filter(is_han, text)))

    @property
    def latin(self) -> bool:
        """Whether some of it may be pinyin."""
        return any(match.group().isascii() for match in RUNS.finditer(self.text))


class Suggester:
    """Suggests from one generation. Threads may share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        segmenter: Segmenter,
        forms: list[VocabularyEntry],
        engine_query: Callable[[str], Query],
    ) -> None:
        self._snapshot = snapshot
        self._engine_query = engine_query
        self._forms = forms
        self._names = PrefixIndex(
            (form.text for form in forms), (spell(form.text) for form in forms)
        )
        self._titles = Lazy(lambda: _Titles(snapshot, segmenter))

    def load(self) -> None:
        """Read the titles of the newest articles."""
        self._titles.get()

    def suggest(self, typed: str) -> list[Suggestion]:
        """Distinct suggestions that have articles: concepts by kind of match, then by articles;
        then titles by kind of match, then by date, the newest first."""
        if len(typed) > MAX_TYPED_CHARS:
            return []
        wanted = _Typed.read(typed)
        if not any(map(str.isalnum, wanted.text)):
            return []
        concepts = self._concepts(wanted, "", All()) or self._last_word(typed)
        titles = self._found_titles(wanted)
        room = max(MAX_CONCEPTS, MAX_SUGGESTIONS - len(titles))
        unique = {normalize(s.text): s for s in reversed([*concepts[:room], *titles])}
        return list(reversed(unique.values()))[:MAX_SUGGESTIONS]

    def _last_word(self, typed: str) -> list[Suggestion]:
        """Completions of the last word that occur in articles with the words before it."""
        tokens, _ = lex(typed)
        last, bound = (tokens[-1] if tokens else None), tokens[-2:-1]
        if last is None or last.kind is not LexemeKind.WORD or not typed.endswith(last.text):
            return []
        if bound and bound[0].kind in BINDING_KINDS:
            return []
        before = typed[: -len(last.text)]
        given = self._engine_query(before) if before.strip() else All()
        return self._concepts(_Typed.read(last.text), before, given)

    def _concepts(self, wanted: _Typed, before: str, given: Query) -> list[Suggestion]:
        """Concepts that match `wanted`, after the words `before`, whose engine query is `given`."""
        found = []
        for name in self._matching(wanted):
            mention = Or(tuple(Term(layer, name.token) for layer in CONCEPT_LAYERS))
            articles = self._snapshot.match(And((given, mention)), limit=0).total
            if articles:
                found.append(Suggestion(before + name.written, "concept", articles))
        return found

    def _matching(self, wanted: _Typed) -> list[VocabularyEntry]:
        """Matching names by kind of match, then by articles; one for each concept."""
        found: dict[str, VocabularyEntry] = {}
        for line in self._lines(wanted):
            name = self._forms[line]
            found.setdefault(name.token, name)
        return list(found.values())[:MAX_SUGGESTIONS]

    def _lines(self, wanted: _Typed) -> Iterator[int]:
        names = self._names
        yield from (seen := names.characters.starting(wanted.text, MAX_LINES))
        yield from (inside := names.characters.holding(wanted.text, MAX_LINES))
        if wanted.letters and (wanted.latin or not (seen or inside)):
            yield from self._spelled(wanted)

    def _spelled(self, wanted: _Typed) -> Iterator[int]:
        names = self._names
        begun = names.letters.starting(wanted.letters, MAX_LINES)
        lines = list(begun)
        if wanted.latin:
            lines += names.initials.starting(wanted.initials, MAX_LINES)
            lines += names.letters.holding(wanted.letters, MAX_LINES)
            lines += names.letters.abbreviated(wanted.letters, MAX_LINES)
        yield from (line for line in lines if wanted.han in self._forms[line].text)
        if len(wanted.han) > 1:
            yield from begun

    def _found_titles(self, wanted: _Typed) -> list[Suggestion]:
        titles = self._titles.get_within(TITLES_WAIT_SECONDS)
        ids = titles.find(wanted) if titles else []
        rows = self._snapshot.stored(ids, ("title",))
        return [Suggestion(row["title"], "title") for row in rows]


class _Titles:
    """Titles of the newest articles (search/newest.py), the newest first."""

    def __init__(self, snapshot: Snapshot, segmenter: Segmenter) -> None:
        titles: dict[str, str] = {}
        matches = newest_matches(snapshot)
        for start in range(0, len(matches), TITLES_PER_READ):
            ids = [match.id for match in matches[start : start + TITLES_PER_READ]]
            for row in snapshot.stored(ids, ("id", "normalized")):
                titles.setdefault(row["normalized"].partition("\n")[0], row["id"])
        self._ids = list(titles.values())
        self._lines = PrefixIndex(titles, (spell(*segmenter.segment(title)) for title in titles))

    def find(self, wanted: _Typed) -> list[str]:
        """Distinct ids of the first articles whose titles match."""
        return list(dict.fromkeys(self._ids[line] for line in self._numbers(wanted)))[
            :MAX_SUGGESTIONS
        ]

    def _numbers(self, wanted: _Typed) -> Iterator[int]:
        lines, limit = self._lines, MAX_SUGGESTIONS
        yield from (seen := lines.characters.starting(wanted.text, limit))
        yield from (inside := lines.characters.holding_all(wanted.text.split(), limit))
        if wanted.latin and len(seen) + len(inside) < limit:
            if len(wanted.letters) >= MIN_TITLE_LETTERS:
                yield from lines.letters.starting(wanted.letters, limit)
                yield from lines.letters.holding(wanted.letters, limit)
            if len(wanted.initials) >= MIN_TITLE_INITIALS:
                yield from lines.initials.starting(wanted.initials, limit)
