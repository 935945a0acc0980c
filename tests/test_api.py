"""The JSON endpoint keeps the contract, key for key."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.settings import Settings
from tests.web_seeds import build, seeds_index
from web.app import create_app

HIT_KEYS = {
    *("id", "url", "title", "title_html", "title_marks", "snippet", "snippet_html"),
    *("snippet_marks", "source", "author", "categories", "topics", "published_at"),
    *("indexed_at", "score", "story"),
}
TOP_KEYS = {
    *("query", "total", "all_words", "folded", "took_ms", "page", "per_page", "pages", "next"),
    *("prev", "cursor", "hits", "facets", "timeline", "index"),
}
ERROR_KEYS = {"code", "message", "param", "hint", "request_id"}


@pytest.fixture
def client() -> FlaskClient:
    """Over the sample articles."""
    return create_app(seeds_index()).test_client()


def _search(client: FlaskClient, **parameters: str) -> dict[str, Any]:
    response = client.get("/api/v1/search", query_string=parameters)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


def test_the_shape_of_an_answer(client: FlaskClient) -> None:
    """Every object has exactly the keys that other programs rely on."""
    body = _search(client, q="元宇宙", timeline="month")

    assert set(body) == TOP_KEYS
    assert set(body["query"]) == {
        *("q", "understood", "also_searched", "corrected_from", "relaxed", "warnings")
    }
    assert all(set(hit) == HIT_KEYS for hit in body["hits"])
    assert set(body["hits"][0]["story"]) == {"id", "size"}
    assert set(body["facets"]) == {"source", "topic", "organisation", "year"}
    assert set(body["facets"]["source"][0]) == {"value", "count"}
    assert set(body["timeline"]["points"][0]) == {"t", "count"}
    assert set(body["index"]) == {"generation", "articles", "updated_at"}
    assert body["hits"][0]["published_at"].endswith("+08:00")


def test_marks_are_code_points_of_the_plain_twin(client: FlaskClient) -> None:
    """`*_marks` and `*_html` say the same."""
    for hit in _search(client, q="元宇宙 区块链", fold="0")["hits"]:
        for name in ("title", "snippet"):
            marked = [hit[name][start:end] for start, end in hit[f"{name}_marks"]]
            assert hit[f"{name}_html"].count("<mark>") == len(marked)
            assert all(f"<mark>{text}</mark>" in hit[f"{name}_html"] for text in marked)


@pytest.mark.parametrize(
    ("parameters", "param"),
    [
        pytest.param({"foo": "1"}, "foo", id="unknown name"),
        pytest.param({"sort": "best"}, "sort", id="unknown value"),
        pytest.param({"page": "0"}, "page", id="page from 1"),
        pytest.param({"page": "x"}, "page", id="page a number"),
        pytest.param({"per_page": "101"}, "per_page", id="per_page to 100"),
        pytest.param({"page": "11", "per_page": "100"}, "page", id="past 1,000"),
        pytest.param({"from": "2022"}, "from", id="a whole date"),
        pytest.param({"from": "2023-01-01", "to": "2022-01-01"}, "from", id="from after to"),
        pytest.param({"within": "7w"}, "within", id="unit of within"),
        pytest.param({"facets": "source,colour"}, "facets", id="unknown facet"),
        pytest.param({"timeline": "week"}, "timeline", id="unit of timeline"),
        pytest.param({"fold": "yes"}, "fold", id="flag"),
        pytest.param({"in": "body"}, "in", id="scope"),
        pytest.param({"now": "soon"}, "now", id="clock"),
        pytest.param({"cursor": "abc"}, "cursor", id="foreign cursor"),
        pytest.param({"q": "元" * 501}, "q", id="501 characters"),
    ],
)
def test_what_cannot_be_is_named(
    client: FlaskClient, parameters: dict[str, str], param: str
) -> None:
    """A bad parameter is a 400 that names it, in one shape."""
    response = client.get("/api/v1/search", query_string=parameters)

    error = response.get_json()["error"]
    assert (response.status_code, error["param"]) == (400, param)
    assert set(error) == ERROR_KEYS
    assert error["message"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param({"source": "数币前沿"}, {"数币前沿"}, id="one"),
        pytest.param({"source": "数币前沿,金科早报"}, {"数币前沿", "金科早报"}, id="either"),
    ],
)
def test_filters(client: FlaskClient, parameters: dict[str, str], expected: set[str]) -> None:
    """A filter narrows the hits; its own facet still counts the others."""
    body = _search(client, fold="0", per_page="100", **parameters)

    assert {hit["source"] for hit in body["hits"]} == expected
    assert len(body["facets"]["source"]) > len(expected)
    assert body["total"] == sum(
        row["count"] for row in body["facets"]["source"] if row["value"] in expected
    )


def test_an_excluded_source_is_away(client: FlaskClient) -> None:
    """`-` before a value takes its articles out."""
    body = _search(client, source="-数币前沿", fold="0", per_page="100")

    assert "数币前沿" not in {hit["source"] for hit in body["hits"]}


def test_pages_and_cursor_give_every_article_once(client: FlaskClient) -> None:
    """Walking by number and by cursor gives the same, without gap or double."""
    total = _search(client)["total"]
    by_number = [
        hit["id"]
        for page in range(1, total // 7 + 2)
        for hit in _search(client, fold="0", per_page="7", page=str(page))["hits"]
    ]
    by_cursor: list[str] = []
    body = _search(client, fold="0", per_page="7")
    while True:
        by_cursor += [hit["id"] for hit in body["hits"]]
        if not body["cursor"]:
            break
        body = _search(client, fold="0", per_page="7", cursor=body["cursor"])

    assert len(by_number) == len(set(by_number)) == total
    assert by_cursor == by_number


def test_reposts_are_folded_under_the_first(client: FlaskClient) -> None:
    """One line a story: its earliest article, with how many tell it."""
    folded = _search(client, q="FTX 破产", per_page="100")
    unfolded = _search(client, q="FTX 破产", per_page="100", fold="0")

    assert folded["total"] == unfolded["total"] == len(unfolded["hits"])
    assert folded["folded"] == unfolded["total"] - len(folded["hits"]) > 0
    story = next(hit for hit in folded["hits"] if hit["story"]["size"] > 1)
    same = [h for h in unfolded["hits"] if h["story"]["id"] == story["story"]["id"]]
    assert story["published_at"] == min(h["published_at"] for h in same)


def test_links_to_the_pages_beside(client: FlaskClient) -> None:
    """`next` and `prev` are complete addresses, in the body and in the Link header."""
    response = client.get("/api/v1/search?q=元宇宙&per_page=2&page=2")
    body = response.get_json()

    assert body["next"].startswith("http://localhost/api/v1/search?")
    assert "page=3" in body["next"]
    assert "page=1" in body["prev"]
    assert 'rel="next"' in response.headers["Link"] or "next" in str(response.headers)


def test_addresses_under_a_public_url() -> None:
    """Behind a proxy that strips a path, links carry it."""
    settings = Settings(
        index_dir=seeds_index().index_dir, public_url="https://news.example/search-engine"
    )
    body = create_app(settings).test_client().get("/api/v1/search?per_page=1").get_json()

    assert body["next"].startswith("https://news.example/search-engine/api/v1/search?")


def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient) -> None:
    """The ETag comes from generation and address."""
    first = client.get("/api/v1/search?q=NFT")
    again = client.get("/api/v1/search?q=NFT", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get("/api/v1/search?q=DeFi", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert other.status_code == 200


def test_other_origins_may_read(client: FlaskClient) -> None:
    """`cors_origins` is `*` unless the owner says otherwise."""
    response = client.get("/api/v1/search", headers={"Origin": "https://blog.example"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


def test_an_article(client: FlaskClient) -> None:
    """Text, marks and safe markup of one article."""
    hit = _search(client, q="数字人民币")["hits"][0]
    article = client.get(f"/api/v1/articles/{hit['id']}?q=数字人民币").get_json()["article"]

    assert article["title"] == hit["title"]
    start, end = article["text_marks"][0]
    assert article["text"][start:end] in ("数字人民币", "e-CNY", "DC/EP", "DCEP")
    assert "<script" not in article["html"]


@pytest.mark.parametrize(("allowed", "text"), [("excerpt", True), ("off", False)])
def test_what_may_not_be_republished_is_not(allowed: str, text: bool) -> None:
    """The setting `article_page` holds for programs too."""
    settings = Settings(index_dir=seeds_index().index_dir, article_page=allowed)
    client = create_app(settings).test_client()
    identity = client.get("/api/v1/search").get_json()["hits"][0]["id"]
    article = client.get(f"/api/v1/articles/{identity}").get_json()["article"]

    assert article["html"] is None
    assert bool(article["text"]) is text


def test_suggestions_in_both_shapes(client: FlaskClient) -> None:
    """Concepts and titles by prefix, our own shape and OpenSearch's."""
    own = client.get("/api/v1/suggest?q=数字人").get_json()
    plain = client.get(
        "/api/v1/suggest?q=数字人", headers={"Accept": "application/x-suggestions+json"}
    )

    assert "数字人民币" in [row["text"] for row in own["suggestions"] if row["kind"] == "concept"]
    assert plain.get_json(force=True) == ["数字人", [row["text"] for row in own["suggestions"]]]
    assert plain.mimetype == "application/x-suggestions+json"


