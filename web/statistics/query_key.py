"""Under which text a query is counted; none for what looks like personal data."""

import re
import unicodedata

from index.text.composition import compose
from index.text.normalize import normalize

MAX_CHARACTERS = 80
"""Longer queries are pasted texts, which may be anything, and are seldom asked twice."""
MAX_DIGITS = 6
"""In a row. Telephone numbers, identity numbers and bank cards have more."""
MAX_CODE = 25
"""Letters and digits in a row, of both kinds. Addresses of wallets, keys and hashes have more."""
_DATE = re.compile(
    r"(?<!\d)(?<!\d[-.])(?:19|20)\d\d(?:[-./]?(?:0?[1-9]|1[0-2])(?:[-./]?(?:0?[1-9]|[12]\d|3[01]))?)?"
    r"(?!\d|[-.]\d)"
)
_ADDRESS = re.compile(r"\S@\S")
_DIGITS = re.compile(rf"(?:[0-9〇零一二三四五六七八九][ ()+./\-]{{0,2}}){{{MAX_DIGITS + 1}}}")
_CODE = re.compile(rf"[0-9a-z]{{{MAX_CODE + 1}}}")
_DIGIT = re.compile("[0-9]")


def query_key(q: str) -> str | None:
    """The query in half width, small letters and simplified characters, with single spaces. None
    for one that is too long, has characters that cannot be shown, or looks like personal data."""
    key = " ".join(normalize(compose(q)).split())
    if len(key) > MAX_CHARACTERS or not key.isprintable() or _looks_personal(key):
        return None
    return key


def _looks_personal(key: str) -> bool:
    """E-mail addresses, long numbers however they are grouped, keys. Dates are no numbers."""
    plain = unicodedata.normalize("NFKC", key)  # ①③⑧ are digits too
    undated = _DATE.sub("", plain)
    if _ADDRESS.search(plain) or _DIGITS.search(undated):
        return True
    return any(_DIGIT.search(code) for code in _CODE.findall(plain))
