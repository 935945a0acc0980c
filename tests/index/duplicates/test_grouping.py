"""Near-copies share a story; series from one template do not."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.quality.stories import f1, find, known_groups, suspicious
from index.article import Article
from index.build.diff import BaseStates
from index.build.spool import Spool
from index.build.story_assignment import Base, assign
from index.build.workers import AnalysisPool
from index.document import Arrival, drafts
from index.duplicates import grouping
from index.duplicates.grouping import CLOSEST, CROWD, candidates
from index.duplicates.members import Member, PackedMembers
from index.duplicates.minhash import NO_SKETCH, STORY_MIN
from index.duplicates.same_story import StoryEvidence, same_story
from index.engines.api import Engine
from index.engines.queries import All
from index.lexicon.model import Lexicon
from index.sources.reader import read_articles
from tests.conftest import whoosh_engine
from tests.support.articles import ARTICLES, NOON
from tests.support.cost import cost
from tests.support.machine import SHARED
from tests.support.retellings import (
    COLUMNS,
    FAMILY,
    OTHERS,
    REPOSTS,
    STORY,
    column,
    evidence_of,
    retold,
    stories_of,
)
from tests.support.site import Site

ONE_REPORT = {"a5_01101", "a5_01311", *(f"dup_0{number}" for number in range(17, 21))}
"""Two known groups whose originals are one agency's report in two papers."""
LOOKED_AT = ONE_REPORT | {"a1b_02103", "a1b_02183"}
"""What the benchmark lists as suspicious in the corpus and is right all the same."""
NUMBERS = st.lists(st.integers(0, len(FAMILY) - 1), unique=True, min_size=1)


@pytest.mark.parametrize("repost", REPOSTS.values(), ids=REPOSTS)
def test_reposts(repost: Article) -> None:
    """Additions, omissions and another title do not hide a repost."""
    assert stories_of([STORY, repost]) == {"story": "story", repost.id: "story"}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_others(other: Article) -> None:
    """Other numbers, names or years make another story, however much text is shared."""
    assert stories_of([STORY, other]) == {"story": "story", other.id: other.id}


def test_series() -> None:
    """Six mornings of one template are six stories; a repost belongs to its day."""
    own = {article.id: article.id for article in COLUMNS}
    assert stories_of(COLUMNS) == own
    repost = Article("repost", f"转：{COLUMNS[2].title}", COLUMNS[2].body, "text")
    assert stories_of([*COLUMNS, repost]) == own | {"repost": COLUMNS[2].id}


def test_a_number_of_the_title() -> None:
    """The same text under 第1期 and 第2期 is two stories."""
    issues = [retold(name, title=f"海潮链周报第{name}期") for name in "12"]
    assert stories_of(issues) == {"1": "1", "2": "2"}


def test_the_same_template_on_one_day() -> None:
    """Two visits on one day in the same words differ by the visitor."""
    visit = "林小满上午在海边举行仪式，欢迎{0}代表团来访。军乐团奏{0}的歌，{0}代表{1}检阅了队伍，仪式持续了很久。"
    first, second = (
        Article(
            name,
            f"林小满举行仪式欢迎{name}来访",
            visit.format(name, who),
            "text",
            published=STORY.published,
        )
        for name, who in (("山岚城", "周远"), ("海潮镇", "何一苇"))
    )
    assert stories_of([first, second]) == {"山岚城": "山岚城", "海潮镇": "海潮镇"}


@pytest.mark.parametrize(("size", "joined"), [(STORY_MIN - 1, False), (STORY_MIN, True)])
def test_short_texts(size: int, joined: bool) -> None:
    """Two short items that share 早报 are no reposts."""
    text = STORY.body.replace("，", "").replace("。", "").replace("0.8", "八")[:size]
    made = [Article(name, "早报", text, "text") for name in "ab"]
    assert stories_of(made) == {"a": "a", "b": "a" if joined else "b"}


