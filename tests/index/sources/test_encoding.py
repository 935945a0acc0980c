"""Files in older encodings, and text that was decoded wrongly before it reached us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.encoding import decode
from index.text.mojibake import repaired

SIMPLIFIED = "央行今日宣布，数字人民币试点扩大到更多城市。"
TRADITIONAL = "央行今日宣布，數位人民幣試點擴大到更多城市。"
WESTERN = "Nestlé and Hermès expand in the metaverse, says Zoë."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(SIMPLIFIED, "utf-8", id="UTF-8"),
        pytest.param(SIMPLIFIED, "utf-8-sig", id="UTF-8 with BOM"),
        pytest.param(SIMPLIFIED, "utf-16", id="UTF-16"),
        pytest.param(SIMPLIFIED, "gbk", id="GBK"),
        pytest.param(SIMPLIFIED, "gb18030", id="GB 18030"),
        pytest.param(TRADITIONAL, "gb18030", id="traditional in GB 18030"),
        pytest.param(TRADITIONAL, "big5", id="Big5"),
        pytest.param(TRADITIONAL, "big5hkscs", id="Big5 of Hong Kong"),
        pytest.param("區塊鏈與數位貨幣", "big5", id="a short title in Big5"),
        pytest.param("元宇宙", "gbk", id="a short title in GBK"),
        pytest.param(f"---\ntitle: x\n---\n{TRADITIONAL}", "big5", id="Big5 after ASCII"),
        pytest.param("NFT 与 Web3：" * 9, "gbk", id="mostly ASCII"),
        pytest.param(WESTERN, "cp1252", id="Windows-1252"),
        pytest.param(WESTERN, "latin-1", id="Latin-1"),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    """The same text is read from every encoding."""
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SIMPLIFIED, id="Chinese"),
        pytest.param(f"BTC 涨 3%，{SIMPLIFIED} “币”", id="mixed"),
        pytest.param(f"山姆·班克曼🚀 {SIMPLIFIED}", id="a point and a picture"),
    ],
)
def test_misread_text(text: str, wrong: str) -> None:
    """UTF-8 that was decoded with a Western encoding is repaired."""
    misread = text.encode().decode("latin-1")
    if wrong == "cp1252":
        misread = "".join(bytes([ord(char)]).decode("cp1252", "ignore") or char for char in misread)
    assert repaired(misread) == text
    assert decode(misread.encode()) == text


@pytest.mark.parametrize(
    "text",
    [SIMPLIFIED, WESTERN, "café", "é”“è", "Ångström äöü ßÄÖÜ", "naïve façade", "å", "”“…", ""],
)
def test_sound_text_is_left_alone(text: str) -> None:
    """Text with accented letters is unchanged."""
    assert repaired(text) == text


@given(st.text())
def test_any_text(text: str) -> None:
    """UTF-8 is read unchanged, unless it was decoded wrongly before."""
    plain = text.encode("utf-8", "replace").decode()
    if not plain.startswith("\ufeff"):
        expected = repaired(plain).replace("\r\n", "\n").replace("\r", "\n")
        assert decode(plain.encode()) == expected


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    """Any bytes give a text."""
    decode(data).encode("utf-8", "surrogatepass")
