"""The dearest articles: what reading, indexing and showing one costs."""

import json
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from index.build.builder import Builder
from index.engines.registry import open_engine
from index.lexicon.loading import load_lexicon
from index.settings import Settings
from index.takedowns import Takedowns
from web.app import create_app

SIZE = 2_000_000
"""Characters of each body; what is read of one is bounded (docs/run/articles.md)."""
SENTENCE = "区块链与数字人民币在银行的支付系统里试点。"
UNITS: Mapping[str, tuple[str, str]] = {
    "plain sentences": ("text", SENTENCE),
    "sentences without an end": ("text", SENTENCE[:-1]),
    "different characters": ("text", "".join(map(chr, range(0x4E00, 0x9000)))),
    "Markdown images": ("markdown", "![图](https://a.example/b.png) "),
    "Markdown links": ("markdown", "[区块链](https://a.example/) "),
    "Markdown emphasis never closed": ("markdown", "**银*行_"),
    "Markdown quotations within each other": ("markdown", "> "),
    "Markdown tables": ("markdown", "|区块链|银行|\n|-|-|\n|a|b|\n\n"),
    "lazy pictures": ("html", "<img data-src='https://a.example/b.png' src=x>"),
    "headings never closed": ("html", "<h1>银行"),
    "formatting never closed": ("html", "<b><i>银行"),
    "tables within each other": ("html", "<table><tr><td>银行"),
    "entities": ("html", "&#38134;&#34892;"),
    "comments": ("html", "<!-- a -->银行"),
    "paragraphs": ("html", "<p>区块链</p>"),
}
Result = TypeVar("Result")


def dear_articles() -> dict[str, dict[str, Any]]:
    """Records by name, as a line of a file has them."""
    found: dict[str, dict[str, Any]] = {
        name: {"title": name, "body": unit * (SIZE // len(unit)), "body_format": form}
        for name, (form, unit) in UNITS.items()
    }
    many = [f"{SENTENCE}{number}" for number in range(20_000)]
    return found | {
        "a title of a million characters": {"title": SENTENCE * 50_000, "body": SENTENCE},
        "thousands of authors, tags and sources": {
            "title": "甲",
            "body": SENTENCE,
            "tags": many,
            "author": many,
            "source": "".join(many),
        },
    }


def articles() -> dict[str, Any]:
    """Each alone in an index of its own, in this process, once everything is loaded."""
    print(
        "\n| article | read and indexed, processor s | its page, s | page, KB |\n|---|---|---|---|"
    )
    _figures({"title": "甲", "body": SENTENCE})
    found = {}
    for name, record in dear_articles().items():
        found[name] = row = _figures(record)
        print(f"| {name} | {row['index_s']} | {row['page_s']} | {row['page_kb']} |", flush=True)
    return found


def _figures(record: Mapping[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "articles.jsonl")
        file.write_text(json.dumps({"id": "a", **record}, ensure_ascii=False) + "\n", "utf-8")
        settings = Settings(index_dir=Path(folder, "index"))
        builder = Builder(open_engine(settings), load_lexicon(), Takedowns(settings.index_dir))
        _, indexed = _timed(lambda: builder.rebuild([file]))
        client = create_app(settings).test_client()
        client.get("/search?q=a")
        address = f"/article/a?q={quote('区块链 银行 数字人民币')}"
        page, shown = _timed(lambda: client.get(address, buffered=True))
        if page.status_code != 200:
            raise SystemExit(f"{address} was answered with {page.status_code}")
    return {"index_s": indexed, "page_s": shown, "page_kb": len(page.data) // 1000}


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    begun = time.process_time()
    result = work()
    return result, round(time.process_time() - begun, 2)