def test_boilerplate_alone_is_no_story() -> None:
    """Pages of nothing but navigation and disclaimers share no story."""
    body = "免责声明：本站内容仅供参考，不构成任何投资建议，市场有风险，投资需谨慎。\n上一篇：{}\n扫描二维码关注本站公众号。"
    pages = [Article(name, f"{name}的页面", body.format(name), "text") for name in "ab"]
    assert drafts([Arrival(pages[0], "", 0, 0)])[0].sketch == NO_SKETCH
    assert stories_of(pages) == {"a": "a", "b": "b"}


def test_named_after_the_earliest() -> None:
    """Undated articles come last, then ids decide, never the order of reading."""
    earlier, later = FAMILY[3], FAMILY[1]
    assert set(stories_of([STORY, earlier, later]).values()) == {earlier.id}
    undated = [REPOSTS["no date"], STORY]
    assert set(stories_of(undated).values()) == {"story"}


@given(st.permutations(FAMILY))
@settings(max_examples=30)
def test_order_does_not_matter(articles: list[Article]) -> None:
    """In any order, each article has the same story."""
    assert stories_of(articles) == stories_of(FAMILY)


EVIDENCE = st.builds(
    StoryEvidence,
    st.text("海潮链升级123年，", max_size=12),
    st.text("海潮链升级完成手续费0123456789一二，。\n", max_size=160),
    st.none() | st.integers(0, 10**7),
)


@given(EVIDENCE, EVIDENCE)
def test_likeness_is_symmetric(a: StoryEvidence, b: StoryEvidence) -> None:
    """The rule is symmetric, and true of two equal texts."""
    assert same_story(a, b) == same_story(b, a)
    if len(a.letters) >= STORY_MIN:
        assert same_story(a, a)


@pytest.mark.parametrize("one", range(len(FAMILY)))
@pytest.mark.parametrize("other", range(len(FAMILY)))
def test_likeness_of_the_family(one: int, other: int) -> None:
    """Symmetric for near-copies too, where difflib depends on the order of its arguments."""
    a, b = evidence_of(FAMILY[one]), evidence_of(FAMILY[other])
    assert same_story(a, b) == same_story(b, a)


def test_a_crowd_is_compared_with_its_closest() -> None:
    """A large undated family takes time proportional to its size, not to its square."""
    (draft,) = drafts([Arrival(STORY, "", 0, 0)])
    members = PackedMembers.of({f"{at:04}": Member(None, draft.sketch) for at in range(9 * CROWD)})
    pairs = list(candidates(members))
    assert len(set(pairs)) == len(pairs) <= 2 * CLOSEST * len(members)
    assert {(at, at + 1) for at in range(9 * CROWD - 1)} <= {*pairs}


def flood(size: int) -> list[Article]:
    """A series from one template, a minute apart, of which no two issues are one story."""
    return [
        replace(
            column(NOON + timedelta(minutes=at), f"{at * 7919 % 9973}", f"{at}.{at % 7}"),
            id=f"{at:06}",
        )
        for at in range(size)
    ]


def comparisons(articles: Sequence[Article], monkeypatch: pytest.MonkeyPatch) -> int:
    count = 0

    def counted(a: StoryEvidence, b: StoryEvidence) -> bool:
        nonlocal count
        count += 1
        return same_story(a, b)

    monkeypatch.setattr(grouping, "same_story", counted)
    assert set(stories_of(articles).values()) == {article.id for article in articles}
    return count


