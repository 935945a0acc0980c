"""Describes the JSON routes in OpenAPI 3.1, with limits and defaults taken from the code."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from flask import current_app

from index.errors import (
    ArticleNotFound,
    BudgetSpent,
    EngineUnavailable,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    InvalidRequest,
    ServerBusy,
    TooManyRequests,
    YuansouError,
)
from search.request import MAX_QUERY, MAX_WINDOW
from web.api.openapi_params import EXAMPLE, parameter, search_parameters, string
from web.api.routes import SUGGESTIONS
from web.api.schemas import Schema, ref, schemas
from web.feeds import links
from web.feeds.routes import FEED_DEFAULTS, TABLE_DEFAULTS
from web.http import params
from web.http.errors import status_of
from web.http.site import Site
from web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Operation:
    """One route. `answers`: media type → schema; `error`: schema of its errors; `missing`: whether
    it takes the id of an article, and so can answer 404."""

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
        failing = {"application/json": {"schema": ref(self.error)}}
        for failure in failures():
            if self._can(failure.status):
                answer = found.setdefault(
                    str(failure.status), {"description": "", "content": failing}
                )
                answer["description"] += f"{failure.code}: {failure.when}\n"
        return found

    def _can(self, status: int) -> bool:
        return {400: bool(self.parameters), 404: self.missing}.get(status, True)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that a request can cause. Other errors occur only on the command line."""

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
        (BudgetSpent, _("这个请求太费时")),
        (ServerBusy, _("请求太多，来不及回答")),
        (TooManyRequests, _("一个访客问得太频繁；Retry-After 说几秒后再来")),
    )
    return [Failure(status_of(error("")), error.code, when) for error, when in found]


def document(site: Site) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the routes that this application has."""
    there = current_app.url_map.bind("localhost")
    operations = [each for each in _operations() if there.test(each.path.replace("{id}", "1"))]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("%(site)s的 JSON 接口", site=site.name),
            "version": version("yuansou"),
            "description": _("只读，只有 GET，不需要密钥，不用 Cookie；带回 ETag 可问有没有变。"),
        },
        "servers": [{"url": site.absolute(site.path("pages.home")).rstrip("/")}],
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
        Operation(
            "/healthz",
            _("是否活着"),
            [],
            {"application/json": {"oneOf": [ref("Health"), ref("Sick")]}},
            description=_("只要进程还能回答就是 200；能不能搜索，看 /readyz。"),
        ),
        Operation("/readyz", _("是否能用"), [], _json("Health"), error="Sick"),
    ]


def _feeds() -> list[Operation]:
    """The operations that return results as feeds and CSV."""
    newest = _(
        "参数与搜索相同，但默认最新的在前、%(n)s 条，只有含全部词的文章。",
        n=FEED_DEFAULTS["per_page"],
    )
    all_of_them = _("参数与搜索相同；不写 page、per_page 或 cursor 时是前 %(n)s 条。", n=MAX_WINDOW)
    forms: tuple[tuple[str, str, str, Schema, str], ...] = (
        ("rss", "RSS", links.RSS, string(), newest),
        ("atom", "Atom", links.ATOM, string(), newest),
        ("json", "JSON Feed", links.JSON_FEED, {"type": "object"}, newest),
        ("csv", "CSV", "text/csv", string(), all_of_them),
    )
    return [
        Operation(
            f"/search.{suffix}",
            _("搜索，%(form)s 格式", form=form),
            search_parameters(**(TABLE_DEFAULTS if suffix == "csv" else FEED_DEFAULTS)),
            {media: schema},
            description=description,
        )
        for suffix, form, media, schema, description in forms
    ]


def _one_article() -> Operation:
    marked = parameter(
        "q", _("标出这个查询找到的文字"), string(maxLength=MAX_QUERY), example=EXAMPLE
    )
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
    typed = parameter(
        "q", _("已输入的：汉字、拼音或首字母"), string(maxLength=MAX_QUERY), example="yuanyuz"
    )
    shape = parameter("format", _("要浏览器的搜索栏读的那一种答复"), string(enum=["opensearch"]))
    pair = {"type": "array", "prefixItems": [string(), {"type": "array", "items": string()}]}
    return Operation(
        "/api/v1/suggest",
        _("输入时的提示"),
        [typed, shape],
        {**_json("Suggestions"), SUGGESTIONS: pair},
        description=_("请求头 Accept 也能决定用哪一种。"),
    )


def _analyze() -> Operation:
    text = parameter(
        "text", _("要切分的文字"), string(maxLength=params.MAX_TEXT), example="V神谈Web3.0"
    )
    text |= {"required": True, "allowEmptyValue": False}
    return Operation("/api/v1/analyze", _("怎样切词"), [text], _json("Analysis"))


def _id() -> Schema:
    given = parameter("id", _("文章的 id，搜索结果里有"), string())
    del given["allowEmptyValue"]
    return given | {"in": "path", "required": True}


def _json(name: str) -> dict[str, Schema]:
    return {"application/json": ref(name)}
