"""What the JSON routes take and answer, in OpenAPI 3.1, from the limits of the code itself."""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, get_args

from flask import current_app, url_for

from index.errors import (
    ArticleNotFound,
    EngineUnavailable,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    InvalidRequest,
    YuansouError,
)
from search.request import (
    DEFAULT_FACETS,
    FACETS,
    FILTERS,
    MAX_PER_PAGE,
    MAX_QUERY,
    MAX_WINDOW,
    Scope,
    SearchRequest,
)
from web import params
from web.api import SUGGESTIONS
from web.errors import status_of
from web.language import gettext as _
from web.schemas import Schema, ref, schemas
from web.site import site

EXAMPLE = "元宇宙"


@dataclass(frozen=True, slots=True)
class Operation:
    """One address. `answers`: media type → schema; `error`: schema of what it says when it cannot
    answer, none where that is a page; `missing`: it names an article, which may not be there."""

    path: str
    summary: str
    parameters: list[Schema]
    answers: dict[str, Schema]
    missing: bool = False
    error: str = "Error"
    description: str = ""

    @property
    def name(self) -> str:
        return self.path.removeprefix("/api/v1").partition("/{")[0].strip("/").replace(".", "_")

    def described(self) -> dict[str, Any]:
        """The operation object of OpenAPI."""
        return {
            "operationId": self.name,
            "summary": self.summary,
            **({"description": self.description} if self.description else {}),
            "parameters": self.parameters,
            "responses": self._responses(),
        }

    def _responses(self) -> dict[str, Any]:
        content = {media: {"schema": schema} for media, schema in self.answers.items()}
        found: dict[str, Any] = {"200": {"description": self.summary, "content": content}}
        failing = {"application/json": {"schema": ref(self.error)}} if self.error else None
        for failure in failures():
            if self._can(failure.status):
                answer = found.setdefault(str(failure.status), {"description": ""})
                answer["description"] += f"{failure.code}: {failure.when}\n"
                if failing:
                    answer["content"] = failing
        return found

    def _can(self, status: int) -> bool:
        return {400: bool(self.parameters), 404: self.missing}.get(status, True)


@dataclass(frozen=True, slots=True)
class Failure:
    """What can be the matter with a request; other errors are those of commands."""

    status: int
    code: str
    when: str


def failures() -> list[Failure]:
    found: tuple[tuple[type[YuansouError], str], ...] = (
        (InvalidRequest, _("参数名不认识，或者值不对；param 指出是哪一个")),
        (ArticleNotFound, _("没有这篇文章")),
        (IndexMissing, _("还没有建索引")),
        (IndexOutdated, _("索引是别的版本建的，要重建")),
        (IndexDamaged, _("索引损坏")),
        (EngineUnavailable, _("引擎连不上")),
    )
    return [Failure(status_of(error("")), error.code, when) for error, when in found]


def document() -> dict[str, Any]:
    """The description, in OpenAPI 3.1, of the routes that this application has."""
    there = current_app.url_map.bind("localhost")
    operations = [each for each in _operations() if there.test(each.path.replace("{id}", "1"))]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("%(site)s的 JSON 接口", site=site().name),
            "version": version("yuansou"),
            "description": _("只读，只有 GET，不需要密钥，不用 Cookie；带回 ETag 可问有没有变。"),
        },
        "servers": [{"url": site().absolute(url_for("pages.home")).rstrip("/")}],
        "paths": {each.path: {"get": each.described()} for each in operations},
        "components": {"schemas": schemas()},
    }


def _operations() -> list[Operation]:
    return [
        Operation("/api/v1/search", _("搜索"), search_parameters(), _json("SearchAnswer")),
        *_feeds(),
        _one_article(),
        _similar(),
        _suggest(),
        _analyze(),
        Operation("/healthz", _("是否能用"), [], _json("Health"), error="Sick"),
    ]


def _feeds() -> list[Operation]:
    """A search in the forms of feeds and tables."""
    forms: tuple[tuple[str, str, str, Schema], ...] = (
        ("rss", "RSS", "application/rss+xml", _string()),
        ("atom", "Atom", "application/atom+xml", _string()),
        ("json", "JSON Feed", "application/feed+json", {"type": "object"}),
        ("csv", "CSV", "text/csv", _string()),
    )
    return [
        Operation(
            f"/search.{suffix}",
            _("搜索，%(form)s 格式", form=form),
            search_parameters(),
            {media: schema},
            error="",
            description=_("参数与搜索相同。"),
        )
        for suffix, form, media, schema in forms
    ]


