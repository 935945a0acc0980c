"""Cursors: opaque, safe in URLs, and refused unless made by us."""

import base64
from contextlib import suppress
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InvalidRequest
from search.results.cursor import MAX_SCORE, Cursor, decode_cursor

keys = st.tuples(
    st.floats(-MAX_SCORE, MAX_SCORE),
    st.none() | st.integers(-(2**53), 2**53),
    st.text(st.characters(exclude_categories=["Cs"])),
)


def encoded(data: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(data)).decode().rstrip("=")


@given(st.builds(Cursor, st.integers(0, 2**53), st.none() | keys))
def test_round_trip(cursor: Cursor) -> None:
    """A cursor is read back from its string, and the string from a URL."""
    text = cursor.encode()
    assert decode_cursor(text) == cursor
    assert quote(text, safe="") == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("garbage", id="garbage"),
        pytest.param("元宇宙", id="Chinese"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param("%%%%", id="not base64"),
        pytest.param("A", id="cut"),
        pytest.param(Cursor(5).encode() + "==", id="padded"),
        pytest.param(Cursor(5).encode() + "\n", id="line break"),
        pytest.param(encoded(5), id="a number"),
        pytest.param(encoded([]), id="nothing in it"),
        pytest.param(encoded([1, None, 2]), id="too much in it"),
        pytest.param(encoded({"a": 1, "b": 2}), id="an object"),
        pytest.param(encoded([-1, None]), id="negative offset"),
        pytest.param(encoded([True, None]), id="offset no number"),
        pytest.param(encoded([1.5, None]), id="offset no integer"),
        pytest.param(encoded([0, 5]), id="key no list"),
        pytest.param(encoded([0, [1.0, 2]]), id="key too short"),
        pytest.param(encoded([0, ["1", 2, "a"]]), id="score no number"),
        pytest.param(encoded([0, [True, 2, "a"]]), id="score a truth"),
        pytest.param(encoded([0, [1e300, 2, "a"]]), id="score too large"),
        pytest.param(encoded([0, [1.0, "2", "a"]]), id="time no number"),
        pytest.param(encoded([0, [1.0, 2.5, "a"]]), id="time no integer"),
        pytest.param(encoded([0, [1.0, 2, 3]]), id="id no text"),
        pytest.param(encoded([[[[[]]]], None]), id="nested"),
    ],
)
def test_foreign_cursors(text: str) -> None:
    """Any other string is an error that names the parameter."""
    with pytest.raises(InvalidRequest) as caught:
        decode_cursor(text)
    assert caught.value.param == "cursor"


@given(st.text() | st.text("ABCDwxyz0189-_"))
def test_any_string(text: str) -> None:
    """Any string is decoded or refused."""
    with suppress(InvalidRequest):
        assert decode_cursor(text).encode() == text
