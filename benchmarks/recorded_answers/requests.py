"""The requests to record: a fixed list made of typed queries and of facts about the index."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from urllib.parse import quote, urlencode

NOW = "2026-09-01T08:00:00+08:00"
"""What the server is told the time is, wherever it can be told."""
FEEDS = ("rss", "atom", "json", "csv")
ALL_FACETS = "source,topic,organisation,year,category,author"
CURSOR_STEPS = 2
SITES: Mapping[str, Mapping[str, str]] = {
    "plain": {},
    "english": {"language": "en"},
    "excerpt": {"article_page": "excerpt"},
    "no articles": {"article_page": "off"},
}
"""Servers that are asked, by name: the settings that differ from the defaults."""

Query = tuple[str, str]
"""A parameter and its value."""


@dataclass(frozen=True, slots=True)
class Request:
    """One GET. `follow`: how many times the `next` link of a JSON answer is followed first.

    Differences are counted by `group`. `method` may be HEAD or POST.
    """

    group: str
    path: str
    site: str = "plain"
    headers: Mapping[str, str] = field(default_factory=dict)
    follow: int = 0
    method: str = "GET"

    @property
    def key(self) -> str:
        """Equal for the same request in two records."""
        headers = " ".join(f"{name}:{value}" for name, value in sorted(self.headers.items()))
        return f"{self.site} {self.method} {self.path} +{self.follow} {headers}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Values found in the index. `filters`: facet → its commonest values."""

    articles: Sequence[str] = ()
    stories: Sequence[str] = ()
    quotations: Sequence[str] = ()
    sitemaps: Sequence[str] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)


