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
UNITS = {
    "美元": "usd",
    "美金": "usd",
    "usd": "usd",
    "dollars": "usd",
    "元人民币": "cny",
    "人民币元": "cny",
    "元": "cny",
    "块钱": "cny",
    "rmb": "cny",
    "cny": "cny",
    "港元": "hkd",
    "港币": "hkd",
    "hkd": "hkd",
    "欧元": "eur",
    "eur": "eur",
    "英镑": "gbp",
    "日元": "jpy",
    "韩元": "krw",
    "新台币": "twd",
    "个百分点": "pp",
    "百分点": "pp",
    "个基点": "bp",
    "基点": "bp",
    "bps": "bp",
    "bp": "bp",
    "%": "%",
    "枚": "枚",
    "吨": "吨",
}
SIGNS = {"us$": "usd", "hk$": "hkd", "$": "usd", "€": "eur", "£": "gbp", "¥": "cny", "rmb": "cny"}
"""Units that stand before the number."""
MANY_DIGITS = 5
"""A bare number of so many digits is an amount: 60000. Shorter ones are years and versions."""
MAX_DIGITS = 15
"""Longer ones are keys and account numbers."""
LONGEST = 7
"""Characters that people write before a magnitude: 1.25亿, hardly 0.000125万亿."""


def _any(table: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(table, key=len, reverse=True)))


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_AMOUNT = re.compile(
    rf"(?<![0-9a-z])(?P<sign>{_any(SIGNS)})?(?<![0-9a-z][.,_])(?P<number>{_NUMBER})"
    rf"(?:\ ?(?P<magnitude>{_any(MAGNITUDES)}))?"
    rf"(?:\ ?(?P<unit>{_any(UNITS)}))?(?![0-9a-z]|[.,_][0-9a-z])"
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
    if match["magnitude"] or match["unit"] or match["sign"] or "," in number:
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
    """How an amount is usually written: 6万美元, 60,000美元, 60000美元, $60,000 … For what only
    looks for places; `amounts` decides."""
    numbers = _numbers(Decimal(amount.value))
    if not amount.unit:
        return numbers
    behind = [unit for unit, name in UNITS.items() if name == amount.unit]
    before = [sign for sign, name in SIGNS.items() if name == amount.unit]
    after = [f"{number}{unit}" for unit in behind for number in numbers]
    return [*after, *(f"{sign}{number}" for sign in before for number in numbers)]


def _numbers(value: Decimal) -> list[str]:
    numbers = dict.fromkeys((_plain(value), f"{value:,}"))
    for name, power in MAGNITUDES.items():
        scaled = _plain(value.scaleb(-power))
        if len(scaled) <= LONGEST and Decimal(scaled) >= 1:
            numbers[scaled + name] = None
    return [*numbers]
