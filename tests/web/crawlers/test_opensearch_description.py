"""Browsers can add the site to their search bar: the description document and its suggestions."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.support.visitors import Markup, Visitor, visitor_of

O = "{http://a9.com/-/spec/opensearch/1.1/}"  # noqa: E741 - the name space
SUGGESTIONS = "application/x-suggestions+json"


def description(visitor: Visitor) -> ElementTree.Element:
    answer = visitor.get("/opensearch.xml")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    return ElementTree.fromstring(answer.get_data())


def templates(root: ElementTree.Element) -> dict[str, str]:
    return {url.attrib["type"]: url.attrib["template"] for url in root.findall(f"{O}Url")}


def test_the_description(visitor: Visitor) -> None:
    """Required elements are there, within their length limits, in Chinese and UTF-8, with an icon."""
    root = description(visitor)

    assert root.tag == f"{O}OpenSearchDescription"
    assert root.findtext(f"{O}ShortName") == "元搜"
    assert 0 < len(root.findtext(f"{O}Description") or "") <= 1_024
    assert root.findtext(f"{O}Language") == "zh-CN"
    assert root.findtext(f"{O}InputEncoding") == "UTF-8"
    icon = (root.findtext(f"{O}Image") or "").removeprefix("http://localhost")
    assert visitor.get(icon).mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        pytest.param("text/html", "text/html", id="page"),
        pytest.param(SUGGESTIONS, SUGGESTIONS, id="suggestions"),
        pytest.param("application/rss+xml", "application/rss+xml", id="rss"),
        pytest.param("application/atom+xml", "application/atom+xml", id="atom"),
    ],
)
def test_every_address_works(visitor: Visitor, media_type: str, expected: str) -> None:
    """Each address answers as browsers call it, with {searchTerms} replaced and Accept: */*."""
    template = templates(description(visitor))[media_type]
    assert template.count("{searchTerms}") == 1

    path = template.replace("{searchTerms}", "%E5%85%83").removeprefix("http://localhost")
    answer = visitor.get(path, headers={"Accept": "*/*"})

    assert (answer.status_code, answer.mimetype) == (200, expected)


def test_suggestions_by_their_address(visitor: Visitor) -> None:
    """A list of the typed text and its completions, and nothing else."""
    answer: Any = visitor.get("/api/v1/suggest", q="元", format="opensearch").json

    assert answer[0] == "元"
    assert answer[1][0] == "元宇宙"
    assert len(answer) == 2


def test_another_shape_of_suggestions(visitor: Visitor) -> None:
    """An unknown format is refused."""
    assert visitor.error("/api/v1/suggest", q="元", format="xml")["param"] == "format"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        pytest.param(
            "链上观察站内搜索：元宇宙、区块链与金融科技",
            "链上观察站内搜索：元宇宙、区块链",
            id="long",
        ),
        pytest.param('<A&B "C">', '<A&B "C">', id="markup"),
        pytest.param("甲\x00乙", "甲乙", id="control"),
    ],
)
def test_names(tiny_root: Path, name: str, short: str) -> None:
    """The name has at most 16 characters and is well-formed XML."""
    root = description(visitor_of(tiny_root, site_name=name))

    assert root.findtext(f"{O}ShortName") == short
    assert len(short) <= 16


def test_under_a_path(tiny_root: Path) -> None:
    """Addresses begin with `public_url`."""
    visitor = visitor_of(tiny_root, public_url="https://news.example/sub")

    own = templates(description(visitor))["application/opensearchdescription+xml"]

    assert own == "https://news.example/sub/opensearch.xml"


@pytest.mark.parametrize("path", ["/", "/search?q=元宇宙", "/article/yuan", "/help"])
def test_every_page_leads_to_it(visitor: Visitor, path: str) -> None:
    """The head of every page links to it."""
    links = [attrs for tag, attrs in Markup(visitor.page(path)).tags if tag == "link"]

    (found,) = [link for link in links if link.get("rel") == "search"]

    assert found["type"] == "application/opensearchdescription+xml"
    assert found["href"] == "/opensearch.xml"
    assert found["title"] == "元搜"


def test_without_an_index(nothing: Visitor) -> None:
    """The document is served without an index."""
    description(nothing)
