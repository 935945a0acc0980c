"""Which articles are the first of their story: those whose own id is that of their story."""

from index.engines.api import Snapshot
from index.engines.queries import Not, Or, Query, Term


def first_articles(snapshot: Snapshot) -> Query:
    """A query for the first article of each story, and for articles that nobody reposted.

    It names the reposted stories, which are few (167 of 35,056 stories).
    """
    counted = snapshot.terms("story", limit=snapshot.generation.articles)
    reposted = [story for story, articles in counted if articles > 1]
    single = Not(Or(tuple(Term("story", story) for story in reposted)))
    return Or((single, *(Term("id", story) for story in reposted)))
