"""When a feed is fetched next, and what its answers change: pure functions of a state and a clock.

Times are seconds since 1970. The rules with their reasons: docs/run/feeds-in.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from index.fetching.reading.entries import Hints
from index.messages import Message, msg
from index.text.dates import DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS

MINUTE, HOUR, DAY = MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS
USUAL_EVERY = HOUR
"""Between fetches, where neither the feed nor its owner says otherwise; on public hosts also the
shortest time, unless the feed itself allows a shorter one."""
LEAST_HINTED, LEAST_ASKED, LEAST_PRIVATE = 15 * MINUTE, 5 * MINUTE, MINUTE
"""The shortest time that a feed's hint brings about, that its owner may ask for where a hint allows
it, and that they may ask of a host of their own."""
LONGEST = DAY
"""No hint, no failure and no `Retry-After` delays a fetch longer."""
FIRST_RETRY = 10 * MINUTE
MAX_TRIES = 10
"""Of a page that cannot be read now: over two days and a half."""
ADOPTED_AFTER = 7 * DAY
"""A permanent redirect that has been the same for so long replaces the address."""
MAX_VALIDATOR = 1_000
"""Characters of an ETag or date that are kept and sent back."""
_BACKING_OFF = frozenset((429, 503))
_MAX_AGE = re.compile(r"(?:^|[,\s])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_SENDABLE = re.compile(r"[\x20-\x7e\x80-\xff]+")

Ended = Literal["", "gone"]


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between fetches; all of it may be lost.

    `address`: where it is fetched now, `asked`: the address in feeds.toml to which that belongs.
    `error`: why the last fetch failed, "" if it did not; `detail` of it is for the owner only.
    `gone_since`: when 410 was first answered, 0 if not since the last other answer. `last_article`:
    when an article of it was new; `gap`: the usual seconds between such times, 0 if unknown.
    `page_error`: why the last page that gave no text gave none.
    """

    name: str
    asked: str
    address: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    next_at: int = 0
    failures: int = 0
    error: Message | Literal[""] = ""
    detail: str = ""
    gone_since: int = 0
    ended: Ended = ""
    redirect_to: str = ""
    redirect_since: int = 0
    last_try: int = 0
    last_success: int = 0
    last_article: int = 0
    gap: int = 0
    ttl: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    page_error: str = ""

    @property
    def trouble(self) -> str:
        """What failed, for the owner."""
        return f"{self.error}：{self.detail}" if self.detail else self.error

    @property
    def hints(self) -> Hints:
        """Of the last answer that had any."""
        return Hints(self.ttl or None, frozenset(self.skip_hours), frozenset(self.skip_days))


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a feed may be fetched. `every`: seconds that its owner asks for, 0 for none."""

    every: int = 0
    private: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fetch came to. `status` 0: no answer. `error`, with its detail: why nothing is used
    of it. `moved_to`: where permanent redirects led. `hints`: of the feed, None if it was not read
    anew. `whole`: whether the feed came to its end."""

    status: int = 0
    headers: Mapping[str, str] | None = None
    error: Message | Literal[""] = ""
    detail: str = ""
    moved_to: str | None = None
    hints: Hints | None = None
    body_hash: str = ""
    whole: bool = True


def after(state: FeedState, pace: Pace, outcome: Outcome, now: int) -> FeedState:
    """The state after a fetch that ended at `now`."""
    state = replace(state, last_try=now)
    if outcome.status == 410:
        return _gone(state, outcome, now)
    if outcome.error:
        return _failed(replace(state, gone_since=0), outcome, now)
    return _succeeded(_followed(replace(state, gone_since=0), outcome, now), pace, outcome, now)


def page_retry(tries: int, now: int) -> int:
    """When a page is tried again that could not be read so often; 0 for never."""
    return 0 if tries >= MAX_TRIES else now + min(FIRST_RETRY * 2 ** (tries - 1), LONGEST)


def host_rest(pace: Pace, outcome: Outcome, now: int) -> int:
    """Until when all feeds of the same public host rest; 0 for no rest. On a host of one's own
    (RSSHub) each route is another site, so one that is refused does not stop the others."""
    if pace.private or outcome.status not in _BACKING_OFF:
        return 0
    return now + (_retry_after(outcome.headers or {}, now) or FIRST_RETRY)


def _gone(state: FeedState, outcome: Outcome, now: int) -> FeedState:
    """410 means for ever, but servers say it by mistake: it counts when seen on two days."""
    if state.gone_since and now // DAY > state.gone_since // DAY:
        ended = msg("对方说它不再有了（410），不再抓取")
        return replace(state, ended="gone", error=ended, detail="")
    since = state.gone_since or now
    return replace(
        state,
        gone_since=since,
        error=msg("对方说它不再有了（410），明天再看一次"),
        detail="",
        failures=state.failures + 1,
        next_at=now + DAY,
    )


