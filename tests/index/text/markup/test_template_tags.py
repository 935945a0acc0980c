"""Tags of site generators are gone from the text, and stay where a writer shows them as code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.html import plain_text
from index.text.markup.template_tags import masked, unmasked
from tests.support.cost import assert_linear

TAGS = (
    '{{< figure src="a.png" title="走势" >}}',
    "{{% notice tip %}}",
    "{{</ notice >}}",
    '{{< video\n  src="a" >}}',
    "{{ page.title }}",
    "{{site.url}}",
    "{{{ raw }}}",
    "{% include x.html %}",
    "{%- if a > 1 -%}",
    "{% asset_img a.png 图 %}",
    "{:.center}",
    '{: .no_toc #id title="甲" }',
    "{:toc}",
    "{::options toc_levels='2' /}",
    "{:/}",
)


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_is_gone(tag: str) -> None:
    """On a line of its own, within a line, in a list, in HTML; a line of its own is a border."""
    assert plain_text(f"{tag}\n\n甲", "markdown") == "甲"
    assert plain_text(f"甲{tag}乙", "markdown") == "甲乙"
    assert plain_text(f"甲\n{tag}\n乙", "markdown") == "甲\n乙"
    assert plain_text(f"- 甲\n{tag}\n- 乙", "markdown") == "甲\n乙"
    assert plain_text(f"<div>甲{tag}</div>\n\n乙", "markdown") == "甲\n乙"
    assert plain_text(f"<p>甲{tag}乙</p>", "html") == "甲乙"


@pytest.mark.parametrize("tag", [tag for tag in TAGS if "\n" not in tag])
def test_a_tag_in_code_stays(tag: str) -> None:
    """Inline, indented, fenced, and in HTML's elements for code."""
    for code in (f"`{tag}`", f"    {tag}", f"```\n{tag}\n```", f"甲\n\n~~~ html\n{tag}\n~~~"):
        assert tag in plain_text(code, "markdown")
    escaped = tag.replace("<", "&lt;").replace(">", "&gt;")
    for element in ("code", "pre", "kbd"):
        html = f"<p>甲</p><{element} class='a'>{escaped}</{element}>{escaped}"
        assert plain_text(html, "html").count(tag) == 1
        assert (
            plain_text(f"甲<{element}>{tag}</{element}>", "markdown") == f"甲{tag}"
            or element == "pre"
        )


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("见{% post_link a 文字 %}。", "见文字。", id="Hexo's link to a post"),
        pytest.param('{% post_link a "两 词" false %}', "两 词", id="quoted"),
        pytest.param("{% post_link a %}", "", id="without words"),
        pytest.param("{% link 文字 https://a.cn 提示 %}", "文字", id="Hexo's link"),
        pytest.param("{% asset_link a.pdf 年报 %}", "年报", id="Hexo's link to a file"),
        pytest.param("`{% post_link a 文字 %}`", "{% post_link a 文字 %}", id="link in code"),
        pytest.param("[文]({{ site.url }}/a b)甲", "[文](/a b)甲", id="no address after all"),
        pytest.param('[文]({{< ref "a.md" >}})甲', "文甲", id="address by a tag"),
        pytest.param("[文]({% post_url 2022-a %})甲", "文甲", id="address by Liquid"),
        pytest.param("[文](http://a){:target='_blank'}甲", "文甲", id="attributes of a link"),
        pytest.param("![图](a.png){width=50%}甲{.x}", "甲{.x}", id="attributes of a picture"),
        pytest.param("## 标题 {#id}\n\n甲", "标题\n甲", id="id of a heading"),
        pytest.param("## 标题 {.x #y}\n\n甲 {a}", "标题\n甲 {a}", id="class of a heading"),
        pytest.param("{% raw %}{{ x }}{% endraw %}甲", "{{ x }}甲", id="raw"),
        pytest.param("{% raw %}{{ x }}甲", "甲", id="raw without an end"),
        pytest.param(
            "{% highlight py %}\na*b*c <d>\n\n{{ x }}\n{% endhighlight %}\n甲",
            "a*b*c <d> {{ x }}\n甲",
            id="Jekyll's code",
        ),
        pytest.param("甲{% codeblock %}a{% endcodeblock %}", "甲\na", id="Hexo's code"),
        pytest.param("{{< highlight go >}}a_b_c{{< /highlight >}}", "a_b_c", id="Hugo's code"),
        pytest.param(
            "```\n{% code %}\na\n{% endcode %}\n```",
            "{% code %} a {% endcode %}",
            id="code about code",
        ),
        pytest.param("甲{% comment %}乙{% endcomment %}丙", "甲丙", id="comment"),
        pytest.param("{% note %}\n甲\n{% endnote %}", "甲", id="block with text"),
        pytest.param(
            '甲\n{% include list.md\n  q0="问：`{%`？"\n  a0="答{{ x }}。"\n\n  a0link="http://a"\n%}',
            "甲\n问：{%？\n答。",
            id="paragraphs for an include",
        ),
        pytest.param('{% include a.html caption="走势" %}', "", id="caption"),
        pytest.param("**{{ x }}甲：**乙", "甲：乙", id="in emphasis"),
        pytest.param("100% {和} {%", "100% {和} {%", id="braces"),
        pytest.param(
            r"$\frac{{a}}{{b}}^{{c}}_{{d}}$", r"$\frac{{a}}{{b}}^{{c}}_{{d}}$", id="formula"
        ),
        pytest.param("用 `{%` 和 `%}` 包住", "用 {% 和 %} 包住", id="tags explained"),
        pytest.param("甲{%\n\n乙%}", "甲{%\n乙%}", id="not over paragraphs"),
        pytest.param("表情{:?}与{:3}", "表情{:?}与{:3}", id="no attributes"),
        pytest.param("甲\ufdd00\ufdd1{{ x }}", "甲\ufffd0\ufffd", id="a placeholder in the text"),
    ],
)
def test_tags(markdown: str, text: str) -> None:
    """What readers of the generated page see."""
    assert plain_text(markdown, "markdown") == text


@given(st.lists(st.sampled_from([*TAGS, "{", "}", "%", "`", "\n", "甲", "<code>", "</code>"])))
def test_masking_loses_nothing(pieces: list[str]) -> None:
    """In code each placeholder becomes its tag again; outside none is left."""
    body = "".join(pieces)
    found = masked(body)
    inside = unmasked(f"<pre>{found.body}", found.tags, tags_are_html=True)

    assert "\ufdd0" not in unmasked(found.body, found.tags, tags_are_html=True)
    assert inside.removeprefix("<pre>").startswith(body.partition("<")[0])


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "{%",
            "{{",
            "{{<",
            "{{< ",
            "{% raw %}",
            "{% comment %}甲",
            "{:",
            "{:.a",
            "{: a=",
            "]{.a ",
        ),
        *(
            '\n{% include a\n"',
            '\n{% include a\n b="甲" ',
            "{",
            "甲\n{% a %}\n",
            "{{ a",
            "\n {#a",
            "{% a\n",
            "{::a",
            "{{< `",
        ),
    ],
)
def test_masking_costs_linear_time(unit: str) -> None:
    """Unclosed tags take time in proportion to their length."""

    def shown(body: str) -> str:
        found = masked(body)
        return unmasked(found.body, found.tags, tags_are_html=True)

    assert_linear(shown, unit, 10_000)
