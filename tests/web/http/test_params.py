"""Arguments of a request become a `SearchRequest`: strict for programs, lenient for people."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from index.errors import InvalidRequest
from index.text.dates import SHANGHAI
from search.request import DEFAULT_FACETS, Choice
from web.http import params

DAY = 86_400


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        pytest.param("q", " 元宇宙 ", "q", " 元宇宙 ", id="q as typed"),
        pytest.param("in", "title", "scope", "title", id="in"),
        pytest.param("in", "", "scope", None, id="in nothing"),
        pytest.param("from", "2022-09-05", "from_day", date(2022, 9, 5), id="from"),
        pytest.param("to", " 2022-09-05 ", "to_day", date(2022, 9, 5), id="spaces"),
        pytest.param("within", "24h", "within", DAY, id="hours"),
        pytest.param("within", "7d", "within", 7 * DAY, id="days"),
        pytest.param("within", "6m", "within", 180 * DAY, id="months"),
        pytest.param("within", "1y", "within", 365 * DAY, id="years"),
        pytest.param("sort", "oldest", "sort", "oldest", id="sort"),
        pytest.param("page", "3", "page", 3, id="page"),
        pytest.param("page", "003", "page", 3, id="zeros"),
        pytest.param("per_page", "100", "per_page", 100, id="per_page"),
        pytest.param("cursor", "abc", "cursor", "abc", id="cursor"),
        pytest.param("cursor", "", "cursor", None, id="no cursor"),
        pytest.param("facets", "year,source", "facets", ("year", "source"), id="facets"),
        pytest.param("facets", "", "facets", (), id="no facets"),
        pytest.param("facets", " ", "facets", (), id="white facets"),
        pytest.param("timeline", "day", "timeline", "day", id="timeline"),
        pytest.param("fold", "0", "fold", False, id="fold"),
        pytest.param("fold", "1", "fold", True, id="folded"),
        pytest.param("verbatim", "1", "verbatim", True, id="verbatim"),
        pytest.param(
            "source", "甲,-乙", "filters", {"source": Choice(("甲",), ("乙",))}, id="filter"
        ),
    ],
)
def test_values(name: str, text: str, field: str, value: object) -> None:
    """Pages and the API read values alike."""
    for read in (params.strict, params.lenient):
        assert getattr(read(MultiDict({name: text})), field) == value


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2022-09-15", datetime(2022, 9, 15, tzinfo=SHANGHAI), id="day"),
        pytest.param("2022-09-15T08:00", datetime(2022, 9, 15, 8, tzinfo=SHANGHAI), id="local"),
        pytest.param("2022-09-15T00:00:00Z", datetime(2022, 9, 15, 8, tzinfo=SHANGHAI), id="UTC"),
        pytest.param(
            "2022-09-15T02:00:00 02:00", datetime(2022, 9, 15, 8, tzinfo=SHANGHAI), id="plus lost"
        ),
    ],
)
def test_now(text: str, moment: datetime) -> None:
    """A time without a zone is Shanghai's; a plus sign decoded as a space is repaired."""
    assert params.strict(MultiDict({"now": text})).now == moment


def test_defaults() -> None:
    """Without arguments: all articles, by relevance, ten a page, now."""
    request = params.strict(MultiDict())

    assert (request.q, request.sort, request.page, request.per_page) == ("", "relevance", 1, 10)
    assert request.facets == DEFAULT_FACETS
    assert request.filters == {}
    assert (request.fold, request.verbatim, request.timeline) == (True, False, None)
    assert abs(request.now - datetime.now(SHANGHAI)) < timedelta(seconds=60)


@pytest.mark.parametrize(
    "args",
    [
        pytest.param([("utm_source", "weixin")], id="unknown name"),
        pytest.param([("q", "甲"), ("q", "乙")], id="name twice"),
        pytest.param([("page", "2"), ("cursor", "abc")], id="page and cursor"),
    ],
)
def test_pages_ignore_unknown_names(args: list[tuple[str, str]]) -> None:
    """Pages ignore unknown names, which links pick up; the API refuses them."""
    params.lenient(MultiDict(args))
    with pytest.raises(InvalidRequest) as raised:
        params.strict(MultiDict(args))
    assert raised.value.param == args[-1][0]
    assert raised.value.hint


@pytest.mark.parametrize("read", [params.strict, params.lenient])
def test_pages_refuse_bad_values(read: Any) -> None:
    """A page refuses a bad value: ignoring it would answer another question."""
    with pytest.raises(InvalidRequest) as raised:
        read(MultiDict({"sort": "best"}))
    assert (raised.value.param, raised.value.message) == ("sort", "参数 sort 的值“best”无效。")


@pytest.mark.parametrize("read", [params.strict, params.lenient])
def test_kinds(read: Any) -> None:
    """By id or Chinese name; another name is refused, and the hint lists those there are."""
    chosen = read(MultiDict({"kind": "机翻,-推广,-fragment"})).filters["kind"]
    assert chosen == Choice(("machine-translated",), ("promotional", "fragment"))
    with pytest.raises(InvalidRequest) as raised:
        read(MultiDict({"kind": "-转载"}))
    assert (raised.value.param, raised.value.message) == ("kind", "没有名为“转载”的类型。")
    assert "machine-translated、promotional、fragment" in raised.value.hint


def test_a_long_value_is_not_repeated() -> None:
    """The message cuts it, and stays one line."""
    with pytest.raises(InvalidRequest) as raised:
        params.strict(MultiDict({"sort": "长" * 1_000}))
    assert len(raised.value.message) < 80


@pytest.mark.parametrize("name", sorted(params.NAMES - {"page", "cursor"}))
def test_every_name_is_known(name: str) -> None:
    """Each parameter may be given empty."""
    params.strict(MultiDict({name: ""}))


@given(st.dictionaries(st.sampled_from(sorted(params.NAMES)), st.text()))
def test_any_values(args: dict[str, str]) -> None:
    """Any values give a request or an error that names a parameter."""
    refused: InvalidRequest | None = None
    try:
        params.strict(MultiDict(args))
    except InvalidRequest as error:
        refused = error
    assert refused is None or (refused.param in args and refused.hint)
