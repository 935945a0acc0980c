"""The stock recipe of tutorials: Whoosh, jieba's analyzer, Whoosh's highlighter.

Runs in a process of its own: `python -m benchmarks.comparison.stock_recipe TEXTS QUERIES FOLDER`
prints one JSON object. TEXTS has one cleaned article a line and is read while building, so that
memory holds no more of it than Whoosh needs.
"""
# mypy: allow-untyped-calls

import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from jieba.analyse.analyzer import ChineseAnalyzer
from whoosh import fields, index, qparser

from benchmarks.comparison.yuansou import WARM_UP, Answer
from benchmarks.harness.corpus import Text

MEMORY_MB = 256
"""The writer's limit; larger ones were measured to change nothing."""


def main() -> None:
    logging.getLogger("jieba").setLevel(logging.ERROR)
    texts, queries, folder = map(Path, sys.argv[1:])
    started = time.perf_counter()
    build(_texts(texts), folder)
    seconds = time.perf_counter() - started
    answers = search(json.loads(queries.read_text("utf-8")), folder)
    json.dump({"build_s": seconds, "answers": answers}, sys.stdout)


def build(texts: Iterator[Text], folder: Path) -> None:
    analyzer = ChineseAnalyzer()
    schema = fields.Schema(
        id=fields.ID(stored=True, unique=True),
        title=fields.TEXT(stored=True, analyzer=analyzer),
        body=fields.TEXT(stored=True, analyzer=analyzer),
    )
    writer = index.create_in(str(folder), schema).writer(limitmb=MEMORY_MB)
    for article_id, title, text in texts:
        writer.add_document(id=article_id, title=title, body=text)
    writer.commit()


def search(queries: Sequence[str], folder: Path) -> list[Answer]:
    """Ten hits with title and highlights, without an exact total or facets."""
    handle = index.open_dir(str(folder))
    parser = qparser.MultifieldParser(["title", "body"], handle.schema)
    answers = []
    with handle.searcher() as searcher:
        for query in (WARM_UP, *queries):
            started = time.perf_counter()
            results = searcher.search(parser.parse(query), limit=10)
            shown = [(hit["title"], hit.highlights("body")) for hit in results]
            answers.append(Answer(time.perf_counter() - started, len(shown)))
    return answers[1:]


def _texts(path: Path) -> Iterator[Text]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Text(*json.loads(line))


if __name__ == "__main__":
    main()
