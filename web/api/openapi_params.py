"""The parameters of a search in OpenAPI, with limits and defaults taken from the code."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from index.analysis.kinds import KINDS
from search.request import (
    DATE_STATUSES,
    DEFAULT_FACETS,
    FACETS,
    FILTERS,
    MAX_PER_PAGE,
    MAX_QUERY,
    MAX_WINDOW,
    Scope,
    SearchRequest,
)
from web.api.schemas import Schema
from web.http import params
from web.i18n import gettext as _

EXAMPLE = "元宇宙"
_WITHIN = "^(?!0+[hdmy])[0-9]{1,4}[hdmy]$"
_NOW = "^(19|20|21)"
"""The years of web/http/params.py."""
_DEFAULTS: Mapping[str, Any] = {field.name: field.default for field in fields(SearchRequest)}


def parameter(name: str, description: str, schema: Schema, example: str | None = None) -> Schema:
    """An optional query parameter; forms send those that are not filled in, so an empty value is
    an absent one. Lists are separated by commas."""
    found: Schema = {"name": name, "in": "query", "description": description, "schema": schema}
    found["allowEmptyValue"] = True
    if schema["type"] == "array":
        found |= {"style": "form", "explode": False}
    return found | ({"example": example} if example else {})


def search_parameters(
    sort: str = _DEFAULTS["sort"],
    per_page: int | str = _DEFAULTS["per_page"],
    partial: str = "1",
) -> list[Schema]:
    """The parameters of a search, in the order of the reference page. Feeds differ in defaults."""
    many = _("可用逗号写多个，任一即可；前面加减号是排除；最多 %(n)s 个", n=params.MAX_VALUES)
    filters = {
        "source": _("来源"),
        "category": _("分类"),
        "topic": _("话题"),
        "author": _("作者"),
        "organisation": _("机构"),
        "kind": _("类型，也可写中文名"),
    }
    flag = string(enum=["0", "1"])
    rows: list[tuple[str, str, Schema]] = [
        ("q", _("查询；留空是全部文章，最新的在前"), string(maxLength=MAX_QUERY)),
        ("in", _("只在标题或正文里找"), string(enum=list(get_args(Scope)))),
        *((name, f"{filters[name]}。{many}", _filter(name)) for name in FILTERS),
        ("from", _("从这一天起，北京时间"), string(format="date")),
        ("to", _("到这一天止，含当天"), string(format="date")),
        ("within", _("多久以内：h 小时、d 天、m 个月、y 年"), string(pattern=_WITHIN)),
        (
            "date",
            _("日期是原有的（given）、推算的（estimated）还是不详（unknown）"),
            string(enum=list(DATE_STATUSES)),
        ),
        ("sort", _("排序"), string(enum=list(params.SORTS), default=sort)),
        (
            "page",
            _("第几页；page 乘以 per_page 最多 %(n)s", n=MAX_WINDOW),
            _whole(_DEFAULTS["page"], MAX_WINDOW),
        ),
        ("per_page", _("每页几条"), _whole(int(per_page), MAX_PER_PAGE)),
        (
            "cursor",
            _("上一页答复里的 cursor，可超过 %(n)s 条", n=MAX_WINDOW),
            string(maxLength=params.MAX_CURSOR),
        ),
        ("facets", _("要哪些分组的计数，用逗号写多个；留空不要"), _facets()),
        ("timeline", _("按日、月或年计数"), string(enum=list(params.TIMELINE_UNITS))),
        ("fold", _("0 是不折叠转载"), {**flag, "default": "1"}),
        ("first", _("1 是只看首发：每个报道只要最早的一篇"), {**flag, "default": "0"}),
        ("verbatim", _("1 是只搜原词，不搜别名"), {**flag, "default": "0"}),
        ("partial", _("0 是不要缺少部分词的文章"), {**flag, "default": partial}),
        ("now", _("把现在定在某一刻，使答复可以重复"), string(format="date-time", pattern=_NOW)),
    ]
    return [
        parameter(name, description, schema, EXAMPLE if name == "q" else None)
        for name, description, schema in rows
    ]


def string(**more: Any) -> Schema:
    return {"type": "string", **more}


def _whole(default: int, most: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": default}


def _filter(name: str) -> Schema:
    """Any text, except for kinds, of which there are few; those with a minus are excluded."""
    if name != "kind":
        return string()
    return {"type": "array", "items": string(enum=[*KINDS, *(f"-{kind}" for kind in KINDS)])}


def _facets() -> Schema:
    """A list of facet names, separated by commas."""
    return {
        "type": "array",
        "items": string(enum=list(FACETS)),
        "default": list(DEFAULT_FACETS),
    }
