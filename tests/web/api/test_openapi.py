"""The OpenAPI document is valid and complete, and real answers have exactly the keys it describes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from search.request import FACETS, MAX_PER_PAGE, MAX_QUERY
from tests.support.visitors import Markup, Visitor, app_over, visitor_of
from web.http import params

ROOT = Path(__file__).parents[3]
JSON_PAGE = (ROOT / "docs" / "use" / "json.md").read_text("utf-8")
FEEDS = ["/search.rss", "/search.atom", "/search.json", "/search.csv"]


@pytest.fixture(scope="module")
def document(visitor: Visitor) -> dict[str, Any]:
    return visitor.json("/openapi.json")


def closed(schema: Any) -> Any:
    """The schema with unknown keys forbidden, so that an undescribed key is an error."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(value) for name, value in schema.items()}
    return made | (
        {"additionalProperties": False} if isinstance(made.get("required"), list) else {}
    )


def complaints(document: dict[str, Any], path: str, status: int, answer: Any) -> list[str]:
    """Differences between an answer and its schema, in both directions."""
    described = document["paths"][path]["get"]["responses"][str(status)]["content"]
    schema = {"components": closed(document["components"])}
    schema |= closed(described["application/json"]["schema"])
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(schema).iter_errors(answer)
    ]


def parameters(document: dict[str, Any], path: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in document["paths"][path]["get"]["parameters"]}


def test_it_is_valid(document: dict[str, Any]) -> None:
    """The document is valid OpenAPI 3.1."""
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_is_described(tiny_root: Path, document: dict[str, Any]) -> None:
    """Every route for programs is described, and no other."""
    rules = [rule.rule for rule in app_over(tiny_root).url_map.iter_rules()]
    ours = [rule for rule in rules if rule.startswith(("/api/", "/healthz", "/readyz", "/search."))]

    assert set(document["paths"]) == {re.sub(r"<[^>]*>", "{id}", rule) for rule in ours}


@pytest.mark.parametrize("path", ["/api/v1/search", *FEEDS])
def test_every_parameter_of_a_search_is_described(document: dict[str, Any], path: str) -> None:
    """The parameters described are those that the code reads."""
    described = [each["name"] for each in document["paths"][path]["get"]["parameters"]]

    assert sorted(described) == sorted(params.NAMES)


def test_limits_are_those_of_the_code(document: dict[str, Any]) -> None:
    """Lengths, ranges, choices and defaults equal those of the code."""
    given = parameters(document, "/api/v1/search")

    assert given["q"]["schema"]["maxLength"] == MAX_QUERY
    assert given["per_page"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_PER_PAGE,
        "default": 10,
    }
    assert given["sort"]["schema"]["enum"] == list(params.SORTS)
    assert given["facets"]["schema"]["items"]["enum"] == list(FACETS)
    assert parameters(document, "/search.rss")["per_page"]["schema"]["default"] == 20


@pytest.mark.parametrize("name", ["in", "sort", "timeline", "fold", "verbatim", "facets"])
def test_choices_are_accepted_and_no_others(
    visitor: Visitor, document: dict[str, Any], name: str
) -> None:
    """Values in the description are answered; others are a 400."""
    schema = parameters(document, "/api/v1/search")[name]["schema"]
    for value in schema.get("items", schema)["enum"]:
        visitor.search(**{f"{name}_": value})

    assert visitor.error("/api/v1/search", **{f"{name}_": "饕餮"})["param"] == name


DESCRIBED = [
    pytest.param("within", "24h", True, id="hours"),
    pytest.param("within", "0d", False, id="no time at all"),
    pytest.param("within", "00000d", False, id="more digits than are read"),
    pytest.param("kind", "-promotional", True, id="a kind left out"),
    pytest.param("kind", "新闻", False, id="no kind"),
    pytest.param("page", "1000", True, id="the last page"),
    pytest.param("page", "1001", False, id="a page too far"),
    pytest.param("now", "2199-12-31T00:00:00Z", True, id="a late clock"),
    pytest.param("now", "0941-07-10T18:37:51Z", False, id="a clock before all news"),
    pytest.param("now", "2200-01-02T00:00:00Z", False, id="a clock after all news"),
]
"""What a program made of the description found refused or accepted against it, and its limits."""


