"""The mapping and settings of a generation's index."""

import zlib
from base64 import b64decode, b64encode
from typing import Any

from index.engines.api import INTEGER_FIELDS, KEYWORD_FIELDS, TOKEN_FIELDS
from index.engines.character_tokens import CHARACTERS, PAIRS
from index.engines.scoring import K1, B

OPENSEARCH_FORMAT = 4
"""Raise it whenever indexes written before could be read wrongly."""
EMPTY_FIELD = "\U00100002"
"""The only token of a token field that would be empty. Lucene's statistics ignore articles with an
empty field, our formula does not. k1 and b correct what this token adds to the average length
(`similarity`)."""
HEAD, TEXT, BODY = "head", "text", "body"
"""Short fields as JSON; the text; the format, a line break and the source markup. Each is a
compressed column: stored fields of a document can only be read together, which took five times as
long for the fifty texts that ranking reads."""
STATE_COLUMNS = {
    "content_hash": "keyword",
    "date_origin": "keyword",
    "first_seen": "long",
    "indexed_at": "long",
    "sketch": "keyword",
}
"""Columns that an update reads of every article, with `published` and `story`."""
FASTEST_LEVEL = 1
"""Level of compression: it saves four fifths of what the best level would."""
GZIP = b"\x1f\x8b"
"""The first bytes of compressed requests; no JSON begins with them."""
MAX_KEYWORD_CHARACTERS = 8_191
"""Longer values are stored, but cannot be searched: Lucene refuses a document with a term of more
than 32,766 bytes."""


def counted_column(field: str) -> str:
    """The column of a token field, by which its terms are counted."""
    return f"{field}_set"


def index_settings() -> dict[str, Any]:
    """Without shards and replicas: an index template of the cluster's owner sets them."""
    return {
        "index": {
            "refresh_interval": "1s",
            "max_regex_length": 4_096,
            "similarity": {name: similarity(1.0) for name in TOKEN_FIELDS},
        }
    }


def similarity(longer: float) -> dict[str, Any]:
    """BM25 of a field whose average length is `longer` times what it would be without EMPTY_FIELD.

    k1 (1 - b + b l / L), with a length l and an average L, stays the same: the factor of l grows
    with L, the other term does not.
    """
    alone, multiplied = K1 * (1 - B), K1 * B * longer
    k1 = alone + multiplied
    return {"type": "BM25", "k1": k1, "b": multiplied / k1}


def index_mapping(meta: dict[str, Any]) -> dict[str, Any]:
    keyword = {"type": "keyword", "ignore_above": MAX_KEYWORD_CHARACTERS}
    only_shown = {"type": "binary", "doc_values": True}
    properties: dict[str, Any] = {}
    for name in TOKEN_FIELDS:
        properties[name] = {**_cut("freqs", norms=True), "similarity": name}
        properties[counted_column(name)] = {"type": "keyword", "index": False}
    properties |= dict.fromkeys(KEYWORD_FIELDS, keyword)
    properties |= {name: {"type": "long"} for name in INTEGER_FIELDS}
    properties |= {name: _column(kind) for name, kind in STATE_COLUMNS.items()}
    properties[CHARACTERS] = _cut("docs")
    properties |= {name: _cut("positions") for name in PAIRS.values()}
    properties |= dict.fromkeys((HEAD, TEXT, BODY), only_shown)
    return {
        "dynamic": "strict",
        "_meta": meta,
        # Fields are read from columns; a source would add 40 KB for each article.
        "_source": {"enabled": False},
        "properties": properties,
    }


def _cut(options: str, *, norms: bool = False) -> dict[str, Any]:
    return {"type": "text", "analyzer": "whitespace", "index_options": options, "norms": norms}


def _column(kind: str) -> dict[str, Any]:
    return {"type": kind, "index": False}


def compress_text(text: str) -> str:
    """A text as the value of a column."""
    data = text.encode("utf-8", "surrogatepass")
    return b64encode(zlib.compress(data, FASTEST_LEVEL)).decode("ascii")


def decompress_text(value: str) -> str:
    """Undoes `compress_text`."""
    # The cluster returns values without their padding, and more padding than needed is no error.
    return zlib.decompress(b64decode(value + "==")).decode("utf-8", "surrogatepass")
