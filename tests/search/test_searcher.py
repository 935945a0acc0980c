"""From request to answer, over the sample articles."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build.builder import Builder
from index.errors import InvalidRequest
from index.lexicon.loading import load_lexicon
from index.takedowns import Takedowns
from index.text.dates import SHANGHAI
from index.text.normalize import normalize
from search.query.parsing.quotation import quote
from search.request import Choice
from search.response import AnyTime, Hit
from search.searcher import Searcher
from tests.conftest import whoosh_engine
from tests.support.tiny_search import NOW, article, ask, found, ids, request, searcher, shown, texts

TODAY = datetime(2026, 11, 1, 8, tzinfo=SHANGHAI)
EVERYTHING: dict[str, Any] = {"per_page": 100, "fold": False, "now": TODAY}
COMPLETE: dict[str, Any] = {**EVERYTHING, "partial": False}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    root = tmp_path_factory.mktemp("seeds")
    engine = whoosh_engine(root)
    with as_file(files("seeds") / "articles") as folder:
        Builder(engine, load_lexicon(), Takedowns(root)).rebuild([folder])
    return Searcher(engine.open())


@pytest.fixture(scope="module")
def rows(seeds: Searcher) -> dict[str, dict[str, Any]]:
    """Stored fields of every article, by id."""
    names = ("id", "title", "normalized", "source", "topics", "published")
    return {
        row["id"]: row for row in seeds.snapshot.stored(ids(ask(seeds, "", **EVERYTHING)), names)
    }


def all_hits(over: Searcher, q: str, **options: Any) -> list[Hit]:
    response = ask(over, q, **{**COMPLETE, **options})
    assert response.total == len(response.hits)
    return list(response.hits)


def holding(rows: dict[str, dict[str, Any]], *texts: str) -> set[str]:
    """Ids of articles that contain one of these texts, found by a plain scan."""
    return {name for name, row in rows.items() if any(text in row["normalized"] for text in texts)}


@pytest.mark.parametrize(
    ("q", "names"),
    [
        pytest.param("元宇宙", ("元宇宙", "metaverse"), id="a concept"),
        pytest.param("區塊鏈", ("区块链", "blockchain"), id="traditional"),
        pytest.param("ＮＦＴ", ("nft",), id="full width"),
        pytest.param("DC/EP", ("dc/ep", "dcep", "e-cny", "数字人民币"), id="another name"),
        pytest.param("V神", ("v神", "vitalik", "维塔利克"), id="Latin and Han"),
    ],
)
def test_a_concept(
    seeds: Searcher, rows: dict[str, dict[str, Any]], q: str, names: tuple[str, ...]
) -> None:
    """All articles that mention it under any name, counted exactly, each with a mark."""
    hits = all_hits(seeds, q)
    assert {hit.id for hit in hits} == holding(rows, *names)
    assert all(hit.title.marks or hit.snippet.marks for hit in hits)


def test_a_compound(seeds: Searcher) -> None:
    """First the article whose title has both words; others lack the common one and are not counted."""
    response = ask(seeds, "数字人民币试点", **EVERYTHING)
    assert shown(response.hits[0].title).startswith("[数字人民币][试点]再扩容")
    assert 0 < response.total < len(response.hits)
    assert {hit.missing for hit in response.hits} == {(), ("试点",)}


def test_quoted(seeds: Searcher, rows: dict[str, dict[str, Any]]) -> None:
    """Exactly these characters, and no alias."""
    response = ask(seeds, '"区块链"', **EVERYTHING)
    assert set(ids(response)) == holding(rows, "区块链")
    assert response.query.also_searched == ()


def test_exclusion(seeds: Searcher, rows: dict[str, dict[str, Any]]) -> None:
    """No article has the excluded word or one of its aliases."""
    concept = seeds.snapshot.lexicon.find("以太坊")
    assert concept is not None
    kept = {hit.id for hit in all_hits(seeds, "比特币 -以太坊")}
    with_ether = all_hits(seeds, "以太坊")
    assert kept
    assert kept.isdisjoint(holding(rows, "以太坊"))
    assert kept == {hit.id for hit in all_hits(seeds, "比特币")} - {hit.id for hit in with_ether}


def test_a_source(seeds: Searcher) -> None:
    """来源： filters by source; the word is marked under its other names too."""
    hits = all_hits(seeds, "来源：金科早报 降准")
    assert len(hits) == 2
    assert {hit.source for hit in hits} == {"金科早报"}
    assert "[降准]" in shown(hits[0].title)


def test_words_and_a_time(seeds: Searcher) -> None:
    """A time holds for articles that lack a word too."""
    hits = ask(seeds, "稳定币 监管 after:2025-10", **EVERYTHING).hits
    start = datetime(2025, 10, 1, tzinfo=SHANGHAI).timestamp()
    assert hits
    assert all(hit.published and hit.published >= start for hit in hits)


@pytest.mark.parametrize(
    "q",
    [
        pytest.param("", id="empty"),
        pytest.param("，。！", id="punctuation"),
        pytest.param("来源：链上观察", id="a condition"),
        pytest.param("时间：2022", id="a time"),
        pytest.param("-比特币", id="nothing but exclusion"),
        pytest.param("-比特币 -来源：链上观察", id="excluded condition"),
    ],
)
def test_what_cannot_be_ranked_comes_newest_first(seeds: Searcher, q: str) -> None:
    """Without words, results are newest first, undated last."""
    hits = all_hits(seeds, q)
    times = [hit.published or 0 for hit in hits]
    assert times == sorted(times, reverse=True)
    assert hits


def test_what_cannot_be_ranked_may_come_oldest_first(seeds: Searcher) -> None:
    """Another order is used if asked for."""
    times = [hit.published for hit in all_hits(seeds, "", sort="oldest") if hit.published]
    assert times == sorted(times)


def test_verbatim(seeds: Searcher, rows: dict[str, dict[str, Any]]) -> None:
    """Only the typed name is searched and marked."""
    response = ask(seeds, "DC/EP", **EVERYTHING, verbatim=True)
    assert set(ids(response)) == holding(rows, "dc/ep")
    assert response.query.also_searched == ()
    assert all("[数字人民币]" not in shown(hit.snippet) for hit in response.hits)


def test_the_same_question_has_the_same_answer(seeds: Searcher) -> None:
    """With a fixed clock answers are equal, scores too, from many threads at once."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ask(seeds, "元宇宙 银行", now=TODAY), range(12)))
    assert len({replace(answer, took_ms=0.0, facets={}).hits for answer in answers}) == 1
    assert all(answer.facets == answers[0].facets for answer in answers)


