"""What an engine that is near answers in several calls."""

from collections.abc import Sequence

from index.engines.base import And, Or, Query, Snapshot, Term


def one_by_one(snapshot: Snapshot, ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
    """`Snapshot.among`."""
    those = Or(tuple(Term("id", each) for each in ids))
    found = (snapshot.match(And((query, those)), limit=len(ids)) for query in queries)
    return [{match.id for match in matches.matches} for matches in found]
