"""Reads and writes numbers in Han numerals: 五千万, 伍仟万, 三点五亿. Texts are normalised."""

from collections.abc import Iterator
from decimal import Decimal

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
DIGITS |= {character: value for value, character in enumerate("〇壹贰叁肆伍陆柒捌玖")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
CHARACTERS = "".join((*DIGITS, *_TENS, *_MYRIADS)) + "点"
LARGEST = 10**16
MAX_WRITTEN = 9
"""Characters; nobody writes longer numbers so."""


def number_of(numeral: str) -> Decimal | None:
    """The number, or None if it is none: 万一, 三四, and 一万五, which may mean 15,000."""
    whole, point, rest = numeral.partition("点")
    if not point:
        value = None if whole[:1] in ("零", "〇") else _whole(whole)
        return None if value is None else Decimal(value)
    decimals = "".join(str(DIGITS[each]) for each in rest if each in DIGITS)
    times = rest[len(decimals) :]
    if not decimals or not set(times) <= {*_MYRIADS, *_TENS}:
        return None
    number, scale = _whole(whole), _whole(f"一{times}") if times else 1
    if number is None or scale is None:
        return None
    return Decimal(f"{number}.{decimals}") * scale


def _whole(numeral: str) -> int | None:
    """A number without decimals; every step down is smaller than the one before."""
    total, section, digit, step = 0, 0, -1, 10**4
    for at, character in enumerate(numeral):
        if character in DIGITS:
            if digit > 0 or (digit == 0 and DIGITS[character] == 0):
                return None
            skips = numeral[at - 1 : at] in ("零", "〇", "十", "拾") or at == 0
            digit = DIGITS[character]
            # 一万五 is 15,000, 一万零五 is 10,005.
            if digit and not skips and at == len(numeral) - 1:
                return None
        elif character in _TENS:
            unit = _TENS[character]
            if unit >= step or (digit < 1 and (unit > 10 or section or total)):
                return None
            section, digit, step = section + max(digit, 1) * unit, -1, unit
        else:
            section += max(digit, 0)
            if not (section or total) or (character == "万" and total % 10**8):
                return None
            total, section = _scaled(total, section, character)
            digit, step = -1, 10**4
    return total + section + max(digit, 0)


def _scaled(total: int, section: int, character: str) -> tuple[int, int]:
    if character == "亿":
        return (total + section) * _MYRIADS[character], 0
    return total + section * _MYRIADS[character], 0


def numerals(value: Decimal) -> list[str]:
    """The usual ways to write a whole number: 五千万, 伍仟万; 两亿, 二亿, 贰亿."""
    if value != value.to_integral_value() or not 0 < value < LARGEST:
        return []
    plain = "".join(_sections(int(value)))
    plain = plain.removeprefix("一") if plain.startswith("一十") else plain
    if len(plain) > MAX_WRITTEN:
        return []
    formal = plain.translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))
    spoken = plain.replace("二千", "两千").replace("二百", "两百")
    spoken = f"两{spoken[1:]}" if spoken[:2] in ("二万", "二亿", "二元") else spoken
    return list(dict.fromkeys((plain, spoken, formal)))


def _sections(value: int) -> Iterator[str]:
    for name, size in (("亿", 10**8), ("万", 10**4)):
        count, value = divmod(value, size)
        if count:
            yield "".join(_sections(count)) + name
            if 0 < value < size // 10:
                yield "零"
    yield from _below_myriad(value)


def _below_myriad(value: int) -> Iterator[str]:
    digits = "零一二三四五六七八九"
    for name, size in (("千", 1000), ("百", 100), ("十", 10)):
        count, value = divmod(value, size)
        if count:
            yield digits[count] + name
            if 0 < value < size // 10:
                yield "零"
    if value:
        yield digits[value]
