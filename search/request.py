"""`SearchRequest`: all parameters of a search with all their limits, as one frozen value."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import itemgetter
from typing import Literal

from index.engines.api import Sort, Unit
from index.errors import InvalidRequest
from index.messages import msg
from search.budget import UNLIMITED, Budget

MAX_QUERY = 500
"""Characters of a query."""
MAX_WINDOW = 1_000
"""Results that page numbers reach and that are collapsed into stories; a cursor goes further."""
MAX_PER_PAGE = 100
FACETS = ("source", "topic", "organisation", "year", "category", "author", "kind")
DEFAULT_FACETS = ("source", "topic", "organisation", "year")
FILTERS = ("source", "category", "topic", "author", "organisation", "kind")

Scope = Literal["title", "text"]
Order = Literal[Sort, "reposts"]
"""How results are sorted; `reposts`: by how many articles their story has, then newest first."""
DateStatus = Literal["given", "estimated", "unknown"]
"""What is known of an article's date: its source gives it, we estimated it, or neither."""
DATE_STATUSES: tuple[DateStatus, ...] = ("given", "estimated", "unknown")
UNKNOWN_DATE: DateStatus = "unknown"
"""Also the value of the facet `year` that counts articles without a date."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter on one facet: any of `include` (empty: all), none of `exclude`."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @classmethod
    def parse(cls, values: Sequence[str]) -> "Choice":
        """Values separated by commas; one that begins with `-` is excluded."""
        given = [value.strip() for text in values for value in text.split(",")]
        include = tuple(dict.fromkeys(v for v in given if v and not v.startswith("-")))
        exclude = tuple(dict.fromkeys(v[1:] for v in given if v.startswith("-") and v[1:]))
        return cls(include, exclude)

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. `from_day` and `to_day` are inclusive, in Asia/Shanghai; `within` is in seconds.
    `date_status`: only articles of whose dates this is known. `first`: only the first article of
    each story.

    `now` is the clock for freshness and relative dates. `fold`: collapse reposts. `verbatim`: no
    other names and no correction. `partial`: articles that lack a word may follow few results.
    `correct`: a correction may be answered; else it is only offered. `budget`: no part of what is
    asked, so equal requests may have different ones. Raises InvalidRequest for values out of range.
    """

    now: datetime
    q: str = ""
    scope: Scope | None = None
    filters: dict[str, Choice] = field(default_factory=dict, hash=False)
    from_day: date | None = None
    to_day: date | None = None
    within: int | None = None
    date_status: DateStatus | None = None
    first: bool = False
    sort: Order = "relevance"
    page: int = 1
    per_page: int = 10
    cursor: str | None = None
    facets: tuple[str, ...] = DEFAULT_FACETS
    timeline: Unit | None = None
    fold: bool = True
    verbatim: bool = False
    partial: bool = True
    correct: bool = True
    budget: Budget = field(default=UNLIMITED, compare=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.q) > MAX_QUERY:
            raise InvalidRequest(
                msg("查询有 %(n)s 个字符，最多 %(most)s 个。", n=len(self.q), most=MAX_QUERY),
                param="q",
                hint=msg("请缩短查询。"),
            )
        if not 1 <= self.per_page <= MAX_PER_PAGE:
            raise InvalidRequest(
                msg("per_page 要在 1 到 %(most)s 之间。", most=MAX_PER_PAGE), param="per_page"
            )
        if self.page < 1:
            raise InvalidRequest(msg("page 从 1 开始。"), param="page")
        if self.page * self.per_page > MAX_WINDOW:
            raise InvalidRequest(
                msg("翻页最多到第 %(n)s 条。", n=MAX_WINDOW),
                param="page",
                hint=msg("请加词或筛选，缩小范围；程序可用 cursor 参数继续。"),
            )
        _known("facets", self.facets, FACETS)
        for name in self.filters:
            _known(name, (name,), FILTERS)
        if self.from_day and self.to_day and self.from_day > self.to_day:
            raise InvalidRequest(
                msg("开始日期（from）晚于结束日期（to）。"),
                param="from",
                hint=msg("请把两个日期对调。"),
            )

    @property
    def any_time(self) -> "SearchRequest":
        """The same search without its conditions on dates."""
        return replace(self, from_day=None, to_day=None, within=None, date_status=None)

    @property
    def is_dated(self) -> bool:
        """Whether a parameter limits the dates."""
        return bool(self.from_day or self.to_day or self.within or self.date_status)

    @property
    def date_range(self) -> tuple[date | None, date | None] | None:
        """The days that are chosen, if nothing else limits the dates."""
        days = (self.from_day, self.to_day)
        return None if self.within or self.date_status or days == (None, None) else days

    @property
    def subject(self) -> str:
        """Eight hex digits over all that decides which articles are found and in which order."""
        filters = sorted(self.filters.items(), key=itemgetter(0))
        asked = (self.q, self.scope, filters, self.from_day, self.to_day, self.within, self.sort)
        how = (self.date_status, self.first, self.fold, self.verbatim, self.partial, self.correct)
        seed = repr((asked, how)).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(seed, digest_size=4).hexdigest()


def _known(param: str, given: Sequence[str], allowed: Sequence[str]) -> None:
    for name in given:
        if name not in allowed:
            raise InvalidRequest(
                msg("不能按“%(name)s”筛选或计数。", name=name),
                param=param,
                hint=msg("可用 %(names)s。", names="、".join(allowed)),
            )
