"""Request arguments → `SearchRequest`, for every output format alike."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from index.analysis.kinds import KINDS, kind_named
from index.errors import InvalidRequest
from index.messages import msg
from index.text.dates import SHANGHAI
from search.query.parsing.date_parser import within_seconds
from search.request import (
    DATE_STATUSES,
    DEFAULT_FACETS,
    FACETS,
    FILTERS,
    Choice,
    Order,
    SearchRequest,
)
from web.http.budgets import budget

SORTS: tuple[Order, ...] = ("relevance", "newest", "oldest", "reposts")
TIMELINE_UNITS = ("day", "month", "year")
MAX_VALUES = 50
"""Values of one filter. An address has room for 40,000, and such a query exhausts memory."""
MAX_TEXT = 10_000
"""Characters of a text to be segmented; the answer has up to 90 bytes for each."""
MAX_CURSOR = 8_000
"""Characters; twice those of the cursor after an article with the longest id."""
YEARS = range(1900, 2200)
"""Years allowed in `now`: far inside the calendar, so that every period has a start and an end."""
NAMES = frozenset(
    (
        *("q", "in", "from", "to", "within", "date", "sort", "page", "per_page", "cursor"),
        *("facets", "timeline", "first", "fold", "verbatim", "partial", "now"),
        *FILTERS,
    )
)
PAGE_NAMES = NAMES | {"measure"}
"""Also what only changes how a page shows the same answer."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"[0-9]{1,9}")

Args = MultiDict[str, str]


def strict(args: Args) -> SearchRequest:
    """For programs: an unknown name, a name twice or a bad value raises InvalidRequest."""
    unknown = sorted(set(args) - NAMES)
    if unknown:
        raise InvalidRequest(
            msg("没有名为 %(name)s 的参数。", name=unknown[0]),
            param=unknown[0],
            hint=msg("可用的参数：%(names)s。", names="、".join(sorted(NAMES))),
        )
    for name in args:
        if name not in FILTERS and len(args.getlist(name)) > 1:
            raise InvalidRequest(
                msg("参数 %(name)s 只能出现一次。", name=name), param=name, hint=msg("请只留一个。")
            )
    if args.get("page") and args.get("cursor"):
        raise InvalidRequest(
            msg("page 和 cursor 不能同时使用。"),
            param="cursor",
            hint=msg("cursor 已说明从哪里继续。"),
        )
    return _request(args)


def lenient(args: Args) -> SearchRequest:
    """For people: unknown names are ignored, since shared links carry `utm_…`."""
    return _request(own_arguments(args))


def own_arguments(args: Args) -> Args:
    """Only the arguments that we define. Browsers, feed readers and link sharing add others:
    `utm_source`, `fbclid`, `_` with a timestamp."""
    return MultiDict((name, value) for name, value in args.items(multi=True) if name in NAMES)


def _request(args: Args) -> SearchRequest:
    values: dict[str, Any] = {"now": _given(args, "now", _moment, datetime.now(UTC))}
    values["q"] = args.get("q", "")
    values["filters"] = {name: _choice(args, name) for name in FILTERS if name in args}
    values["scope"] = _given(args, "in", _one_of("title", "text"), None)
    values["from_day"] = _given(args, "from", _day, None)
    values["to_day"] = _given(args, "to", _day, None)
    values["within"] = _given(args, "within", _within, None)
    values["date_status"] = _given(args, "date", _one_of(*DATE_STATUSES), None)
    values["sort"] = _given(args, "sort", _one_of(*SORTS), "relevance")
    values["page"] = _given(args, "page", _whole, 1)
    values["per_page"] = _given(args, "per_page", _whole, 10)
    values["cursor"] = bounded(args, "cursor", MAX_CURSOR) or None
    values["facets"] = _given(args, "facets", _facets, DEFAULT_FACETS, empty=())
    values["timeline"] = _given(args, "timeline", _one_of(*TIMELINE_UNITS), None)
    values["fold"] = _given(args, "fold", _flag, True)
    values["first"] = _given(args, "first", _flag, False)
    values["verbatim"] = _given(args, "verbatim", _flag, False)
    values["partial"] = _given(args, "partial", _flag, True)
    values["budget"] = budget()
    return _asked(values)


