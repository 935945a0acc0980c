"""Six invented articles, and a lexicon of the concepts that they mention."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.article import Article
from index.lexicon.model import Concept

NOON = datetime(2022, 9, 5, 4, 0, tzinfo=UTC)

ARTICLES = (
    Article(
        id="yuan",
        title="元宇宙白皮书发布",
        body="<p>元宇宙不是游戏。</p><p>白皮书说，元宇宙会用到区块链，三年后见分晓。</p>",
        body_format="html",
        url="https://news.example.com/2022/yuan",
        source="链上观察",
        categories=("元宇宙", "资讯"),
        published=NOON,
    ),
    Article(
        id="ecny",
        title="數字人民幣試點擴大到十七個省市",
        body="中国人民银行宣布，数字人民币（e-CNY）试点扩大。e-CNY 也叫 DC/EP。",
        body_format="markdown",
        url="https://bank.example.com/ecny",
        source="财经日报",
        author="林小满",
        categories=("数字货币",),
        published=NOON + timedelta(days=1),
    ),
    Article(
        id="uniswap",
        title="Uniswap V3 上线一周年：V神怎么看",
        body="Uniswap V3 的交易量增长 15%，达到 1,234.5 万美元。\n\nV神说：C++ 不如 Solidity 😀。",
        body_format="markdown",
        source="链上观察",
        author="周远",
        published=NOON + timedelta(days=2),
    ),
    Article(
        id="flash",
        title="央行重申：炒作虚拟货币要严查",
        body="央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，"
        "及时识别炒作账户，保护老百姓的钱袋子。",
        body_format="text",
        source="财经日报",
        published=NOON + timedelta(days=3),
    ),
    Article(
        id="flash-copy",
        title="转载：央行再谈虚拟货币",
        body="<div>央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，</div>"
        "<div>及时识别炒作账户，保护老百姓的钱袋子。</div>",
        body_format="html",
        source="转载网",
        published=NOON + timedelta(days=3, hours=5),
    ),
    Article(
        id="undated",
        title="没有日期的旧闻",
        body="一篇不知哪天写的短文，说的是以太坊和银行。",
        body_format="text",
        source="转载网",
    ),
)

CONCEPTS = (
    Concept("元宇宙", ("Metaverse",), ("区块链",), "元宇宙", "technology"),
    Concept("区块链", ("blockchain",), (), "区块链", "technology"),
    Concept("数字人民币", ("e-CNY", "DC/EP", "数字人民币钱包"), (), "数字人民币", "asset"),
    Concept("Uniswap V3", (), ("V神",), "DeFi", "protocol"),
    Concept("V神", ("维塔利克·布特林",), (), "DeFi", "person"),
    Concept("中国人民银行", ("央行", "PBOC"), (), "支付", "regulator"),
    Concept("泰达币", ("USDT",), (), "支付", "asset"),
)


def as_row(article: Article) -> dict[str, object]:
    """The article as a line of a JSON Lines file."""
    return {
        "id": article.id,
        "title": article.title,
        "body": article.body,
        "url": article.url,
        "author": article.author,
        "source": article.source,
        "categories": list(article.categories),
        "date": article.published.isoformat() if article.published else None,
    }


def write_articles(path: Path, articles: Iterable[Article]) -> Path:
    lines = [json.dumps(as_row(article), ensure_ascii=False) for article in articles]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path
