"""Texts of touts are promotional; reports about touts are not."""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest

from index.analysis.promotion import is_promotional
from index.text.normalize import normalize
from tests.support.cost import assert_linear


def promotional(title: str, text: str) -> bool:
    return is_promotional(normalize(title), normalize(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("专业花呗套现，24小时在线，加微信 abc12345，秒到账。", id="cash for credit"),
        pytest.param("代办大额信用卡，黑白户均可。联系电话：13812345678", id="a mobile phone"),
        pytest.param("拉卡拉POS机免费领取，需要的加V：pos8866", id="a hidden messenger"),
        pytest.param("跟着老师带单，日赚三千，QQ群：123456789，先到先得。", id="a group"),
        pytest.param("高價收U，秒到帳，TG：@usdt_8888", id="traditional characters"),
        pytest.param("全国代开发票，电话微信同号13912345678，先开票后付款", id="invoices"),
        pytest.param("不看征信，当天放款，ＱＱ：55667788", id="full width"),
        pytest.param("平台亏损被骗？不成功不收费，威信：zhui88888", id="a second fraud"),
        pytest.param("诚信收购花呗、白条额度，秒回款，V信：hb-9988", id="credit bought"),
        pytest.param("收花呗 秒到 收京东白条 秒到 诚信合作", id="no contact, one offer on another"),
        pytest.param(
            "代还信用卡，养卡，刷卡提额，免费咨询，成为代理轻松赚", id="no contact, but a call"
        ),
        pytest.param("今天天气真好#花呗提现##白条怎么提现#你也要加油", id="hashtags in a proverb"),
        pytest.param("月亮很圆—白条提现—人生很长花呗套现", id="key words in a proverb"),
        pytest.param("花呗套现 白条套现 信用卡提现 花呗提现 哪家好", id="only key words"),
    ],
)
def test_touts(text: str) -> None:
    assert promotional("看这里", text)
    assert promotional(text, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "记者调查发现，有人发布“花呗套现秒到，加微信hb12345”的广告。警方提醒，切勿相信。",
            id="an advertisement quoted",
        ),
        pytest.param("微信群里，“代开发票加微信fp12345”的消息不断。记者加入其中。", id="quoted"),
        pytest.param(
            "法院审理查明，被告人用POS机为他人信用卡套现，从中收取手续费。", id="a verdict"
        ),
        pytest.param("支付宝宣布打击花呗套现、白条套现、信用卡套现等行为。", id="an announcement"),
        pytest.param("花呗提现、白条提现、信用卡取现引发关注，专家称应量力而行。", id="an opinion"),
        pytest.param("带单老师、稳赚不赔、内幕消息，这三句一出现就要小心骗局。", id="a warning"),
        pytest.param("刷脸支付设备费率低至0.38%，公司称三年内覆盖十万家商户。", id="business news"),
        pytest.param("微信支付上线新功能，可在微信中办理还款。客服QQ：4000266688。", id="support"),
        pytest.param("投资者可办理赎回，如有疑问请拨打13800138000。", id="a fund's notice"),
        pytest.param("峰会将于9月5日举行，报名请加微信：summit2022。", id="an event"),
        pytest.param("招聘前端工程师，简历请发微信：hr_chain1。", id="a vacancy"),
        pytest.param("作者微信：abc12345。文中讨论贷款与理财的三个误区。", id="an author"),
        pytest.param(
            "某财经网（微信：finance_daily）讯，平台调整贷款利率与代理政策。", id="a medium"
        ),
        pytest.param("扫描二维码，关注公众号，第一时间获取理财资讯。", id="a subscription"),
        pytest.param("增加微服务，qq browser 与 vx 变量，提现按钮在右上角。", id="not a messenger"),
        pytest.param("订单号13812345678901，贷款余额为三万元。", id="a longer number"),
        pytest.param("", id="nothing"),
    ],
)
def test_reports(text: str) -> None:
    """Reports name the same services, but give no contact."""
    assert not promotional("看这里", text)


def test_promotion_within_an_article() -> None:
    """A long article with promotion at its end stays an article."""
    assert not promotional("周刊", "本期讨论网络收音机。" * 300 + "代办信用卡，加微信 abc12345")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["微信", "加v号:", "qq群群群", "1 3 8", "“花呗", "花呗 怎么", "#白条提现"]
)
def test_hostile_texts(piece: str) -> None:
    """Time grows in proportion to the text; very long texts are not examined."""

    def often(text: str) -> None:
        for _ in range(20):
            promotional("套现", text)

    assert_linear(often, piece, 240)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _texts(part)


def test_the_data_are_normalised() -> None:
    """Words and patterns that are not would never match a normalised text."""
    source = files("index").joinpath("data/kinds.toml").read_text("utf-8")
    for text in _texts(tomllib.loads(source)):
        plain = re.sub(r"\\[A-Z]", "", text)
        assert normalize(plain) == plain, text
