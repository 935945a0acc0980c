"""One tree of exceptions, drawn in the module's docstring."""

import inspect
import re

import pytest

from index import errors
from index.errors import IndexDamaged, IndexForeign, IndexOutdated, InvalidRequest, YuansouError

CLASSES = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, YuansouError)
]


def drawn() -> dict[str, str]:
    """Class → its base class, as the docstring draws it."""
    parents: dict[str, str] = {}
    above: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"    ((?:[│ ]   )*)(?:[├└]── )?([A-Z]\w+)", line)
        if match:
            depth = len(match[1]) // 4 + ("──" in line)
            above[depth] = match[2]
            parents[match[2]] = above[depth - 1] if depth else "Exception"
    return parents


def test_the_docstring_is_the_tree() -> None:
    """The docstring draws every class below its base, and no others."""
    assert drawn() == {each.__name__: each.__mro__[1].__name__ for each in CLASSES}


def test_codes() -> None:
    """No two classes share a code; a foreign index has that of an outdated one."""
    codes = [each.code for each in CLASSES if each is not IndexForeign]
    assert len(set(codes)) == len(codes)
    assert IndexForeign.code == IndexOutdated.code
    assert all(re.fullmatch(r"[a-z_]+", code) for code in codes)


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: str(each.__name__))
def test_message_and_hint(each: type[YuansouError]) -> None:
    """An exception is shown as its message and, if there is one, the hint."""
    error = each("出错了。", hint="请重试。")
    assert (error.message, error.hint, str(error)) == ("出错了。", "请重试。", "出错了。 请重试。")
    assert str(each("出错了。", hint="")) == "出错了。"


def test_what_some_add() -> None:
    """A bad request names its parameter; a damaged index always has a hint."""
    assert InvalidRequest("不认识。", param="sort").param == "sort"
    assert InvalidRequest("不认识。").param is None
    assert "yuansou index rollback" in str(IndexDamaged("坏了。"))
