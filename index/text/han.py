"""Han characters: a regular expression class, and a test for whole texts."""

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f々〇"


_HAN_ONLY = re.compile(rf"[{HAN}]+")


def is_han(text: str) -> bool:
    """Whether `text` is one or more Han characters and nothing else."""
    return _HAN_ONLY.fullmatch(text) is not None
