"""The JSON API: keys, parameters, paging, errors and headers of every endpoint."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from click.testing import CliRunner

from index.sources.fields import ID_LIMIT
from search.request import DEFAULT_FACETS, FACETS, MAX_QUERY
from search.results.cursor import MAX_SCORE, Cursor, bound_cursor
from tests.support.tiny_search import article
from tests.support.visitors import MANY, NOW, Visitor, index_of, visitor_of
from web.cli.main import main
from web.http import params

SEARCH, ARTICLE, SUGGEST = "/api/v1/search", "/api/v1/articles/yuan", "/api/v1/suggest"
KEYS = {
    "": [
        *(
            "query",
            "total",
            "partial",
            "all_words",
            "folded",
            "took_ms",
            "page",
            "per_page",
            "pages",
        ),
        *("next", "prev", "cursor", "hits", "facets", "timeline"),
        *("related_searches", "compared", "index"),
    ],
    "query": [
        *("q", "understood", "also_searched", "concepts", "corrected_from", "suggestion"),
        *("warnings", "in_words", "offers"),
    ],
    "hits": [
        *("id", "url", "page", "title", "title_html", "title_marks", "snippet", "snippet_html"),
        *(
            "snippet_marks",
            "source",
            "credited",
            "author",
            "categories",
            "topics",
            "published_at",
            "date_origin",
            "kinds",
        ),
        *("indexed_at", "score", "missing", "story", "why"),
    ],
    "hits.story": ["id", "size"],
    "hits.why": ["matched", "title_is_query", "freshness"],
    "hits.why.matched": ["word", "kind", "spelled", "in"],
    "facets": list(DEFAULT_FACETS),
    "facets.source": ["value", "count"],
    "timeline": ["unit", "points"],
    "timeline.points": ["t", "count"],
    "index": ["generation", "articles", "updated_at"],
}
ARTICLE_KEYS = [
    *(
        "id",
        "url",
        "title",
        "author",
        "source",
        "credited",
        "categories",
        "topics",
        "organisations",
    ),
    *(
        "published_at",
        "date_origin",
        "kinds",
        "first_seen_at",
        "indexed_at",
        "story",
        "title_html",
        "title_marks",
    ),
    *("text", "text_marks", "html", "html_whole"),
]


def keys_at(answer: Any, path: str) -> list[str]:
    """Keys of the object at a path; for a list, keys of its first object."""
    for name in filter(None, path.split(".")):
        answer = answer[name]
        answer = answer[0] if isinstance(answer, list) else answer
    return list(answer)


def ids(answer: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in answer["hits"]]


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


@pytest.mark.parametrize("path", KEYS, ids=[path or "answer" for path in KEYS])
def test_keys_of_an_answer(visitor: Visitor, path: str) -> None:
    """Every object has exactly the keys of the contract, in its order."""
    assert keys_at(visitor.search(q="元宇宙", timeline="month"), path) == KEYS[path]


def test_the_terminal_prints_the_same_keys(tiny_root: Path) -> None:
    """`yuansou search --json` prints the same keys as the API."""
    command = ["--index-dir", str(tiny_root), "search", "元宇宙", "--json"]
    answer = json.loads(CliRunner().invoke(main, command).stdout)

    for path in [path for path in KEYS if not path.startswith("timeline")]:
        assert keys_at(answer, path) == KEYS[path]
    assert answer["timeline"] is None


def test_values_of_a_hit(visitor: Visitor) -> None:
    """Marks are spans of the plain text; times have an offset."""
    hit = visitor.search(q="元宇宙")["hits"][0]

    assert hit["title"] == "元宇宙白皮书发布"
    assert hit["title_html"] == "<mark>元宇宙</mark>白皮书发布"
    assert hit["title_marks"] == [[0, 3]]
    assert {hit["snippet"][start:end] for start, end in hit["snippet_marks"]} == {"元宇宙"}
    assert hit["published_at"] == "2022-09-05T12:00:00+08:00"
    assert hit["story"]["size"] == 1


def test_how_the_query_was_read(visitor: Visitor) -> None:
    """The answer has the query as typed, as understood, and the other names searched."""
    query = visitor.search(q="元宇宙 来源:链上观察")["query"]

    assert query["q"] == "元宇宙 来源:链上观察"
    assert "source:链上观察" in query["understood"]
    assert query["also_searched"] == ["Metaverse"]
    assert query["corrected_from"] is None
    assert query["suggestion"] is None


def test_marks_count_code_points(tmp_path: Path) -> None:
    """A character outside the Basic Multilingual Plane counts as one."""
    root = index_of(tmp_path, [article("a", "😀𠀀元宇宙")])

    assert visitor_of(root).search(q="元宇宙")["hits"][0]["title_marks"] == [[2, 5]]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        pytest.param({"q": "元宇宙"}, ["yuan"], id="q"),
        pytest.param({"q": "白皮书", "in_": "title"}, ["yuan"], id="in title"),
        pytest.param({"q": "“发布”", "in_": "text"}, [], id="in text"),
        pytest.param({"source": "转载网"}, ["flash-copy", "undated"], id="source"),
        pytest.param(
            {"source": "转载网,链上观察"}, ["flash-copy", "uniswap", "yuan", "undated"], id="or"
        ),
        pytest.param({"source": "-转载网,-财经日报"}, ["uniswap", "yuan"], id="excluded"),
        pytest.param({"source": ["转载网", "-财经日报"]}, ["flash-copy", "undated"], id="twice"),
        pytest.param({"source": ","}, 6, id="no source"),
        pytest.param({"category": "数字货币"}, ["ecny"], id="category"),
        pytest.param({"topic": "数字人民币"}, ["ecny"], id="topic"),
        pytest.param({"author": "周远"}, ["uniswap"], id="author"),
        pytest.param({"organisation": "中国人民银行"}, 3, id="organisation"),
        pytest.param({"kind": "fragment"}, ["undated"], id="kind"),
        pytest.param({"kind": "片段"}, ["undated"], id="kind by its name"),
        pytest.param({"kind": "-片段,-promotional"}, 5, id="kinds excluded"),
        pytest.param({"kind": "机翻"}, [], id="a kind that no article is of"),
        pytest.param({"from_": "2022-09-08"}, ["flash-copy", "flash"], id="from"),
        pytest.param({"to": "2022-09-05"}, ["yuan"], id="to"),
        pytest.param({"from_": "2022-09-06", "to": "2022-09-06"}, ["ecny"], id="a day"),
        pytest.param({"within": "7d"}, ["flash-copy", "flash"], id="within days"),
        pytest.param({"within": "24h"}, [], id="within hours"),
        pytest.param({"within": "1m"}, 5, id="within months"),
        pytest.param({"within": "1y"}, 5, id="within years"),
        pytest.param({"q": "央行", "sort": "oldest"}, ["ecny", "flash", "flash-copy"], id="oldest"),
        pytest.param({"q": "央行", "sort": "newest"}, ["flash-copy", "flash", "ecny"], id="newest"),
        pytest.param(
            {"q": "央行", "sort": "reposts", "fold": "0"},
            ["flash-copy", "flash", "ecny"],
            id="reposts",
        ),
        pytest.param({"q": "Metaverse"}, ["yuan"], id="by another name"),
        pytest.param({"q": "Metaverse", "verbatim": "1"}, [], id="verbatim"),
        pytest.param({"within": "7d", "now": "2022-09-06T12:00:00Z"}, ["ecny", "yuan"], id="then"),
        pytest.param({"per_page": "2"}, ["flash-copy", "flash"], id="per_page"),
        pytest.param({"per_page": "2", "page": "3"}, ["yuan", "undated"], id="page"),
        pytest.param({"per_page": "2", "page": "4"}, [], id="past the last page"),
        pytest.param({"q": "", "page": "", "sort": "", "in_": "", "now": ""}, 6, id="empty"),
    ],
)
def test_parameters(visitor: Visitor, args: dict[str, Any], found: list[str] | int) -> None:
    """Each parameter has the effect of the contract; an empty value equals an absent one."""
    answer = visitor.search(**{"now": NOW, "fold": "0", **args})

    assert (ids(answer) if isinstance(found, list) else answer["total"]) == found


@pytest.mark.parametrize(
    ("fold", "total", "hits", "folded"),
    [
        pytest.param("1", 2, 1, 1, id="folded"),
        pytest.param("0", 2, 2, 0, id="unfolded"),
    ],
)
def test_reposts(visitor: Visitor, fold: str, total: int, hits: int, folded: int) -> None:
    """The total counts articles; a story is one hit that says how many articles tell it."""
    answer = visitor.search(q="“切断虚拟货币交易的资金链路”", fold=fold)

    assert (answer["total"], len(answer["hits"]), answer["folded"]) == (total, hits, folded)
    assert {hit["story"]["size"] for hit in answer["hits"]} == {1 + folded}


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        pytest.param(None, list(DEFAULT_FACETS), id="default"),
        pytest.param("", [], id="none"),
        pytest.param(" author , year,author", ["author", "year"], id="some"),
        pytest.param(",".join(FACETS), list(FACETS), id="all"),
    ],
)
def test_facets(visitor: Visitor, wanted: str | None, given: list[str]) -> None:
    """The facets asked for are counted; an empty list turns facets off."""
    args = {} if wanted is None else {"facets": wanted}

    assert list(visitor.search(**args)["facets"]) == given


def test_a_facet_leaves_its_own_filter_out(visitor: Visitor) -> None:
    """A facet also counts the values that its own filter excludes; other facets follow the filter."""
    facets = visitor.search(source="财经日报")["facets"]

    assert {row["value"]: row["count"] for row in facets["source"]}["链上观察"] == 2
    assert facets["year"] == [{"value": "2022", "count": 2}]


@pytest.mark.parametrize(
    ("unit", "first", "points"),
    [
        pytest.param("day", "2022-09-05", 4, id="day"),
        pytest.param("month", "2022-09", 1, id="month"),
        pytest.param("year", "2022", 1, id="year"),
    ],
)
def test_timeline(visitor: Visitor, unit: str, first: str, points: int) -> None:
    """Dated articles are counted by day, month or year."""
    timeline = visitor.search(timeline=unit)["timeline"]

    assert timeline["unit"] == unit
    assert timeline["points"][0]["t"] == first
    assert (len(timeline["points"]), sum(p["count"] for p in timeline["points"])) == (points, 5)


def test_an_answer_can_be_repeated(visitor: Visitor) -> None:
    """With `now` fixed, two answers differ in `took_ms` only."""
    first, second = (visitor.search(q="央行 OR 元宇宙", now=NOW) for _ in range(2))

    assert first | {"took_ms": 0} == second | {"took_ms": 0}


def test_now_moves_freshness(visitor: Visitor) -> None:
    """A later `now` lowers the score of an article."""
    early, late = (
        visitor.search(q="元宇宙", now=now)["hits"][0]["score"] for now in (NOW, "2032-01-01")
    )

    assert early > late


BAD = [
    pytest.param("colour", "红", id="unknown name"),
    pytest.param("Q", "元宇宙", id="name in capitals"),
    pytest.param("q", "元" * 501, id="501 characters"),
    pytest.param("in", "body", id="in"),
    pytest.param("from", "2022-9-5", id="from"),
    pytest.param("from", "２０２２-09-05", id="full-width date"),
    pytest.param("to", "2022-02-30", id="to"),
    pytest.param("within", "7 days", id="within"),
    pytest.param("within", "9" * 30 + "y", id="within forever"),
    pytest.param("sort", "best", id="sort"),
    pytest.param("page", "0", id="page 0"),
    pytest.param("page", "-1", id="page before"),
    pytest.param("page", "1.5", id="half a page"),
    pytest.param("page", "٣", id="digits of another script"),
    pytest.param("page", "1_0", id="digits as Python writes them"),
    pytest.param("page", "9" * 5_000, id="endless page"),
    pytest.param("page", "101", id="beyond the window"),
    pytest.param("per_page", "0", id="per_page"),
    pytest.param("per_page", "101", id="large pages"),
    pytest.param("cursor", "xyz", id="cursor"),
    pytest.param("cursor", "😀", id="cursor of no code"),
    pytest.param("source", ",".join(map(str, range(51))), id="51 sources"),
    pytest.param("facets", "colour", id="facets"),
    pytest.param("timeline", "week", id="timeline"),
    pytest.param("fold", "yes", id="fold"),
    pytest.param("verbatim", "2", id="verbatim"),
    pytest.param("partial", "yes", id="partial"),
    pytest.param("now", "soon", id="now"),
    pytest.param("now", "9999-12-31T23:59:59-12:00", id="now after the last day"),
    pytest.param("now", "0001-01-01T00:00:00+14:00", id="now before the first day"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_bad_parameters(visitor: Visitor, name: str, value: str) -> None:
    """A bad value is a 400 that names the parameter and the values allowed."""
    error = visitor.error(SEARCH, **{name: value})

    assert (error["code"], error["param"]) == ("invalid_parameter", name)
    assert error["message"]
    assert error["hint"]


@pytest.mark.parametrize(
    "args",
    [
        pytest.param({"q": "元" * 500}, id="500 characters"),
        pytest.param({"source": ",".join(map(str, range(50)))}, id="50 sources"),
        pytest.param({"page": "10", "per_page": "100"}, id="the last page of the window"),
        pytest.param({"from_": "2022-09-05", "to": "2022-09-05"}, id="a day"),
        pytest.param({"now": "2022-09-15"}, id="a day as now"),
        pytest.param({"now": "2022-09-15T08:00:00Z"}, id="now elsewhere"),
    ],
)
def test_values_at_the_limit(visitor: Visitor, args: dict[str, str]) -> None:
    """The largest values that the contract allows are answered."""
    visitor.search(**args)


@pytest.mark.parametrize(
    ("path", "name", "most"),
    [
        pytest.param(SEARCH, "q", MAX_QUERY, id="search"),
        pytest.param(ARTICLE, "q", MAX_QUERY, id="article"),
        pytest.param(SUGGEST, "q", MAX_QUERY, id="suggest"),
        pytest.param("/api/v1/analyze", "text", params.MAX_TEXT, id="analyze"),
    ],
)
def test_the_longest_text(visitor: Visitor, path: str, name: str, most: int) -> None:
    """It is answered; with one more character it is a 400 that says how many there may be."""
    visitor.json(path, **{name: "元" * most})
    error = visitor.error(path, **{name: "元" * (most + 1)})

    assert (error["code"], error["param"]) == ("invalid_parameter", name)
    assert str(most) in error["message"]
    assert error["hint"]


@pytest.mark.parametrize("path", [SEARCH, "/search.rss", "/search.csv", "/search"])
def test_an_endless_cursor(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path, cursor="a" * (params.MAX_CURSOR + 1))
    assert answer.status_code == 400
    assert str(params.MAX_CURSOR) in answer.get_data(as_text=True)


@pytest.mark.parametrize("character", ["x", "元", "\U00020000", '"'])
def test_a_cursor_after_the_longest_id_is_no_endless_one(character: str) -> None:
    longest = Cursor(10**6, (MAX_SCORE, -(10**12), character * ID_LIMIT))
    assert len(bound_cursor(longest, "subject" * 20)) <= params.MAX_CURSOR / 2


def test_pages_beyond_the_window_hint_at_the_cursor(visitor: Visitor) -> None:
    """A page beyond the first 1,000 results is a 400 whose hint names `cursor`."""
    error = visitor.error(SEARCH, page="11", per_page="100")

    assert error["param"] == "page"
    assert "cursor" in error["hint"]


def test_dates_the_wrong_way_round(visitor: Visitor) -> None:
    """`from` after `to` is a 400."""
    error = visitor.error(SEARCH, from_="2022-09-02", to="2022-09-01")

    assert error["param"] == "from"
    assert error["hint"]


def test_page_and_cursor_exclude_each_other(visitor: Visitor) -> None:
    """`page` and `cursor` together are a 400: both say where to begin."""
    cursor = visitor.search(per_page="2")["cursor"]

    assert visitor.error(SEARCH, page="2", cursor=cursor)["param"] == "cursor"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param(SEARCH, "q", id="search"),
        pytest.param(SEARCH, "sort", id="search sort"),
        pytest.param(ARTICLE, "q", id="article"),
        pytest.param(SUGGEST, "q", id="suggest"),
        pytest.param("/api/v1/analyze", "text", id="analyze"),
    ],
)
def test_a_parameter_twice(visitor: Visitor, path: str, name: str) -> None:
    """A parameter given twice is a 400."""
    error = visitor.error(path, **{name: ["甲", "乙"]})

    assert error["param"] == name
    assert error["hint"]


@pytest.mark.parametrize(
    ("path", "args"),
    [
        pytest.param(ARTICLE, {"page": "1"}, id="article"),
        pytest.param(SUGGEST, {"query": "元"}, id="suggest"),
        pytest.param("/api/v1/analyze", {"q": "元"}, id="analyze"),
    ],
)
def test_unknown_parameters_elsewhere(visitor: Visitor, path: str, args: dict[str, str]) -> None:
    """Every endpoint refuses a parameter that it does not know, and names it."""
    assert visitor.error(path, **args)["param"] == next(iter(args))


def test_no_such_article(visitor: Visitor) -> None:
    """An unknown article is a 404 in the shape of all errors."""
    assert visitor.error("/api/v1/articles/nobody", 404)["code"] == "article_not_found"


def test_no_such_address(visitor: Visitor) -> None:
    """An unknown address under /api/ is a 404 in JSON."""
    assert visitor.error("/api/v2/search", 404)["code"] == "not_found"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_reading(visitor: Visitor, method: str) -> None:
    """Other methods than GET are a 405 with the methods allowed."""
    answer = getattr(visitor.client, method)(SEARCH)

    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))
    assert answer.json["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", [SEARCH, ARTICLE, SUGGEST, "/api/v1/analyze?text=元"])
def test_without_an_index(nothing: Visitor, path: str) -> None:
    """Without an index: 503 with Retry-After and the command for the owner."""
    answer = nothing.client.get(path)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    error = answer.get_json()["error"]
    assert error["code"] == "index_missing"
    assert "yuansou index rebuild" in error["hint"]


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        pytest.param("manifest.json", "{", "index_damaged", id="manifest"),
        pytest.param("lexicon.json", "nonsense", "index_damaged", id="lexicon"),
    ],
)
def test_a_broken_index(tmp_path: Path, file: str, content: str, code: str) -> None:
    """A damaged index is a 503, never a traceback."""
    index_of(tmp_path, [article("a", "甲")])
    next((tmp_path / "generations").iterdir()).joinpath(file).write_text(content, "utf-8")

    answer = visitor_of(tmp_path).get(SEARCH)

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert answer.get_json()["error"]["code"] == code


def test_a_current_generation_that_is_missing(tmp_path: Path) -> None:
    """503 if `CURRENT` names a generation that does not exist, and there is no other."""
    index_of(tmp_path, [article("a", "甲")])
    (tmp_path / "CURRENT").write_text("gone", "utf-8")
    shutil.rmtree(tmp_path / "generations")

    assert visitor_of(tmp_path).error(SEARCH, 503)["code"] == "no_such_generation"


def test_an_unchanged_answer_is_not_sent_again(visitor: Visitor) -> None:
    """The ETag of an answer gives 304 without a body."""
    first = visitor.get(SEARCH, q="元宇宙")
    again = visitor.get(SEARCH, q="元宇宙", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    "args",
    [
        pytest.param({"q": "元宇宙"}, id="the same"),
        pytest.param({"q": "央行"}, id="another query"),
        pytest.param({"q": "元宇宙", "per_page": "2"}, id="another size"),
    ],
)
def test_another_address_has_another_etag(visitor: Visitor, args: dict[str, str]) -> None:
    """Only the same request gets the same ETag."""
    first = visitor.get(SEARCH, q="元宇宙").headers["ETag"]

    assert (visitor.get(SEARCH, **args).headers["ETag"] == first) == (args == {"q": "元宇宙"})


@pytest.mark.slow
def test_another_generation_has_another_etag(tmp_path: Path) -> None:
    """An ETag becomes stale when the index changes."""
    visitor = visitor_of(index_of(tmp_path, [article("a", "甲")]))
    first = visitor.get(SEARCH).headers["ETag"]
    index_of(tmp_path, [article("b", "乙")])

    assert visitor.get(SEARCH, headers={"If-None-Match": first}).status_code == 200


@pytest.mark.parametrize("path", [SEARCH, ARTICLE, SUGGEST, "/api/v1/nothing"])
def test_other_origins_may_read(visitor: Visitor, path: str) -> None:
    """Every answer of the API, errors too, may be read by pages of other origins."""
    headers = visitor.get(path).headers

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert set(headers["Access-Control-Expose-Headers"].split(", ")) == {"ETag", "Link"}


def test_pages_are_not_shared_with_other_origins(visitor: Visitor) -> None:
    """Only answers under /api/ allow other origins."""
    assert "Access-Control-Allow-Origin" not in visitor.get("/search").headers


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        pytest.param("https://a.example", "https://a.example", id="named"),
        pytest.param("https://b.example", "https://b.example", id="also named"),
        pytest.param("https://c.example", None, id="not named"),
        pytest.param(None, None, id="none"),
    ],
)
def test_named_origins(tiny_root: Path, origin: str | None, allowed: str | None) -> None:
    """With the setting `cors_origins`, only the origins it names may read."""
    visitor = visitor_of(tiny_root, cors_origins="https://a.example, https://b.example")
    answer = visitor.get(SEARCH, headers={"Origin": origin} if origin else None)

    assert answer.headers.get("Access-Control-Allow-Origin") == allowed
    assert "Origin" in answer.vary


def test_a_browser_may_ask_with_an_etag(visitor: Visitor) -> None:
    """A preflight request allows the header If-None-Match."""
    answer = visitor.client.options(SEARCH, headers={"Origin": "https://a.example"})

    assert answer.status_code == 200
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


def test_links_to_the_next_and_previous_page(visitor: Visitor) -> None:
    """`next` and `prev` keep all other parameters; the Link header has the same addresses."""
    answer = visitor.get(SEARCH, q="央行 OR 元宇宙", per_page="1", page="2", fold="0")
    body = answer.get_json()

    asked = {"q": "央行 OR 元宇宙", "per_page": "1", "fold": "0"}
    assert query_of(body["next"]) == asked | {"page": "3"}
    assert query_of(body["prev"]) == asked | {"page": "1"}
    assert answer.headers.getlist("Link") == [
        f'<{body["next"]}>; rel="next"',
        f'<{body["prev"]}>; rel="prev"',
    ]
    assert ids(visitor.client.get(body["prev"]).get_json()) != ids(body)


@pytest.mark.parametrize(
    ("page", "before"),
    [
        pytest.param("1", None, id="first"),
        pytest.param("3", "2", id="last"),
        pytest.param("90", "3", id="far past the last"),
    ],
)
def test_prev_of_a_page_past_the_end(visitor: Visitor, page: str, before: str | None) -> None:
    """`prev` of a page past the end leads to a page with hits."""
    answer = visitor.search(per_page="2", page=page, fold="0")

    assert query_of(answer["prev"] or "").get("page") == before
    assert (answer["next"] is None) == (page != "1")


@pytest.mark.parametrize(
    ("settings", "headers", "start"),
    [
        pytest.param({}, {}, "http://localhost/api/", id="plain"),
        pytest.param({}, {"Host": "127.0.0.1:81"}, "http://127.0.0.1:81/api/", id="host"),
        pytest.param(
            {"public_url": "https://s.example"}, {}, "https://s.example/api/", id="public address"
        ),
        pytest.param(
            {"public_url": "https://s.example/a/b"},
            {"Host": "inner:8000"},
            "https://s.example/a/b/api/",
            id="under a path",
        ),
        pytest.param(
            {"trusted_proxies": 1, "host": "s.example"},
            {
                "X-Forwarded-Proto": "https",
                "X-Forwarded-Host": "s.example",
                "X-Forwarded-Prefix": "/news",
            },
            "https://s.example/news/api/",
            id="trusted proxy",
        ),
        pytest.param(
            {"trusted_proxies": 1, "public_url": "https://s.example/news"},
            {"X-Forwarded-Host": "inner", "X-Forwarded-Prefix": "/news"},
            "https://s.example/news/api/",
            id="trusted proxy and public address",
        ),
        pytest.param(
            {}, {"X-Forwarded-Host": "evil.example"}, "http://localhost/api/", id="untrusted proxy"
        ),
        pytest.param(
            {"trusted_proxies": 1, "host": "s.example"},
            {"X-Forwarded-Host": "evil.example, s.example"},
            "http://s.example/api/",
            id="only the last hop is trusted",
        ),
    ],
)
def test_complete_addresses(
    tiny_root: Path, settings: dict[str, Any], headers: dict[str, str], start: str
) -> None:
    """Addresses follow the public address, its path, and trusted proxies."""
    answer = visitor_of(tiny_root, **settings).get(SEARCH, headers=headers, per_page="1")

    assert answer.get_json()["next"].startswith(start)


@pytest.mark.parametrize("path", ["/news/api/v1/search", "/api/v1/search"])
def test_a_path_that_the_proxy_takes_off_or_leaves(tiny_root: Path, path: str) -> None:
    """Under a sub-path, it does not matter whether the proxy strips the path or keeps it."""
    visitor = visitor_of(tiny_root, public_url="https://s.example/news")

    assert visitor.json(path)["total"] == 6
    assert visitor.get("/newsroom").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sort", "per_page"),
    [
        pytest.param("relevance", "100", id="relevance"),
        pytest.param("relevance", "13", id="small pages"),
        pytest.param("newest", "100", id="newest"),
        pytest.param("oldest", "100", id="oldest"),
        pytest.param("reposts", "100", id="reposts"),
    ],
)
def test_a_cursor_walks_everything(many: Visitor, sort: str, per_page: str) -> None:
    """Cursors, and `next`, give every article once, also beyond the first 1,000."""
    asked = {"q": "稳定币", "sort": sort, "per_page": per_page, "now": NOW, "facets": ""}
    answer = many.search(**asked)
    seen = ids(answer)
    while answer["cursor"]:
        answer = many.search(**asked, cursor=answer["cursor"])
        seen += ids(answer)
        assert query_of(answer["next"] or "").get("cursor") == answer["cursor"]

    assert (len(seen), len(set(seen)), answer["total"]) == (MANY, MANY, MANY)


def test_pages_end_where_the_window_does(many: Visitor) -> None:
    """The last page that has a number has no `next`, but has a cursor."""
    answer = many.search(q="稳定币", per_page="100", page="10")

    assert (answer["pages"], answer["next"], len(answer["hits"])) == (10, None, 100)
    assert many.search(q="稳定币", per_page="100", cursor=answer["cursor"])["hits"]


def test_an_article(visitor: Visitor) -> None:
    """An article has all stored fields, and marks of the query."""
    answer = visitor.json(ARTICLE, q="元宇宙")
    found = answer["article"]

    assert list(answer) == ["article", "index"]
    assert list(found) == ARTICLE_KEYS
    assert found["text"] == "元宇宙不是游戏。\n白皮书说，元宇宙会用到区块链，三年后见分晓。"
    assert found["title_marks"] == [[0, 3]]
    assert {found["text"][start:end] for start, end in found["text_marks"]} == {"元宇宙"}
    assert found["html"].startswith("<p>元宇宙不是游戏。</p>")
    assert list(found["story"]) == ["id"]


def test_an_article_without_a_query(visitor: Visitor) -> None:
    """Without a query nothing is marked."""
    found = visitor.json(ARTICLE)["article"]

    assert found["title_marks"] == found["text_marks"] == []
    assert found["title_html"] == found["title"]


@pytest.mark.parametrize(
    ("allowed", "text", "html"),
    [
        pytest.param("full", True, True, id="full"),
        pytest.param("excerpt", True, False, id="excerpt"),
        pytest.param("off", False, False, id="off"),
    ],
)
def test_what_may_be_republished(tiny_root: Path, allowed: str, text: bool, html: bool) -> None:
    """The setting `article_page` limits the text in the API too."""
    found = visitor_of(tiny_root, article_page=allowed).json(ARTICLE)["article"]

    assert (found["text"] is not None, found["html"] is not None) == (text, html)


def test_an_excerpt_is_short(tmp_path: Path) -> None:
    """An excerpt has 200 characters and ends with an ellipsis."""
    visitor = visitor_of(
        index_of(tmp_path, [article("a", "甲", "长" * 900)]), article_page="excerpt"
    )

    assert visitor.json("/api/v1/articles/a")["article"]["text"] == "长" * 200 + "…"


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        *("a/b", "a//b", "https://a.example/x?y=1#z", "/a", "a/", "甲 乙", "a%2Fb", "a?b", "a\nb"),
        *("search", "a'\"<>&", "😀", " a"),
    ],
)
def test_any_id(tmp_path: Path, name: str) -> None:
    """An article can be fetched whatever characters its id holds."""
    visitor = visitor_of(index_of(tmp_path, [article(name, "甲")]))
    page = visitor.page("/search")

    address = page.partition('<h2><a href="')[2].partition('"')[0]
    opened = visitor.client.get(address.replace("&amp;", "&").replace("&#39;", "'"))
    assert opened.status_code == 200
    as_json = address.replace("/article/", "/api/v1/articles/", 1).replace("&#39;", "'")
    assert visitor.client.get(as_json.replace("&amp;", "&")).get_json()["article"]["id"] == name


def test_suggestions(visitor: Visitor) -> None:
    """Concepts with their number of articles come first, then titles."""
    answer = visitor.json(SUGGEST, q="元")

    assert answer == {
        "q": "元",
        "suggestions": [
            {"text": "元宇宙", "kind": "concept", "articles": 1, "page": None},
            {
                "text": "元宇宙白皮书发布",
                "kind": "title",
                "articles": None,
                "page": "http://localhost/article/yuan",
            },
        ],
    }


def test_a_correction_that_was_searched(visitor: Visitor) -> None:
    """`q` is the corrected query, `corrected_from` the typed one; the next page repeats the
    correction."""
    answer = visitor.search(q="元宇舟", per_page=1)

    assert (answer["query"]["q"], answer["query"]["corrected_from"]) == ("元宇宙", "元宇舟")
    assert answer["total"] == visitor.search(q="元宇宙")["total"]
    assert visitor.search(q="元宇舟", verbatim=1)["total"] == 0


def test_suggestions_by_pinyin(visitor: Visitor) -> None:
    """Pinyin finds suggestions in both formats."""
    answer = visitor.json(SUGGEST, q="yuanyuz")

    assert answer["suggestions"][0]["text"] == "元宇宙"


def test_suggestions_for_a_browser(visitor: Visitor) -> None:
    """The suggestions format that browsers' search boxes read."""
    accept = "application/x-suggestions+json"
    answer = visitor.get(SUGGEST, q="元", headers={"Accept": accept})

    assert answer.mimetype == accept
    assert answer.get_json() == ["元", ["元宇宙", "元宇宙白皮书发布"]]
    assert "Accept" in answer.vary


