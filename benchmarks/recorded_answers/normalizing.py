"""Replaces what differs between two runs of the same code by a name.

Times of requests and of indexing, addresses of the server, names of generations, request ids,
nonces and versions of assets, positions in cursors, and how long an answer took.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

HEADERS = (
    *("Content-Type", "Cache-Control", "Location", "Vary", "Link", "Content-Disposition", "Allow"),
    *("ETag", "X-Robots-Tag", "Retry-After", "Content-Security-Policy", "Content-Language"),
    *("Access-Control-Allow-Origin", "Access-Control-Expose-Headers"),
    *("Access-Control-Allow-Methods", "Cross-Origin-Resource-Policy", "Referrer-Policy"),
    *("X-Content-Type-Options",),
)
"""Headers that are recorded. Of an ETag only that there is one."""
_MONTHS = "January February March April May June July August September October November December"
_FIXED: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r'"took_ms":[0-9.e+-]+', '"took_ms":TOOK'),
        (r"\b[0-9]+\.[0-9]+ (秒|s|sec|seconds)\b", r"TOOK \1"),
        (r'"request_id":"[^"]*"', '"request_id":"REQUEST"'),
        (r"\b[0-9a-f]{16}\b(?=\s*(?:</code>|</span>|</p>|[。.]))", "REQUEST"),
        (r'nonce="[^"]*"', 'nonce="NONCE"'),
        (r"'nonce-[^']*'", "'nonce-NONCE'"),
        (r"([?&]|&amp;)v=[0-9a-f]{6,}", r"\1v=VERSION"),
        (r"sha(256|384|512)-[A-Za-z0-9+/=]{40,}", "sha-VERSION"),
        (r"cursor=[^&\"'<>\s;]+", "cursor=CURSOR"),
        (r'"cursor":"[^"]*"', '"cursor":"CURSOR"'),
    )
)


@dataclass(frozen=True, slots=True)
class Run:
    """What belongs to one run only. `days`: those of the requests and of indexing."""

    host: str
    generation: str
    days: frozenset[date]


def normalized(text: str, run: Run) -> str:
    """A body or header without what belongs to `run` only."""
    text = text.replace(run.host, "HOST").replace(run.host.replace(":", "%3A"), "HOST")
    if run.generation:
        text = text.replace(run.generation, "GENERATION")
    for pattern, by in (*_FIXED, *_dates(run.days)):
        text = pattern.sub(by, text)
    return text


def chosen_headers(headers: Iterable[tuple[str, str]], run: Run) -> dict[str, str]:
    """The recorded headers of an answer; repeated ones are joined as HTTP allows."""
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.title(), []).append(value)
    found = {name: given[name.title()] for name in HEADERS if name.title() in given}
    return {
        name: "given" if name == "ETag" else normalized(", ".join(values), run)
        for name, values in found.items()
    }


def _dates(days: Iterable[date]) -> list[tuple[re.Pattern[str], str]]:
    clock = r"[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d| \+0800)?"
    patterns = []
    for day in sorted(days):
        month = _MONTHS.split()[day.month - 1]
        short = f"{month[:3]}(?:{month[3:]})?"
        forms = (
            f"{day:%Y-%m-%d}",
            f"{day.year}年0?{day.month}月0?{day.day}日",
            f"(?:[A-Z][a-z]{{2}}, )?0?{day.day} {short} {day.year}",
            f"{short} 0?{day.day}, {day.year}",
            f"{day:%Y/%m/%d}",
        )
        any_form = "|".join(forms)
        patterns += [
            (re.compile(f"(?:{any_form}){clock}"), "TIME"),
            (re.compile(f"(?:{any_form})(?![0-9])"), "DAY"),
        ]
    return patterns