def _failed(state: FeedState, outcome: Outcome, now: int) -> FeedState:
    wait = max(_retry_after(outcome.headers or {}, now), _back_off(state.failures))
    return replace(
        state,
        failures=state.failures + 1,
        error=outcome.error,
        detail=outcome.detail,
        next_at=now + wait,
    )


def _succeeded(state: FeedState, pace: Pace, outcome: Outcome, now: int) -> FeedState:
    headers = outcome.headers or {}
    if outcome.status != 304 and outcome.whole:
        state = replace(
            state,
            etag=_validator(headers.get("etag", "")),
            last_modified=_validator(headers.get("last-modified", "")),
            body_hash=outcome.body_hash,
        )
    if outcome.hints:
        state = replace(
            state,
            ttl=outcome.hints.ttl or 0,
            skip_hours=tuple(sorted(outcome.hints.skip_hours)),
            skip_days=tuple(sorted(outcome.hints.skip_days)),
        )
    usual = interval(pace, headers, state.hints, now)
    if not outcome.whole:
        return _cut_off(state, headers, usual, now)
    next_at = now + usual
    return replace(
        state,
        next_at=_allowed(next_at, state.hints),
        failures=0,
        error="",
        detail="",
        last_success=now,
    )


def _cut_off(state: FeedState, headers: Mapping[str, str], usual: int, now: int) -> FeedState:
    """What was read counts, and the rest is asked for soon: without validators, so that all comes
    again. One that is always cut off is fetched as often as it would be whole."""
    soon = max(_retry_after(headers, now), min(_back_off(state.failures), usual))
    return replace(
        state,
        etag="",
        last_modified="",
        body_hash="",
        next_at=_allowed(now + soon, state.hints),
        failures=state.failures + 1,
        error=msg("内容不完整，已收下读到的部分"),
        detail="",
    )


def _back_off(failures: int) -> int:
    """Seconds after so many failures before one more."""
    return min(FIRST_RETRY << min(failures, 10), LONGEST)


def _followed(state: FeedState, outcome: Outcome, now: int) -> FeedState:
    """Remembers where permanent redirects lead, and adopts it in the end."""
    target = outcome.moved_to or ""
    if not target or (state.address.startswith("https:") and not target.startswith("https:")):
        return replace(state, redirect_to="", redirect_since=0)
    if target != state.redirect_to:
        return replace(state, redirect_to=target, redirect_since=now)
    if now - state.redirect_since < ADOPTED_AFTER:
        return state
    return replace(state, address=target, redirect_to="", redirect_since=0)


def interval(pace: Pace, headers: Mapping[str, str], hints: Hints, now: int) -> int:
    """Seconds until the next fetch after a success."""
    hint = max(_cached(headers, now), (hints.ttl or 0) * MINUTE)
    if pace.private:
        wish = max(pace.every or USUAL_EVERY, LEAST_PRIVATE)
    elif not hint:
        wish = max(pace.every, USUAL_EVERY)
    elif pace.every:
        wish = max(pace.every, LEAST_ASKED, min(hint, LONGEST))
    else:
        wish = max(LEAST_HINTED, min(hint, LONGEST))
    return max(wish, _retry_after(headers, now))


def _cached(headers: Mapping[str, str], now: int) -> int:
    """Seconds for which an answer counts as fresh; 0 where none are stated."""
    control = headers.get("cache-control", "")
    if found := _MAX_AGE.search(control):
        return int(found[1])
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return 0
    expires, stated = _moment(headers.get("expires", "")), _moment(headers.get("date", ""))
    return max(0, expires - (stated or now)) if expires else 0


def _retry_after(headers: Mapping[str, str], now: int) -> int:
    """Seconds, given as such or as a date; at most LONGEST."""
    stated = headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit():
        return min(int(stated[:9]), LONGEST)
    moment = _moment(stated)
    return min(max(0, moment - now), LONGEST) if moment else 0


def _moment(stated: str) -> int:
    """A date of HTTP; 0 where there is none."""
    try:
        return int(parsedate_to_datetime(stated).timestamp()) if stated else 0
    except (ValueError, TypeError, OverflowError):
        return 0


def _allowed(moment: int, hints: Hints) -> int:
    """The first time from `moment` on that lies in no hour or day that the feed asks to skip."""
    for step in range(LONGEST // HOUR):
        later = moment if step == 0 else (moment // HOUR + step) * HOUR
        at = datetime.fromtimestamp(later, UTC)
        if at.hour not in hints.skip_hours and at.weekday() not in hints.skip_days:
            return later
    return moment + LONGEST


def _validator(value: str) -> str:
    """A validator as it came; "" for one that could not be a header of ours."""
    return value if len(value) <= MAX_VALIDATOR and _SENDABLE.fullmatch(value) else ""
