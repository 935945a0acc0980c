"""Types of the JSON answers.

The JSON itself, the OpenAPI schemas and the reference page are generated from these types. Each
field is a key of the answer, in this order and always present. Descriptions are catalogue keys;
web/api/schemas.py translates them. A type whose name is used elsewhere ends in `Json`, which the
schemas leave out. Why msgspec: docs/decisions/response-types.md.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from index.analysis.kinds import KINDS as ARTICLE_KINDS
from index.article import DateOrigin
from index.engines.api import Unit
from index.lexicon.model import CONCEPT_KINDS
from index.text.spans import Span
from search.response import EvidenceKind, EvidencePlace
from search.suggestions.suggestion import SuggestionKind


def described(text: str) -> Meta:
    """The description of a key. `make catalogue` collects the texts from these calls."""
    return Meta(description=text)


Uri = Annotated[str, Meta(extra_json_schema={"format": "uri"})]
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Count = Annotated[int, Meta(ge=0)]
OneOrMore = Annotated[int, Meta(ge=1)]
Spans = Annotated[tuple[Span, ...], described("相符的部分，[起, 止)，按 Unicode 码点计")]
DateOriginKey = Annotated[
    DateOrigin, described("发布时间的由来：原有、推算自网址、正文、文件名或收录时间，或没有")
]
CreditedKey = Annotated[
    str | None, described("正文开头或结尾自己写明的来源，如“新华社北京9月5日电”里的新华社")
]
KindId = Annotated[str, Meta(extra_json_schema={"enum": list(ARTICLE_KINDS)})]
KindsKey = Annotated[
    tuple[KindId, ...], described("是哪类文字：机器翻译、推广、片段；多数文章哪类都不是")
]
MarkedHtml = Annotated[str, described("已转义，只含 mark 标签")]


class OfferJson(Struct, frozen=True):
    typed: Annotated[str, described("查询里的词")]
    q: Annotated[str, described("把它改为时间条件的查询")]


class QueryJson(Struct, frozen=True):
    q: Annotated[str, described("实际搜索的查询")]
    understood: Annotated[str, described("怎样理解的")]
    also_searched: Annotated[tuple[str, ...], described("同时搜索的其他写法")]
    concepts: Annotated[tuple[str, ...], described("查询里的词说的是词库里的哪些概念")]
    corrected_from: Annotated[str | None, described("原来的查询；不为空时 q 是纠正过的")]
    suggestion: Annotated[str | None, described("您是不是要找")]
    warnings: Annotated[tuple[str, ...], described("没能理解的地方")]
    in_words: Annotated[str, described("怎样理解的，用文字说；与查询没有差别时为空")]
    offers: Annotated[tuple[OfferJson, ...], described("可能是时间的词，和改为按时间限定的查询")]


class MatchedWord(Struct, frozen=True, rename={"places": "in"}):
    word: Annotated[str, described("查询里的词")]
    kind: Annotated[
        EvidenceKind, described("原词、别名、词的一部分、前缀、通配、相近的两个词或引号里的原文")
    ]
    spelled: Annotated[str, described("文章里的写法")]
    places: Annotated[tuple[EvidencePlace, ...], described("在标题里、正文里")]


class WhyJson(Struct, frozen=True):
    matched: Annotated[tuple[MatchedWord, ...], described("哪些词相符")]
    title_is_query: Annotated[bool, described("标题就是查询")]
    freshness: Annotated[
        float | None, described("因为新而加的分数，0.09 是百分之九；未计时效时为空")
    ]


class StoryJson(Struct, frozen=True):
    id: str
    size: Annotated[OneOrMore, described("同一篇报道有几篇相符")]


class HitJson(Struct, frozen=True):
    id: str
    url: Annotated[Uri | None, described("原文的地址")]
    page: Annotated[Uri | None, described("本站文章页的地址；本站不展示文章时为空")]
    title: str
    title_html: MarkedHtml
    title_marks: Spans
    snippet: Annotated[str, described("摘要")]
    snippet_html: MarkedHtml
    snippet_marks: Spans
    source: Annotated[str | None, described("来源")]
    credited: CreditedKey
    author: Annotated[str | None, described("作者")]
    categories: tuple[str, ...]
    topics: tuple[str, ...]
    published_at: Annotated[Moment | None, described("发布时间")]
    date_origin: DateOriginKey
    kinds: KindsKey
    indexed_at: Annotated[Moment, described("收录时间")]
    score: Annotated[float, described("只在同一次查询里可比")]
    missing: Annotated[tuple[str, ...], described("缺少的词；不为空时这篇不计入任何数字")]
    story: StoryJson
    why: WhyJson


class FacetValue(Struct, frozen=True):
    value: str
    count: Count


class TimelinePoint(Struct, frozen=True):
    t: Annotated[str, described("如 2022、2022-09 或 2022-09-05")]
    count: Count


class TimelineJson(Struct, frozen=True):
    unit: Unit
    points: tuple[TimelinePoint, ...]


class PartialJson(Struct, frozen=True):
    total: Annotated[Count, described("缺少部分词的文章数；最多列出 20 篇")]
    words: Annotated[tuple[str, ...], described("可能缺少的词")]
    near: Annotated[tuple[str, ...], described("代替这些词一并找的相近词")]


class IndexJson(Struct, frozen=True):
    generation: Annotated[str, described("回答所用的索引")]
    articles: Annotated[Count, described("索引里的文章数")]
    updated_at: Moment


class SearchAnswer(Struct, frozen=True):
    query: QueryJson
    total: Annotated[Count, described("符合全部条件的文章数，是准确数")]
    partial: Annotated[PartialJson | None, described("缺少部分词的文章；没有列出时为空")]
    all_words: Annotated[Count, described("与 total 相同；旧程序还在读")]
    folded: Annotated[Count, described("本页折叠的转载")]
    took_ms: Annotated[float, described("用时，毫秒")]
    page: OneOrMore
    per_page: OneOrMore
    pages: Annotated[Count, described("共几页")]
    next: Annotated[Uri | None, described("下一页的地址")]
    prev: Annotated[Uri | None, described("上一页的地址")]
    cursor: Annotated[str | None, described("从这里继续，可超过 1,000 条")]
    hits: tuple[HitJson, ...]
    facets: Annotated[dict[str, tuple[FacetValue, ...]], described("键是 facets 参数要的名称")]
    timeline: TimelineJson | None
    related_searches: Annotated[tuple[str, ...], described("相关搜索，每页都一样")]
    compared: Annotated[Count, described("最前的结果里，有几条按意思与查询比过，次序因此有变")]
    index: IndexJson


class StoryId(Struct, frozen=True):
    id: str


class ArticleJson(Struct, frozen=True):
    id: str
    url: Annotated[Uri | None, described("原文的地址")]
    title: str
    author: Annotated[str | None, described("作者")]
    source: Annotated[str | None, described("来源")]
    credited: CreditedKey
    categories: tuple[str, ...]
    topics: tuple[str, ...]
    organisations: tuple[str, ...]
    published_at: Annotated[Moment | None, described("发布时间")]
    date_origin: DateOriginKey
    kinds: KindsKey
    first_seen_at: Annotated[Moment, described("首次收录时间")]
    indexed_at: Annotated[Moment, described("收录时间")]
    story: StoryId
    title_html: MarkedHtml
    title_marks: Spans
    text: Annotated[str | None, described("正文的纯文字；本站只展示摘录时是摘录，不展示时为空")]
    text_marks: Spans
    html: Annotated[str | None, described("净化过的正文；本站不展示全文时为空")]
    html_whole: Annotated[bool, described("html 是否为全文；很长的文章只给开头，全文在 text 里")]


class ArticleAnswer(Struct, frozen=True):
    article: ArticleJson
    index: IndexJson


class SimilarAnswer(Struct, frozen=True):
    id: str
    hits: tuple[HitJson, ...]
    index: IndexJson


class SuggestionJson(Struct, frozen=True):
    text: str
    kind: Annotated[SuggestionKind, described("概念、别的词、字段的值或文章标题")]
    articles: Annotated[Count | None, described("搜索它得到的文章数；标题没有这一项")]
    page: Annotated[Uri | None, described("标题：这篇文章在本站的地址")]


class Suggestions(Struct, frozen=True):
    q: str
    suggestions: tuple[SuggestionJson, ...]


class ConceptJson(Struct, frozen=True):
    name: str
    aliases: tuple[str, ...]
    topic: str
    kind: Annotated[str, Meta(extra_json_schema={"enum": sorted(CONCEPT_KINDS)})]


class TokenJson(Struct, frozen=True):
    token: str
    start: Count
    end: Count
    fine: Annotated[tuple[str, ...], described("词里的词")]
    concepts: tuple[ConceptJson, ...]
    why: Annotated[str, described("为什么这样切")]


class Analysis(Struct, frozen=True):
    text: str
    normalized: Annotated[str, described("统一了宽度、大小写和繁简")]
    tokens: tuple[TokenJson, ...]
    lexicon: Annotated[str, described("词库的版本")]


class Health(Struct, frozen=True, tag_field="status", tag="ok"):
    index: IndexJson
    published: Annotated[str | None, described("上线的版本；读不出时是 null")]
    warning: Annotated[str | None, described("为什么不是由上线的版本回答")]
    verified: Annotated[bool, described("这个版本的全部文件是否已与校验和核对过")]


class Sick(Struct, frozen=True, tag_field="status", tag="unavailable"):
    code: str
    message: str


class ErrorDetail(Struct, frozen=True):
    code: Annotated[str, described("给程序看的，不会改变")]
    message: Annotated[str, described("给人看的一句话")]
    param: Annotated[str | None, described("哪个参数有问题")]
    hint: Annotated[str | None, described("怎样改")]
    request_id: Annotated[str | None, described("编号，记在服务器的日志里")]


class ErrorJson(Struct, frozen=True):
    error: ErrorDetail


def encode(answer: Any) -> bytes:
    """An answer as JSON in UTF-8."""
    return _ENCODER.encode(answer)


def _as_plain_text(value: Any) -> str:
    """A translatable message or markup as a plain string."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"not an answer: {type(value)}")


_ENCODER = msgspec.json.Encoder(enc_hook=_as_plain_text)
