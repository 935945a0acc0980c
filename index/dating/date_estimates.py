"""Estimates the date of an article that gives none: from its address, then from its text."""

from datetime import date
from typing import Literal, NamedTuple

from index.dating.address_dates import address_date, last_day_of_folder
from index.dating.dateline import stated_date

EARLIEST = date(1990, 1, 1)
"""Articles on the web are not older; what looks like it is a number, or a day of history."""


class DateEstimate(NamedTuple):
    """A day in Asia/Shanghai, and what it was read in."""

    day: date
    origin: Literal["address", "text"]


def estimate_date(
    url: str | None, text: str, *, latest: date, named: date | None = None
) -> DateEstimate | None:
    """The estimate, or None where neither address nor normalised text states a date.

    `latest`: no article was published after it. `named`: the date in the name of its file, which
    completes a date in the text that has no year.
    """
    in_address = address_date(url)
    if in_address and EARLIEST <= in_address <= latest:
        return DateEstimate(in_address, "address")
    in_text = stated_date(text, last_day_of_folder(url) or named)
    if in_text and EARLIEST <= in_text <= latest:
        return DateEstimate(in_text, "text")
    return None