def test_the_clock_counts() -> None:
    """Freshness and relative times are computed from `now`."""
    over = searcher(
        article("old", "元宇宙", published=datetime(2022, 9, 1, tzinfo=SHANGHAI)),
        article("new", "元宇宙", published=datetime(2022, 9, 14, tzinfo=SHANGHAI)),
    )
    assert ids(ask(over, "元宇宙")) == ["new", "old"]
    assert found(over, "元宇宙 时间：近7天") == {"new"}
    assert found(over, "元宇宙", within=7 * 86_400) == {"new"}
    before = datetime(2022, 9, 2, tzinfo=SHANGHAI)
    assert found(over, "元宇宙 时间：昨天", now=before) == {"old"}


def test_what_came_this_minute() -> None:
    """`now` is cut to the minute; articles of this minute are included."""
    over = searcher(
        article("now", "", "元宇宙", published=datetime(2026, 1, 1, 12, 0, 30, tzinfo=SHANGHAI))
    )
    late, early = (datetime(2026, 1, 1, 12, 0, at, tzinfo=SHANGHAI) for at in (40, 10))
    for now in (early, late):
        assert found(over, "元宇宙", within=3_600, now=now) == {"now"}


def test_days_are_those_of_shanghai() -> None:
    """An article of half past midnight in Shanghai belongs to the new day."""
    over = searcher(
        article("late", "元宇宙", published=datetime(2022, 9, 1, 23, 59, tzinfo=SHANGHAI)),
        article("early", "元宇宙", published=datetime(2022, 9, 2, 0, 30, tzinfo=SHANGHAI)),
        article("undated", "元宇宙"),
    )
    day = date(2022, 9, 2)
    assert found(over, "元宇宙", from_day=day, to_day=day) == {"early"}
    assert found(over, "元宇宙", to_day=date(2022, 9, 1)) == {"late"}
    assert found(over, "元宇宙 时间：2022-09-02") == {"early"}


