"""Reads from an index what the lexicon tools need: article counts and sample articles."""

from collections.abc import Callable

from index.engines.api import Snapshot
from index.engines.queries import Or, Query, Substring, Term
from index.lexicon_tools.suggest import SampleArticle
from index.text.normalize import normalize


def article_counter(snapshot: Snapshot) -> Callable[[str], int]:
    """A function that counts articles with a text, ignoring width, case and script."""

    def count(text: str) -> int:
        normalized = normalize(text)
        if normalized.isascii() and normalized.isalnum():
            # As a word: "help" contains the letters of LP too.
            fields = ("title_words", "text_words", "title_fine", "text_fine")
            query: Query = Or(tuple(Term(field, normalized) for field in fields))
        else:
            query = Substring(normalized)
        return snapshot.match(query, limit=0).total

    return count


def sample_articles(snapshot: Snapshot) -> list[SampleArticle]:
    """Articles that have a topic, one of each story (its earliest)."""
    query = Or(tuple(Term("topic", topic) for topic in snapshot.lexicon.topics))
    matches = snapshot.match(query, sort="oldest", limit=snapshot.generation.articles).matches
    first = {match.story: match.id for match in reversed(matches)}
    rows = snapshot.stored(list(first.values()), ("title", "text", "topics"))
    return [SampleArticle(f"{row['title']}\n{row['text']}", tuple(row["topics"])) for row in rows]
