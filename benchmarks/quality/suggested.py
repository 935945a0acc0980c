"""What is suggested for typed texts, and related to queries, to be graded by hand.

    python -m benchmarks.quality.suggested INDEX_DIR [ENGINE]

Texts and queries are in benchmarks/quality/suggested.tsv; grades are in docs/how/suggestions.md.
Titles are only counted.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from index.engines.registry import open_engine
from index.settings import Settings
from search.request import SearchRequest
from search.searcher import Searcher

TEXTS = Path(__file__).with_suffix(".tsv")
NOW = datetime(2026, 9, 1, tzinfo=UTC)


@click.command()
@click.argument("index_dir", type=click.Path(exists=True, path_type=Path))
@click.argument("engine", type=click.Choice(["whoosh", "tantivy"]), default="whoosh")
def main(index_dir: Path, engine: Literal["whoosh", "tantivy"]) -> None:
    """Prints a line for each text."""
    searcher = Searcher(open_engine(Settings(index_dir=index_dir, engine=engine)).open())
    for line in TEXTS.read_text("utf-8").splitlines():
        kind, _, text = line.partition("\t")
        if kind == "type":
            click.echo(f"{text} → {_suggested(searcher, text)}")
        elif kind == "query":
            found = searcher.search(SearchRequest(now=NOW, q=text)).related_searches
            click.echo(f"{text}: {'、'.join(found) or '-'}")


def _suggested(searcher: Searcher, typed: str) -> str:
    found = searcher.aids.suggest(typed)
    named = [f"{each.text} ({each.articles})" for each in found if each.kind != "title"]
    titles = len(found) - len(named)
    return "、".join([*named, *([f"{titles} titles"] if titles else [])]) or "-"


if __name__ == "__main__":
    main()
