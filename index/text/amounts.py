"""Amounts in one spelling: 6万美元, 60,000美元 and US$60k are all `=60000usd`.

An amount is a number with a magnitude (万, 亿, k …), a unit (美元, %, 个基点 …), commas between its
thousands, or five digits and more. Codes and hashes (0x…, EIP-1559, 00700.HK) are none. A unit that
is not in the table below (人, 家) is left alone, and the amount counts without it. Texts are
normalised. Numerals in Han characters (四万) are left to the words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

MAGNITUDES = {
    "万亿": 12,
    "千亿": 11,
    "百亿": 10,
    "十亿": 9,
    "亿": 8,
    "千万": 7,
    "百万": 6,
    "十万": 5,
    "万": 4,
    "千": 3,
    "trillion": 12,
    "billion": 9,
    "million": 6,
    "thousand": 3,
    "bn": 9,
    "b": 9,
    "m": 6,
    "k": 3,
}
"""Normalised spelling → power of ten."""
SPACED = frozenset(("trillion", "billion", "million", "thousand"))
"""What a space stands before."""
UNITS = {
    "美元": "usd",
    "美金": "usd",
    "usd": "usd",
    "dollars": "usd",
    "dollar": "usd",
    "元人民币": "cny",
    "人民币元": "cny",
    "元": "cny",
    "块钱": "cny",
    "人民币": "cny",
    "rmb": "cny",
    "cny": "cny",
    "yuan": "cny",
    "港元": "hkd",
    "港币": "hkd",
    "hkd": "hkd",
    "欧元": "eur",
    "eur": "eur",
    "euros": "eur",
    "euro": "eur",
    "英镑": "gbp",
    "日元": "jpy",
    "韩元": "krw",
    "新台币": "twd",
    "个百分点": "pp",
    "百分点": "pp",
    "pct": "pp",
    "个基点": "bp",
    "基点": "bp",
    "bps": "bp",
    "bp": "bp",
    "%": "%",
    "枚": "枚",
    "吨": "吨",
}
SIGNS = {
    "us$": "usd",
    "hk$": "hkd",
    "$": "usd",
    "€": "eur",
    "£": "gbp",
    "¥": "cny",
    "￥": "cny",
    "usd": "usd",
    "hkd": "hkd",
    "eur": "eur",
    "rmb": "cny",
    "cny": "cny",
    "百分之": "%",
}
"""Units that stand before the number."""
LOOSE = frozenset(("人民币", "usd ", "hkd ", "eur ", "rmb ", "cny "))
"""Units that also are words beside a year: 2022人民币汇率, EUR 2022. The number must be an amount
without them."""
MANY_DIGITS = 5
"""A bare number of so many digits is an amount: 60000. Shorter ones are years and versions."""
COMMAS = 1000
"""From here on numbers are written with commas, and without needless zeros."""
MAX_DIGITS = 15
"""Longer ones are keys and account numbers."""
LONGEST = 7
"""Characters that people write before a magnitude: 1.25亿, hardly 0.000125万亿."""


def _any(table: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(table, key=len, reverse=True)))


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_AMOUNT = re.compile(
    rf"(?<![0-9a-z])(?:(?P<sign>{_any(SIGNS)})(?P<gap>\ ?))?(?<![0-9a-z][.,_])(?P<number>{_NUMBER})"
    rf"(?:\ ?(?P<magnitude>{_any(MAGNITUDES)}))?"
    rf"(?:\ ?(?P<unit>{_any(UNITS)})(?<!元(?=宇宙|旦|首|老)))?(?![0-9a-z]|[.,_][0-9a-z])"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at [start, end) of the text it was found in. `value`: its digits, without needless
    zeros; `unit`: one of the table's, or empty."""

    value: str
    unit: str
    start: int
    end: int

    @property
    def token(self) -> str:
        """As the index spells it."""
        return f"={self.value}{self.unit}"

    @property
    def tokens(self) -> tuple[str, ...]:
        """What a text with it is found by: with its unit, and, if it is large, without."""
        large = self.unit and len(self.value) >= MANY_DIGITS
        return (self.token, f"={self.value}") if large else (self.token,)


def amounts(text: str) -> Iterator[Amount]:
    """The amounts of a normalised text, in order, apart from each other."""
    for match in _AMOUNT.finditer(text):
        if _is_amount(text, match):
            number = match["number"].replace(",", "")
            value = Decimal(number).scaleb(MAGNITUDES.get(match["magnitude"], 0))
            unit = UNITS.get(match["unit"]) or SIGNS.get(match["sign"], "")
            yield Amount(_plain(value), unit, *match.span())


def _is_amount(text: str, match: re.Match[str]) -> bool:
    number = match["number"]
    digits = sum(map(str.isdigit, number))
    sign = (match["sign"] or "") + (match["gap"] or "")
    units = {sign, match["unit"] or ""} - LOOSE - {""}
    if match["magnitude"] or units or "," in number:
        return digits <= MAX_DIGITS
    start, end = match.span()
    in_code = text[start - 1 : start] == "-" or text[end : end + 1] == "-"
    return MANY_DIGITS <= digits <= MAX_DIGITS and number[0] != "0" and not in_code


def _plain(value: Decimal) -> str:
    """Digits without needless zeros behind the point."""
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def amount_tokens(text: str) -> list[str]:
    """One or two tokens for each amount, what `Amount.tokens` says."""
    if not any(map(text.__contains__, "0123456789")):
        return []
    return [token for amount in amounts(text) for token in amount.tokens]


def spellings(amount: Amount) -> list[str]:
    """How an amount is usually written: 6万美元, 60,000美元, 60000 美元, $60,000 … For what only
    looks for places; `amounts` decides."""
    numbers = _numbers(Decimal(amount.value))
    if not amount.unit:
        return numbers
    behind = [unit for unit, name in UNITS.items() if name == amount.unit]
    before = [sign for sign, name in SIGNS.items() if name == amount.unit]
    after = [number + gap + unit for unit in behind for gap in ("", " ") for number in numbers]
    return [*after, *(sign + gap + n for sign in before for gap in ("", " ") for n in numbers)]


def _numbers(value: Decimal) -> list[str]:
    """Digits, with commas, with a needless zero (15.0), and with each magnitude that fits."""
    digits = _plain(value)
    numbers = dict.fromkeys((digits, f"{value:,}"))
    if value < COMMAS:
        numbers[f"{digits}0" if "." in digits else f"{digits}.0"] = None
    for name, power in MAGNITUDES.items():
        scaled = _plain(value.scaleb(-power))
        if len(scaled) <= LONGEST and Decimal(scaled) >= 1:
            forms = dict.fromkeys((scaled, f"{Decimal(scaled):,}"))
            gaps = ("", " ") if name in SPACED else ("",)
            numbers |= dict.fromkeys(form + gap + name for form in forms for gap in gaps)
    return [*numbers]
