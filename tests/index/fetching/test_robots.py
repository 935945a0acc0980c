"""robots.txt: what is allowed, how far apart, and that it is read once."""

import tracemalloc
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetching.connecting.errors import FetchError
from index.fetching.connecting.http_client import Request, Response
from index.fetching.pages.robots import MAX_CHARACTERS, MAX_DELAY, Robots
from index.messages import msg

pytestmark = pytest.mark.fulltext

NEWS = "https://n.example/news/1.html"
NOBODY: frozenset[str] = frozenset()


@dataclass
class Host:
    """Answers with one robots.txt for every host, or fails."""

    text: str = ""
    problem: FetchError | None = None
    asked: list[str] = field(default_factory=list)

    def fetch(self, request: Request) -> Response:
        self.asked.append(request.url)
        if self.problem:
            raise self.problem
        return Response(200, {}, self.text.encode(), request.url)


RULES = {
    "nothing": ("", True),
    "everything": ("User-agent: *\nDisallow: /", False),
    "no value": ("User-agent: *\nDisallow:", True),
    "a folder": ("User-agent: *\nDisallow: /news/", False),
    "another folder": ("User-agent: *\nDisallow: /new/", True),
    "the longest rule": ("User-agent: *\nDisallow: /\nAllow: /news/", True),
    "the longest rule, turned": ("User-agent: *\nAllow: /\nDisallow: /news/", False),
    "as long as another": ("User-agent: *\nDisallow: /news\nAllow: /news", True),
    "a star": ("User-agent: *\nDisallow: /*.html", False),
    "an end": ("User-agent: *\nDisallow: /news$", True),
    "by name": ("User-agent: *\nDisallow:\n\nUser-agent: YUANSOU\nDisallow: /", False),
    "by name, allowed": ("User-agent: *\nDisallow: /\n\nUser-agent: Yuansou\nAllow: /", True),
    "the name of another": ("User-agent: feed\nDisallow: /", True),
    "names of others and ours": ("User-agent: a\nUser Agent YuanSou # us\nDisallow: /", False),
    "names of others and a star": ("useragent: a\nUser-agent: *\nDisallow: /", False),
    "without a group": ("Disallow: /", True),
    "beyond what is read": (f"User-agent: *\n#{'x' * MAX_CHARACTERS}\nDisallow: /", True),
    "stars that would take for ever": (f"User-agent: *\nDisallow: /{'*n' * 5_000}", True),
}


@pytest.mark.parametrize(("text", "allowed"), RULES.values(), ids=RULES)
def test_rules(text: str, allowed: bool) -> None:
    """As RFC 9309 reads them."""
    robots = Robots(Host(text))
    if allowed:
        robots.permit(NEWS, NOBODY)
    else:
        with pytest.raises(FetchError, match="不许抓取") as refused:
            robots.permit(NEWS, NOBODY)
        assert refused.value.lasting


def test_rules_for_many_robots() -> None:
    """Do not take memory by the product of both."""
    names = [f"{'*' * n}{name}{n % 7}" for n in range(50) for name in ("a", "b", "c")]
    names += [f"{'*' * n}yuansou" for n in range(200)]
    kinds = ("User-agent:", "user  agent\t", "Useragent :")
    agents = [f"{kind} {name}" for name in names for kind in kinds]
    text = "\n".join([*agents, *["Disallow: /"] * 1_000])
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="不许抓取"):
            Robots(Host(text)).permit(NEWS, NOBODY)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


@given(
    st.text(max_size=200), st.sampled_from([NEWS, "https://新闻.example/?q=新", "http://[::1]/"])
)
def test_any_text_reads(text: str, url: str) -> None:
    """It allows or it does not."""
    with suppress(FetchError):
        Robots(Host(text), pause=lambda _: None).permit(url, NOBODY)


def test_each_host_is_asked_once() -> None:
    """Rules that were read before are not read again; ports and schemes have rules of their own."""
    host = Host()
    robots = Robots(host, {"https://known.example": "User-agent: *\nDisallow: /x"})
    urls = [NEWS, "https://n.example/2", "http://n.example/2", "https://n.example:81/2"]
    for url in [*urls, "https://known.example/1"]:
        robots.permit(url, NOBODY)
    assert host.asked == [
        f"{origin}/robots.txt"
        for origin in ("https://n.example", "http://n.example", "https://n.example:81")
    ]
    assert set(robots.fresh) == {each.removesuffix("/robots.txt") for each in host.asked}


@pytest.mark.parametrize("lasting", [False, True])
def test_what_cannot_be_read(lasting: bool) -> None:
    """Allows nothing for now, and is asked once; where it leads inside, for good."""
    host = Host(problem=FetchError(msg("连不上这个主机"), lasting=lasting))
    robots = Robots(host)
    for _ in range(3):
        with pytest.raises(FetchError, match="连不上这个主机") as refused:
            robots.permit(NEWS, NOBODY)
        assert refused.value.lasting is lasting
    assert len(host.asked) == 1
    assert not robots.fresh


DELAYS = {
    "none": ("", 0.0),
    "seconds": ("5", 5.0),
    "too long": ("3600", MAX_DELAY),
    "odd": ("x", 0.0),
}


@pytest.mark.parametrize(("stated", "kept"), DELAYS.values(), ids=DELAYS)
def test_crawl_delay(stated: str, kept: float) -> None:
    """Lies between two requests to a host, whoever makes them, up to ten seconds."""
    pauses: list[float] = []
    rules = f"User-agent: *\nCrawl-delay: {stated}\n" if stated else ""
    robots = Robots(Host(rules), pause=pauses.append, clock=lambda: 100.0)
    for number in range(3):
        robots.permit(f"https://n.example/{number}", NOBODY)
    robots.permit("https://m.example/1", NOBODY)
    assert pauses == ([kept, 2 * kept] if kept else [])