@pytest.mark.parametrize(
    ("status", "known"),
    [
        pytest.param("given", {"given", "old"}, id="given"),
        pytest.param("estimated", {"estimated"}, id="estimated"),
        pytest.param("unknown", {"undated"}, id="unknown"),
    ],
)
def test_what_is_known_of_dates(status: Any, known: set[str]) -> None:
    """The three divide all articles, as parameter and in the query; years are counted beside them."""
    day = datetime(2022, 9, 2, tzinfo=SHANGHAI)
    over = searcher(
        article("given", "元宇宙", published=day),
        article("old", "元宇宙", published=day.replace(year=2021)),
        article("estimated", "元宇宙", published=day, date_origin="address"),
        article("undated", "元宇宙"),
    )
    assert found(over, "元宇宙", date_status=status) == known
    assert found(over, f"元宇宙 date:{status}") == known
    assert found(over, f"元宇宙 -date:{status}") == {*over_all(over)} - known
    response = ask(over, "元宇宙", date_status=status, timeline="year")
    assert response.facets["year"] == [("2022", 2), ("2021", 1), ("unknown", 1)]
    assert response.any_time == AnyTime(4, 1, ("year", [(2021, 1), (2022, 2)]))


def over_all(over: Searcher) -> list[str]:
    return ids(ask(over, "", per_page=100))


def test_no_date_contradicts_a_period() -> None:
    """Articles without a date are in no period, and not older than any."""
    over = searcher(article("a", "元宇宙"), article("b", "元宇宙", published=NOW))
    day = date(2022, 1, 1)
    assert found(over, "元宇宙", date_status="unknown", from_day=day) == set()
    assert found(over, "元宇宙", date_status="unknown", within=86_400) == set()
    assert found(over, "元宇宙 date:unknown date:2022") == set()


NASTY = (
    'He said "no", 他说：“不”。',
    "C:\\新闻\\",
    "a\tb\u3000c  d",
    "😀👨‍👩‍👧 Ⅷ ㎡ ﬁ ß İ",
    "<b>不是标签</b> &amp; 100% -1 (A OR B) title:x *",
    "元\n宇\n宙",
)


@cache
def nasty() -> Searcher:
    return texts(*NASTY)


def check_law_3(over: Searcher, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    """Draws a string of a block and asserts that its quotation finds what a scan finds."""
    everything = over.snapshot.stored(
        ids(ask(over, "", **EVERYTHING)), ("id", "title", "text", "normalized")
    )
    row = draw(st.sampled_from(everything))
    in_title = draw(st.booleans()) and bool(row["title"])
    block = row["title"] if in_title else draw(st.sampled_from(row["text"].split("\n")))
    start = draw(st.integers(0, max(0, len(block) - 1)))
    text = block[start : start + draw(st.integers(1, 60))]
    if not text.strip():
        return
    expected = set()
    for other in everything:
        title, *blocks = other["normalized"].split("\n")
        if any(normalize(text) in each for each in ([title] if in_title else [title, *blocks])):
            expected.add(other["id"])
    response = ask(over, ("title:" if in_title else "") + quote(text), **EVERYTHING)
    assert row["id"] in expected
    assert set(ids(response)) == expected
    assert response.total == len(expected)
    assert response.query.warnings == ()


@given(st.data())
def test_what_you_see_you_can_find(seeds: Searcher, data: st.DataObject) -> None:
    """Law 3 over the sample articles."""
    check_law_3(seeds, data.draw)


@given(st.data())
def test_what_you_see_you_can_find_in_odd_texts(data: st.DataObject) -> None:
    """Law 3 over texts with quotes, backslashes, operators and emoji."""
    check_law_3(nasty(), data.draw)


def test_nothing_spans_two_blocks() -> None:
    """A quotation matches within one block only."""
    assert found(nasty(), '"元宇宙"') == set()
    assert found(nasty(), '"元 宇"') == set()


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("😀", {"3"}, id="emoji"),
        pytest.param("😀 不", set(), id="emoji and a word"),
        pytest.param("ⅷ", {"3"}, id="Roman numeral"),
        pytest.param("100%", {"4"}, id="number"),
    ],
)
def test_signs(q: str, expected: set[str]) -> None:
    """What is no word is found by its characters, and narrows like any other."""
    assert set(ids(ask(nasty(), q, partial=False))) == expected


