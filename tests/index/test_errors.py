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
    """Class → the class it hangs from, as the docstring draws it."""
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
    """Every class is drawn, under the class it derives from, and nothing else is."""
    assert drawn() == {each.__name__: each.__mro__[1].__name__ for each in CLASSES}


def test_codes() -> None:
    """Programs tell errors apart by a code that no two classes share; a foreign index is outdated."""
    codes = [each.code for each in CLASSES if each is not IndexForeign]
    assert len(set(codes)) == len(codes)
    assert IndexForeign.code == IndexOutdated.code
    assert all(re.fullmatch(r"[a-z_]+", code) for code in codes)


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: str(each.__name__))
def test_message_and_hint(each: type[YuansouError]) -> None:
    """An exception reads as its message and, if there is one, what to do next."""
    error = each("出错了。", hint="请重试。")
    assert (error.message, error.hint, str(error)) == ("出错了。", "请重试。", "出错了。 请重试。")
    assert str(each("出错了。", hint="")) == "出错了。"


def test_what_some_add() -> None:
    """A bad request names its parameter; damage always says how to go on."""
    assert InvalidRequest("不认识。", param="sort").param == "sort"
    assert InvalidRequest("不认识。").param is None
    assert "yuansou index rollback" in str(IndexDamaged("坏了。"))
