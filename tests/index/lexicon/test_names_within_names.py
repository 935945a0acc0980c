"""The lexicon of the seeds: a description that contains a concept's name but denotes another is that
other, and a narrower thing is a concept of its own."""

import pytest

from index.analysis.segmenter import Segmenter
from index.lexicon.model import Lexicon
from index.text.normalize import normalize

DENOTED = [
    pytest.param("欧盟对元宇宙平台公司罚款", ["Meta"], id="Meta, not 元宇宙"),
    pytest.param("Meta Platforms 公布财报", ["Meta"], id="Meta under its own name"),
    pytest.param("元宇宙平台各有各的玩法", ["元宇宙"], id="platforms of the metaverse"),
    pytest.param("比特币基地上市", ["Coinbase"], id="Coinbase, not 比特币"),
    pytest.param("比特币大陆出货", ["比特大陆"], id="Bitmain, not 比特币"),
    pytest.param("比特币现金分叉", ["比特币现金"], id="Bitcoin Cash, not 比特币"),
    pytest.param("以太坊经典也在涨", ["以太坊经典"], id="Ethereum Classic, not 以太坊"),
    pytest.param("以太坊基金会捐款", ["以太坊基金会"], id="the foundation, not the chain"),
    pytest.param("索拉纳基金会回应", ["Solana基金会"], id="the same under a translated name"),
    pytest.param("索拉纳实验室回应", ["Solana Labs"], id="the company, not the chain"),
    pytest.param("企业以太坊联盟成立", ["企业以太坊联盟"], id="the alliance, not the chain"),
    pytest.param("区块链游戏联盟的调查", ["区块链游戏联盟"], id="the alliance, not the games"),
    pytest.param("黑客新闻上的讨论", [], id="Hacker News, not an attack"),
    pytest.param("据科创板日报", [], id="a newspaper, not the board"),
    pytest.param("据期货日报", [], id="a newspaper, not futures"),
    pytest.param("山东黄金午后走强", [], id="a listed company, not gold"),
    pytest.param("老铺黄金提价", [], id="a jeweller, not gold"),
    pytest.param("黄金提价", ["黄金"], id="gold"),
    pytest.param("以太网交换机", [], id="Ethernet, not 以太坊"),
    pytest.param("西藏阿里地区下雪", [], id="a place, not 阿里巴巴"),
    pytest.param("迅雷不及掩耳之势", [], id="a saying, not 迅雷"),
]


@pytest.mark.parametrize(("text", "named"), DENOTED)
def test_what_is_denoted(
    seeds_segmenter: Segmenter, seeds_lexicon: Lexicon, text: str, named: list[str]
) -> None:
    tokens = seeds_segmenter.layers(normalize(text)).concepts.split()

    assert [seeds_lexicon.by_token[token].name for token in tokens] == named


NARROWER = [
    ("比特币钱包", "加密钱包"),
    ("以太坊钱包", "加密钱包"),
    ("以太坊财库", "加密财库"),
    ("比特币期权", "加密衍生品"),
    ("比特币算力", "哈希率"),
    ("美债收益率", "国债收益率"),
    ("恶性通胀", "通货膨胀"),
    ("碳中和债", "绿色债券"),
    ("RQFII", "QFII"),
    ("百万医疗险", "健康险"),
]


@pytest.mark.parametrize(("name", "broader"), NARROWER)
def test_a_narrower_concept_is_no_alias(seeds_lexicon: Lexicon, name: str, broader: str) -> None:
    """It is offered beside the results of the broader one, which names it as a neighbour."""
    concept, other = seeds_lexicon.find(name), seeds_lexicon.find(broader)

    assert concept
    assert other
    assert concept.name == name
    assert concept in seeds_lexicon.neighbours(other)
