"""The newest articles of a generation: what is read ahead of every question is read of them only,
so that a start takes as long with a million articles as with READ_AHEAD."""

from index.engines.api import Match, Snapshot
from index.engines.queries import All

READ_AHEAD = 50_000
"""Articles; six seconds of one core, and some 100 MB."""


def newest_matches(snapshot: Snapshot) -> tuple[Match, ...]:
    """The newest first; undated ones are the oldest."""
    limit = min(READ_AHEAD, snapshot.generation.articles)
    return snapshot.match(All(), sort="newest", limit=limit).matches


def read_ahead_since(snapshot: Snapshot) -> int | None:
    """When the oldest of them was published; None where that leaves nothing out."""
    if snapshot.generation.articles <= READ_AHEAD:
        return None
    return newest_matches(snapshot)[-1].published
