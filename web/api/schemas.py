"""What the JSON routes answer, as JSON Schema: every key, for `/openapi.json` and its page.

Every key listed is always there. Tests hold real answers against these, in both directions.
"""

from typing import Any, get_args, get_type_hints

from index.lexicon.model import KINDS
from search.request import DEFAULT_FACETS
from search.response import Evidence
from web.http import params
from web.i18n import gettext as _

Schema = dict[str, Any]

MARKS: Schema = {
    "type": "array",
    "items": {
        "type": "array",
        "items": {"type": "integer", "minimum": 0},
        "minItems": 2,
        "maxItems": 2,
    },
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def schemas() -> dict[str, Schema]:
    """Name → schema, the descriptions in the language of the page."""
    return {
        "SearchAnswer": _search(),
        "Query": _query(),
        "Hit": _hit(),
        "Why": _why(),
        "Facets": _facets(),
        "Timeline": _timeline(),
        "Index": _index(),
        "ArticleAnswer": _object(article=ref("Article"), index=ref("Index")),
        "Article": _article(),
        "SimilarAnswer": _object(id=_text(), hits=_list(ref("Hit")), index=ref("Index")),
        "Suggestions": _suggestions(),
        "Analysis": _analysis(),
        "Health": _object(status={"const": "ok"}, index=ref("Index")),
        "Sick": _object(status={"const": "unavailable"}, code=_text(), message=_text()),
        "Error": _error(),
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: Schema, description: str = "") -> Schema:
    return _of("array", description, items=items)


def _of(kind: str, description: str = "", **more: Any) -> Schema:
    described = {"description": description} if description else {}
    return {"type": kind, **described, **more}


def _text(description: str = "") -> Schema:
    return _of("string", description)


def _count(description: str = "") -> Schema:
    return _of("integer", description, minimum=0)


def _moment(description: str = "") -> Schema:
    return _of("string", description, format="date-time")


def _or_null(schema: Schema) -> Schema:
    """The same, where it may also be unknown or absent."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _marks(of: str) -> Schema:
    said = _("%(key)s 里相符的部分，[起, 止)，按 Unicode 码点计", key=of)
    return {**MARKS, "description": said}


def _address(description: str = "") -> Schema:
    return _of("string", description, format="uri")


def _search() -> Schema:
    return _object(
        query=ref("Query"),
        total=_count(_("找到的文章数，是准确数")),
        all_words=_count(_("其中含有全部词的")),
        folded=_count(_("本页折叠的转载")),
        took_ms=_of("number", _("用时，毫秒")),
        page=_of("integer", minimum=1),
        per_page=_of("integer", minimum=1),
        pages=_count(_("共几页")),
        next=_or_null(_address(_("下一页的地址"))),
        prev=_or_null(_address(_("上一页的地址"))),
        cursor=_or_null(_text(_("从这里继续，可超过 1,000 条"))),
        hits=_list(ref("Hit")),
        facets=ref("Facets"),
        timeline=_or_null(ref("Timeline")),
        related_searches=_list(_text(), _("相关搜索，只在第一页")),
        index=ref("Index"),
    )


def _query() -> Schema:
    return _object(
        q=_text(_("实际搜索的查询")),
        understood=_text(_("怎样理解的")),
        also_searched=_list(_text(), _("同时搜索的其他写法")),
        corrected_from=_or_null(_text(_("原来的查询；不为空时 q 是纠正过的"))),
        suggestion=_or_null(_text(_("您是不是要找"))),
        relaxed=_list(_text(), _("部分结果可能缺少的词")),
        warnings=_list(_text(), _("没能理解的地方")),
    )


def _hit() -> Schema:
    return _object(
        id=_text(),
        url=_or_null(_address(_("原文的地址"))),
        page=_or_null(_address(_("本站文章页的地址；本站不展示文章时为空"))),
        title=_text(),
        title_html=_text(_("已转义，只含 mark 标签")),
        title_marks=_marks("title"),
        snippet=_text(_("摘要")),
        snippet_html=_text(_("已转义，只含 mark 标签")),
        snippet_marks=_marks("snippet"),
        source=_or_null(_text(_("来源"))),
        author=_or_null(_text(_("作者"))),
        categories=_list(_text()),
        topics=_list(_text()),
        published_at=_or_null(_moment(_("发布时间"))),
        indexed_at=_moment(_("收录时间")),
        score=_of("number", _("只在同一次查询里可比")),
        story=_object(id=_text(), size=_of("integer", _("同一篇报道有几篇相符"), minimum=1)),
        why=ref("Why"),
    )


def _why() -> Schema:
    shown = get_type_hints(Evidence)
    matched = _object(
        word=_text(_("查询里的词")),
        kind={
            "enum": list(get_args(shown["kind"])),
            "description": _("原词、别名、词的一部分、前缀或引号里的原文"),
        },
        spelled=_text(_("文章里的写法")),
    )
    places = {"enum": ["title", "text"]}
    matched["properties"]["in"] = _list(places, _("在标题里、正文里"))
    matched["required"].append("in")
    return _object(
        matched=_list(matched, _("哪些词相符")),
        missing=_list(_text(), _("缺少的词")),
        title_is_query=_of("boolean", _("标题就是查询")),
        freshness=_or_null(_of("number", _("因为新而加的分数，0.09 是百分之九；未计时效时为空"))),
    )


def _facets() -> Schema:
    said = _("键是 facets 参数要的名称，默认 %(names)s", names="、".join(DEFAULT_FACETS))
    values = _list(_object(value=_text(), count=_count()))
    return _of("object", said, additionalProperties=values)


def _timeline() -> Schema:
    point = _object(t=_text(_("如 2022、2022-09 或 2022-09-05")), count=_count())
    return _object(unit={"enum": list(params.UNITS)}, points=_list(point))


def _index() -> Schema:
    return _object(
        generation=_text(_("回答所用的索引")),
        articles=_count(_("索引里的文章数")),
        updated_at=_moment(),
    )


def _article() -> Schema:
    return _object(
        id=_text(),
        url=_or_null(_address(_("原文的地址"))),
        title=_text(),
        author=_or_null(_text()),
        source=_or_null(_text()),
        categories=_list(_text()),
        topics=_list(_text()),
        organisations=_list(_text()),
        published_at=_or_null(_moment(_("发布时间"))),
        first_seen_at=_moment(_("首次收录时间")),
        indexed_at=_moment(_("收录时间")),
        story=_object(id=_text()),
        title_html=_text(_("已转义，只含 mark 标签")),
        title_marks=_marks("title"),
        text=_or_null(_text(_("正文的纯文字；本站只展示摘录时是摘录，不展示时为空"))),
        text_marks=_marks("text"),
        html=_or_null(_text(_("净化过的正文；本站不展示全文时为空"))),
    )


def _suggestions() -> Schema:
    row = _object(
        text=_text(),
        kind={"enum": ["concept", "title"]},
        articles=_or_null(_count(_("提到这个概念的文章数；标题没有这一项"))),
    )
    return _object(q=_text(), suggestions=_list(row))


def _analysis() -> Schema:
    concept = _object(
        name=_text(), aliases=_list(_text()), topic=_text(), kind={"enum": sorted(KINDS)}
    )
    token = _object(
        token=_text(),
        start=_count(),
        end=_count(),
        fine=_list(_text(), _("词里的词")),
        concepts=_list(concept),
        why=_text(_("为什么这样切")),
    )
    return _object(
        text=_text(),
        normalized=_text(_("统一了宽度、大小写和繁简")),
        tokens=_list(token),
        lexicon=_text(_("词库的版本")),
    )


def _error() -> Schema:
    error = _object(
        code=_text(_("给程序看的，不会改变")),
        message=_text(_("给人看的一句话")),
        param=_or_null(_text(_("哪个参数有问题"))),
        hint=_or_null(_text(_("怎样改"))),
        request_id=_or_null(_text(_("编号，记在服务器的日志里"))),
    )
    return _object(error=error)