def _one_article() -> Operation:
    marked = _parameter("q", _("标出这个查询找到的文字"), _string(), example=EXAMPLE)
    answers = _json("ArticleAnswer")
    return Operation("/api/v1/articles/{id}", _("一篇文章"), [_id(), marked], answers, missing=True)


def _similar() -> Operation:
    return Operation(
        "/api/v1/similar/{id}",
        _("相似报道"),
        [_id()],
        _json("SimilarAnswer"),
        missing=True,
        description=_("与一篇文章说同类事的其他文章，最像的在前；可能一篇也没有。"),
    )


def _suggest() -> Operation:
    typed = _parameter("q", _("已输入的：汉字、拼音或首字母"), _string(), example="yuanyuz")
    pair = {"type": "array", "prefixItems": [_string(), {"type": "array", "items": _string()}]}
    return Operation(
        "/api/v1/suggest",
        _("输入时的提示"),
        [typed],
        {**_json("Suggestions"), SUGGESTIONS: pair},
        description=_("请求头 Accept 决定用哪一种；第二种供浏览器的搜索栏使用。"),
    )


def _analyze() -> Operation:
    text = _parameter("text", _("要切分的文字"), _string(), example="V神谈Web3.0")
    text["required"] = True
    return Operation("/api/v1/analyze", _("怎样切词"), [text], _json("Analysis"))


def _id() -> Schema:
    given = _parameter("id", _("文章的 id，搜索结果里有"), _string())
    return given | {"in": "path", "required": True}


def _parameter(name: str, said: str, schema: Schema, example: str | None = None) -> Schema:
    """A parameter that may be left out. Values of a list have commas between them."""
    found: Schema = {"name": name, "in": "query", "description": said, "schema": schema}
    if schema["type"] == "array":
        found |= {"style": "form", "explode": False}
    return found | ({"example": example} if example else {})


def search_parameters() -> list[Schema]:
    """Those of a search, in the order in which they are explained."""
    default = SearchRequest(now=datetime.now(UTC))
    many = _("可用逗号写多个，任一即可；前面加减号是排除；最多 %(n)s 个", n=params.MAX_VALUES)
    filters = {
        "source": _("来源"),
        "category": _("分类"),
        "topic": _("话题"),
        "author": _("作者"),
        "organisation": _("机构"),
    }
    flag = _string(enum=["0", "1"])
    rows: list[tuple[str, str, Schema]] = [
        ("q", _("查询；留空是全部文章，最新的在前"), _string(maxLength=MAX_QUERY)),
        ("in", _("只在标题或正文里找"), _string(enum=list(get_args(Scope)))),
        *((name, f"{filters[name]}。{many}", _string()) for name in FILTERS),
        ("from", _("从这一天起，北京时间"), _string(format="date")),
        ("to", _("到这一天止，含当天"), _string(format="date")),
        ("within", _("多久以内：h 小时、d 天、m 个月、y 年"), _string(pattern="^[0-9]+[hdmy]$")),
        ("sort", _("排序"), _string(enum=list(params.SORTS), default=default.sort)),
        ("page", _("第几页；page 乘以 per_page 最多 %(n)s", n=MAX_WINDOW), _whole(default.page)),
        ("per_page", _("每页几条"), {**_whole(default.per_page), "maximum": MAX_PER_PAGE}),
        ("cursor", _("上一页答复里的 cursor，可超过 %(n)s 条", n=MAX_WINDOW), _string()),
        ("facets", _("要哪些分组的计数，用逗号写多个；留空不要"), _facets()),
        ("timeline", _("按日、月或年计数"), _string(enum=list(params.UNITS))),
        ("fold", _("0 是不折叠转载"), {**flag, "default": "1"}),
        ("verbatim", _("1 是只搜原词，不搜别名"), {**flag, "default": "0"}),
        ("now", _("把现在定在某一刻，使答复可以重复"), _string(format="date-time")),
    ]
    return [
        _parameter(name, said, schema, EXAMPLE if name == "q" else None)
        for name, said, schema in rows
    ]


def _string(**more: Any) -> Schema:
    return {"type": "string", **more}


def _whole(default: int) -> Schema:
    return {"type": "integer", "minimum": 1, "default": default}


def _facets() -> Schema:
    """Names with commas between them."""
    return {
        "type": "array",
        "items": _string(enum=list(FACETS)),
        "default": list(DEFAULT_FACETS),
    }


def _json(name: str) -> dict[str, Schema]:
    return {"application/json": ref(name)}