@pytest.mark.parametrize("typed", [None, "", " ", "饕餮", "\0", "😀", "“"])
def test_nothing_to_suggest(visitor: Visitor, typed: str | None) -> None:
    """No suggestion is an empty list, not an error."""
    args = {} if typed is None else {"q": typed}

    assert visitor.json(SUGGEST, **args) == {"q": typed or "", "suggestions": []}


def test_how_a_text_is_cut(visitor: Visitor) -> None:
    """/api/v1/analyze gives tokens with offsets and reasons."""
    answer = visitor.json("/api/v1/analyze", text="元宇宙e-CNY")

    assert list(answer) == ["text", "normalized", "tokens", "lexicon"]
    assert [token["token"] for token in answer["tokens"]] == ["元宇宙", "e-cny"]
    assert set(answer["tokens"][0]) == {"token", "start", "end", "fine", "concepts", "why"}


def test_analyze_needs_a_text(visitor: Visitor) -> None:
    """A missing `text` is a 400 that names it."""
    error = visitor.error("/api/v1/analyze")

    assert error["param"] == "text"
    assert error["hint"]


def test_health(visitor: Visitor, nothing: Visitor) -> None:
    """/healthz answers 200 as long as the process lives, /readyz where there is a generation; both
    with the generation, or why there is none."""
    for path, without in (("/healthz", 200), ("/readyz", 503)):
        assert list(visitor.json(path)["index"]) == KEYS["index"]
        assert visitor.json(path)["status"] == "ok"
        sick = nothing.json(path, without)
        assert (sick["status"], sick["code"]) == ("unavailable", "index_missing")


def test_times_have_an_offset(visitor: Visitor) -> None:
    """Times are ISO 8601 with an offset."""
    answer = visitor.search(q="元宇宙")
    times = [
        answer["index"]["updated_at"],
        *(answer["hits"][0][n] for n in ("published_at", "indexed_at")),
    ]

    assert all(datetime.fromisoformat(time).tzinfo for time in times)


def test_head(visitor: Visitor) -> None:
    """HEAD has the headers of GET and no body."""
    head, got = visitor.client.head(SEARCH), visitor.client.get(SEARCH)

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]


def test_a_filter_that_leaves_nothing(visitor: Visitor) -> None:
    """With no hits, the filtered facet still counts other values, and no related searches are
    given."""
    found = visitor.search(q="元宇宙", topic="没有这个话题")

    assert found["total"] == 0
    assert found["facets"]["topic"]