@pytest.mark.parametrize(("name", "value", "allowed"), DESCRIBED)
def test_values_are_accepted_as_described(
    visitor: Visitor, document: dict[str, Any], name: str, value: str, *, allowed: bool
) -> None:
    """The schema of a parameter and the server agree on a value."""
    schema = parameters(document, "/api/v1/search")[name]["schema"]
    typed = {"integer": int, "array": lambda text: text.split(",")}.get(schema["type"], str)
    status = visitor.get("/api/v1/search", **{name: value, "per_page": "1"}).status_code

    assert Draft202012Validator(schema).is_valid(typed(value)) is allowed
    assert (status == 200) is allowed


@pytest.mark.parametrize(
    "path", ["/api/v1/search", *FEEDS, "/api/v1/suggest", "/api/v1/articles/yuan"]
)
def test_empty_values_are_accepted_as_described(
    visitor: Visitor, document: dict[str, Any], path: str
) -> None:
    """A parameter that may be empty is then as good as absent."""
    given = parameters(document, path.replace("yuan", "{id}"))
    empty = {f"{name}_": "" for name, each in given.items() if each.get("allowEmptyValue")}

    assert len(empty) == len(given) - ("id" in given)
    assert visitor.get(path, **empty).status_code == 200


ANSWERS = [
    pytest.param("/api/v1/search", {"q": "元宇宙"}, id="search"),
    pytest.param("/api/v1/search", {"q": "央行 银行", "timeline": "month"}, id="timeline"),
    pytest.param("/api/v1/search", {"q": "元宇舟"}, id="corrected"),
    pytest.param("/api/v1/search", {"q": "“没有这句话”", "facets": ""}, id="nothing"),
    pytest.param("/api/v1/search", {"q": "元宇宙 饕餮 银行"}, id="partial"),
    pytest.param(
        "/api/v1/search", {"q": "“央行” 区块* e-CNY", "facets": ",".join(FACETS)}, id="why"
    ),
    pytest.param("/api/v1/search", {"per_page": "2", "page": "2", "sort": "newest"}, id="pages"),
    pytest.param("/api/v1/articles/yuan", {"q": "元宇宙"}, id="article"),
    pytest.param("/api/v1/articles/undated", {}, id="undated"),
    pytest.param("/api/v1/similar/flash", {}, id="similar"),
    pytest.param("/api/v1/suggest", {"q": "元"}, id="suggest"),
    pytest.param("/api/v1/analyze", {"text": "V神谈元宇宙"}, id="analyze"),
    pytest.param("/healthz", {}, id="health"),
    pytest.param("/readyz", {}, id="ready"),
]


@pytest.mark.parametrize(("address", "args"), ANSWERS)
def test_answers_are_as_described(
    visitor: Visitor, document: dict[str, Any], address: str, args: dict[str, str]
) -> None:
    """Answers have every key described, and no other."""
    path = re.sub(r"(articles|similar)/.*", r"\1/{id}", address)

    assert complaints(document, path, 200, visitor.json(address, **args)) == []


@pytest.mark.parametrize("setting", ["excerpt", "off"])
def test_answers_of_a_site_that_shows_less(
    tiny_root: Path, document: dict[str, Any], setting: str
) -> None:
    """What a setting hides is null."""
    visitor = visitor_of(tiny_root, article_page=setting)
    article = visitor.json("/api/v1/articles/yuan")

    assert complaints(document, "/api/v1/articles/{id}", 200, article) == []
    assert complaints(document, "/api/v1/search", 200, visitor.search(q="元宇宙")) == []


@pytest.mark.parametrize(
    ("address", "args", "status"),
    [
        pytest.param("/api/v1/search", {"page": "0"}, 400, id="bad value"),
        pytest.param("/api/v1/suggest", {"x": "1"}, 400, id="unknown name"),
        pytest.param("/api/v1/analyze", {}, 400, id="required"),
        pytest.param("/api/v1/articles/{id}", {}, 404, id="no article"),
        pytest.param("/api/v1/similar/{id}", {}, 404, id="nothing to be like"),
        *(pytest.param(path, {"page": "0"}, 400, id=path) for path in FEEDS),
    ],
)
def test_errors_are_as_described(
    visitor: Visitor, document: dict[str, Any], address: str, args: dict[str, str], status: int
) -> None:
    """Errors of every address match one schema."""
    answer = visitor.json(address.replace("{id}", "nobody"), status, **args)

    assert complaints(document, address, status, answer) == []


