"""Invented articles with every construct of Markdown and HTML that is read in a special way."""

import json
from pathlib import Path

MARKDOWN = {
    "emphasis": "* **开源：**代码公开，任何人都能审计。\n* **免费：**无需许可。\n\n"
    "他在的**《白皮书》**引言里说***“重点”***的*是*，Web3——**“code”**ok。\n\n"
    "- **<!--fees-->****手续费上升：**内存池拥堵。\n- ~~百分之一~~下调，~~删。~~后",
    "breaks": "数字人民币试点\n范围继续扩\n大，**央行**\n表示 Web3\n元宇宙与 blockchain\nBTC 一同\n“上升”\n🚀\n起飞\n\n"
    "币 安 宣 布 上 线\n\n第一行  \n第二行\\\n第三行\n\n한국\n경제",
    "signs": "- [x] 合约审计完成\n- [ ] 主网上线\n  - [X] 节点\n\n报告[^1]显示[^note]，增长了。\n\n"
    "> [!NOTE] 提示\n> 参见[[稳定币|USDC]]，==重点是储备==。\n\n##密集标题\n\n#单个标题\n\n[toc]\n\n"
    "[^1]: 来源：年报第三页。\n[^note]: 第一段\n\n    第二段接着说",
    "tags": '{{< figure src="a.png" title="走势" >}}\n\n比特币价格{{ page.x }}回落。\n{: .center}\n\n'
    "{% include a.html %}\n甲见{% post_link slug 那篇 %}。\n{% note %}\n乙\n{% endnote %}\n丙\n\n"
    "`{% raw_code %}` 与 `{{ x }}`\n\n```html\n{{< x >}} **不变**\n第二行\n```\n\n## 标题 {#id}\n\n[文]({{ url }}/a)字",
    "table": "| 币种 | 价格 |\n|---|---|\n| **比特币：**一 | ~~2~~ |\n| 以太坊 | 3 |\n\n1. 甲\n   乙\n2. 丙\n\n<div>**星**\n号</div>",
    "code": "甲 `a  b` 乙\n\n    缩进 的代码\n    第二行\n\n```\n试点\n范围   空格\n```\n",
}
HTML = {
    "ruby": "<p><ruby>区块<rp>(</rp><rt>qū kuài</rt><rp>)</rp></ruby>链和<ruby>孪<rt>luán</ruby>生</p>",
    "hidden": '<p>比特<span style="display:none">k9 q2</span>币大涨<font class="jammer">, x8 ?z</font>三成</p>'
    '<div hidden>看不见<div>x</div></div><section style="font-size:0">y<b style="font-size:16px">又见</b></section>末',
    "blocks": "甲<aside>乙</aside>丙<form><button>丁</button></form>戊<details><summary>己</summary>庚</details>"
    "<address>辛</address><select><option>壬<option>癸</select>子<textarea>丑<b>寅</b></textarea>卯",
    "lines": "<p>试点\n范围<b>继续</b>\n<i>扩</i>\n大 and\nmore\n字</p>\n<p>　　缩进\n　　第二行</p><pre>原样\n换行</pre>",
    "tables": "<table><tr><td>一<td>二<tr><td>三<p>四</table>外<td>无表</td><td>单元</td><ul><li>甲<li>乙</ul><dl><dt>丙<dd>丁</dl>",
    "broken": "<p>甲<b>乙<p>丙</b>丁<div>戊</p>己<table>庚<tr><td>辛</table></div>壬 < 癸 & 子 &lt;b&gt; &amp;amp;",
    "cdata": "<![CDATA[<p>央行今日降息</p><p>利率下调</p>]]>",
    "escaped": "&lt;p&gt;首家元宇宙银行&lt;/p&gt;&lt;p&gt;开业&amp;amp;迎客&lt;/p&gt;",
    "pictures": '<p>图前<img data-src="//a.cn/1.png" src="data:x">图后<a href="../2.html">另一篇</a></p>',
    "tags": "<p>甲{% x %}乙<code>{% y %}</code>丙{{ z }}</p>",
}
TITLES = {
    "title-1": "动区动趋 &#8211; AT&amp;T 与 &quot;元宇宙&quot;",
    "title-2": "<b>央行</b>降息 a < b，List<T> 与 <元宇宙>",
}


def write_marked_articles(path: Path) -> Path:
    """All of them as a JSON Lines file; ids are the names above with the format."""
    lines = [
        *(
            {"id": f"markdown-{name}", "body_format": "markdown", "body": body}
            for name, body in MARKDOWN.items()
        ),
        *(
            {"id": f"html-{name}", "body_format": "html", "body": body}
            for name, body in HTML.items()
        ),
        *(
            {"id": name, "title": title, "body": "正文", "body_format": "text"}
            for name, title in TITLES.items()
        ),
    ]
    common = {"date": "2022-09-05", "source": "测试社"}
    rows = [
        {"title": line["id"], "url": f"https://a.example/news/{line['id']}", **common, **line}
        for line in lines
    ]
    path.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8"
    )
    return path
