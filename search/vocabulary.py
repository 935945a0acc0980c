"""Names and frequent words that articles of a generation have, with how many articles each."""

from collections.abc import Iterator
from dataclasses import dataclass

from index.analysis.dictionary import usual_spelling
from index.engines.api import Snapshot
from index.lexicon.model import token_of
from index.text.han import is_han
from index.text.normalize import normalize
from search.query.stopwords import function_words

MIN_FREQUENT_ARTICLES = 100
"""A word in at least this many articles is spelled right, and may be what a typing error meant."""
MAX_FREQUENT_WORDS = 50_000
MIN_COMMON_ARTICLES, MIN_COMMON_SHARE = 2, 0.0005
"""A common word is in at least this many articles, and in this share of all."""
CONCEPT_LAYERS = ("title_concepts", "text_concepts")
NAME_LAYERS = ("text_words", "title_words", "text_fine", "title_fine")


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """One name of a concept, or a frequent word.

    `written`: as in the lexicon, or as people write the word. `text`: normalised. `token`: of its
    concept, or of the word. `articles`: those that mention it under any name, in title or in text,
    whichever are more.
    """

    written: str
    text: str
    articles: int
    token: str
    is_concept: bool = True


def concept_names(snapshot: Snapshot) -> list[VocabularyEntry]:
    """Every name of every concept that has articles. Concepts with most articles come first, each
    with its main name before its aliases."""
    concepts = snapshot.lexicon.concepts
    tokens = [concept.token for concept in concepts]
    counts = [snapshot.doc_freqs(layer, tokens) for layer in CONCEPT_LAYERS]
    counted = [(max(each[c.token] for each in counts), c) for c in concepts]
    ranked = sorted(
        (pair for pair in counted if pair[0]), key=lambda pair: (-pair[0], pair[1].name)
    )
    return [
        VocabularyEntry(form, " ".join(normalize(form).split()), articles, concept.token)
        for articles, concept in ranked
        for form in concept.forms()
    ]


def written_names(snapshot: Snapshot, names: list[VocabularyEntry]) -> list[VocabularyEntry]:
    """Those of the names that articles use themselves, not only another name of the concept."""
    tokens = [token_of(name.text) for name in names]
    counts = [snapshot.doc_freqs(layer, tokens) for layer in NAME_LAYERS]
    pairs = zip(names, tokens, strict=True)
    return [name for name, token in pairs if any(each[token] for each in counts)]


def frequent_words(snapshot: Snapshot) -> Iterator[VocabularyEntry]:
    """Words of two or more Han characters in MIN_FREQUENT_ARTICLES or more, the commonest first."""
    return _words(snapshot, MIN_FREQUENT_ARTICLES)


def ordinary_words(snapshot: Snapshot) -> list[VocabularyEntry]:
    """The same for words that are common enough to be searched beside others, without those that
    name a concept."""
    least = max(MIN_COMMON_ARTICLES, round(MIN_COMMON_SHARE * snapshot.generation.articles))
    by_form = snapshot.lexicon.by_form
    return [word for word in _words(snapshot, least) if word.text not in by_form]


def _words(snapshot: Snapshot, least: int) -> Iterator[VocabularyEntry]:
    for word, articles in snapshot.terms("text_words", limit=MAX_FREQUENT_WORDS):
        if articles < least:
            return
        if len(word) > 1 and is_han(word) and word not in function_words():
            written = usual_spelling(word)
            yield VocabularyEntry(written, word, articles, word, is_concept=False)
