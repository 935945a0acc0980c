"""Tantivy by itself, over jieba's words joined by spaces, with its own snippets."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from benchmarks.harness.corpus import Text
from benchmarks.peers.base import COUNT, Hit, Search
from benchmarks.peers.words import closed, spaced, words_asked

WRITER_BYTES = 256_000_000
SNIPPET_CHARACTERS = 150


def build(articles: Iterable[Text], folder: Path) -> None:
    writer = tantivy.Index(_schema(), path=str(folder)).writer(WRITER_BYTES)
    for id_, title, text in articles:
        words = {"title": spaced(title), "body": spaced(text)}
        writer.add_document(tantivy.Document(id=id_, shown=title, **words))
    writer.commit()
    writer.wait_merging_threads()


def open_index(folder: Path) -> Search:
    schema = _schema()
    index = tantivy.Index.open(str(folder))
    index.reload()

    def search(query: str) -> list[Hit]:
        asked, searcher = _query(schema, query), index.searcher()
        snippets = tantivy.SnippetGenerator.create(searcher, asked, schema, "body")
        snippets.set_max_num_chars(SNIPPET_CHARACTERS)
        documents = [searcher.doc(address) for _, address in searcher.search(asked, COUNT).hits]
        return [_hit(document, snippets) for document in documents]

    return search


def _schema() -> Any:
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("id", stored=True, tokenizer_name="raw")
    fields.add_text_field("shown", stored=True, tokenizer_name="raw")
    fields.add_text_field("title", tokenizer_name="whitespace")
    fields.add_text_field("body", stored=True, tokenizer_name="whitespace")
    return fields.build()


def _query(schema: Any, query: str) -> Any:
    """Any of the words, in the title or in the text."""
    parts = []
    for word in words_asked(query):
        for field in ("title", "body"):
            parts.append((Occur.Should, Query.term_query(schema, field, word)))
    return Query.boolean_query(parts)


def _hit(document: Any, snippets: Any) -> Hit:
    snippet = snippets.snippet_from_doc(document).to_html()
    return Hit(document["id"][0], document["shown"][0], closed(snippet))
