"""Finds the articles that a change of the lexicon affects, so that an update analyses no others.

A name affects an article only if its characters occur in it. jieba chooses among the words that
occur in a run by their frequencies (`cutters.TAUGHT_STEP` keeps the total constant). Whether a name
is taught depends on the names inside it, and a text with the outer one contains the inner one. The
scanner, the parts of words, masks and concepts look for characters in the text too. So only the
articles found by `touching` can change.
"""

from collections.abc import Iterator

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from index.engines.queries import Or, Query, Substring
from index.lexicon.model import Concept, Lexicon, token_of

MAX_SHARE = 0.5
"""Share of articles; if more are affected, a rebuild is as quick and leaves fewer segments."""
_AT_ONCE = 100


def changed_forms(old: Lexicon, new: Lexicon) -> set[str]:
    """Normalised names that are new, gone, or of another concept, topic or kind; masks and regional
    words that are new or gone.

    `related` and attestations do not count: nothing in a document depends on them.
    """
    before, after = dict(_meanings(old)), dict(_meanings(new))
    forms = {form for form in before.keys() | after.keys() if before.get(form) != after.get(form)}
    regional = old.regional_words.keys() ^ new.regional_words.keys()
    return forms | (old.opaque ^ new.opaque) | regional


def _meanings(lexicon: Lexicon) -> Iterator[tuple[str, tuple[str, ...]]]:
    for form, concept in lexicon.by_form.items():
        yield form, _meaning(concept)


def _meaning(concept: Concept) -> tuple[str, ...]:
    return concept.name, concept.topic, concept.kind, concept.labels


def same_weights(old: Lexicon, new: Lexicon) -> bool:
    """Whether both teach the same total frequency; if not, any text may be affected."""
    return Segmenter(old).taught == Segmenter(new).taught


def touching(snapshot: Snapshot, forms: set[str]) -> set[str]:
    """Ids of the articles that contain one of `forms`."""
    # A token has "_" for white space, and an article may have "_" too.
    spellings = sorted(forms | {token_of(form) for form in forms})
    queries: list[Query] = [Substring(spelling) for spelling in spellings]
    articles = snapshot.generation.articles
    found: set[str] = set()
    for at in range(0, len(queries), _AT_ONCE):
        query = Or(tuple(queries[at : at + _AT_ONCE]))
        found |= {match.id for match in snapshot.match(query, limit=articles).matches}
    return found


def ids_to_reanalyse(snapshot: Snapshot, new: Lexicon) -> set[str] | None:
    """Ids of the articles in `snapshot` that `new` may segment or label differently.

    None if a rebuild is better: most are affected, or the total frequency differs.
    """
    old = snapshot.lexicon
    if old.version == new.version:
        return set()
    if not same_weights(old, new):
        return None
    found = touching(snapshot, changed_forms(old, new))
    return found if len(found) <= MAX_SHARE * snapshot.generation.articles else None
