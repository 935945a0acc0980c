"""The titles of the newest articles (search/newest.py), to complete what is typed."""

from collections.abc import Iterator
from typing import NamedTuple

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from search.newest import newest_matches
from search.pinyin import spell
from search.suggestions.prefix_index import LetterLines, TextLines
from search.suggestions.typed_text import TypedText

MIN_LETTERS = 6
"""Fewer letters of pinyin occur in too many titles to be useful, and initials in nearly all."""
TITLES_OF_A_STORY = 3
"""Reposts may change the title; so many more lines are read than are shown."""
TITLES_PER_READ = 500
"""Articles read in one batch, with their texts, because most engines read whole rows faster."""


class Title(NamedTuple):
    """`text`: as published."""

    id: str
    story: str
    text: str


class Titles:
    """Titles of the newest articles, the newest first."""

    def __init__(self, snapshot: Snapshot, segmenter: Segmenter) -> None:
        titles: dict[str, Title] = {}
        matches = newest_matches(snapshot)
        for start in range(0, len(matches), TITLES_PER_READ):
            batch = {match.id: match for match in matches[start : start + TITLES_PER_READ]}
            for row in snapshot.stored(list(batch), ("id", "title", "normalized")):
                title = Title(row["id"], batch[row["id"]].story, row["title"])
                titles.setdefault(row["normalized"].partition("\n")[0], title)
        self._titles = list(titles.values())
        self._characters = TextLines(titles)
        pieces = map(segmenter.segment, titles)
        self._letters = LetterLines("".join(map(_letters, words)) for words in pieces)

    def find(self, typed: TypedText, limit: int) -> list[Title]:
        """The first titles that match, one of each story."""
        stories: dict[str, Title] = {}
        for line in self._numbers(typed, limit):
            title = self._titles[line]
            stories.setdefault(title.story, title)
            if len(stories) == limit:
                break
        return list(stories.values())

    def _numbers(self, typed: TypedText, limit: int) -> Iterator[int]:
        most = limit * TITLES_OF_A_STORY
        if not typed.marked:
            yield from self._characters.starting(typed.text, most)
            yield from self._characters.holding_all(typed.text.split(), most)
        if typed.latin and len(typed.letters[0]) >= MIN_LETTERS:
            for letters in typed.letters:
                yield from self._letters.starting(letters, most)
                yield from self._letters.whole(letters, most)


def _letters(word: str) -> str:
    """The pinyin of a word with a capital at its beginning only: 人员|周静华 is not yuanzhou."""
    return spell(word).letters.capitalize()
