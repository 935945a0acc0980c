"""Pictures and links of an article get complete addresses, lazy and relative ones too."""

import pytest

from web.markup.addresses import LAZY_SOURCES, SOURCE_SETS, link_address, picture_address

PAGE = "https://www.example.com/news/2022/1.html"
FOLDER = "https://www.example.com/news/2022/"
REAL = "https://img.example.com/a/640?wx_fmt=png"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


@pytest.mark.parametrize("name", LAZY_SOURCES)
@pytest.mark.parametrize(
    "placeholder", [PIXEL, "", "https://a.cn/blank.gif", "/img/loading.svg?v=1", "spacer.png"]
)
def test_lazy_pictures(name: str, placeholder: str) -> None:
    """The address that a script would load is used, not the placeholder."""
    assert picture_address({name: REAL, "src": placeholder}, PAGE) == REAL


@pytest.mark.parametrize("name", SOURCE_SETS)
@pytest.mark.parametrize(
    ("sources", "largest"),
    [
        pytest.param(REAL, REAL, id="one"),
        pytest.param(f"https://a.cn/1.png 1x, {REAL} 2x", REAL, id="densities"),
        pytest.param(f"{REAL} 1200w,https://a.cn/1.png 300w", REAL, id="widths"),
        pytest.param(f"https://a.cn/w_1,h_2/1.png 1x,\n {REAL} 1.5x", REAL, id="commas"),
    ],
)
def test_source_sets(name: str, sources: str, largest: str) -> None:
    """The largest picture of several is used."""
    assert picture_address({name: sources, "src": PIXEL}, None) == largest


@pytest.mark.parametrize(
    ("attributes", "page", "address"),
    [
        pytest.param({"src": REAL}, None, REAL, id="plain"),
        pytest.param({"src": "/img/a.png"}, PAGE, "https://www.example.com/img/a.png", id="path"),
        pytest.param({"src": "a.png"}, PAGE, "https://www.example.com/news/2022/a.png", id="name"),
        pytest.param({"data-src": "//a.cn/b.png"}, PAGE, "//a.cn/b.png", id="no protocol"),
        pytest.param({"src": "a.png"}, None, None, id="no page"),
        pytest.param({"src": PIXEL}, PAGE, None, id="only data"),
        pytest.param({"src": "https://a.cn/blank.gif"}, None, "https://a.cn/blank.gif", id="alone"),
        pytest.param({"data-src": "javascript:x", "src": REAL}, PAGE, REAL, id="script"),
        pytest.param({"data-src": "true", "src": REAL}, None, REAL, id="no address"),
        pytest.param({"src": "mailto:a@a.cn"}, PAGE, None, id="mail"),
        pytest.param({"src": "blob:x"}, PAGE, None, id="blob"),
        pytest.param({"data-src": "true", "src": "a.png"}, PAGE, f"{FOLDER}a.png", id="switch"),
        pytest.param({"data-real-src": REAL, "src": PIXEL}, PAGE, REAL, id="unknown script"),
        pytest.param({"data-x-srcset": f"{REAL} 2x"}, PAGE, REAL, id="unknown set"),
        pytest.param(
            {"data-lazysrc": "b.png", "src": "a.png"}, PAGE, f"{FOLDER}a.png", id="src first"
        ),
        pytest.param({}, PAGE, None, id="nothing"),
    ],
)
def test_pictures(attributes: dict[str, str], page: str | None, address: str | None) -> None:
    """A picture without a usable address has none."""
    assert picture_address(attributes, page) == address


@pytest.mark.parametrize(
    ("href", "address"),
    [
        pytest.param("https://a.cn/x", "https://a.cn/x", id="complete"),
        pytest.param(" https://a.cn/x\n", "https://a.cn/x", id="white space"),
        pytest.param("mailto:a@a.cn", "mailto:a@a.cn", id="mail"),
        pytest.param("../news/2.html", "https://www.example.com/news/news/2.html", id="relative"),
        pytest.param("?page=2", "https://www.example.com/news/2022/1.html?page=2", id="query"),
        pytest.param("#part", None, id="fragment"),
        pytest.param("", None, id="empty"),
        pytest.param("javascript:alert(1)", None, id="script"),
        pytest.param("JAVASCRIPT :x", "https://www.example.com/news/2022/JAVASCRIPT :x", id="path"),
        pytest.param("ftp://a.cn", None, id="ftp"),
    ],
)
def test_links(href: str, address: str | None) -> None:
    """Relative addresses are resolved against the article's own; without one the link is removed."""
    assert link_address(href, PAGE) == address
    assert link_address(href, None) == (address if address == href.strip() else None)


@pytest.mark.parametrize("page", ["https://[", "http://a.cn:x/"])
def test_a_page_without_a_proper_address(page: str) -> None:
    """Nothing raises."""
    link_address("//[x", page)
    link_address("a.png", page)