def counted(rows: list[dict[str, Any]], name: str) -> list[tuple[str, int]]:
    values = Counter(row[name] for row in rows if row[name])
    return sorted(values.items(), key=lambda item: (-item[1], item[0]))


def test_facets(seeds: Searcher, rows: dict[str, dict[str, Any]]) -> None:
    """Values by number of articles, counted exactly."""
    response = ask(seeds, '"区块链"', now=TODAY)
    matching = [rows[name] for name in holding(rows, "区块链")]
    assert list(response.facets) == ["source", "topic", "organisation", "year"]
    assert response.facets["source"] == counted(matching, "source")
    years = Counter(str(datetime.fromtimestamp(r["published"], SHANGHAI).year) for r in matching)
    assert dict(response.facets["year"]) == years
    topics = Counter(topic for row in matching for topic in row["topics"])
    assert dict(response.facets["topic"]) == {
        name: topics[name] for name, _ in response.facets["topic"]
    }


def test_filters(seeds: Searcher, rows: dict[str, dict[str, Any]]) -> None:
    """OR within a facet, AND across facets; a facet ignores its own filter."""
    wanted = ("链上观察", "合规瞭望")
    filters = {"source": Choice(wanted), "topic": Choice(("区块链",))}
    response = ask(seeds, "", **EVERYTHING, filters=filters)
    on_topic = [row for row in rows.values() if "区块链" in row["topics"]]
    from_both = [row for row in rows.values() if row["source"] in wanted]
    assert set(ids(response)) == {row["id"] for row in on_topic if row in from_both}
    assert response.total == len(response.hits) > 0
    assert response.facets["source"] == counted(on_topic, "source")
    topics = Counter(topic for row in from_both for topic in row["topics"])
    assert all(topics[name] == count for name, count in response.facets["topic"])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("數幣前沿", {"a", "b"}, id="traditional"),
        pytest.param("ＤＥＦＩ 週報", {"c"}, id="width and case"),
        pytest.param("链报", {"d"}, id="as written, though another is written alike"),
        pytest.param("數幣", set(), id="a part of a name is no name"),
    ],
)
def test_filter_values_are_normalised(typed: str, found: set[str]) -> None:
    """A value that no article has matches in every width, case and script; one that an article has
    matches exactly, as its facet counts it."""
    over = searcher(
        article("a", "甲", "一", source="数币前沿"),
        article("b", "乙", "二", source="数币前沿"),
        article("c", "丙", "三", source="DeFi 週報"),
        article("d", "丁", "四", source="链报"),
        article("e", "戊", "五", source="鏈報"),
    )

    taken = ask(over, "", filters={"source": Choice((typed,))})
    left = ask(over, "", filters={"source": Choice((), (typed,))})

    assert {hit.id for hit in taken.hits} == found
    assert {hit.id for hit in left.hits} == set("abcde") - found


def test_excluding_filters(seeds: Searcher, rows: dict[str, dict[str, Any]]) -> None:
    """Excluded values are gone; articles without a source stay."""
    filters = {"source": Choice((), ("链上观察", "合规瞭望"))}
    kept = {name for name, row in rows.items() if row["source"] not in ("链上观察", "合规瞭望")}
    assert {hit.id for hit in all_hits(seeds, "", filters=filters)} == kept


def test_articles_without_a_date_beside_many_years() -> None:
    """They are counted beside the years that are listed, also where others are not."""
    dated = [
        article(str(year), "元宇宙", published=datetime(year, 5, 5, tzinfo=SHANGHAI))
        for year in range(1999, 2022)
    ]
    undated = [article(f"u{at}", "元宇宙", published=None) for at in range(2)]
    years = ask(searcher(*dated, *undated), "元宇宙").facets["year"]
    assert years[:2] == [("unknown", 2), ("1999", 1)]
    assert len(years) < len(dated)


