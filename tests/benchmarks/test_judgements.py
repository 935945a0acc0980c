"""Judged queries and grades of several files are read as one."""

import argparse
from pathlib import Path

from benchmarks.quality.judgements import add_arguments, opened
from tests.support.tiny_search import article
from tests.support.visitors import index_of


def test_several_files(tmp_path: Path) -> None:
    """A later file adds queries, and grades to those of another."""
    index_of(tmp_path / "index", [article("a", "元宇宙", "游戏")])
    given = {
        "one.jsonl": '{"qid": "q1", "query": "元宇宙"}',
        "two.jsonl": '{"qid": "q2", "query": "游戏"}',
        "one.tsv": "q1 0 a 3",
        "two.tsv": "q1 0 b 1\nq2 0 a 2",
    }
    for name, text in given.items():
        (tmp_path / name).write_text(text, "utf-8")
    words = [str(tmp_path / "index")]
    for option, ending in (("--queries", "jsonl"), ("--qrels", "tsv")):
        words += [w for n in ("one", "two") for w in (option, str(tmp_path / f"{n}.{ending}"))]
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    judged = opened(parser.parse_args(words))

    assert [query.id for query in judged.queries] == ["q1", "q2"]
    assert judged.qrels == {"q1": {"a": 3, "b": 1}, "q2": {"a": 2}}
    assert judged.snapshot.generation.articles == 1
