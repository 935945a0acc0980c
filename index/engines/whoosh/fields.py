"""Which fields a segment inverts, and the Whoosh schema that names them."""
# mypy: allow-untyped-calls

from collections.abc import Iterator
from typing import Any

from whoosh import fields, formats

from index.engines.api import KEYWORD_FIELDS, TOKEN_FIELDS
from index.engines.document_fields import HEAD_FIELDS

CHARACTER_TERMS = "characters"
"""Field: a term for each visible character."""

PAIR_TERMS = "pairs"
"""Field: a term for each two neighbouring common characters, to find quotations."""

INVERTED = (*TOKEN_FIELDS, *KEYWORD_FIELDS, CHARACTER_TERMS, PAIR_TERMS)

NUMBERS = ("published", "day", "month", "year", "estimated")
NO_NUMBER = -(2**62)
"""For a missing date; smaller than any."""


class BulkField(fields.FieldType):
    """A field whose postings go to our codec in bulk. Whoosh's own queries can read it."""

    indexed = True
    stored = False
    unique = False
    vector = None
    spelling = False
    column_type = None
    multitoken_query = "and"
    analyzer = None

    # Whoosh's BM25 would need field lengths where we keep none; unscored, it sorts by frequency.
    scorable = False

    def __init__(self, counted: bool) -> None:
        self.format = formats.Frequency() if counted else formats.Existence()

    def index(self, value: Any, **_: Any) -> Iterator[Any]:
        raise NotImplementedError("postings are given to the codec in bulk")

    def to_bytes(self, value: str | bytes) -> bytes:
        return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


Packed = BulkField
"""Its name in the pickled schema of older indexes, which could not be opened without it."""


def schema() -> fields.Schema:
    """Inverted fields under their names, stored values under `stored_<name>`."""
    columns: dict[str, fields.FieldType] = {
        name: BulkField(counted=name in TOKEN_FIELDS) for name in INVERTED
    }
    columns |= {f"stored_{name}": fields.STORED() for name in HEAD_FIELDS}
    return fields.Schema(**columns)
