"""Articles that break careless writers of feeds, tables and pages."""

from datetime import UTC, datetime, timedelta

from index.article import Article

FIRST = datetime(2022, 9, 5, 4, 0, tzinfo=UTC)
CONTROLS = "".join(map(chr, range(0x20))) + "\x7f\x80\x9f\ufffe\uffff"

_TITLES = {
    "controls": f"控{CONTROLS}制",
    "markup": "</title><script>alert(1)</script>&amp;<b>粗</b>",
    "cdata": "结束 ]]> 了 <![CDATA[ 又 <!-- 开始 -->",
    "emoji": "元宇宙 😀👨‍👩‍👧🇨🇳 𠮷野家",
    "right-to-left": "שלום \u202eevil\u202c عربي",
    "formula": '=HYPERLINK("https://evil.example","点我")',
    "long": "元" * 3_000,
    "quotes": "\"双\" '单' “弯” \\ `反` ; , \u2028\u2029",
}

HOSTILE = (
    *(
        Article(
            id=f"{name} <&>\"'/é%00?#",
            title=title,
            body=f"稳定币 {title}",
            body_format="text",
            url=f"https://news.example.com/{name}?a=1&b=<2>#é",
            author=f"作者 {title}"[:80],
            source=f"来源,{name}",
            published=FIRST + timedelta(hours=at),
        )
        for at, (name, title) in enumerate(_TITLES.items())
    ),
    Article(
        "undated", "没有日期", "稳定币没有日期。", "text", url="https://a.example/1", source="甲"
    ),
    Article("nowhere", "没有网址", "稳定币没有网址。", "text", source="甲", published=FIRST),
    Article("nobody", "没有来源", "稳定币没有来源。", "text", published=FIRST),
    Article("untitled", "", "稳定币没有标题。", "text", published=FIRST),
    Article(
        "old", "很久以前", "稳定币很久以前。", "text", published=datetime(1970, 1, 1, tzinfo=UTC)
    ),
    Article(
        "far", "很久以后", "稳定币很久以后。", "text", published=datetime(2100, 1, 1, tzinfo=UTC)
    ),
)
"""All speak of 稳定币."""