def test_the_clock_can_be_fixed(client: FlaskClient) -> None:
    """`now=` makes an answer repeatable, and freshness depends on it."""
    first, again = (_search(client, q="稳定币", now="2026-09-01") for _ in range(2))
    later = _search(client, q="稳定币", now="2036-09-01")

    assert [h["score"] for h in first["hits"]] == [h["score"] for h in again["hits"]]
    assert first["hits"][0]["score"] > later["hits"][0]["score"]


@pytest.mark.parametrize(
    "path", ["/api/v1/search", "/healthz", "/api/v1/articles/x", "/api/v1/suggest?q=x"]
)
def test_without_an_index(path: str, tmp_path: Path) -> None:
    """503 that says what the owner runs."""
    response = create_app(Settings(index_dir=tmp_path)).test_client().get(path)

    assert response.status_code == 503
    assert "yuansou index rebuild" in response.text


def test_a_broken_index_is_no_traceback(tmp_path: Path) -> None:
    """A truncated file is a 503 too."""
    settings = build(tmp_path / "index")
    pack = next((tmp_path / "index").rglob("*.pack"))
    pack.write_bytes(pack.read_bytes()[:1000])

    response = create_app(settings).test_client().get("/api/v1/search?q=元宇宙")

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.get_json()["error"]["code"] == "index_damaged"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("POST", "/api/v1/search", 405, id="wrong method"),
        pytest.param("GET", "/api/v1/nowhere", 404, id="no such address"),
        pytest.param("GET", "/api/v1/articles/none", 404, id="no such article"),
        pytest.param("GET", "/api/v1/suggest?x=1", 400, id="unknown parameter of another route"),
        pytest.param("GET", "/api/v1/analyze", 400, id="missing parameter"),
    ],
)
def test_errors_have_one_shape(client: FlaskClient, method: str, path: str, status: int) -> None:
    """Whatever goes wrong, programs read the same keys."""
    response = client.open(path, method=method)

    assert response.status_code == status
    assert set(response.get_json()["error"]) == ERROR_KEYS