def typed_queries() -> dict[str, list[str]]:
    """Kind → queries, from `queries.tsv`."""
    kinds: dict[str, list[str]] = {}
    for line in (files(__package__) / "queries.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            kind, query = line.split("\t")
            kinds.setdefault(kind, []).append(query)
    return kinds


def all_requests(typed: Mapping[str, Sequence[str]], facts: Facts) -> list[Request]:
    """The list in the order of sending, without repetitions."""
    found = [
        *_judged(typed["judged"]),
        *_other_queries(typed),
        *_quoted(facts.quotations),
        *_filtered(typed["judged"], facts),
        *_feeds(typed["judged"]),
        *_articles(facts, typed["judged"]),
        *_explored(typed, facts),
        *_suggested(typed),
        *_fixed_pages(facts),
        *_refused(),
        *_other_sites(typed, facts),
    ]
    return list({request.key: request for request in found}.values())


def page(group: str, *query: Query, site: str = "plain") -> Request:
    return Request(group, "/search?" + urlencode([*query, ("now", NOW)]), site)


def api(group: str, *query: Query, follow: int = 0) -> Request:
    path = "/api/v1/search?" + urlencode([*query, ("now", NOW)])
    return Request(group, path, follow=follow)


def _judged(queries: Sequence[str]) -> Iterator[Request]:
    everything = (("facets", ALL_FACETS), ("timeline", "month"))
    for number, text in enumerate(queries):
        q = ("q", text)
        yield page("page: relevance", q)
        yield page("page: newest", q, ("sort", "newest"))
        yield page("page: oldest", q, ("sort", "oldest"))
        yield page("page: second", q, ("page", "2"))
        yield api("json: relevance", q, *everything)
        yield api("json: newest", q, ("sort", "newest"))
        yield api("json: oldest", q, ("sort", "oldest"))
        yield api("json: unfolded", q, ("fold", "0"))
        yield api("json: verbatim", q, ("verbatim", "1"))
        yield api("json: no partial matches", q, ("partial", "0"))
        yield api("json: second fifty", q, ("per_page", "50"), ("page", "2"), ("facets", ""))
        yield api("json: in titles", q, ("in", "title"))
        if number % 6 == 0:
            for steps in range(1, CURSOR_STEPS + 1):
                yield api("json: next page", q, follow=steps)


def _other_queries(typed: Mapping[str, Sequence[str]]) -> Iterator[Request]:
    for kind in ("everyday", "operator", "typo", "traditional"):
        for text in typed[kind]:
            yield page(f"page: {kind}", ("q", text))
            yield api(f"json: {kind}", ("q", text))
    for text in typed["typo"]:
        yield api("json: typo verbatim", ("q", text), ("verbatim", "1"))


def _quoted(quotations: Sequence[str]) -> Iterator[Request]:
    for number, text in enumerate(quotations):
        yield api("json: quotation", ("q", f'"{text}"'))
        if number % 5 == 0:
            yield page("page: quotation", ("q", f"“{text}”"))


def _filtered(queries: Sequence[str], facts: Facts) -> Iterator[Request]:
    several = queries[::12]
    for name, values in facts.filters.items():
        for value in values:
            yield api("json: filter", (name, value))
            yield api("json: filter", ("q", several[0]), (name, f"-{value}"))
            yield page("page: filter", ("q", several[0]), (name, value))
    for text in several:
        q = ("q", text)
        yield api("json: dates", q, ("from", "2022-01-01"), ("to", "2022-12-31"))
        yield api("json: dates", q, ("from", "2023-01-01"), ("timeline", "day"))
        yield api("json: dates", q, ("within", "1y"), ("timeline", "year"))
        yield page("page: dates", q, ("from", "2022-01-01"), ("to", "2022-03-31"))
        yield page("page: dates", q, ("within", "30d"))
        yield page("page: options", q, ("per_page", "50"), ("fold", "0"), ("verbatim", "1"))
        yield page("page: options", q, ("in", "title"), ("partial", "0"))


def _feeds(queries: Sequence[str]) -> Iterator[Request]:
    for kind in FEEDS:
        for text in ["", *queries[::5]]:
            args = urlencode({"q": text, "now": NOW} if text else {"now": NOW, "per_page": "30"})
            yield Request(f"feed: {kind}", f"/search.{kind}?{args}")


def _articles(facts: Facts, queries: Sequence[str]) -> Iterator[Request]:
    for number, name in enumerate(facts.articles):
        at = quote(name, safe="")
        marked = urlencode({"q": queries[number % len(queries)]})
        yield Request("page: article", f"/article/{at}")
        yield Request("page: article marked", f"/article/{at}?{marked}")
        yield Request("json: article", f"/api/v1/articles/{at}?{marked}")
        yield Request("json: similar", f"/api/v1/similar/{at}")


def _explored(typed: Mapping[str, Sequence[str]], facts: Facts) -> Iterator[Request]:
    now = urlencode({"now": NOW})
    for text in typed["topic"]:
        yield Request("page: topic", f"/topic/{quote(text)}?{now}")
    for name in facts.stories:
        yield Request("page: story", f"/story/{quote(name, safe='')}")
    for text in typed["comparison"]:
        queries = [("q", part) for part in text.split("|")]
        yield Request("page: comparison", "/compare?" + urlencode([*queries, ("now", NOW)]))
        narrowed = [*queries, ("sort", "newest"), ("from", "2021-01-01"), ("now", NOW)]
        yield Request("page: comparison", "/compare?" + urlencode(narrowed))


def _suggested(typed: Mapping[str, Sequence[str]]) -> Iterator[Request]:
    for number, text in enumerate(typed["typed"]):
        asked = urlencode({"q": text})
        yield Request("json: suggest", f"/api/v1/suggest?{asked}")
        if number % 8 == 0:
            yield Request(
                "json: suggest for browsers", f"/api/v1/suggest?{asked}&format=opensearch"
            )
    accept = {"Accept": "application/x-suggestions+json"}
    yield Request("json: suggest for browsers", "/api/v1/suggest?q=btc", headers=accept)
    for text in [*typed["text"], *typed["judged"][::3]]:
        yield Request("json: analyze", "/api/v1/analyze?" + urlencode({"text": text}))


def _fixed_pages(facts: Facts) -> Iterator[Request]:
    for path in (
        "/",
        "/help",
        "/sources",
        "/compare",
        "/embed",
        "/embed?query=NFT&sort=newest&size=3&theme=dark&search-box=1",
        "/embed?query=%E6%AF%94%E7%89%B9%E5%B8%81&size=99&theme=none",
        "/api",
        "/search?now=2026-09-01",
        "/search?q=&sort=oldest&now=2026-09-01",
    ):
        yield Request("page: fixed", path)
    for path in ("/openapi.json", "/healthz", "/opensearch.xml", "/robots.txt", "/embed.js"):
        yield Request("for programs", path)
    for path in ("/sitemap.xml", *facts.sitemaps):
        yield Request("sitemap", path)
    yield Request("for programs", "/api/v1/search?q=NFT", method="HEAD")
    yield Request("for programs", "/api/v1/search?q=NFT", method="OPTIONS")
    yield Request("page: fixed", "/search?q=NFT&utm_source=x&now=2026-09-01")


REFUSED = (
    *("sort=best", "in=body", "from=2022", "to=2022-02-30", "from=2023-01-01&to=2022-01-01"),
    *("within=3w", "page=0", "page=x", "per_page=0", "per_page=101", "page=101", "page=11"),
    *("cursor=x", "cursor=x&page=2", "facets=colour", "timeline=week", "fold=2", "verbatim=yes"),
    *("partial=no", "now=noon", "now=3000-01-01", "unknown=1", "q=a&q=b"),
    *("q=" + "x" * 501, "source=" + ",".join("abcdefghijklmnopqrstuvwxyz" * 2)),
    "page=11&per_page=100",
)
"""Arguments of a search that are refused (or, on the page, some of them ignored)."""
ABSENT = (
    *(
        "/nothing",
        "/article/nothing",
        "/article/nothing?q=NFT",
        "/story/nothing",
        "/search/",
        "/a/b",
    ),
    *(
        "/search/",
        "/topic/",
        "/api/v1/nothing",
        "/api/v1/articles/nothing",
        "/api/v1/similar/nothing",
    ),
    *("/api/v1/suggest?x=1", "/api/v1/suggest?q=a&format=xml", "/api/v1/analyze"),
    *("/api/v1/analyze?text=", "/api/v1/analyze?text=a&text=b", "/api/v1/similar/nothing?q=1"),
    *("/sitemap-nothing.xml", "/sitemap-2022-13-1.xml", "/sitemap-1990-01-1.xml"),
    *(
        "/compare?sort=best",
        "/compare?q=a&q=b&from=x",
        "/search.rss?sort=best",
        "/search.csv?page=0",
    ),
    *("/search.xml", "/static/nothing.js", "/search.atom?unknown=1"),
)


def _refused(site: str = "plain") -> Iterator[Request]:
    for args in REFUSED:
        day = "" if "now=" in args else "&now=2026-09-01"
        yield Request("refused: page", f"/search?{args}{day}", site)
        yield Request("refused: json", f"/api/v1/search?{args}", site)
    for path in ABSENT:
        yield Request("refused: address", path, site)
    for path in ("/search?q=a", "/api/v1/search?q=a", "/", "/search.rss"):
        yield Request("refused: method", path, site, method="POST")


def _other_sites(typed: Mapping[str, Sequence[str]], facts: Facts) -> Iterator[Request]:
    """Pages in English, and sites that do not show full articles."""
    english = "english"
    for text in typed["judged"][::2]:
        yield page("english: page", ("q", text), site=english)
    for kind in ("operator", "typo"):
        for text in typed[kind][::2]:
            yield page(f"english: {kind}", ("q", text), site=english)
    others = [
        *_explored({"topic": typed["topic"][::3], "comparison": typed["comparison"][::3]}, facts),
        *_fixed_pages(Facts()),
    ]
    for request in others:
        yield Request("english: " + request.group, request.path, english, method=request.method)
    yield from _refused(english)
    for site in ("english", "excerpt", "no articles"):
        for name in facts.articles[::6]:
            at = quote(name, safe="")
            yield Request(f"{site}: article", f"/article/{at}?q=NFT", site)
            yield Request(f"{site}: article", f"/api/v1/articles/{at}", site)
    for site in ("excerpt", "no articles"):
        yield page(f"{site}: page", ("q", typed["judged"][0]), site=site)
        yield Request(f"{site}: feed", f"/search.json?q=NFT&now={quote(NOW)}", site)
