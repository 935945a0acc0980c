"""Counts what the articles of a build lack, such as dates, so that the report can say so."""

from collections import Counter
from dataclasses import dataclass, field

from index.article import Article

NAMED = 5
"""Articles that a report names for each thing that is missing."""


@dataclass(slots=True)
class Gap:
    """Articles that lack one thing: their number, and where the first few were read."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, path: str) -> None:
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(path)


@dataclass(slots=True)
class Gaps:
    """What the articles read lack. `shortened`: what of them was too long.

    `unread`: number of files in unsupported formats, by ending.
    """

    undated: Gap = field(default_factory=Gap)
    without_source: Gap = field(default_factory=Gap)
    named_after_file: Gap = field(default_factory=Gap)
    shortened: Gap = field(default_factory=Gap)
    unread: Counter[str] = field(default_factory=Counter)

    def note(self, article: Article) -> None:
        """Counts an article under each thing that it lacks."""
        if article.published is None:
            self.undated.add(article.path)
        if article.source is None:
            self.without_source.add(article.path)
        if article.named_after_file:
            self.named_after_file.add(article.path)
        if article.shortened:
            self.shortened.add(f"{article.path}（{'、'.join(article.shortened)}）")
