"""Plain questions, no two alike, and the dearest that an address can hold."""

from collections.abc import Iterator
from itertools import count, product
from urllib.parse import quote, urlencode

from search.request import MAX_QUERY
from web.http.params import MAX_TEXT

WORDS = (
    "比特币 以太坊 区块链 元宇宙 数字人民币 稳定币 监管 银行 支付 交易所 央行 试点 投资 平台 游戏"
    " 安全 隐私 矿机 钱包 融资"
).split()
FIRST_CHARACTERS = (
    "的在日中人一国大年公发行上市新业经产金资交数区元比平网用技开会合作全企服科信美加投价地方分"
    "高本成进行动出生学工时月电子商法政部长理事主体力机制度化性能量水文化"
)
"""Characters with which many words begin."""


def plain_paths() -> Iterator[str]:
    """Searches of one to three words; each has another clock, so that no answer is cached."""
    pairs = [*((word,) for word in WORDS), *product(WORDS[:10], WORDS[10:])]
    for number in count():
        q = " ".join(pairs[number % len(pairs)])
        yield "/search?" + urlencode({"q": q, "per_page": 10 + number // len(pairs) % 10})


def dear_paths() -> dict[str, str]:
    """By name."""
    all_of, any_of = _prefixes(" "), _prefixes(" OR ")
    characters = " OR ".join(dict.fromkeys(FIRST_CHARACTERS[:64]))
    near = " OR ".join(f"{a} NEAR/50 {b}" for a, b in zip(WORDS[:8], WORDS[8:16], strict=True))
    long = "区块链与金融" * (MAX_TEXT // 6)
    others = [_prefixes(" OR ", start) for start in (1, 2, 3)]
    return {
        "search for many prefixes, nothing found": f"/search?q={quote(all_of)}",
        "search for any of many prefixes": f"/search?q={quote(any_of)}",
        "the same with 100 hits": f"/api/v1/search?per_page=100&q={quote(any_of)}",
        "table of it": f"/search.csv?q={quote(any_of)}",
        "search for any of many characters": f"/search?q={quote(characters)}",
        "table of it, too": f"/search.csv?q={quote(characters)}",
        "table of any of eight pairs that stand near": f"/search.csv?q={quote(near)}",
        "comparison of four of those": "/compare?"
        + urlencode([("q", near[cut:]) for cut in range(4)]),
        "table of one word": f"/search.csv?q={quote('区块链')}",
        "table of everything": "/search.csv",
        "comparison of four": "/compare?" + urlencode([("q", q) for q in (any_of, *others)]),
        "sitemap": "/sitemap-undated-1.xml",
        "many words": f"/search?q={quote(' '.join(WORDS))}",
        "analysis of a long text": f"/api/v1/analyze?text={quote(long)}",
    }


def _prefixes(joint: str, start: int = 0) -> str:
    q = ""
    for character in dict.fromkeys(FIRST_CHARACTERS[start:]):
        longer = f"{q}{joint if q else ''}{character}*"
        if len(longer) > MAX_QUERY:
            break
        q = longer
    return q
