"""从…到…: the form that limits a page to a range of dates. It works without a script; with one, a
pointer that is dragged over the chart fills it in."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from web.charts.plot import DateRange


@dataclass(frozen=True, slots=True)
class RangeForm:
    """`action`: the page; `kept`: its other arguments. `any_time`: its address without dates."""

    action: str
    kept: tuple[tuple[str, str], ...]
    chosen: DateRange
    any_time: str

    def html(self) -> Markup:
        first, last = self.chosen
        page = render_template(
            "charts/range.html",
            action=self.action,
            kept=self.kept,
            first=first.isoformat() if first else "",
            last=last.isoformat() if last else "",
            any_time=self.any_time if first or last else None,
        )
        return Markup(page)  # noqa: S704 - a template's output, escaped there


def kept(args: Iterable[tuple[str, str]], dropped: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The arguments that the form hands on."""
    without = frozenset(dropped)
    return tuple((name, value) for name, value in args if value and name not in without)
