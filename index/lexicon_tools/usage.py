"""What a generation tells of the lexicon's words: how many articles have them, and what to read."""

from collections.abc import Callable

from index.engines.api import Snapshot
from index.engines.queries import Or, Query, Substring, Term
from index.lexicon_tools.suggest import SampleArticle
from index.text.normalize import normalize


def article_counter(snapshot: Snapshot) -> Callable[[str], int]:
    """A function that says how many articles contain a text, whatever its width, case, script."""

    def count(text: str) -> int:
        folded = normalize(text)
        if folded.isascii() and folded.isalnum():
            # As a word: the letters of LP stand in "help" too.
            fields = ("title_words", "text_words", "title_fine", "text_fine")
            query: Query = Or(tuple(Term(field, folded) for field in fields))
        else:
            query = Substring(folded)
        return snapshot.match(query, limit=0).total

    return count


def sample_articles(snapshot: Snapshot) -> list[SampleArticle]:
    """Title and text of the articles that have a topic: this field's. One of each story."""
    query = Or(tuple(Term("topic", topic) for topic in snapshot.lexicon.topics))
    matches = snapshot.match(query, sort="oldest", limit=snapshot.generation.articles).matches
    first = {match.story: match.id for match in reversed(matches)}
    rows = snapshot.stored(list(first.values()), ("title", "text", "topics"))
    return [SampleArticle(f"{row['title']}\n{row['text']}", tuple(row["topics"])) for row in rows]
