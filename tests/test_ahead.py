"""Questions on their way while who asks them does something else."""

import threading

import pytest

from index.engines.ahead import Ahead


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
