"""Values of fields are plain text; a body that was escaped as a whole becomes markup again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.markup.escapes import decoded_line, without_cdata_marks, without_escapes
from tests.support.cost import assert_linear


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("甲 &#8211; AT&amp;T 与 &quot;乙&quot;", '甲 – AT&T 与 "乙"', id="entities"),
        pytest.param("甲&#x2F;乙&nbsp;丙&mdash;丁", "甲/乙\xa0丙—丁", id="hexadecimal and named"),
        pytest.param("AT&amp;amp;T", "AT&T", id="encoded twice"),
        pytest.param("甲&amp;#8211;乙", "甲–乙", id="number encoded twice"),
        pytest.param("AT&T 与 A&B", "AT&T 与 A&B", id="plain ampersands"),
        pytest.param("a=1&copy=2&lt", "a=1&copy=2&lt", id="no semicolon"),
        pytest.param("甲&#0;&#1114112;&nothing;乙", "甲\ufffd\ufffd&nothing;乙", id="no character"),
        pytest.param("<b>央行</b>降息", "央行降息", id="tags"),
        pytest.param("&lt;b&gt;央行&lt;/b&gt;降息", "央行降息", id="escaped tags"),
        pytest.param("央行<br/>降息", "央行 降息", id="line break"),
        pytest.param('<font color="red">央行</font>降息', "央行降息", id="attributes"),
        pytest.param('<span class="a">央行', "央行", id="never closed"),
        pytest.param("<p>央行", "央行", id="paragraph"),
        pytest.param("央行</a>", "央行", id="only the end"),
        pytest.param("<EM>央行</EM>", "央行", id="capitals"),
        pytest.param("<![CDATA[央行降息]]>", "央行降息", id="CDATA"),
        pytest.param("央行降息 ]]>", "央行降息", id="end of CDATA"),
        pytest.param("&lt;![CDATA[央行]]&gt;", "央行", id="escaped CDATA"),
        pytest.param("a < b 且 c > d", "a < b 且 c > d", id="comparison"),
        pytest.param("List<T> 与 Vec<u8>", "List<T> 与 Vec<u8>", id="type parameters"),
        pytest.param("List<A>", "List<A>", id="type parameter like a tag"),
        pytest.param("<元宇宙>首发", "<元宇宙>首发", id="pointed brackets"),
        pytest.param("〈元宇宙〉《乙》＜丙＞", "〈元宇宙〉《乙》＜丙＞", id="Chinese brackets"),
        pytest.param("怎么用 <b> 标签", "怎么用 <b> 标签", id="about a tag"),
        pytest.param("<3 比特币", "<3 比特币", id="heart"),
    ],
)
def test_decoded_line(value: str, text: str) -> None:
    """Entities are decoded once; what resembles markup afterwards is text."""
    assert decoded_line(value).strip() == text


@pytest.mark.parametrize(
    ("body", "markup"),
    [
        pytest.param("&lt;p&gt;甲&lt;/p&gt;", "<p>甲</p>", id="paragraph"),
        pytest.param(" &lt;div class=&quot;a&quot;&gt;甲", ' <div class="a">甲', id="attributes"),
        pytest.param("&amp;lt;p&amp;gt;甲", "<p>甲", id="twice"),
        pytest.param("&lt;p&gt;A&amp;amp;B", "<p>A&amp;B", id="its entities stay"),
        pytest.param("甲 &lt;p&gt; 乙", "甲 &lt;p&gt; 乙", id="text about a tag"),
        pytest.param(
            "&lt;p&gt; 是标签 <b>乙</b>", "&lt;p&gt; 是标签 <b>乙</b>", id="real tags too"
        ),
        pytest.param("&lt;b&gt;甲&lt;/b&gt;&lt;br/&gt;乙", "<b>甲</b><br/>乙", id="inline first"),
        pytest.param("&lt;b&gt; 是标签", "&lt;b&gt; 是标签", id="only inline"),
        pytest.param("&lt;pre&gt;", "&lt;pre&gt;", id="another tag"),
    ],
)
def test_without_escapes(body: str, markup: str) -> None:
    """Only if the body has no markup but escaped markup."""
    assert without_escapes(body) == markup


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        pytest.param("<![CDATA[<p>甲</p>]]>", "<p>甲</p>", id="both"),
        pytest.param("<p>甲</p> ]]>\n", "<p>甲</p> ", id="end"),
        pytest.param("\n<![cdata[甲", "甲", id="beginning"),
        pytest.param("甲 ]]> 乙", "甲 ]]> 乙", id="in the text"),
        pytest.param("a[b[0]]", "a[b[0]]", id="brackets"),
    ],
)
def test_without_cdata_marks(body: str, rest: str) -> None:
    """At both ends, where feeds leave them."""
    assert without_cdata_marks(body) == rest


@given(st.lists(st.sampled_from(["<", ">", "/", "b", "p", "&", "lt;", "#", "9", ";", " "])))
def test_decoding_is_total(pieces: list[str]) -> None:
    """No value raises."""
    decoded_line("".join(pieces))


@pytest.mark.parametrize("unit", ["&#", "<b ", "<b>", "&amp;", "]]", "<p a=", " "])
def test_decoding_costs_linear_time(unit: str) -> None:
    """A long title takes time in proportion to its length."""
    assert_linear(decoded_line, unit, 20_000)
