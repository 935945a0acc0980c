"""Whether the fields of an article say that a program translated it."""

import re
from functools import cache

from index.sources.named_fields import NamedFields, scalar
from index.word_lists import data_table

_YES = frozenset(("true", "yes", "on", "1", "是"))
_VERSION = re.compile(r"(?<![\d.])[\d.]++[a-z]?$")
_BETWEEN_NAMES = re.compile(r"[,，、;；/&+|]")


def is_machine_translated(fields: NamedFields) -> bool:
    """`machine_translated: true`, or `translated_by` with the name of a program; a translator of
    any other name is a person."""
    declared = [scalar(value) for value in fields.scalars("machine_translated")]
    if any(value.lower() in _YES or _is_program(value) for value in declared):
        return True
    translators = (scalar(value) for value in fields.scalars("translator"))
    return any(_is_program(name) for line in translators for name in _BETWEEN_NAMES.split(line))


def _is_program(name: str) -> bool:
    """DeepL, 谷歌翻译, GPT-4."""
    plain = re.sub(r"[\s_-]+", "", name.lower())
    return _VERSION.sub("", plain) in _programs() or plain in _programs()


@cache
def _programs() -> frozenset[str]:
    return frozenset(data_table("kinds")["declared"]["translators"])
