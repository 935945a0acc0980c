"""Usual spellings of an amount, for marking it in texts: 6万美元, 60,000美元, $60,000, 六万美元.

They only find candidates: whether one is an amount is decided by `amounts`.
"""

from collections.abc import Iterator
from decimal import Decimal

from index.text.numbers.amounts import Amount, plain_digits, spelling_tables
from index.text.numbers.numerals import numerals

COMMAS = 1000
"""From this value on, numbers are written with commas and without trailing zeros."""
MAX_SCALED_CHARACTERS = 7
"""Characters of a number before a magnitude: 1.25亿, but hardly 0.000125万亿."""


def spellings(amount: Amount) -> list[str]:
    """Every usual spelling, normalised; 10 to 200 of them."""
    table, numbers = spelling_tables(), _numbers(Decimal(amount.value))
    in_han = numerals(Decimal(amount.value))
    if not amount.unit:
        return [*numbers, *in_han]
    behind = [unit for unit, name in table.units.items() if name == amount.unit]
    before = [sign for sign, name in table.signs.items() if name == amount.unit]
    after = [
        number + gap + unit
        for unit in behind
        for gap in ("", " ")
        for number in (*numbers, *in_han)
    ]
    signed = [sign + gap + n for sign in before for gap in ("", " ") for n in numbers]
    return [*after, *signed, *_shares(amount)]


def _shares(amount: Amount) -> Iterator[str]:
    """三成, 3成半, 百分之五."""
    value, half = divmod(Decimal(amount.value), 10)
    if amount.unit == "%" and 0 < value < 10 and half in (0, 5):
        tail = "成半" if half else "成"
        yield from (digit + tail for digit in (plain_digits(value), *numerals(value)))
    if amount.unit in ("%", "‰"):
        share = "百分之" if amount.unit == "%" else "千分之"
        yield from (share + each for each in numerals(Decimal(amount.value)))


def _numbers(value: Decimal) -> list[str]:
    """Plain digits, with commas, with a trailing zero (15.0), and with each fitting magnitude."""
    digits = plain_digits(value)
    numbers = dict.fromkeys((digits, f"{value:,}"))
    if value < COMMAS:
        numbers[f"{digits}0" if "." in digits else f"{digits}.0"] = None
    for name, power in spelling_tables().magnitudes.items():
        scaled = plain_digits(value.scaleb(-power))
        if len(scaled) <= MAX_SCALED_CHARACTERS and Decimal(scaled) >= 1:
            forms = dict.fromkeys((scaled, f"{Decimal(scaled):,}"))
            gaps = ("", " ") if name in spelling_tables().spaced else ("",)
            numbers |= dict.fromkeys(form + gap + name for form in forms for gap in gaps)
    return [*numbers]