def test_a_flood_is_compared_in_proportion_to_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times as many near-copies take less than twelve times as many comparisons."""
    assert comparisons(flood(800), monkeypatch) < 12 * comparisons(flood(80), monkeypatch)


def test_reposts_within_a_flood() -> None:
    """A repost is found among hundreds of near-copies, however many lie between."""
    series = flood(400)
    reposts = [
        replace(
            series[at],
            id=f"repost-{at}",
            title=f"转：{series[at].title}",
            published=NOON + timedelta(minutes=900 - at),
        )
        for at in range(0, 400, 40)
    ]
    stories = stories_of([*series, *reposts])
    assert {name: stories[name] for name in stories if name != stories[name]} == {
        repost.id: repost.id.removeprefix("repost-").zfill(6) for repost in reposts
    }


@pytest.mark.parametrize("alphabet", ["ab", "aaaaaaaaaaaaab", "abc 。", "一二三", "etaoinshrdlu"])
def test_one_comparison_is_bounded(alphabet: str) -> None:
    """Also of texts with few different letters, which agree in a million pairs of places."""
    draw = random.Random(1)
    one, other = (
        StoryEvidence("".join(draw.choices(alphabet, k=2_000)), text, None)
        for text in ("".join(draw.choices(alphabet, k=9_000)) for _ in range(2))
    )
    assert cost(lambda: same_story(one, other)) < 2


def fresh_site(factory: pytest.TempPathFactory) -> Site:
    return Site(whoosh_engine(root := factory.mktemp("site")), root, Lexicon())


def stored_stories(engine: Engine) -> dict[str, str]:
    """The story of each article, in every place where an engine keeps it."""
    snapshot = engine.open()
    found = {match.id: match.story for match in snapshot.match(All(), limit=99).matches}
    assert found == {row["id"]: row["story"] for row in snapshot.stored([*found], ["id", "story"])}
    assert found == {name: state.story for name, state in snapshot.states().items()}
    assert all(name in snapshot.story_members(story) for name, story in found.items())
    snapshot.close()
    return found


@pytest.mark.slow
@given(st.lists(NUMBERS, min_size=2, max_size=4))
@settings(max_examples=8)
def test_updates_give_what_a_rebuild_gives(
    tmp_path_factory: pytest.TempPathFactory, history: Iterable[list[int]]
) -> None:
    """After articles join, leave or predate the first, stories equal those of a rebuild."""
    site = fresh_site(tmp_path_factory)
    for numbers in history:
        articles = [FAMILY[number] for number in numbers] + list(ARTICLES)
        site.builder.update(site.write(*articles))
        expected = stories_of(articles)
        assert stored_stories(site.engine) == expected


@pytest.mark.slow
@given(NUMBERS, st.data())
@settings(max_examples=6)
def test_removing(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], data: st.DataObject
) -> None:
    """Removing an article leaves the story that the others would have without it."""
    site = fresh_site(tmp_path_factory)
    articles = [FAMILY[number] for number in numbers] + list(ARTICLES)
    site.builder.rebuild(site.write(*articles))
    gone = data.draw(st.sampled_from(articles)).id
    site.builder.remove([gone], "投诉")
    left = [article for article in articles if article.id != gone]
    assert stored_stories(site.engine) == stories_of(left)


def placed(base: Base, articles: Sequence[Article]) -> tuple[dict[str, str], Mapping[str, str]]:
    """The stories of new articles by id, and those of indexed articles that move."""
    with AnalysisPool(base.snapshot.lexicon, list) as cutting, Spool() as spool:
        for batch in cutting.drafted(Arrival(article, "", 0, 0) for article in articles):
            spool.add(batch)
        placing = assign(spool, base, ())
        names = [spool.members.name(number) for number in range(len(spool.members))]
    return {name: placing.story_of(at, name) for at, name in enumerate(names)}, placing.moved


def test_what_does_not_move_is_not_written_again(built: Site) -> None:
    """A later repost joins its story without rewriting the other articles."""
    built.builder.rebuild(built.write(*ARTICLES, STORY))
    snapshot = built.engine.open()
    base = Base(BaseStates(snapshot))
    assert placed(base, []) == ({}, {})
    assert placed(base, [REPOSTS["the same"]]) == ({"r": "story"}, {})
    assert placed(base, [FAMILY[3]]) == ({"d": "d"}, {"story": "d"})
    snapshot.close()


@pytest.mark.corpus
def test_known_reposts() -> None:
    """Thirty articles and two made copies of each among 35,287 are found; no series is a story."""
    corpus = SHARED / "data" / "news" / "corpus.jsonl.gz"
    found = find(item for item in read_articles([corpus]) if isinstance(item, Article))
    score, wrong = f1(found.groups(), known_groups(SHARED / "eval" / "reposts.jsonl"))
    assert score >= 0.95
    assert {name for pair in wrong for name in pair} <= ONE_REPORT
    for _, group in suspicious(found):
        assert any(name.startswith(("dup_", "a13_")) for name in group) or {*group} <= LOOKED_AT
    assert len(found.groups()[0]) <= 12
