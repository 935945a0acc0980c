"""The stock recipe, as the tutorials give it: Whoosh, jieba's analyzer, Whoosh's highlighter.

A process of its own: `python -m benchmarks.comparison.stock_recipe TEXTS QUERIES FOLDER` prints one
JSON object.
TEXTS has an article a line, cleaned before; it is read while building, so that memory holds
none of it longer than Whoosh does.
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
    """Ten hits with title and highlights; neither an exact total nor facets are asked for."""
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
