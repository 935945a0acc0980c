"""Request arguments: strict for programs, forgiving for people."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from index.errors import InvalidRequest
from search.request import Choice
from web.params import lenient, strict


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        pytest.param("q", "元宇宙", "q", "元宇宙", id="q"),
        pytest.param("in", "title", "scope", "title", id="in"),
        pytest.param("from", "2022-09-05", "from_day", date(2022, 9, 5), id="from"),
        pytest.param("to", "2022-09-05", "to_day", date(2022, 9, 5), id="to"),
        pytest.param("within", "7d", "within", 7 * 86_400, id="within"),
        pytest.param("facets", "", "facets", (), id="no facets"),
        pytest.param("facets", "year, source", "facets", ("year", "source"), id="facets"),
        pytest.param("fold", "0", "fold", False, id="fold"),
        pytest.param("verbatim", "1", "verbatim", True, id="verbatim"),
        pytest.param(
            "source", "甲,-乙", "filters", {"source": Choice(("甲",), ("乙",))}, id="filter"
        ),
    ],
)
def test_values(name: str, value: str, field: str, expected: object) -> None:
    """Each parameter reaches its field."""
    assert getattr(strict(MultiDict({name: value})), field) == expected


def test_people_bring_foreign_names() -> None:
    """Links carry `utm_…`; a page does not mind, an endpoint does."""
    args = MultiDict({"q": "x", "utm_source": "mail"})

    assert lenient(args).q == "x"
    with pytest.raises(InvalidRequest, match="utm_source"):
        strict(args)


def test_a_name_twice() -> None:
    """Two queries at once mean neither."""
    with pytest.raises(InvalidRequest) as caught:
        strict(MultiDict([("q", "a"), ("q", "b")]))

    assert caught.value.param == "q"


def test_a_filter_twice_is_both() -> None:
    """Filters may come in several arguments."""
    asked = strict(MultiDict([("topic", "甲"), ("topic", "乙")]))

    assert asked.filters["topic"].include == ("甲", "乙")
