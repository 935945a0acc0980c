"""The readers take what the fuzzer makes, what failed once, and the fuzzer notices what fails."""

import pytest

from benchmarks.fuzzing.__main__ import failures, made_input, problem_of, shortest
from benchmarks.fuzzing.readers import READERS, Reader

KEPT = (
    pytest.param("html", "<i hidden></b>" * 40, id="hidden, closed by others"),
    pytest.param("html", "<ruby><rt>" * 60 + "</ruby>甲", id="readings never closed"),
    pytest.param("markdown", "**<!--" * 60, id="comments in emphasis"),
    pytest.param("markdown", "\ufdd01\ufdd1{{ a }}", id="the placeholder of a template tag"),
    pytest.param("front matter", "---\na: *b\n---\n", id="an alias"),
    pytest.param("front matter", "+++\na = 1979-05-27T07:32:00-99:99\n+++\n", id="a zone of TOML"),
    pytest.param("lines", '{"title": "题", "date": 1e999}', id="an endless date"),
    pytest.param("lines", '{"title": "题", "date": ' + "9" * 5_000 + "}", id="an endless number"),
    pytest.param("lines", '{"title": "\\ud800", "body": "\\udfff"}', id="lone surrogates"),
    pytest.param("lines", "[" * 9_000, id="nesting"),
    pytest.param("file", "\0", id="a NUL byte"),
    pytest.param("values", "http://[", id="half of an address"),
    pytest.param("values", "http://D#/#", id="an empty route before a second fragment"),
    pytest.param("values", "2022-13-45T99:99", id="no date"),
    pytest.param("query", "(" * 400 + "“", id="brackets"),
    pytest.param(
        "feed",
        "<rss><item><title>题</title><link>http://e/a\u00adb</link></item></rss>",
        id="a soft hyphen in a link",
    ),
    pytest.param(
        "feed",
        "<rss><item><title>题</title><link>http://e/a\ufeffb</link></item></rss>",
        id="a mark in a link",
    ),
    pytest.param("page of feeds", "<base href=//[><a href=/feed>", id="a base that is no address"),
    pytest.param("cursor", "é", id="no ASCII"),
)
"""Inputs that failed once, or that failed elsewhere."""


@pytest.mark.parametrize(("reader", "text"), KEPT)
def test_what_failed_once(reader: str, text: str) -> None:
    """It is read, or rejected as its reader announces."""
    assert problem_of(reader, text) == ""


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_readers_take_what_they_are_given(reader: str) -> None:
    """A few hundred inputs; `python -m benchmarks.fuzzing` makes as many as are asked for."""
    assert not list(failures(reader, range(0, 300, READERS[reader].each), seed=7))


@pytest.mark.long
@pytest.mark.parametrize("reader", READERS)
def test_readers_take_very_many(reader: str) -> None:
    """A million inputs in all."""
    assert not list(failures(reader, range(0, 112_000, READERS[reader].each), seed=8))


def test_the_same_seed_makes_the_same_inputs() -> None:
    """So a failure can be repeated."""
    assert [made_input("html", n, 1) for n in range(9)] == [
        made_input("html", n, 1) for n in range(9)
    ]
    assert made_input("html", 1, 1) != made_input("html", 1, 2)


def test_a_failure_is_noticed_and_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind once, in its shortest form."""

    def check(text: str) -> None:
        if text.count("甲") > 2:
            raise KeyError(3)

    monkeypatch.setitem(READERS, "html", Reader(check, ("甲", "乙", "<b>")))
    (found,) = failures("html", range(200), seed=1)
    assert (found.text, found.problem) == ("甲甲甲", "KeyError: 3")
    assert shortest("html", "x甲yy甲<b>甲甲") == "甲甲甲"
