"""What the parser says of what it could not use, or not as it was typed."""

from index.messages import Said, said

SHOWN = 30
"""Characters of a query that a warning repeats."""


def loose(operator: str) -> Said:
    return said("%(operator)s 没有连着要查的内容，已忽略。", operator=operator)


def no_period(text: str) -> Said:
    return said(
        "看不懂时间“%(text)s”，已忽略。可以写 2022-09、2022-01..2022-06、近7天、上个月。", text=text
    )


def could_be_period(text: str) -> Said:
    return said("要限定时间，请写 时间:%(text)s", text=text)


def nothing_to_search(query: str) -> Said:
    return said("“%(query)s”里没有可以搜索的文字，列出的是全部文章。", query=query[:SHOWN])
