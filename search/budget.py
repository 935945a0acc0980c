"""The processor time that one request may use.

A budget travels with the request. Loops whose length depends on the request or on the articles
call `check`; what an answer can do without asks `is_spent` and is left out, with a note.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.errors import BudgetSpent
from index.messages import Message, msg


@dataclass(frozen=True, slots=True)
class Budget:
    """`seconds` in all; `deadline` on `clock`, which counts the processor time of one thread: the
    thread that answers, where alone a budget means anything. By default there is no end."""

    seconds: float = 0.0
    deadline: float = math.inf
    clock: Callable[[], float] = time.thread_time

    @classmethod
    def starting_now(
        cls, seconds: float, clock: Callable[[], float] = time.thread_time
    ) -> "Budget":
        return cls(seconds, clock() + seconds, clock)

    @property
    def is_spent(self) -> bool:
        return self.clock() > self.deadline

    def check(self) -> None:
        """Raises BudgetSpent."""
        if self.is_spent:
            raise BudgetSpent(
                msg("这个请求太费时：回答它要用 %(n)s 秒以上的处理器时间。", n=f"{self.seconds:g}"),
                hint=msg("请缩短查询，少用“*”，或加筛选缩小范围。"),
            )

    def leaving(self, share: float) -> "Budget":
        """The same budget, ended so early that `share` of it is left for what follows."""
        return replace(self, deadline=self.deadline - share * self.seconds)


UNLIMITED = Budget()
"""For the command line, benchmarks and tests."""

FOR_THE_REST = 0.4
"""What corrections and snippets leave of a budget: facets, links and the page follow."""
NO_CORRECTION = msg("这次查询费时，没有检查错别字。")
NO_RELATED = msg("这次查询费时，没有给出相关搜索。")
NO_EXPLANATION = msg("这次查询费时，没有逐一查明少了哪部分会有结果。")


def no_snippets(hits: int) -> Message:
    """The note that `hits` hits of a page came without snippet and highlights."""
    return msg("这次查询费时，有 %(n)s 条的摘要只是正文开头，没有标出查询的词。", n=hits)
