"""Invented articles, tiny or short, made from a number: the same in every process."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

WORDS = "数字 人民币 银行 支付 区块链 元宇宙 监管 会议 平台 比特币 合约 NFT 交易 用户".split()


def text_of(number: int, version: int = 0, words: int = 30) -> str:
    random = Random(number * 1_000 + version)
    return "".join(random.choices([*WORDS, "的", "是", "，", "。"], k=words))


def row(number: int, version: int = 0, words: int = 30) -> dict[str, str]:
    return {
        "id": f"a{number:04}",
        "title": f"第{number}篇之{version}",
        "text": text_of(number, version, words),
        "source": "链上观察",
        "published": f"2022-09-{number % 28 + 1:02}",
    }


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in rows)
    path.write_text("".join(lines), "utf-8")
    return path
