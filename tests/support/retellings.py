"""Invented articles and variants of them: reposts, rewritten titles, series from a template."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from index.article import Article
from index.document import Arrival, Draft, drafts, epoch
from index.duplicates.grouping import assign_stories
from index.duplicates.members import Member, PackedMembers
from index.duplicates.same_story import StoryEvidence
from index.text.normalize import normalize
from tests.support.articles import NOON

STORY = Article(
    id="story",
    title="海潮链完成主网升级，跨链转账手续费下调",
    body="海潮链基金会今天宣布，主网升级已经在凌晨完成，全部验证节点都换上了新版本。"
    "升级之后，一笔跨链转账的手续费从0.8元降到0.15元，确认时间缩短到12秒。"
    "基金会秘书长林小满说，下一步会开放面向中小银行的结算接口，年内接入20家机构。"
    "也有开发者提醒，旧版钱包需要在两周之内更新，否则无法发起新的转账。",
    body_format="text",
    source="链上观察",
    published=NOON,
)
SENTENCES = STORY.body.split("。")


def retold(name: str, *, hours: float | None = 5, **changes: object) -> Article:
    """The same story `hours` later (None: undated), with other fields."""
    published = None if hours is None else NOON + timedelta(hours=hours)
    source = changes.pop("source", "转载网")
    return replace(STORY, id=name, published=published, source=source, **changes)  # type: ignore[arg-type]


REPOSTS = {
    "the same": retold("r"),
    "a label before the title": retold("r", title=f"转：{STORY.title}"),
    "another title": retold("r", title="秘书长林小满谈下一步：年内接入二十家机构"),
    "one word of the title": retold("r", title=STORY.title.replace("下调", "大降")),
    "no date": retold("r", hours=None),
    "a sentence more in front": retold("r", body=f"本报记者今天从多方获悉。{STORY.body}"),
    "a sentence more at the end": retold("r", body=f"{STORY.body}本报将继续报道此事的进展。"),
    "a disclaimer": retold(
        "r", body=f"{STORY.body}\n免责声明：以上内容仅供参考，不构成任何投资建议。"
    ),
    "a sentence less": retold("r", body="。".join(SENTENCES[:2] + SENTENCES[3:])),
    "other punctuation": retold("r", body=STORY.body.replace("，", "\n")),
    "traditional characters": retold("r", title="海潮鏈完成主網升級，跨鏈轉賬手續費下調"),
    "markup": retold("r", body=f"<p>{STORY.body}</p>", body_format="html"),
    "four weeks later": retold("r", hours=24 * 28),
}
"""What a repost does to an article."""

OTHERS = {
    "another number": retold(
        "o", body=STORY.body.replace("0.8", "0.6").replace("0.15", "0.11").replace("20", "35")
    ),
    "a year later": retold("o", hours=24 * 365),
    "other names": retold(
        "o",
        title=STORY.title.replace("海潮链", "山岚链"),
        body=STORY.body.replace("海潮链", "山岚链").replace("林小满", "周远"),
    ),
    "another story": retold(
        "o", body="没有人知道这家交易所为什么停止提现，用户在门口排起了长队。" * 3
    ),
    "too little in common": retold(
        "o", body=f"{SENTENCES[0]}。" + "其他的事情和这篇文章没有关系" * 9
    ),
}


def column(day: datetime, price: str, change: str) -> Article:
    """One day's article of a series written to a template."""
    date = f"{day.month}月{day.day}日"
    return Article(
        id=f"column-{day:%m%d}",
        title=f"{date}早间行情：海潮币报{price}元",
        body=f"{date}早上八点，海潮币报{price}元，过去二十四小时变动{change}%。"
        "以上价格取自三家主要交易平台的平均数，每天早上八点更新一次，节假日照常。"
        "本栏目每天为读者带来数字资产市场的行情，请在通勤路上收听。",
        body_format="text",
        source="早间行情",
        published=day,
    )


COLUMNS = [
    column(NOON + timedelta(days=at), f"{3 + at * 0.37:.2f}", f"{at * 1.7 - 3:.1f}")
    for at in range(6)
]

FAMILY = [
    STORY,
    retold("b", hours=3, body=f"本报记者今天从多方获悉。{STORY.body}"),
    retold("c", hours=9, title=f"转：{STORY.title}"),
    retold("d", hours=-7, body=STORY.body + "。".join(("本报将继续报道", "读者来信", ""))),
    retold("e", hours=None, body="。".join(SENTENCES[:3])),
    retold("f", hours=50, body="。".join(SENTENCES[1:])),
    OTHERS["other names"],
    retold(
        "g", hours=60, body="。".join(SENTENCES[:2]) + "。" + "监管者说会继续观察这件事的影响。" * 3
    ),
    *COLUMNS[:2],
]
"""Reposts, some nearer to one another than to the first, and others."""


def drafts_of(articles: Sequence[Article]) -> list[Draft]:
    return drafts([Arrival(article, article.id, 0, 0) for article in articles])


def evidence_of(article: Article) -> StoryEvidence:
    (draft,) = drafts_of([article])
    return StoryEvidence(normalize(draft.title), normalize(draft.text), epoch(article.published))


def stories_of(articles: Sequence[Article]) -> dict[str, str]:
    """The story of each article, as a rebuild assigns it."""
    sketched = zip(articles, drafts_of(articles), strict=True)
    members = PackedMembers.of(
        {a.id: Member(epoch(a.published), draft.sketch) for a, draft in sketched}
    )
    evidence = [evidence_of(article) for article in articles]
    earliest = assign_stories(members, evidence.__getitem__).tolist()
    return {articles[at].id: articles[first].id for at, first in enumerate(earliest)}
