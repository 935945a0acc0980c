"""Conditions on what an article has to do with a concept: it mentions it, or is about it.

An article *mentions* a concept whose name, any of them, occurs in its own text. It is *about* one
that its title names, or that labels it as a topic or an organisation (index/analysis/labels.py).
"""

from index.engines.queries import And, Or, Query, Term
from index.lexicon.model import ORGANISATION_KINDS, Concept, form_key
from search.query.parsing.quotation import quote

ABOUT, MENTION = "about", "mention"
"""Names of fields of the query language, as its parser knows them."""
WRITTEN = {ABOUT: "关于", MENTION: "提到"}
_TITLE, _TEXT = "title_concepts", "text_concepts"
JOINT = "与"
"""A topic label may name two concepts: NFT与数字藏品."""


def mentioning(concept: Concept) -> Query:
    return Or((Term(_TITLE, concept.token), Term(_TEXT, concept.token)))


def about(concept: Concept) -> Query:
    """Articles about it, all of which mention it."""
    return And((mentioning(concept), Or((Term(_TITLE, concept.token), *_labels(concept)))))


def condition(field: str, concept: Concept) -> Query:
    return about(concept) if field == ABOUT else mentioning(concept)


def written(field: str, concept: Concept) -> str:
    """The condition in the query language: 关于：数字人民币, 提到："Vision Pro"."""
    plain = all(char.isalnum() for char in concept.name)
    return f"{WRITTEN[field]}：{concept.name if plain else quote(concept.name)}"


def label(concept: Concept) -> Term | None:
    """The label of articles about it or about the broader subject that it belongs to; none for a
    person, whose topic is what they are known for."""
    if concept.kind in ORGANISATION_KINDS:
        return Term("organisation", concept.name)
    return Term("topic", concept.topic) if concept.topic and concept.kind != "person" else None


def _labels(concept: Concept) -> list[Term]:
    """The labels that carry its name. Other concepts may give them too, so they alone do not say
    that an article mentions this one."""
    forms = set(map(form_key, concept.forms()))
    named = {form_key(part) for part in concept.topic.split(JOINT)}
    given = label(concept)
    return [given] if given and (given.field == "organisation" or forms & named) else []
