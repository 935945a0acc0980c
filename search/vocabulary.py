"""What a generation can be asked by: the lexicon's forms and frequent words that have articles."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.engines.api import Snapshot
from index.text.han import is_han
from index.text.normalize import normalize
from search.query.stopwords import function_words

FREQUENT = 100
"""In so many articles a word is no error, and what is meant by one."""
MAX_WORDS = 50_000
CONCEPT_LAYERS = ("title_concepts", "text_concepts")


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """A way to write something. `written`: as in the lexicon; `text`: normalised; `articles`: how
    many mention it under any name, the larger number of those that do in title and in text;
    `token`: its concept's, or the word's own."""

    written: str
    text: str
    articles: int
    token: str
    is_concept: bool = True


def concept_names(snapshot: Snapshot) -> list[VocabularyEntry]:
    """Every form of every concept that has articles: those with the most first, and of one
    concept its name first."""
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


def frequent_words(snapshot: Snapshot) -> Iterable[VocabularyEntry]:
    """Words of two Han characters or more that many articles have, the commonest first."""
    for word, articles in snapshot.terms("text_words", limit=MAX_WORDS):
        if articles < FREQUENT:
            return
        if len(word) > 1 and is_han(word) and word not in function_words():
            yield VocabularyEntry(word, word, articles, word, is_concept=False)
