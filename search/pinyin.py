"""How Chinese is pronounced, without tones. The only module that knows pypinyin.

The library takes 0.2 s and 55 MB to load, so it is loaded at first use: a query that is spelled
right does not need it, and no command but `serve` loads it in advance.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from index.analysis.scanner import RUNS
from index.text.han import is_han

MAX_READINGS = 2
"""Of one character. pypinyin gives the commonest first, and the third is hardly ever right."""
_UMLAUTS = re.compile("(?<=[ln])[üǖǘǚǜ]", re.IGNORECASE)
_SYLLABLE = (
    "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui"
    "|un|ue|ve|a|o|e|i|u|v)"
)
_NUMBERED = re.compile(rf"(?<![a-z0-9])(?:{_SYLLABLE}[1-5])+(?:{_SYLLABLE})?(?![a-z0-9])", re.ASCII)
_BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("n", "l"))


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text in letters: `letters` with a capital where a syllable or a Latin run begins
    (`NftPaiMai`), `initials` of syllables, Latin runs whole (`nftpm`)."""

    letters: str
    initials: str


def spell(*pieces: str) -> Spelling:
    """How normalised text, whole or in words, is pronounced. Characters that are neither Han nor
    ASCII are left out."""
    letters: list[str] = []
    initials: list[str] = []
    for match in chain.from_iterable(map(RUNS.finditer, pieces)):
        run = match.group()
        if is_han(run):
            syllables = syllables_of(run)
            letters += map(str.capitalize, syllables)
            initials += [syllable[0] for syllable in syllables]
        elif run.isascii():
            letters.append(run.capitalize())
            initials.append(run)
    return Spelling("".join(letters), "".join(initials))


def typed_pinyin(text: str) -> str:
    """Typed text with pinyin as `spell` writes it: v for ü, and no numbers of tones (lǜse and
    lv4se4 → lvse). Accents are left for normalisation."""
    return _NUMBERED.sub(lambda found: re.sub("[1-5]", "", found[0]), _UMLAUTS.sub("v", text))


def with_umlauts(letters: str) -> tuple[str, ...]:
    """The letters as typed, and with v where u may stand for ü: luse → lvse."""
    return tuple(dict.fromkeys((letters, letters.replace("lu", "lv").replace("nu", "nv"))))


@lru_cache(maxsize=40_000)
def syllables_of(word: str) -> tuple[str, ...]:
    """One syllable for each character of a run of Han characters, read by the words in it (银行 →
    yin hang, but 行业 → hang ye). Empty if the library cannot read one of them."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - see above

    found = tuple(lazy_pinyin(word, errors="ignore"))
    return found if len(found) == len(word) and "".join(found).isascii() else ()


@lru_cache(maxsize=20_000)
def readings_of(character: str) -> tuple[str, ...]:
    """The pronunciations of one Han character, the commonest first."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 - see above

    found: Any = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    known = [reading for reading in (found[0] if found else ()) if reading.isascii()]
    return tuple(known[:MAX_READINGS])


def blur(letters: str) -> str:
    """Pinyin without the differences that many speakers do not hear: zh and z, sh and s, ch and c,
    n and l, ing and in, eng and en, ang and an. Compare it only with blurred pinyin."""
    for sharp, dull in _BLURRED:
        letters = letters.replace(sharp, dull)
    return letters
