"""Finds amounts and gives each one spelling: 6万美元, 60,000美元 and US$60k are all `=60000usd`.

An amount is a number with a magnitude (万, 亿, k …), a unit (美元, %, 个基点 …), commas between its
thousands, or at least five digits. Codes and hashes (0x…, EIP-1559, 00700.HK) are not amounts.
Units outside data/amounts.toml (人, 家) are ignored. Han numerals (五千万, 百分之五) are amounts if
they have a magnitude or a unit, and 三成 is 30%. What means something else elsewhere is read only
where the text says so: 20w用户 but 20W充电器, 1.2兆元 but 10兆带宽. Texts are normalised.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from index.text.numbers.numerals import CHARACTERS, DIGITS, MAX_WRITTEN, number_of
from index.word_lists import alternation, data_table

MANY_DIGITS = 5
"""A bare number with this many digits is an amount (60000); shorter ones are years, versions."""
MAX_DIGITS = 15
"""Longer numbers are keys or account numbers."""

CURRENCY_CODE = 3
"""Letters of a unit's name that is money (usd)."""
_START = r"(?:(?<![0-9a-z])|(?<=[a-z][a-z])(?=\d{4})|(?<=btc|eth|bnb|sol|xrp))"
"""Letters may come before (BTC20000美元, ETH2万元), but web3 and l2 are names."""
_NO_WORD = "(?<!元(?=宇宙|旦|首|老|年|素|件))"
_HAN_SIGN = re.compile("[万亿成元币圆分]")
_ANY_AMOUNT = re.compile("[0-9万亿成元币圆分]")
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"


@dataclass(frozen=True, slots=True)
class SpellingTables:
    """The tables of data/amounts.toml, and the expression that finds amounts with them."""

    magnitudes: Mapping[str, int]
    units: Mapping[str, str]
    signs: Mapping[str, str]
    spaced: frozenset[str]
    loose: frozenset[str]
    money: tuple[str, ...]
    pattern: re.Pattern[str]
    in_han: re.Pattern[str]


@cache
def spelling_tables() -> SpellingTables:
    """Read once; the expressions are compiled with them."""
    data = data_table("amounts")
    magnitudes, units = data["magnitudes"], data["units"]
    money = [unit for unit, name in units.items() if len(name) == CURRENCY_CODE and name.isalpha()]
    currency, unit = alternation(money), alternation(units)
    firsts = re.escape("".join({sign[0] for sign in data["signs"]}))
    pattern = re.compile(
        rf"(?=[0-9{firsts}]){_START}(?:(?P<sign>{alternation(data['signs'])})(?P<gap>\ ?))?"
        rf"(?<![0-9a-z][.,_])(?P<number>{_NUMBER})"
        rf"(?:\ ?(?P<magnitude>{alternation(magnitudes)}|(?(sign)兆|兆(?=\ ?(?:{currency})))"
        rf"|w(?=\+|[多余]?(?:{alternation((*money, *data['counted']))}))))?"
        rf"(?:\ ?(?P<unit>{unit}){_NO_WORD})?"
        r"(?:(?<=[\u4e00-\u9fff])|(?![0-9a-z]|[.,_][0-9a-z]))"
    )
    in_han = re.compile(
        rf"(?=[1-9{CHARACTERS}])(?:(?<![{CHARACTERS}第数几])(?:"
        rf"(?P<share>[百千])分之(?P<ratio>[{CHARACTERS}]{{1,{MAX_WRITTEN}}}+)"
        rf"|(?P<number>[{CHARACTERS}]{{2,{MAX_WRITTEN}}}+)(?!分之)"
        rf"(?:\ ?(?P<unit>{unit}){_NO_WORD})?)"
        rf"|(?<![0-9a-z.{CHARACTERS}])(?P<tenths>[1-9一二两三四五六七八九])成(?P<half>半?)"
        rf"(?![{data['not_tenths']}]))"
    )
    return SpellingTables(
        magnitudes={**magnitudes, "兆": 12, "w": 4},
        units=units,
        signs=data["signs"],
        spaced=frozenset(data["spaced"]),
        loose=frozenset(data["loose"]),
        money=tuple(money),
        pattern=pattern,
        in_han=in_han,
    )


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
    if not _HAN_SIGN.search(text):
        yield from _in_digits(text)
        return
    end = 0
    both = (*_in_digits(text), *_in_han(text))
    for amount in sorted(both, key=lambda amount: (amount.start, -amount.end)):
        if amount.start >= end:
            yield amount
            end = amount.end


def _in_digits(text: str) -> Iterator[Amount]:
    table = spelling_tables()
    for match in table.pattern.finditer(text):
        if _is_amount(text, match):
            number = match["number"].replace(",", "")
            value = Decimal(number).scaleb(table.magnitudes.get(match["magnitude"], 0))
            unit = table.units.get(match["unit"]) or table.signs.get(match["sign"], "")
            yield Amount(plain_digits(value), unit, *match.span())


def _in_han(text: str) -> Iterator[Amount]:
    table = spelling_tables()
    for match in table.in_han.finditer(text):
        if match["tenths"]:
            digit = match["tenths"]
            value = Decimal(digit if digit.isdigit() else DIGITS[digit])
            tenths = value * 10 + (5 if match["half"] else 0)
            yield Amount(plain_digits(tenths), "%", *match.span())
        elif match["ratio"]:
            ratio = Decimal(100) if match["ratio"] == "百" else number_of(match["ratio"])
            if ratio is not None:
                yield Amount(
                    plain_digits(ratio), "%" if match["share"] == "百" else "‰", *match.span()
                )
        else:
            number = number_of(match["number"])
            unit = table.units.get(match["unit"], "")
            if number and number >= 10 and (unit or set("万亿") & set(match["number"])):
                yield Amount(plain_digits(number), unit, *match.span())


def _is_amount(text: str, match: re.Match[str]) -> bool:
    number, magnitude, unit, sign = match.group("number", "magnitude", "unit", "sign")
    if len(number) < MANY_DIGITS and not (magnitude or unit or sign):
        return False  # years, days and versions: half of all numbers
    digits = len(number) - number.count(",") - number.count(".")
    units = {(sign or "") + (match["gap"] or ""), unit or ""} - spelling_tables().loose - {""}
    if magnitude or units or "," in number:
        return digits <= MAX_DIGITS
    start, end = match.span()
    if text[start - 1 : start].isascii() and text[start - 1 : start].isalpha():
        return False  # rs12345678901
    in_code = _is_hyphen(text, start - 1) or _is_hyphen(text, end)
    return MANY_DIGITS <= digits <= MAX_DIGITS and number[0] != "0" and not in_code


def _is_hyphen(text: str, at: int) -> bool:
    """Whether there is a single hyphen; two are the dash of Chinese."""
    return text[at : at + 1] == "-" and "--" not in text[max(at - 1, 0) : at + 2]


def plain_digits(value: Decimal) -> str:
    """Digits without trailing zeros after the point."""
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def amount_tokens(text: str) -> list[str]:
    """The tokens of all amounts in a normalised text."""
    if not _ANY_AMOUNT.search(text):
        return []
    return [token for amount in amounts(text) for token in amount.tokens]
