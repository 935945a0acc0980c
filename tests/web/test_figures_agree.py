"""Figures mean what they say (law 10): every form of an answer counts the articles that match
everything typed and every filter, as a plain count over the articles does."""

import csv
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from tests.support.tiny_search import article
from tests.support.visitors import Visitor, index_of, visitor_of
from web.markup.formatting import per_cent

NAMES = {
    "元宇宙": ("元宇宙", "Metaverse"),
    "数字人民币": ("数字人民币", "e-CNY"),
    "泰达币": ("泰达币", "USDT"),
}
"""Names from the lexicon and how articles spell them."""
PLAIN = ("银行", "试点", "游戏", "监管", "市场", "公司")
WORDS = (*NAMES, *PLAIN)
SOURCES = ("财新网", "链上观察", "新华社")
YEARS = (2020, 2021, 2022)
ARTICLES = 120


@dataclass(frozen=True)
class Written:
    """The words and fields that one article was made of."""

    words: frozenset[str]
    source: str
    year: int | None
    estimated: bool

    @property
    def date(self) -> str:
        """What is known of its date."""
        return "unknown" if self.year is None else "estimated" if self.estimated else "given"


def written() -> Iterator[tuple[Written, Article]]:
    """Random articles; some words are common, some dates estimated, a few articles undated."""
    dice = random.Random(16)
    for at in range(ARTICLES):
        words = frozenset(word for n, word in enumerate(WORDS) if dice.random() < 0.12 + 0.06 * n)
        source, year = dice.choice(SOURCES), dice.choice((None, *YEARS))
        shown = [dice.choice(NAMES.get(word, (word,))) for word in sorted(words)]
        published = datetime(year, 6, 1 + at % 28, tzinfo=UTC) if year else None
        text = "。".join([*shown, f"第{at}篇"])
        estimated = published is not None and dice.random() < 0.3
        made = article(
            f"a{at}",
            f"第{at}篇",
            text,
            source=source,
            published=published,
            date_origin="address" if estimated else "given",
        )
        yield Written(words, source, year, estimated), made


MADE = tuple(written())


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    root: Path = tmp_path_factory.mktemp("figures") / "index"
    return visitor_of(index_of(root, [made for _, made in MADE])).warmed()


queries = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True)
filters = st.fixed_dictionaries(
    {},
    optional={
        "source": st.sampled_from([*SOURCES, *(f"-{each}" for each in SOURCES)]),
        "year": st.sampled_from(YEARS),
        "date": st.sampled_from(("given", "estimated", "unknown")),
    },
)


def holds(one: Written, words: list[str], chosen: dict[str, Any]) -> bool:
    source, year = chosen.get("source"), chosen.get("year")
    if source and (one.source == source.removeprefix("-")) == source.startswith("-"):
        return False
    if chosen.get("date") not in (None, one.date):
        return False
    return one.words.issuperset(words) and year in (None, one.year)


@settings(max_examples=60)
@given(queries, filters)
def test_every_form_counts_the_same_articles(
    visitor: Visitor, words: list[str], chosen: dict[str, Any]
) -> None:
    right = [one for one, _ in MADE if holds(one, words, chosen)]
    asked = {"q": " ".join(words), "now": "2023-01-01", "fold": "0"}
    if "source" in chosen:
        asked["source"] = chosen["source"]
    if "year" in chosen:
        asked |= {"from": f"{chosen['year']}-01-01", "to": f"{chosen['year']}-12-31"}
    if "date" in chosen:
        asked["date"] = chosen["date"]

    answer = visitor.search(**asked, timeline="year", per_page="100")
    complete = [hit for hit in answer["hits"] if not hit["missing"]]
    assert answer["total"] == len(complete) == len(right)
    assert counts(answer["facets"]["source"]) == by_source(words, chosen)
    assert counts(answer["facets"]["year"]) == by_year(words, chosen)
    points = {point["t"]: point["count"] for point in answer["timeline"]["points"]}
    dated = Counter(str(one.year) for one in right if one.year)
    assert {t: count for t, count in points.items() if count} == dated

    assert len(table(visitor, asked)) == len(right)
    feed = visitor.get("/search.json", **asked, per_page="100").json
    assert len(feed["items"]) == len(right)
    for sort in ("newest", "oldest"):
        assert visitor.search(**asked, sort=sort)["total"] == len(right)
    widget = visitor.search(**asked, partial="0", facets="")
    assert (widget["total"], widget["partial"]) == (len(right), None)
    page = visitor.page("/search", **asked)
    assert f"找到 <strong>{len(right)}</strong> 条结果" in page


