"""Mapping and settings of a generation's index, and of the one beside them (`catalog.py`)."""

import zlib
from base64 import b64decode, b64encode
from typing import Any

from index.engines.api import INTEGER_FIELDS, KEYWORD_FIELDS, TOKEN_FIELDS
from index.engines.character_tokens import CHARACTERS, PAIRS
from index.engines.scoring import K1, B

FORMAT = 3
"""Raise it whenever indexes written before could be read wrongly."""
EMPTY_FIELD = "\U00100002"
"""Stands in a token field that would be empty. Lucene's statistics leave out the articles whose
field is empty, the interface's formula does not; what this one token adds to the average length is
taken out again by k1 and b (`similarity`)."""
HEAD, TEXT, BODY = "head", "text", "body"
"""What is shown: small fields as JSON; text; format, line break, source markup. Each a compressed
value of a column: one that is stored with the document is read with all that is stored beside it,
which took five times as long for the fifty texts that ranking reads."""
STATE_COLUMNS = {
    "content_hash": "keyword",
    "first_seen": "long",
    "indexed_at": "long",
    "sketch": "keyword",
}
"""Kept in columns beside `published` and `story`: an update reads them of every article."""
FASTEST_LEVEL = 1
"""Level of compression: it saves four fifths of what the best level would."""
GZIP = b"\x1f\x8b"
"""What compressed requests begin with, and no line of JSON does."""
MAX_KEYWORD_CHARACTERS = 8_191
"""Characters. Lucene refuses a document with a term over 32,766 bytes; a longer value than this is
stored and shown, but not found."""


def columns(field: str) -> str:
    """The column of a token field: what counts its terms."""
    return f"{field}_set"


def settings() -> dict[str, Any]:
    """Shards and replicas are left to the cluster: an index template of its owner sets them."""
    return {
        "index": {
            "refresh_interval": "1s",
            "max_regex_length": 4_096,
            "similarity": {name: similarity(1.0) for name in TOKEN_FIELDS},
        }
    }


def similarity(longer: float) -> dict[str, Any]:
    """BM25 of a field whose average length is `longer` times what it would be without EMPTY_FIELD.

    k1 (1 - b + b l / L), with a length l and an average L, stays the same: what l is multiplied
    by grows with L, what stands alone does not.
    """
    alone, multiplied = K1 * (1 - B), K1 * B * longer
    k1 = alone + multiplied
    return {"type": "BM25", "k1": k1, "b": multiplied / k1}


def mapping(meta: dict[str, Any]) -> dict[str, Any]:
    keyword = {"type": "keyword", "ignore_above": MAX_KEYWORD_CHARACTERS}
    only_shown = {"type": "binary", "doc_values": True}
    properties: dict[str, Any] = {}
    for name in TOKEN_FIELDS:
        properties[name] = {**_cut("freqs", norms=True), "similarity": name}
        properties[columns(name)] = {"type": "keyword", "index": False}
    properties |= dict.fromkeys(KEYWORD_FIELDS, keyword)
    properties |= {name: {"type": "long"} for name in INTEGER_FIELDS}
    properties |= {name: _column(kind) for name, kind in STATE_COLUMNS.items()}
    properties[CHARACTERS] = _cut("docs")
    properties |= {name: _cut("positions") for name in PAIRS.values()}
    properties |= dict.fromkeys((HEAD, TEXT, BODY), only_shown)
    return {
        "dynamic": "strict",
        "_meta": meta,
        # What is read back is kept field by field; a source of 40 KB an article is not.
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
