"""One story: its first article, its reposts in time, and how their titles differ."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from index.article import ESTIMATED_ORIGINS, DateOrigin
from index.engines.api import Snapshot
from index.engines.queries import Term
from index.text.normalize import normalize
from index.text.spans import Span
from search.response import Highlighted
from search.results.collapsing import first_known, is_later

MAX_SHOWN_MEMBERS = 200
"""Articles of a story that its page lists."""
COMPARED_TITLE_CHARS = 200
"""Only the start of a title is compared: time grows with the product of both lengths."""
MEMBER_FIELDS = ("id", "url", "title", "source", "published", "date_origin", "credited")
MIN_TITLE_RATIO = 0.4
"""By difflib's ratio. A title less similar was written anew; its differences are not marked."""


@dataclass(frozen=True, slots=True)
class StoryMember:
    """One article of a story. `title` marks what the first article's title lacks.

    `published`: epoch seconds. `later`: seconds after the first article; None unless the dates of
    both were given.
    `retitled`: the title has little in common with the first one's.
    """

    id: str
    url: str | None
    title: Highlighted
    source: str | None
    published: int | None
    later: int | None
    date_origin: DateOrigin = "given"
    credited: str | None = None
    retitled: bool = False


@dataclass(frozen=True, slots=True)
class StoryView:
    """The first article, the others by time (those without a given date last), and how many there
    are in all."""

    id: str
    text: str
    first: StoryMember
    others: tuple[StoryMember, ...]
    total: int

    @property
    def estimated(self) -> bool:
        """Whether the date of one of the others is an estimate."""
        return any(other.date_origin in ESTIMATED_ORIGINS for other in self.others)

    @property
    def first_known(self) -> bool:
        """Whether it is known which was first, by the rule of the results."""
        start = self.first.published
        if start is None or self.first.date_origin != "given":
            return False
        return all(
            is_later(start, other.published, estimated=other.date_origin in ESTIMATED_ORIGINS)
            for other in self.others
        )

    @property
    def span(self) -> int | None:
        """Seconds from the first to the last of them."""
        return max((t.later for t in self.others if t.later is not None), default=None)


def story_view(snapshot: Snapshot, story: str) -> StoryView | None:
    """None if there is no such story. `text` is the first article's.

    The id of a story is that of an article, so a story is found by an id that it has had before.
    """
    members = snapshot.story_members(story)
    if not members:
        known = snapshot.stored([story], ("story",))
        return story_view(snapshot, known[0]["story"]) if known else None
    rows = snapshot.stored(members[:MAX_SHOWN_MEMBERS], MEMBER_FIELDS)
    text = snapshot.stored(members[:1], ("text",))[0]["text"]
    first, *others = (_member(row, rows[0]) for row in rows)
    return StoryView(story, text, replace(first, later=None), tuple(others), len(members))


def others_of_story(snapshot: Snapshot, story: str, article_id: str) -> tuple[int, bool]:
    """How many other articles a story has, and whether this one is known to be the first."""
    members = snapshot.match(Term("story", story), limit=MAX_SHOWN_MEMBERS)
    own = next((match for match in members.matches if match.id == article_id), None)
    if own is None or members.total > len(members.matches):
        return members.total - 1, False
    return members.total - 1, first_known(own, members.matches)


def _member(row: dict[str, Any], first: dict[str, Any]) -> StoryMember:
    spans = differences(first["title"], row["title"])
    start, given = (
        each["published"] if each["date_origin"] == "given" else None for each in (first, row)
    )
    return StoryMember(
        id=row["id"],
        url=row["url"],
        title=Highlighted(row["title"], spans or ()),
        source=row["source"],
        published=row["published"],
        later=None if start is None or given is None else given - start,
        date_origin=row["date_origin"],
        credited=row["credited"],
        retitled=spans is None,
    )


def differences(first: str, other: str) -> tuple[Span, ...] | None:
    """Spans of `other` that `first` lacks, apart from width, case and script. None for titles with
    little in common."""
    before, after = (normalize(title)[:COMPARED_TITLE_CHARS] for title in (first, other))
    if before == after:
        return ()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < MIN_TITLE_RATIO:
        return None
    changes = matcher.get_opcodes()
    return tuple((low, high) for tag, _, _, low, high in changes if tag in ("insert", "replace"))
