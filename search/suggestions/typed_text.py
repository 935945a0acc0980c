"""What is being typed, as characters and as pinyin."""

from dataclasses import dataclass

from index.analysis.scanner import RUNS
from index.text.composition import compose
from index.text.han import is_han
from index.text.normalize import normalize
from search.pinyin import spell, typed_pinyin, with_umlauts


@dataclass(frozen=True, slots=True)
class TypedText:
    """`text`: normalised, with single spaces. `letters`, `initials`: its pinyin, all ways to read
    the letters. `han`: its Han characters, which a name found by mixed scripts must contain.
    `marked`: it has an ü or numbers of tones, so that its letters are nothing but pinyin."""

    text: str
    letters: tuple[str, ...]
    initials: str
    han: str
    marked: bool

    @classmethod
    def read(cls, typed: str) -> "TypedText":
        composed = compose(typed)
        text = _spaced(composed)
        pinyin = _spaced(typed_pinyin(composed.lower()))
        spelling = spell(pinyin)
        letters = spelling.letters.lower()
        ways = with_umlauts(letters) if letters else ()
        return cls(text, ways, spelling.initials, "".join(filter(is_han, text)), pinyin != text)

    @property
    def latin(self) -> bool:
        """Whether some of it may be pinyin."""
        return any(match.group().isascii() for match in RUNS.finditer(self.text))


def _spaced(text: str) -> str:
    return " ".join(normalize(text).split())
