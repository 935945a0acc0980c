"""Questions on their way while who asks them does something else, and answers that are kept."""

import threading

import pytest

from index.engines.lru_cache import Memory, by_length
from index.engines.prefetch import Ahead, Answers


def test_the_answer_is_waited_for() -> None:
    """Who wants it before it is there waits; who asks something else does not."""
    ahead, may_go, learnt = Ahead(2), threading.Event(), list[str]()

    def learn() -> None:
        may_go.wait(5)
        learnt.append("told")

    ahead.start(["one", "two"], learn)
    ahead.wait("three")
    assert learnt == []
    threading.Timer(0.01, may_go.set).start()
    ahead.wait("two")
    assert learnt == ["told"]
    ahead.close()


def test_what_went_wrong_is_told_to_who_waits() -> None:
    """And to nobody once it is past: the next asks for itself."""
    ahead, may_fail = Ahead(2), threading.Event()

    def fail() -> None:
        may_fail.wait(5)
        raise ValueError("no such thing")

    ahead.start(["one"], fail)
    threading.Timer(0.01, may_fail.set).start()
    with pytest.raises(ValueError, match="no such thing"):
        ahead.wait("one")
    ahead.close()
    ahead.wait("one")


def test_an_answer_is_made_once() -> None:
    """However often it is expected and asked for, before it is there and after."""
    ahead, may_go, made = Ahead(2), threading.Event(), list[str]()

    def answer(question: str) -> str:
        may_go.wait(5)
        made.append(question)
        return question.upper()

    answers = Answers(ahead, 2, answer)
    answers.expect("one")
    answers.expect("one")
    assert not answers.lacks("one")
    may_go.set()
    assert [answers.get("one"), answers.get("one")] == ["ONE", "ONE"]
    answers.expect("one")
    ahead.close()
    assert made == ["one"]


def test_memory_is_bounded() -> None:
    """What was used last stays, by weight."""
    memory: Memory[int, str] = Memory(6, len)
    for key, value in enumerate(("ab", "cd", "ef")):
        memory.put(key, value)
    assert memory.get(0) == "ab"
    memory.put(3, "gh")
    assert [memory.get(key) for key in range(4)] == ["ab", None, "ef", "gh"]
    memory.put(4, "far too long")
    assert [memory.get(key) for key in range(5)] == [None] * 5


def test_empty_lists_are_bounded() -> None:
    """That nothing begins so is remembered, but not for every beginning there was."""
    memory: Memory[int, list[int]] = Memory(2, by_length)
    for key in range(3):
        memory.put(key, [])
    assert [memory.get(key) for key in range(3)] == [None, [], []]
