"""Exceptions → HTTP status and body: JSON for programs, an error page for people."""

import logging
import secrets
import threading
import time
from dataclasses import dataclass

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

log = logging.getLogger(__name__)

RETRY_AFTER = 10
"""`Retry-After` in seconds for an index that is missing or temporarily unavailable."""

FOR_PROGRAMS = tuple(
    "/api/ /healthz /readyz /metrics /search. /sitemap /opensearch.xml /robots.txt".split()
)
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


REPORT_SECONDS = 10.0
"""How often the log repeats one kind of 503: a flood of them is not to be a flood of lines."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Why the current request got an error: its code, and the sentence for people."""

    code: str
    cause: str


class _Reporter:
    """Logs each kind of 503 at most once in REPORT_SECONDS, with how many there were since."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._passed_over: dict[str, int] = {}

    def report(self, request_id: str | None, error: YuansouError) -> None:
        now = time.monotonic()
        with self._lock:
            if now - self._last.get(error.code, -REPORT_SECONDS) < REPORT_SECONDS:
                self._passed_over[error.code] = self._passed_over.get(error.code, 0) + 1
                return
            self._last[error.code] = now
            more = self._passed_over.pop(error.code, 0)
        log.warning(
            "请求 %s 得到 503（%s）：%s 此前另有 %s 次", request_id, error.code, error, more
        )


_reporter = _Reporter()


def failure() -> Failed | None:
    """Why the current request failed; None if it did not."""
    found: Failed | None = g.get("failed")
    return found


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
    status = status_of(error)
    if status == 503:
        _reporter.report(g.get("request_id"), error)
    response = _answer(status, error.code, error.message, param=param, hint=error.hint)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.wait)
    return response


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
    g.failed = Failed(code, f"{message} {hint}".strip())
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
