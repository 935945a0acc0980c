"""`SearchRequest`: one frozen value that checks all limits."""

from dataclasses import FrozenInstanceError
from datetime import date
from typing import Any

import pytest

from index.errors import InvalidRequest
from search.request import MAX_QUERY, MAX_WINDOW, Choice, SearchRequest
from tests.support.tiny_search import NOW, request


@pytest.mark.parametrize(
    ("values", "choice"),
    [
        pytest.param(["财新"], Choice(("财新",)), id="one"),
        pytest.param(["财新,新华社"], Choice(("财新", "新华社")), id="commas"),
        pytest.param(["财新", "新华社"], Choice(("财新", "新华社")), id="given twice"),
        pytest.param(["财新,-新华社"], Choice(("财新",), ("新华社",)), id="excluded"),
        pytest.param([" 财新 , - "], Choice(("财新",)), id="spaces, lone hyphen"),
        pytest.param(["财新,财新"], Choice(("财新",)), id="repeated"),
        pytest.param(["e-CNY"], Choice(("e-CNY",)), id="hyphen inside"),
        pytest.param(["", ","], Choice(), id="nothing"),
    ],
)
def test_choices(values: list[str], choice: Choice) -> None:
    """Values are separated by commas; `-` excludes one."""
    assert Choice.parse(values) == choice


def test_an_empty_choice_is_false() -> None:
    """An empty choice filters nothing."""
    assert not Choice.parse([])
    assert Choice(exclude=("财新",))


@pytest.mark.parametrize(
    ("options", "param"),
    [
        pytest.param({"q": "元" * (MAX_QUERY + 1)}, "q", id="long query"),
        pytest.param({"per_page": 0}, "per_page", id="no hits a page"),
        pytest.param({"per_page": 101}, "per_page", id="many hits a page"),
        pytest.param({"page": 0}, "page", id="page 0"),
        pytest.param({"page": 101}, "page", id="beyond the window"),
        pytest.param({"page": 11, "per_page": 100}, "page", id="beyond the window, large pages"),
        pytest.param(
            {"from_day": date(2022, 9, 2), "to_day": date(2022, 9, 1)}, "from", id="backwards"
        ),
        pytest.param({"facets": ("colour",)}, "facets", id="unknown facet"),
        pytest.param({"filters": {"colour": Choice(("红",))}}, "colour", id="unknown filter"),
    ],
)
def test_impossible_values(options: dict[str, Any], param: str) -> None:
    """The error names the parameter."""
    with pytest.raises(InvalidRequest) as caught:
        request(**options)
    assert caught.value.param == param
    assert caught.value.message


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="defaults"),
        pytest.param({"q": "元" * MAX_QUERY}, id="longest query"),
        pytest.param({"page": 10, "per_page": MAX_WINDOW // 10}, id="last page"),
        pytest.param({"from_day": date(2022, 9, 1), "to_day": date(2022, 9, 1)}, id="one day"),
        pytest.param({"facets": ()}, id="no facets"),
    ],
)
def test_limits_are_allowed(options: dict[str, Any]) -> None:
    """The limits themselves are valid."""
    assert request(**options).now == NOW


def test_frozen() -> None:
    """A request cannot be changed."""
    with pytest.raises(FrozenInstanceError):
        SearchRequest(now=NOW).page = 2  # type: ignore[misc]
