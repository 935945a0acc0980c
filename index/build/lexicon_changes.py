"""Which articles a change of the lexicon touches, so that an update cuts no others.

An article depends on a form only if it contains its letters. jieba chooses among the words that
occur in a run and weighs them by their own frequencies (`teaching.TAUGHT_STEP` keeps their sum as
it is); a form is taught or not depending on the forms inside it, and who contains the outer one
contains the inner one; the scanner, the finer parts, masks and concepts look for letters in the
text as well. So the articles of `touching` are all that can come out differently.
"""

from collections.abc import Iterator

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from index.engines.queries import Or, Query, Substring
from index.lexicon.model import Concept, Lexicon, token_of

MAX_SHARE = 0.5
"""If more of the articles than this are touched, a rebuild is as quick and leaves no gaps."""
_AT_ONCE = 100


def changed_forms(old: Lexicon, new: Lexicon) -> set[str]:
    """Normalised forms and masks that mean something else in `new`, or exist in one only.

    `related` and the sources are not looked at: nothing in an article comes from them.
    """
    before, after = dict(_meanings(old)), dict(_meanings(new))
    forms = {form for form in before.keys() | after.keys() if before.get(form) != after.get(form)}
    return forms | (old.opaque ^ new.opaque)


def _meanings(lexicon: Lexicon) -> Iterator[tuple[str, tuple[str, ...]]]:
    for form, concept in lexicon.by_form.items():
        yield form, _meaning(concept)


def _meaning(concept: Concept) -> tuple[str, ...]:
    return concept.name, concept.topic, concept.kind, concept.labels


def same_weights(old: Lexicon, new: Lexicon) -> bool:
    """Whether both teach words of the same weight; if not, any text may be cut differently."""
    return Segmenter(old).taught == Segmenter(new).taught


def touching(snapshot: Snapshot, forms: set[str]) -> set[str]:
    """Ids of the articles that contain one of `forms`."""
    # A token spells a form's white space as "_", and so may an article.
    spellings = sorted(forms | {token_of(form) for form in forms})
    queries: list[Query] = [Substring(spelling) for spelling in spellings]
    articles = snapshot.generation.articles
    found: set[str] = set()
    for at in range(0, len(queries), _AT_ONCE):
        query = Or(tuple(queries[at : at + _AT_ONCE]))
        found |= {match.id for match in snapshot.match(query, limit=articles).matches}
    return found


def to_recut(snapshot: Snapshot, new: Lexicon) -> set[str] | None:
    """Ids of the articles of `snapshot` that `new` cuts or labels differently, perhaps.

    None if a rebuild is better: most are touched, or words weigh differently.
    """
    old = snapshot.lexicon
    if old.version == new.version:
        return set()
    if not same_weights(old, new):
        return None
    found = touching(snapshot, changed_forms(old, new))
    return found if len(found) <= MAX_SHARE * snapshot.generation.articles else None
