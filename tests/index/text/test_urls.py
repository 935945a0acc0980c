"""Addresses: one canonical form for a page, and the tokens that find it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.urls import MAX_URL_TOKENS, canonical_url, host_of, url_term, url_tokens

PARTS = [
    "#/",
    "#!/",
    "from=1",
    "http://",
    "https:/",
    "//",
    "/",
    "?",
    "#",
    "&",
    "=",
    "www.",
    "a.com",
    ":80",
    "utm_a=1",
]
ODD_PARTS = ["https%3A%2F%2F", "@", "%3A", "元", " ", "[", "]", "\ud800", "\\", '"', "x" * 900]
ADDRESS = st.text() | st.lists(st.sampled_from([*PARTS, *ODD_PARTS])).map("".join)

NOT_HTTP = [None, "", "a.com/x", "ftp://a.com", "javascript:alert(1)"]
BROKEN = ["http://", "http://a b/", "http://a.com:x/", "http://[::1", "http://a.com/" + "x" * 3000]


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        pytest.param("HTTPS://WWW.A.com/B", "https://www.a.com/B", id="case of the host only"),
        pytest.param("http://a.com:80/x#top", "http://a.com/x", id="port and fragment"),
        pytest.param("http://a.com:8080", "http://a.com:8080/", id="another port, root"),
        pytest.param(
            "https://a.com/x?utm_source=w&id=3&spm=1", "https://a.com/x?id=3", id="tracking"
        ),
        pytest.param(
            "https://mp.weixin.qq.com/s?id=1&from=timeline",
            "https://mp.weixin.qq.com/s?id=1",
            id="from= on WeChat",
        ),
        pytest.param(
            "https://weibo.com/1/A?from=page", "https://weibo.com/1/A", id="from= on Weibo"
        ),
        pytest.param("https://a.com/x?from=2", "https://a.com/x?from=2", id="from= elsewhere"),
        pytest.param("https://a.com/#/lives/1", "https://a.com/#/lives/1", id="a route"),
        pytest.param("https://a.com/#!/lives/1", "https://a.com/#!/lives/1", id="a route with !"),
        pytest.param("https://a.com/#!lives", "https://a.com/#!lives", id="a route without slash"),
        pytest.param(
            "https://a.com/i?b=1#/x?id=1&utm_source=w",
            "https://a.com/i?b=1#/x?id=1",
            id="tracking in a route",
        ),
        pytest.param("https://a.com/#/x#top", "https://a.com/#/x", id="a place within a route"),
        pytest.param("https://a.com/#/", "https://a.com/", id="the empty route"),
        pytest.param("https://a.com/#!", "https://a.com/", id="the empty route with !"),
        pytest.param("https://a.com/x#0", "https://a.com/x", id="a number is no route"),
        pytest.param("https://a.com/x#:~:text=a", "https://a.com/x", id="a text fragment"),
        pytest.param("https://a.com/x#二、影响", "https://a.com/x", id="a heading"),
        pytest.param("https://a.com/#/路 由", "https://a.com/#/路%20由", id="unsafe route"),
        pytest.param(
            "https://p.dev/?https://a.com/#/x/1", "https://a.com/#/x/1", id="proxied route"
        ),
        pytest.param("//a.com/x", "https://a.com/x", id="without scheme"),
        pytest.param("http://me:secret@a.com/", "http://a.com/", id="user"),
        pytest.param('http://a.com/路 "x"', "http://a.com/路%20%22x%22", id="unsafe characters"),
        pytest.param(
            "https://cors.x.workers.dev/?http://real.cn/a?b=1", "http://real.cn/a?b=1", id="proxy"
        ),
        pytest.param(
            "https://p.dev/?https%3A%2F%2Fa.com%2Fx", "https://a.com/x", id="proxy, escaped"
        ),
        pytest.param(
            "https://web.archive.org/web/20221007154746/https://a.com/x",
            "https://a.com/x",
            id="archive",
        ),
        pytest.param(
            "https://a.com/?to=http://b.com",
            "https://a.com/?to=http://b.com",
            id="an address as parameter is none",
        ),
    ],
)
def test_canonical(url: str, canonical: str) -> None:
    """One page has one address."""
    assert canonical_url(url) == canonical


@pytest.mark.parametrize("url", [*NOT_HTTP, *BROKEN])
def test_no_address(url: str | None) -> None:
    """What no browser opens as a page is no address and has no host and no tokens."""
    assert canonical_url(url) is None
    assert host_of(url) is None
    assert url_tokens(url) == ()


def test_tokens() -> None:
    """An address is found by host, parent domains, each folder and as a whole."""
    assert set(url_tokens("https://www.News.cctv.com/2024/06/V.shtml?id=1")) == {
        "www.news.cctv.com",
        "news.cctv.com",
        "cctv.com",
        "news.cctv.com/2024",
        "news.cctv.com/2024/06",
        "news.cctv.com/2024/06/v.shtml",
        "news.cctv.com/2024/06/v.shtml?id=1",
    }


def test_routes_are_found() -> None:
    """A page that a script shows is found by its address and by the folders of its route."""
    tokens = url_tokens("https://m.a.com/#/lives/1")
    assert {"m.a.com", "m.a.com/#/lives", url_term("https://m.a.com/#/lives/1")} <= set(tokens)
    assert url_term("https://m.a.com/x#top") == "m.a.com/x"
    assert url_term("m.a.com/?u=http://b.com/x") in url_tokens("https://m.a.com/?u=http://b.com/x")


def test_deep_addresses_keep_the_tokens_that_matter() -> None:
    """Of a very deep address the whole and the host are among the twenty tokens."""
    url = "http://a.com/" + "/".join("abcdefghijklmnopqrstuvwxyz")
    tokens = url_tokens(url)
    assert len(tokens) == MAX_URL_TOKENS
    assert {"a.com", url_term(url)} <= set(tokens)


@given(ADDRESS)
def test_canonical_is_total_and_idempotent(url: str) -> None:
    """Nothing raises, a canonical address is its own canonical form, and it can be found."""
    canonical = canonical_url(url)
    if canonical is not None:
        assert canonical_url(canonical) == canonical
        tokens = url_tokens(canonical)
        assert len(set(tokens)) == len(tokens) <= MAX_URL_TOKENS
        assert url_term(canonical) in tokens
        canonical.encode()