@pytest.mark.parametrize("path", ["/api/v1/search", "/readyz", "/search.rss"])
def test_a_site_without_an_index(nothing: Visitor, document: dict[str, Any], path: str) -> None:
    """Without an index, the 503 matches its schema, and the document is still served."""
    assert complaints(document, path, 503, nothing.json(path, 503)) == []
    assert nothing.json("/openapi.json")["paths"] == document["paths"]
    assert nothing.page("/api")


@pytest.mark.parametrize("path", FEEDS)
def test_media_types_of_feeds(visitor: Visitor, document: dict[str, Any], path: str) -> None:
    """The media types described are those sent."""
    described = list(document["paths"][path]["get"]["responses"]["200"]["content"])

    assert described == [visitor.get(path, q="元宇宙").mimetype]


def test_the_list_for_browsers(visitor: Visitor, document: dict[str, Any]) -> None:
    """The browser format of suggestions matches its schema."""
    content = document["paths"]["/api/v1/suggest"]["get"]["responses"]["200"]["content"]
    answer = visitor.get("/api/v1/suggest", q="元", format="opensearch")

    Draft202012Validator(content[answer.mimetype]["schema"]).validate(answer.get_json())


def test_its_addresses_are_complete(tiny_root: Path, visitor: Visitor) -> None:
    """`servers` has the public address with its path; other origins may read the document."""
    public = visitor_of(tiny_root, public_url="https://example.com/news").get("/openapi.json")

    assert public.json is not None
    assert public.json["servers"] == [{"url": "https://example.com/news"}]
    assert public.headers["Access-Control-Allow-Origin"] == "*"


def keys(components: dict[str, Any], schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Paths of the keys of an answer that are leaves, such as `hits[].story.id`."""
    match schema:
        case {"$ref": reference}:
            yield from keys(components, components[reference.rpartition("/")[2]], path)
        case {"anyOf": [first, {"type": "null"}]}:
            yield from keys(components, first, path)
        case {"properties": properties}:
            for name, each in properties.items():
                yield from keys(components, each, f"{path}.{name}")
        case {"additionalProperties": values}:
            yield from keys(components, values, f"{path}.<name>")
        case {"items": {"$ref": _} as items}:
            yield from keys(components, items, f"{path}[]")
        case _:
            yield path.removeprefix(".")


def test_the_json_page_has_every_key_of_a_search(document: dict[str, Any]) -> None:
    """The table of docs/use/json.md has the keys and types of a search."""
    table = JSON_PAGE.partition("| key | meaning |")[2].partition("\n\n")[0]
    listed = [
        key for row in table.splitlines()[2:] for key in re.findall("`(.+?)`", row.split("|")[1])
    ]
    components = document["components"]["schemas"]

    assert sorted(listed) == sorted(keys(components, components["SearchAnswer"]))


def test_the_json_page_names_every_key(document: dict[str, Any]) -> None:
    """docs/use/json.md also names the keys of all other answers."""
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall("`(.+?)`", JSON_PAGE))))
    properties = [
        name for each in document["components"]["schemas"].values() for name in each["properties"]
    ]

    assert [name for name in properties if name not in named] == []


def test_every_code_is_on_the_json_page(visitor: Visitor) -> None:
    """docs/use/json.md explains every error code that `/api` lists."""
    row = r'<td>[0-9]{3}</td><th scope="row"><code>(\w+)</code>'
    codes = re.findall(row, visitor.page("/api"))

    assert "invalid_parameter" in codes
    assert [code for code in codes if f"`{code}`" not in JSON_PAGE] == []


def test_the_page_shows_all_of_it(visitor: Visitor, document: dict[str, Any]) -> None:
    """The reference page shows every address, parameter and schema, with examples that work."""
    page = visitor.page("/api")
    tags = Markup(page)
    names = {attrs["id"] for _, attrs in tags.tags if attrs.get("id")}
    examples = [href for text, href in tags.links if text.startswith("http://localhost/")]

    assert set(document["components"]["schemas"]) <= names
    assert all(f"<code>{path}</code>" in page for path in document["paths"])
    assert all(f"<code>{name}</code>" in page for name in params.NAMES)
    assert len(examples) == len(document["paths"])
    assert [visitor.get(href).status_code for href in examples] == [200] * len(examples)
    assert len([attrs["id"] for _, attrs in tags.tags if attrs.get("id")]) == len(names)


def test_help_leads_to_it(visitor: Visitor) -> None:
    """The help page links to the reference page."""
    assert Markup(visitor.page("/help")).link("接口的全部说明") == "/api"
