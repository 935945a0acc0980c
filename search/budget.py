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
    thread that answers, where alone a budget means anything. By default there is no end.

    `safe_until`: till then, on the clock of the wall, it cannot be spent: as much time has not
    passed. To read that clock takes a tenth of the time, and an answer asks 140 times."""

    seconds: float = 0.0
    deadline: float = math.inf
    clock: Callable[[], float] = time.thread_time
    safe_until: float = -math.inf

    @classmethod
    def starting_now(
        cls, seconds: float, clock: Callable[[], float] = time.thread_time
    ) -> "Budget":
        safe_until = time.perf_counter() + seconds if clock is time.thread_time else -math.inf
        return cls(seconds, clock() + seconds, clock, safe_until)

    @property
    def is_spent(self) -> bool:
        return time.perf_counter() > self.safe_until and self.clock() > self.deadline

    def check(self) -> None:
        """Raises BudgetSpent."""
        if self.is_spent:
            raise BudgetSpent(
                msg("这个请求太费时：回答它要用 %(n)s 秒以上的处理器时间。", n=f"{self.seconds:g}"),
                hint=msg("请缩短查询，少用“*”，或加筛选缩小范围。"),
            )

    def leaving(self, share: float) -> "Budget":
        """The same budget, ended so early that `share` of it is left for what follows."""
        left = share * self.seconds
        return replace(self, deadline=self.deadline - left, safe_until=self.safe_until - left)


UNLIMITED = Budget(safe_until=math.inf)
"""For the command line, benchmarks and tests."""

FOR_THE_REST = 0.4
"""What corrections and snippets leave of a budget: facets, links and the page follow."""
NO_CORRECTION = msg("这次查询费时，没有检查错别字。")
NO_RELATED = msg("这次查询费时，没有给出相关搜索。")
NO_EXPLANATION = msg("这次查询费时，没有逐一查明少了哪部分会有结果。")


def no_snippets(hits: int) -> Message:
    """The note that `hits` hits of a page came without snippet and highlights."""
    return msg("这次查询费时，有 %(n)s 条的摘要只是正文开头，没有标出查询的词。", n=hits)
