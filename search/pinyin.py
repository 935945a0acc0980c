"""How Chinese is pronounced, without tones. The only module that knows pypinyin.

The library takes 0.2 s and 55 MB to load, so it is loaded when first asked: no query that is
spelled right needs it, and no command but `serve` pays for it in advance.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from index.analysis.scanner import RUNS
from index.text.han import is_han

MAX_READINGS = 2
"""Of a character: pypinyin names the commonest first, and the third is hardly ever meant."""
_BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("n", "l"))


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text in letters: `letters` with a capital where a syllable or a Latin run begins
    (`NftPaiMai`), `initials` of syllables, Latin runs whole (`nftpm`)."""

    letters: str
    initials: str


def spell(*pieces: str) -> Spelling:
    """Normalised text, whole or cut into words, as it is pronounced; what is neither Han nor ASCII
    is left out."""
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


@lru_cache(maxsize=40_000)
def syllables_of(word: str) -> tuple[str, ...]:
    """A run of Han characters, a syllable a character, by the words in it (银行 → yin hang, but
    行业 → hang ye); nothing where a character has no reading we know."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - see above

    found = tuple(lazy_pinyin(word, errors="ignore"))
    return found if len(found) == len(word) and "".join(found).isascii() else ()


@lru_cache(maxsize=20_000)
def readings_of(character: str) -> tuple[str, ...]:
    """What one Han character can be, the commonest reading first."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 - see above

    found: Any = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    known = [reading for reading in (found[0] if found else ()) if reading.isascii()]
    return tuple(known[:MAX_READINGS])


def blur(letters: str) -> str:
    """What sounds alike to many speakers becomes the same: zh and z, sh and s, ch and c, n and l,
    ing and in, eng and en, ang and an. Only good to compare with what was blurred too."""
    for sharp, dull in _BLURRED:
        letters = letters.replace(sharp, dull)
    return letters
