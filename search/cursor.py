"""Where the next page begins, as an opaque string that survives in a link."""

import base64
import binascii
from dataclasses import dataclass

import orjson

from index.engines.base import SortKey
from index.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Cursor:
    """Within the window of ranked results, `offset` lines are behind us; beyond it, everything up
    to `after` is."""

    offset: int = 0
    after: SortKey | None = None

    def encode(self) -> str:
        data = orjson.dumps([self.offset, self.after])
        return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> Cursor:
    """Raises InvalidRequest for anything that `Cursor.encode` did not make."""
    try:
        data = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        offset, after = orjson.loads(data)
        if not isinstance(offset, int) or offset < 0:
            raise ValueError("bad offset")
        return Cursor(offset, None if after is None else _sort_key(*after))
    except (ValueError, TypeError, binascii.Error, UnicodeEncodeError) as error:
        raise InvalidRequest(
            "cursor 无效。", param="cursor", hint="请使用上一页返回的 cursor，不要改动它。"
        ) from error


def _sort_key(score: object, published: object, article_id: object) -> SortKey:
    if not isinstance(score, int | float) or not isinstance(article_id, str):
        raise ValueError("bad sort key")
    if published is not None and not isinstance(published, int):
        raise ValueError("bad sort key")
    return (float(score), published, article_id)
