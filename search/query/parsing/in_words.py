"""A parsed query as a person reads it: 比特币 且 来源是财新 且 2025年10月1日起."""

from datetime import date, timedelta

from index.messages import Message, msg
from search.query.parsing.tree import (
    AndNode,
    Dated,
    Field,
    Hours,
    NearNode,
    Node,
    Nothing,
    NotNode,
    OrNode,
    Period,
    Quoted,
    Wildcard,
    Word,
    understood,
)
from search.request import DateStatus

FIELD_LABELS = {
    "source": msg("来源"),
    "author": msg("作者"),
    "category": msg("分类"),
    "topic": msg("话题"),
    "organisation": msg("机构"),
    "kind": msg("类型"),
    "url": msg("网址"),
}
"""Fields that have values, as the page names them."""
_DAY = timedelta(days=1)


def tells_more(tree: Node) -> bool:
    """Whether the words say more than the query does: not where all that was typed is searched as
    it stands."""
    children = tree.children if isinstance(tree, AndNode) else (tree,)
    return not all(isinstance(child, Word | Quoted | Wildcard | Nothing) for child in children)


def in_words(tree: Node) -> Message:
    """The tree as a message that can be translated. A choice within other conditions stands in
    brackets, and so do conditions within a choice."""
    match tree:
        case AndNode(children):
            return _joined([_bracketed(child) for child in children], both=True)
        case OrNode(children):
            return _joined([_bracketed(child) for child in children], both=False)
        case NotNode(child):
            return _excluded(child)
        case Field(name, value):
            return _field(name, understood(value))
        case Period():
            return _period(tree)
        case Dated(status):
            return _dated(status)
        case Hours(count):
            return msg("近%(count)s小时", count=count)
        case NearNode():
            return _near(tree)
        case _:
            return _as_it_is(understood(tree))


def _as_it_is(text: str) -> Message:
    return msg("%(text)s", text=text)


def _bracketed(node: Node) -> Message:
    words = in_words(node)
    return msg("（%(part)s）", part=words) if isinstance(node, AndNode | OrNode) else words


def _excluded(child: Node) -> Message:
    if isinstance(child, AndNode | OrNode):
        return msg("不含（%(part)s）", part=in_words(child))
    return msg("不含 %(part)s", part=in_words(child))


def _joined(parts: list[Message], *, both: bool) -> Message:
    first, *others = parts
    for other in others:
        if both:
            first = msg("%(first)s 且 %(second)s", first=first, second=other)
        else:
            first = msg("%(first)s 或 %(second)s", first=first, second=other)
    return first


def _field(name: str, value: str) -> Message:
    match name:
        case "title":
            return msg("标题里有 %(value)s", value=value)
        case "text":
            return msg("正文里有 %(value)s", value=value)
        case "about":
            return msg("关于 %(value)s", value=value)
        case "mention":
            return msg("提到 %(value)s", value=value)
        case _:
            return msg("%(field)s是 %(value)s", field=FIELD_LABELS[name], value=value)


def _dated(status: DateStatus) -> Message:
    match status:
        case "given":
            return msg("日期是原有的")
        case "estimated":
            return msg("日期是推算的")
        case "unknown":
            return msg("日期不详")


def _near(near: NearNode) -> Message:
    values = {"left": near.left.text, "right": near.right.text, "gap": near.gap}
    match near.field:
        case "title":
            return msg("标题里 %(left)s 与 %(right)s 相隔不超过 %(gap)s 字", **values)
        case "text":
            return msg("正文里 %(left)s 与 %(right)s 相隔不超过 %(gap)s 字", **values)
        case None:
            return msg("%(left)s 与 %(right)s 相隔不超过 %(gap)s 字", **values)


def _period(period: Period) -> Message:
    low, high = period.low, period.high
    if low and high:
        return _between(low, high)
    if low:
        return msg("%(day)s起", day=_day(low))
    return msg("到%(day)s为止", day=_day(high)) if high else _as_it_is("")


def _between(low: date, high: date) -> Message:
    """A year, a month and a day by their names, else from the first to the last day."""
    if low == high:
        return _day(low)
    ends_month = (high + _DAY).day == 1 if high < date.max else True
    if low.day == 1 and ends_month:
        if (low.month, high.month) == (1, 12):
            return _years(low.year, high.year)
        if (low.year, low.month) == (high.year, high.month):
            return _month(low)
        return msg("%(first)s至%(last)s", first=_month(low), last=_month(high))
    return msg("%(first)s至%(last)s", first=_day(low), last=_day(high))


def _years(first: int, last: int) -> Message:
    if first == last:
        return msg("%(year)s年", year=first)
    return msg(
        "%(first)s至%(last)s",
        first=msg("%(year)s年", year=first),
        last=msg("%(year)s年", year=last),
    )


def _month(day: date) -> Message:
    return msg("%(year)s年%(month)s月", year=day.year, month=day.month)


def _day(day: date) -> Message:
    return msg("%(year)s年%(month)s月%(day)s日", year=day.year, month=day.month, day=day.day)
