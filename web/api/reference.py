"""Reference of the JSON API: `/openapi.json` for programs, `/api` for people."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlencode

import orjson
from flask import Blueprint, Response, render_template

from index.errors import YuansouError
from search.request import SearchRequest
from web.api import openapi
from web.api.schemas import Schema
from web.http.site import site
from web.i18n import gettext as _
from web.serving.live_searcher import live

bp = Blueprint("reference", __name__)


@bp.get("/openapi.json")
def described() -> Response:
    return Response(orjson.dumps(openapi.document(site())), mimetype="application/json")


@bp.get("/api")
def page() -> str:
    document = openapi.document(site())
    operations = [(path, methods["get"]) for path, methods in document["paths"].items()]
    return render_template(
        "api.html",
        q="",
        info=document["info"],
        root=document["servers"][0]["url"],
        operations=[(path, get, _example(path, get)) for path, get in operations],
        schemas=document["components"]["schemas"],
        failures=openapi.failures(),
        unquote=unquote,
        accepted=accepted,
        kind=kind,
    )


def _example(path: str, operation: dict[str, Any]) -> str | None:
    """An address to try; None if it needs an article and the index has none."""
    if "{id}" in path:
        newest = _newest()
        if newest is None:
            return None
        path = path.replace("{id}", quote(newest, safe=""))
    given = {each["name"]: each["example"] for each in operation["parameters"] if "example" in each}
    return f"{path}?{urlencode(given)}" if given else path


def _newest() -> str | None:
    asked = SearchRequest(now=datetime.now(UTC), sort="newest", per_page=1, facets=())
    try:
        hits = live().get().search(asked).hits
    except YuansouError:
        return None
    return hits[0].id if hits else None


def accepted(schema: Schema) -> str:
    """The values that a parameter accepts, in words."""
    parts = []
    items = schema.get("items", schema)
    if "enum" in items:
        parts.append("、".join(items["enum"]))
    if "maximum" in schema:
        parts.append(_("%(least)s 到 %(most)s", least=schema["minimum"], most=schema["maximum"]))
    elif "minimum" in schema:
        parts.append(_("从 %(least)s 起", least=schema["minimum"]))
    if "maxLength" in schema:
        parts.append(_("最多 %(n)s 个字符", n=schema["maxLength"]))
    forms = {"date": "2022-09-05", "date-time": "2022-09-05T08:00:00+08:00"}
    if schema.get("format") in forms:
        parts.append(forms[schema["format"]])
    if "default" in schema:
        default = schema["default"]
        default = ",".join(default) if isinstance(default, list) else default
        parts.append(_("默认 %(value)s", value=default))
    return _("；").join(parts)


def kind(schema: Schema) -> str:
    """The type of a key of an answer in short notation: `Hit[]`."""
    match schema:
        case {"$ref": reference}:
            return str(reference.rpartition("/")[2])
        case {"anyOf": schemas}:
            return " | ".join(kind(each) for each in schemas)
        case {"enum": values}:
            return " | ".join(f'"{value}"' for value in values)
        case {"prefixItems": items}:
            return f"[{', '.join(kind(each) for each in items)}]"
        case {"items": items}:
            inner = kind(items)
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        case {"additionalProperties": values}:
            return f"{{…: {kind(values)}}}"
    return str(schema["type"])
