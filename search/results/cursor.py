"""Where the next page begins, as an opaque string that survives in a link."""

import base64
from dataclasses import dataclass

import orjson

from index.engines.api import SortKey
from index.errors import InvalidRequest
from index.messages import msg

MAX_SCORE = 1e30
"""Far above any score; engines that count in 32 bits can hold it."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Start of the next page: within the ranked window, after `offset` rows; beyond it, after the
    match with the sort key `after`."""

    offset: int = 0
    after: SortKey | None = None

    def encode(self) -> str:
        data = orjson.dumps([self.offset, self.after])
        return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bound_cursor(cursor: Cursor, subject: str) -> str:
    """A cursor that continues the answer to one question; `subject`: `SearchRequest.subject`."""
    return f"{cursor.encode()}.{subject}"


def unbound_cursor(text: str, subject: str) -> Cursor:
    """Raises InvalidRequest for what `bound_cursor` did not make for this question."""
    encoded, _, asked = text.partition(".")
    cursor = decode_cursor(encoded)
    if asked != subject:
        raise InvalidRequest(
            msg("这个 cursor 属于另一个查询。"),
            param="cursor",
            hint=msg("查询、筛选和排序要与给出它的那次相同；否则请不带 cursor 从头开始。"),
        )
    return cursor


def decode_cursor(text: str) -> Cursor:
    """Raises InvalidRequest for anything that `Cursor.encode` did not make."""
    try:
        data = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        offset, after = orjson.loads(data)
        if isinstance(offset, bool) or not isinstance(offset, int) or offset < 0:
            raise ValueError("bad offset")
        cursor = Cursor(offset, None if after is None else _sort_key(*after))
        if cursor.encode() != text:
            raise ValueError("not as we write it")
        return cursor
    except (ValueError, TypeError) as error:
        raise InvalidRequest(
            msg("cursor 无效。"),
            param="cursor",
            hint=msg("请使用上一页返回的 cursor，不要改动它。"),
        ) from error


def _sort_key(score: object, published: object, article_id: object) -> SortKey:
    if isinstance(score, bool) or not isinstance(score, int | float) or abs(score) > MAX_SCORE:
        raise ValueError("bad score")
    if published is not None and (isinstance(published, bool) or not isinstance(published, int)):
        raise ValueError("bad time")
    if not isinstance(article_id, str):
        raise ValueError("bad id")
    return (score, published, article_id)
