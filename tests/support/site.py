"""A site for tests of rebuilds and updates: an engine and a file of articles."""

from dataclasses import dataclass
from pathlib import Path

from index.article import Article
from index.build.builder import Builder, Report
from index.engines.api import Engine, Generation, State
from index.engines.queries import All
from index.lexicon.model import Lexicon
from index.takedowns import Takedowns
from tests.support.articles import write_articles


@dataclass
class Site:
    """An engine, and one file of articles that may be rewritten."""

    engine: Engine
    root: Path
    lexicon: Lexicon
    written: int = 0

    @property
    def builder(self) -> Builder:
        return Builder(self.engine, self.lexicon, Takedowns(self.root))

    @property
    def file(self) -> Path:
        return self.root / "news.jsonl"

    def write(self, *articles: Article) -> list[Path]:
        self.root.mkdir(parents=True, exist_ok=True)
        return [write_articles(self.file, articles)]

    def change(self, *articles: Article) -> Generation:
        """A next generation that keeps the one before: an update, or a rebuild if the engine
        updates in place."""
        paths = self.write(*articles)
        renew = self.builder.rebuild if self.engine.updates_in_place else self.builder.update
        generation = renew(paths).generation
        assert generation is not None
        return generation

    def ids(self) -> list[str]:
        snapshot = self.engine.open()
        found = [match.id for match in snapshot.match(All(), sort="newest", limit=99).matches]
        snapshot.close()
        return found

    def states(self) -> dict[str, State]:
        snapshot = self.engine.open()
        states = snapshot.states()
        snapshot.close()
        return states


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.removed