@settings(max_examples=60)
@given(queries, filters)
def test_what_is_missing(visitor: Visitor, words: list[str], chosen: dict[str, Any]) -> None:
    """Each article that is shown lacks what it says and nothing else; it fits the filters; and the
    words that are names are not all missing."""
    source = {"source": chosen["source"]} if "source" in chosen else {}
    hits = visitor.search(q=" ".join(words), per_page="100", fold="0", **source)["hits"]
    by_id = {made.id: one for one, made in MADE}
    lacking = [hit for hit in hits if hit["missing"]]
    assert len(lacking) <= 20
    for hit in hits:
        one = by_id[hit["id"]]
        assert set(hit["missing"]) == set(words) - one.words
        assert holds(one, [], source)
        names = set(words) & set(NAMES)
        assert not names or names - set(hit["missing"])


@settings(max_examples=30)
@given(queries, filters)
def test_charts_count_and_divide_as_a_naive_count_does(
    visitor: Visitor, words: list[str], chosen: dict[str, Any]
) -> None:
    """A chart has the articles of all times, each step beside all articles of that step, whatever
    filters are in force; its last row is what has no date."""
    lasting = {name: value for name, value in chosen.items() if name == "source"}
    right = [one for one, _ in MADE if holds(one, words, lasting)]
    asked = {"q": " ".join(words), "now": "2023-01-01"} | lasting
    if "year" in chosen:
        asked |= {"from": f"{chosen['year']}-01-01", "to": f"{chosen['year']}-12-31"}
    data = visitor.get("/chart.csv", **asked).get_data().decode("utf-8-sig")
    *steps, unknown = list(csv.reader(StringIO(data, newline=""), strict=True))[1:]

    dated = [(one, made.published.date()) for one, made in MADE if made.published]
    for _, first, last, count, articles, share in steps:
        inside = [one for one, day in dated if first <= day.isoformat() <= last]
        found = [one for one in inside if holds(one, words, lasting)]
        assert (int(count), int(articles)) == (len(found), len(inside))
        assert share == (f"{len(found) / len(inside) * 100:.4g}" if inside else "")
    undated = [one for one in right if one.year is None]
    assert (int(unknown[3]), int(unknown[4])) == (len(undated), len(MADE) - len(dated))
    assert sum(int(row[3]) for row in [*steps, unknown]) == len(right)


@settings(max_examples=20)
@given(queries, st.none() | st.sampled_from(YEARS))
def test_shares_of_a_comparison(visitor: Visitor, words: list[str], year: int | None) -> None:
    """Of all articles of the range, or of the whole index where no range is chosen."""
    chosen = {"year": year} if year else {}
    everything = sum(holds(one, [], chosen) for one, _ in MADE)
    span = f"&from={year}-01-01&to={year}-12-31" if year else ""
    page = visitor.page(f"/compare?q={'&q='.join([*words, '第1篇'])}{span}")

    for word in words[:3]:
        found = sum(holds(one, [word], chosen) for one, _ in MADE)
        side = page[page.index(f">{word}</h2>") :]
        assert f">{found} 篇</a>" in side[: side.index("</section>")]
        assert f"全部文章 {per_cent(found / everything)}<" in side[: side.index("</section>")]


def counts(facet: list[dict[str, Any]]) -> dict[str, int]:
    return {row["value"]: row["count"] for row in facet}


def by_source(words: list[str], chosen: dict[str, Any]) -> dict[str, int]:
    """Counts by source: the other filter applies, the facet's own does not."""
    others = {name: value for name, value in chosen.items() if name != "source"}
    return dict(Counter(one.source for one, _ in MADE if holds(one, words, others)))


def by_year(words: list[str], chosen: dict[str, Any]) -> dict[str, int]:
    """Counts by year and of those without a date, whatever date is chosen."""
    source = {"source": chosen["source"]} if "source" in chosen else {}
    counted = (one for one, _ in MADE if holds(one, words, source))
    return dict(Counter(str(one.year or "unknown") for one in counted))


def table(visitor: Visitor, asked: dict[str, str]) -> list[list[str]]:
    """The rows of the CSV file below its header."""
    data = visitor.get("/search.csv", **asked).get_data().decode("utf-8-sig")
    return list(csv.reader(StringIO(data, newline=""), strict=True))[1:]