def test_years_are_counted_without_the_days_chosen(seeds: Searcher) -> None:
    """The facet of years ignores the period, so another year can be chosen."""
    every = ask(seeds, "区块链").facets
    narrowed = ask(seeds, "区块链", from_day=date(2022, 1, 1), to_day=date(2022, 12, 31))

    assert narrowed.facets["year"] == every["year"]
    assert (
        dict(narrowed.facets["year"])["2022"] == narrowed.total < sum(dict(every["year"]).values())
    )


def test_no_facets(seeds: Searcher) -> None:
    """Facets that were not asked for are not counted."""
    response = ask(seeds, "元宇宙", facets=())
    assert (response.facets, response.timeline) == ({}, None)


@pytest.mark.parametrize(
    ("unit", "form"),
    [
        pytest.param("year", "%Y", id="years"),
        pytest.param("month", "%Y%m", id="months"),
        pytest.param("day", "%Y%m%d", id="days"),
    ],
)
def test_timeline(seeds: Searcher, rows: dict[str, dict[str, Any]], unit: Any, form: str) -> None:
    """Articles by day, month or year in Shanghai, oldest first, after filters."""
    filters = {"source": Choice(("链上观察",))}
    response = ask(seeds, "", now=TODAY, filters=filters, timeline=unit)
    times = [row["published"] for row in rows.values() if row["source"] == "链上观察"]
    days = Counter(int(datetime.fromtimestamp(time, SHANGHAI).strftime(form)) for time in times)
    assert response.timeline == (unit, sorted(days.items()))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        pytest.param("title", {"0"}, id="title"),
        pytest.param("text", {"1"}, id="text"),
        pytest.param(None, {"0", "1"}, id="either"),
    ],
)
def test_scope(scope: Any, expected: set[str]) -> None:
    """A request may be limited to titles or texts."""
    over = searcher(article("0", "元宇宙", "银行"), article("1", "银行", "元宇宙"))
    for q in ("元宇宙", "Metaverse", '"元宇"', "元宇*"):
        assert found(over, q, scope=scope) == expected


def test_how_the_query_was_read() -> None:
    """The answer has the query as understood, and warnings."""
    query = ask(texts("元宇宙"), "元宇宙 来源：彭博 (").query
    assert query.q == "元宇宙 来源：彭博 ("
    assert query.understood == "元宇宙 AND source:彭博"
    assert any("彭博" in warning for warning in query.warnings)
    assert query.also_searched == ("Metaverse", "元界")
    assert query.corrected_from is None


def test_the_index_that_answered() -> None:
    """The answer names its generation."""
    over = texts("元宇宙")
    response = ask(over, "元宇宙")
    assert response.index == over.index
    assert response.index.articles == 1
    assert response.index.generation == over.snapshot.generation.name


def test_a_foreign_cursor() -> None:
    """An invalid cursor, or one of another request, is refused before the search."""
    with pytest.raises(InvalidRequest):
        texts("元宇宙").search(request("元宇宙", cursor="garbage"))
    over = texts("元宇宙银行", "元宇宙", "元宇宙银行")
    cursor = ask(over, "元宇宙", per_page=1, fold=False).cursor
    assert len(ask(over, "元宇宙", per_page=2, fold=False, cursor=cursor).hits) == 2
    for other in ({"q": "银行"}, {"sort": "newest"}, {"partial": False}):
        with pytest.raises(InvalidRequest, match="另一个查询"):
            ask(over, **{"q": "元宇宙", "fold": False, "cursor": cursor, **other})


def test_the_marker_of_a_query() -> None:
    """Other pages mark a text as the results do."""
    marker = texts("元宇宙").interpreter.marker("Metaverse 银行")
    assert [(m.start, m.end) for m in marker.marks("说元宇宙")] == [(1, 4)]


@given(st.text(max_size=60) | st.text('元宇宙 "-()*:ANDORtitle来源:e', max_size=60))
def test_any_query(q: str) -> None:
    """Any query is answered."""
    response = ask(nasty(), q, now=NOW)
    assert 0 <= response.total <= len(NASTY)
    assert sum(not hit.missing for hit in response.hits) <= response.total
