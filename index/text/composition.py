"""Composes decomposed letters, and spells out characters that stand for several, when read.

A letter with its accents, a syllable of Hangul and a kana with its voicing mark are one character
afterwards. Ligatures (ﬁ), Roman numerals (Ⅲ), units (㎡, ℃) and ℡ are the letters they look like:
m² keeps its raised digit. Normalisation (normalize.py) is one character to one, so texts and
queries pass here first. Circled numbers stay: ① beside 5万 would make it 15万.
"""

import re
import unicodedata

_MARKS = "\u0300-\u036f\u3099\u309a"
# Composing a run of marks takes time that grows with its square, and no letter has more than eight.
_DECOMPOSED = re.compile(
    rf"\w[{_MARKS}]{{1,8}}+(?![{_MARKS}])"
    "|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"  # parts of a Hangul syllable
    "|[\uff66-\uff9d][\uff9e\uff9f]?"  # kana of half width
    "|[\u0132\u0133\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06\ufb13-\ufb17"  # ligatures
    "\u2100-\u2106\u2109\u2116\u2121\u213b\u2160-\u217f"  # ℃, №, ℡, Ⅲ
    "\u32c0-\u32cf\u3300-\u33ff]"  # 1月 to 31日 in one character, ㌦, ㎡
)
_MAY_BE_DECOMPOSED = re.compile(
    rf"[{_MARKS}\u1100-\u1112\uff66-\uff9d\u0132-\u01f3\u2100-\u217f\u32c0-\u33ff\ufb00-\ufb17]"
)


def compose(text: str) -> str:
    """The text with those characters composed or spelled out; composing it again changes nothing.

    Offsets count in what is returned.
    """
    if text.isascii() or not _MAY_BE_DECOMPOSED.search(text):
        return text
    return _DECOMPOSED.sub(_composed, text)


def _composed(match: re.Match[str]) -> str:
    found = match.group()
    if len(found) > 1 or found >= "\uff66":
        return unicodedata.normalize("NFKC" if found >= "\uff66" else "NFC", found)
    parts = unicodedata.decomposition(found).split()[1:]
    return "".join(chr(int(part, 16)) for part in parts) or found
