"""What all processes of a server have together.

Loads no more of the application than that: the first process of several answers nothing.
"""

from dataclasses import dataclass

from index.settings import Settings
from web.http.admission import TokenBuckets, buckets_for
from web.monitoring.figures import SharedCounts
from web.statistics.collector import QuerySender


@dataclass(frozen=True)
class SharedState:
    """Can be given to a process that is forked or started.

    `query_sender`: where queries are sent to be counted.
    """

    figures: SharedCounts
    buckets: TokenBuckets | None
    query_sender: QuerySender | None


def shared_by(
    settings: Settings, processes: int = 1, query_sender: QuerySender | None = None
) -> SharedState:
    """For a server of so many processes that answer."""
    at_once = 3 * processes + 1  # the next ones may come and others still end
    return SharedState(SharedCounts(at_once), buckets_for(settings), query_sender)
