"""The text under which a query is counted, and what is never counted under any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.statistics.query_key import MAX_CHARACTERS, query_key


@pytest.mark.parametrize(
    ("q", "key"),
    [
        pytest.param("  比特幣　價格 ", "比特币 价格", id="script and white space"),
        pytest.param("ＮＦＴ", "nft", id="width and case"),
        pytest.param("稳定币 时间：2025-10..2026-03", "稳定币 时间:2025-10..2026-03", id="months"),
        pytest.param("2025年10月1日 20251001", "2025年10月1日 20251001", id="days"),
        pytest.param("股票 600519", "股票 600519", id="a code of six digits"),
        pytest.param("2022 2023 2024", "2022 2023 2024", id="years"),
        pytest.param(
            "supercalifragilisticexpialidocious",
            "supercalifragilisticexpialidocious",
            id="a long word",
        ),
        pytest.param("一二三", "一二三", id="few Chinese digits"),
    ],
)
def test_kept(q: str, key: str) -> None:
    assert query_key(q) == key


@pytest.mark.parametrize(
    "q",
    [
        pytest.param("13912345678", id="mobile"),
        pytest.param("王小明 139-1234-5678", id="mobile with dashes"),
        pytest.param("+86 139 1234 5678", id="mobile with country"),
        pytest.param("１３９１２３４５６７８", id="full width"),
        pytest.param("①③⑨①②③④⑤⑥⑦⑧", id="circled"),
        pytest.param("一三九一二三四五六七八", id="in Chinese digits"),
        pytest.param("(010) 6655-1234", id="landline"),
        pytest.param("6655 1234 电话", id="number without area"),
        pytest.param("11010519491231002X", id="identity card"),
        pytest.param("身份证110105194912310021在哪", id="identity card in a sentence"),
        pytest.param("A123456(7)", id="identity card of Hong Kong"),
        pytest.param("E12345678", id="passport"),
        pytest.param("6222 0212 3456 7890 123", id="bank card"),
        pytest.param("139-2022-0905", id="a number that holds a date"),
        pytest.param("wang.xiaoming@example.com", id="e-mail address"),
        pytest.param("王＠例子", id="e-mail address in full width"),
        pytest.param("0x52908400098527886e0f7030069857d2e4169ee7", id="address of a wallet"),
        pytest.param("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", id="another address"),
        pytest.param("元" * (MAX_CHARACTERS + 1), id="a long text"),
        pytest.param("a\x1b[31m", id="characters for a terminal"),
        pytest.param("\ud83d", id="half a character"),
    ],
)
def test_not_kept(q: str) -> None:
    assert query_key(q) is None


@given(st.text(max_size=MAX_CHARACTERS))
def test_a_key_is_its_own_key(q: str) -> None:
    key = query_key(q)
    assert key is None or query_key(key) == key


@given(
    st.text("甲a- .", max_size=10),
    st.text("0123456789", min_size=8, max_size=8),
    st.text("甲a- .", max_size=10),
)
def test_no_text_hides_a_number(before: str, number: str, after: str) -> None:
    """Eight digits in a row are kept only where they are a date."""
    key = query_key(f"{before}{number}{after}")
    year, month, day = number[:4], number[4:6], number[6:]
    is_date = year[:2] in ("19", "20") and "01" <= month <= "12" and "01" <= day <= "31"
    assert key is None or is_date
