"""Exceptions → HTTP status and body: JSON for programs, an error page for people."""

import secrets

from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError

from index.errors import (
    ArticleNotFound,
    BudgetSpent,
    IndexProblem,
    InvalidRequest,
    ServerBusy,
    TooManyRequests,
    UnknownHost,
    YuansouError,
)
from index.messages import msg
from web.answers import ErrorDetail, ErrorJson, encode
from web.http import params
from web.http.site import site
from web.i18n import gettext as _

RETRY_AFTER = 10
"""`Retry-After` in seconds for an index that is missing or temporarily unavailable."""

FOR_PROGRAMS = ("/api/", "/healthz", "/search.", "/sitemap", "/opensearch.xml", "/robots.txt")
"""Path prefixes for programs: errors there are JSON instead of a page."""

PERIOD_PARAMS = ("from", "to", "within")
PAGING_PARAMS = ("page", "cursor")
"""Parameters that the link to try again drops together, as both are often wrong."""

_HTTP = {
    400: ("bad_request", msg("请求有误。")),
    404: ("not_found", msg("没有这个地址。")),
    405: ("method_not_allowed", msg("这个地址只接受 GET 请求。")),
    413: ("too_large", msg("请求太大。")),
    414: ("too_long", msg("地址太长。")),
    500: ("internal_error", msg("服务器出了问题，已记录下来。")),
}


def init_app(app: Flask) -> None:
    app.before_request(_number_request)
    app.register_error_handler(YuansouError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def status_of(error: YuansouError) -> int:
    match error:
        case InvalidRequest() | UnknownHost():
            return 400
        case ArticleNotFound():
            return 404
        case TooManyRequests():
            return 429
        case IndexProblem() | BudgetSpent() | ServerBusy():
            return 503
    return 500


def _number_request() -> None:
    g.request_id = secrets.token_hex(8)


def _ours(error: YuansouError) -> Response:
    param = error.param if isinstance(error, InvalidRequest) else None
    return _answer(status_of(error), error.code, error.message, param=param, hint=error.hint)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code, message = _HTTP.get(status, ("http_error", error.name))
    response = _answer(status, code, message)
    allowed = getattr(error, "valid_methods", None)
    if status == 405 and allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _unexpected(error: Exception) -> Response:
    current_app.logger.exception("request %s failed", g.request_id, exc_info=error)
    return _http(InternalServerError())


def _answer(
    status: int, code: str, message: str, *, param: str | None = None, hint: str = ""
) -> Response:
    error = ErrorDetail(code, message, param, hint or None, g.get("request_id"))
    if _wants_json():
        response = Response(encode(ErrorJson(error)), status, mimetype="application/json")
    else:
        q = request.args.get("q", "")
        page = render_template("error.html", error=error, status=status, q=q, again=_again(param))
        response = Response(page, status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def _again(param: str | None) -> tuple[str, str] | None:
    """(label, address) of the same request without the parameter that was refused."""
    if param is None or param not in params.NAMES - {"q"} or request.view_args:
        return None
    dropped = next((names for names in (PERIOD_PARAMS, PAGING_PARAMS) if param in names), (param,))
    kept = [(name, text) for name, text in request.args.items(multi=True) if name not in dropped]
    msg = {PERIOD_PARAMS: _("不限时间再查一次"), PAGING_PARAMS: _("从第一页看起")}
    text = msg.get(dropped, _("不带 %(param)s 再查一次", param=param))
    return text, site().address(request.endpoint or "pages.search", MultiDict(kept))


def _wants_json() -> bool:
    return request.path.startswith(FOR_PROGRAMS)