def _asked(values: dict[str, Any]) -> SearchRequest:
    try:
        return SearchRequest(**values)
    except InvalidRequest as error:
        error.hint = error.hint or _HINTS.get(error.param or "", "")
        raise


def _choice(args: Args, name: str) -> Choice:
    choice = Choice.parse(args.getlist(name))
    count = len(choice.include) + len(choice.exclude)
    if count > MAX_VALUES:
        raise InvalidRequest(
            msg(
                "参数 %(name)s 有 %(n)s 个值，最多 %(most)s 个。",
                name=name,
                n=count,
                most=MAX_VALUES,
            ),
            param=name,
            hint=msg("请分几次查询。"),
        )
    if name == "kind":
        return Choice(tuple(map(_kind, choice.include)), tuple(map(_kind, choice.exclude)))
    return choice


def _kind(name: str) -> str:
    kind = kind_named(name)
    if kind is None:
        raise InvalidRequest(
            msg("没有名为“%(name)s”的类型。", name=name[:50]),
            param="kind",
            hint=msg("可用 %(names)s。", names="、".join(KINDS)),
        )
    return kind


def bounded(args: Args, name: str, most: int) -> str:
    """A text of at most so many characters; empty where the argument is absent."""
    text = args.get(name, "")
    if len(text) > most:
        raise InvalidRequest(
            msg(
                "参数 %(name)s 有 %(n)s 个字符，最多 %(most)s 个。",
                name=name,
                n=len(text),
                most=most,
            ),
            param=name,
            hint=_HINTS.get(name, msg("请缩短它。")),
        )
    return text


def _given(
    args: Args, name: str, read: Callable[[str], Any], default: Any, *, empty: Any = None
) -> Any:
    """The argument's value; `default` where it is absent, `empty` (or default) where it is ''."""
    text = args.get(name)
    if text is None:
        return default
    if not text.strip():
        return default if empty is None else empty
    try:
        return read(text.strip())
    except (ValueError, OverflowError) as error:
        raise InvalidRequest(
            msg("参数 %(name)s 的值“%(value)s”无效。", name=name, value=text[:50]),
            param=name,
            hint=_HINTS.get(name, ""),
        ) from error


_HINTS: Mapping[str, str] = {
    "in": msg("可用 title 或 text。"),
    "from": msg("请写成 2022-09-05 这样的日期。"),
    "to": msg("请写成 2022-09-05 这样的日期。"),
    "within": msg("请写成 24h、7d、6m 或 1y。"),
    "date": msg("可用 given、estimated 或 unknown。"),
    "sort": msg("可用 relevance、newest、oldest 或 reposts。"),
    "page": msg("请给出从 1 开始的整数。"),
    "per_page": msg("请给出 1 到 100 的整数。"),
    "cursor": msg("请使用上一页返回的 cursor，不要改动它。"),
    "facets": msg("可用 %(names)s，逗号分隔；留空则不要。", names="、".join(FACETS)),
    "timeline": msg("可用 day、month 或 year。"),
    "fold": msg("可用 0 或 1。"),
    "first": msg("可用 0 或 1。"),
    "verbatim": msg("可用 0 或 1。"),
    "partial": msg("可用 0 或 1。"),
    "now": msg("请写成 2026-09-01 或 2026-09-01T08:00:00+08:00。"),
}


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return read


def _flag(text: str) -> bool:
    return {"0": False, "1": True}[_one_of("0", "1")(text)]


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _within(text: str) -> int:
    seconds = within_seconds(text)
    if seconds is None:
        raise ValueError(text)
    return seconds


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    if local.year not in YEARS:
        raise ValueError(text)
    return local


def _facets(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        _one_of(*FACETS)(name)
    return names
