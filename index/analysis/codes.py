"""Splits codes that are written together where search takes them apart: BTC20000, SOLUSDT.

Codes of listed companies (SH600519, 00700.HK) stay whole, and have several spellings.
Texts are normalised.
"""

import re
from functools import cache

from index.word_lists import data_lines

_LETTERS_AND_NUMBER = re.compile(r"([a-z]{2,})(\d{4,})|(\d{2,})([a-z]{3,})")
"""Shorter ones are names: web3, l2, erc20, 5g, 50bp."""
_COINS = "btc|usdt|usdc|bnb|eth(?!2)"
_COIN_AND_NUMBER = re.compile(rf"({_COINS})(\d+)|(\d+)({_COINS})")
_LISTED = re.compile(
    r"(?:(?P<before>sh|sz|bj)|hk)(?P<number>(?(before)\d{6}|\d{4,5}))"
    r"|(?P<code>\d{6})\.(?P<after>sh|ss|sz|bj)"
    r"|(?P<hong_kong>\d{3,5})\.hk"
)
HONG_KONG_DIGITS = 5
IN_RUNS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""What runs are made of."""
_DIGITS = re.compile("[0-9]")
MAX_RUN = 30
"""Characters. Longer runs are no codes."""
MIN_BASE, MAX_BASE = 2, 10
"""Letters of what is traded: 1INCHUSDT begins with a digit, AUSDT is a coin of its own."""


def code_parts(run: str) -> list[str]:
    """A run of letters and digits as the words that it is made of; most runs are one word."""
    if _LISTED.fullmatch(run):
        return [run]
    if match := _LETTERS_AND_NUMBER.fullmatch(run) or _COIN_AND_NUMBER.fullmatch(run):
        return [part for half in filter(None, match.groups()) for part in code_parts(half)]
    return _pair(run) if run.isalpha() else [run]


def is_code_part(text: str, start: int, end: int) -> bool:
    """Whether [start, end) of a text, inside a run of letters and digits, is one of the words that
    the run is made of: btc in btcusdt, not eth in method. Runs over MAX_RUN characters are none."""
    quotes = _quotes()
    # Told at once of most runs: they have no digit here, and are no pair of currencies.
    digits = _DIGITS.search(text, max(0, start - 1), end + 1)
    if not (digits or text[start:end] in quotes or text.startswith(quotes, end)):
        return False
    before, after = text[max(0, start - MAX_RUN) : start], text[end : end + MAX_RUN]
    first = start - len(before) + len(before.rstrip(IN_RUNS))
    last = end + len(after) - len(after.lstrip(IN_RUNS))
    if (first, last) == (start, end) or last - first > MAX_RUN:
        return False
    for part in code_parts(text[first:last]):
        if first == start:
            return first + len(part) == end
        first += len(part)
    return False


def listed_codes(token: str) -> tuple[str, ...]:
    """The usual spellings of a listed company's code, its bare number first; none for others.

    600519, 600519.sh, sh600519; 00700, 00700.hk, 0700.hk, hk00700.
    """
    match = _LISTED.fullmatch(token)
    if match is None:
        return ()
    market = match["before"] or (match["after"] or "hk").replace("ss", "sh")
    number = match["number"] or match["code"] or match["hong_kong"]
    if market != "hk":
        shanghai = (f"{number}.ss",) if market == "sh" else ()
        return (number, f"{number}.{market}", f"{market}{number}", *shanghai)
    number = number.zfill(HONG_KONG_DIGITS)
    shorter = dict.fromkeys((number, number.removeprefix("0"), number.lstrip("0")))
    return (number, *(f"{each}.hk" for each in shorter), f"hk{number}")


def _pair(run: str) -> list[str]:
    against_all, against_some, traded = currencies()
    for quote in _quotes():
        base = run.removesuffix(quote)
        if base == run:
            continue
        known = base in traded or base in against_some
        if known or (quote in against_all and MIN_BASE <= len(base) <= MAX_BASE):
            return [base, quote]
    return [run]


@cache
def _quotes() -> tuple[str, ...]:
    against_all, against_some, _ = currencies()
    return (*against_all, *against_some)


@cache
def currencies() -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """(what all is traded against, what some is traded against, what is traded), normalised."""
    rows = [tuple(line.split()) for line in data_lines("currencies")]
    against_all, against_some, *traded = rows
    return against_all, against_some, frozenset(code for row in traded for code in row)
