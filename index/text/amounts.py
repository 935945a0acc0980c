"""Finds amounts and gives each one spelling: 6万美元, 60,000美元 and US$60k are all `=60000usd`.

An amount is a number with a magnitude (万, 亿, k …), a unit (美元, %, 个基点 …), commas between its
thousands, or at least five digits. Codes and hashes (0x…, EIP-1559, 00700.HK) are not amounts.
Units outside data/amounts.toml (人, 家) are ignored. Texts are normalised. Numerals in Han
characters (四万) are words, not amounts.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

MANY_DIGITS = 5
"""A bare number with this many digits is an amount (60000); shorter ones are years, versions."""
COMMAS = 1000
"""From this value on, numbers are written with commas and without trailing zeros."""
MAX_DIGITS = 15
"""Longer numbers are keys or account numbers."""
MAX_SCALED_CHARACTERS = 7
"""Characters of a number before a magnitude: 1.25亿, but hardly 0.000125万亿."""


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"


@dataclass(frozen=True, slots=True)
class _Spellings:
    """The tables of data/amounts.toml, and the expression that finds amounts with them."""

    magnitudes: Mapping[str, int]
    units: Mapping[str, str]
    signs: Mapping[str, str]
    spaced: frozenset[str]
    loose: frozenset[str]
    pattern: re.Pattern[str]


@cache
def _spellings() -> _Spellings:
    data = tomllib.loads(files("index").joinpath("data/amounts.toml").read_text("utf-8"))
    pattern = re.compile(
        rf"(?<![0-9a-z])(?:(?P<sign>{_any(data['signs'])})(?P<gap>\ ?))?"
        rf"(?<![0-9a-z][.,_])(?P<number>{_NUMBER})"
        rf"(?:\ ?(?P<magnitude>{_any(data['magnitudes'])}))?"
        rf"(?:\ ?(?P<unit>{_any(data['units'])})(?<!元(?=宇宙|旦|首|老)))?"
        r"(?![0-9a-z]|[.,_][0-9a-z])"
    )
    return _Spellings(
        magnitudes=data["magnitudes"],
        units=data["units"],
        signs=data["signs"],
        spaced=frozenset(data["spaced"]),
        loose=frozenset(data["loose"]),
        pattern=pattern,
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at [start, end) of a text. `value`: digits without trailing zeros after the point;
    `unit`: its name in the index (usd, %), or empty."""

    value: str
    unit: str
    start: int
    end: int

    @property
    def token(self) -> str:
        """Its token in the index."""
        return f"={self.value}{self.unit}"

    @property
    def tokens(self) -> tuple[str, ...]:
        """Tokens of a text that contains it: with its unit and, if large, without."""
        large = self.unit and len(self.value) >= MANY_DIGITS
        return (self.token, f"={self.value}") if large else (self.token,)


def amounts(text: str) -> Iterator[Amount]:
    """Amounts in a normalised text, in order, not overlapping."""
    table = _spellings()
    for match in table.pattern.finditer(text):
        if _is_amount(text, match):
            number = match["number"].replace(",", "")
            value = Decimal(number).scaleb(table.magnitudes.get(match["magnitude"], 0))
            unit = table.units.get(match["unit"]) or table.signs.get(match["sign"], "")
            yield Amount(_plain(value), unit, *match.span())


def _is_amount(text: str, match: re.Match[str]) -> bool:
    number = match["number"]
    digits = sum(map(str.isdigit, number))
    sign = (match["sign"] or "") + (match["gap"] or "")
    units = {sign, match["unit"] or ""} - _spellings().loose - {""}
    if match["magnitude"] or units or "," in number:
        return digits <= MAX_DIGITS
    start, end = match.span()
    in_code = _is_hyphen(text, start - 1) or _is_hyphen(text, end)
    return MANY_DIGITS <= digits <= MAX_DIGITS and number[0] != "0" and not in_code


def _is_hyphen(text: str, at: int) -> bool:
    """Whether there is a single hyphen; two are the dash of Chinese."""
    return text[at : at + 1] == "-" and "--" not in text[max(at - 1, 0) : at + 2]


def _plain(value: Decimal) -> str:
    """Digits without trailing zeros after the point."""
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def amount_tokens(text: str) -> list[str]:
    """The tokens of all amounts in a normalised text."""
    if not any(map(text.__contains__, "0123456789")):
        return []
    return [token for amount in amounts(text) for token in amount.tokens]


def spellings(amount: Amount) -> list[str]:
    """Usual spellings of an amount: 6万美元, 60,000美元, 60000 美元, $60,000 …

    For finding candidates in a text; whether one is an amount is decided by `amounts`.
    """
    table, numbers = _spellings(), _numbers(Decimal(amount.value))
    if not amount.unit:
        return numbers
    behind = [unit for unit, name in table.units.items() if name == amount.unit]
    before = [sign for sign, name in table.signs.items() if name == amount.unit]
    after = [number + gap + unit for unit in behind for gap in ("", " ") for number in numbers]
    return [*after, *(sign + gap + n for sign in before for gap in ("", " ") for n in numbers)]


def _numbers(value: Decimal) -> list[str]:
    """Plain digits, with commas, with a trailing zero (15.0), and with each fitting magnitude."""
    digits = _plain(value)
    numbers = dict.fromkeys((digits, f"{value:,}"))
    if value < COMMAS:
        numbers[f"{digits}0" if "." in digits else f"{digits}.0"] = None
    for name, power in _spellings().magnitudes.items():
        scaled = _plain(value.scaleb(-power))
        if len(scaled) <= MAX_SCALED_CHARACTERS and Decimal(scaled) >= 1:
            forms = dict.fromkeys((scaled, f"{Decimal(scaled):,}"))
            gaps = ("", " ") if name in _spellings().spaced else ("",)
            numbers |= dict.fromkeys(form + gap + name for form in forms for gap in gaps)
    return [*numbers]
