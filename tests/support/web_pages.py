"""Pages of articles as sites have them, and the summaries of feeds that lead there.

`/summaries/article,gbk` is a feed with an entry for each of these pages.
"""

import gzip
from collections.abc import Callable
from threading import Event

from tests.support.feed_server import (
    Answer,
    Asked,
    Behaviour,
    Write,
    entry,
    head,
    redirect,
    xml,
)

TEXT = (
    "多家央行完成了跨境支付平台的真实交易测试，参加的商业银行有二十家。",
    "项目组说，下一阶段将研究<strong>流动性管理</strong>，并邀请更多机构加入沙箱。",
    "有学者指出，治理规则比技术更难统一，各国对数据出境的要求不同。",
)
SUMMARY = "多家央行完成了跨境支付平台的真实交易测试…"
SHORT = "交易所今天上午暂停了提币服务，预计下午恢复，用户资产不受影响，请耐心等待。"
HTML = "text/html; charset=utf-8"
PAGES: dict[str, Behaviour] = {}


def page(function: Behaviour) -> Behaviour:
    PAGES[function.__name__] = function
    return function


def site(inner: str, encoding: str = "utf-8") -> str:
    """A page of a news site around something."""
    return (
        f'<!doctype html><html><head><meta charset="{encoding}"><title>标题 - 某网</title></head><body>'
        '<div id="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/k">快讯</a></li>'
        '<li><a href="/b">区块链</a></li></ul></div><div class="wrap"><div class="left"><h1>标题</h1>'
        '<div class="meta"><span>作者：小李</span> <span>阅读 1234</span></div>'
        f'<div class="content">{inner}</div><div class="share">分享到 微信 微博</div></div>'
        '<div class="right"><h3>热门文章</h3><ul><li><a href="/1">某币一夜暴涨十倍</a></li></ul></div>'
        '</div><div class="footer">关于我们 京ICP备0号 <script>count("统计")</script></div></body></html>'
    )


def written(*texts: str) -> str:
    return site("".join(f"<p>{text}</p>" for text in texts))


def html(text: str) -> Answer:
    return Answer(text, headers={"Content-Type": HTML})


def summaries(asked: Asked) -> Answer:
    """Entries with a summary each, whose pages are named in the path, the newest first."""
    names = asked.path.rpartition("/")[2].split(",")
    given = {name: f"Mon, 05 Sep 2022 {20 - n}:00:00 GMT" for n, name in enumerate(names)}
    return xml(
        *(
            entry(name, guid=name, link=f"{asked.base}/{name}", date=date, body=SUMMARY)
            for name, date in given.items()
        )
    )


def whole_texts(asked: Asked) -> Answer:
    """A feed whose entries are whole but one, which is short."""
    texts = {"a": "长" * 600, "b": "文" * 700, "article": SUMMARY}
    return xml(
        *(entry(n, guid=n, link=f"{asked.base}/{n}", body=text) for n, text in texts.items())
    )


def one_address(asked: Asked) -> Answer:
    """Two entries that lead to one page."""
    link = f"{asked.base}/article"
    return xml(*(entry(guid, guid=guid, link=link, body=SUMMARY) for guid in ("甲", "乙")))


def renamed(asked: Asked) -> Answer:
    """Its entry's title and summary change from visit to visit."""
    title, body = f"标题 {asked.visit}", f"{SUMMARY} {asked.visit}"
    return xml(entry(title, guid="article", link=f"{asked.base}/article", body=body))


@page
def article(_: Asked) -> Answer:
    return html(written(*TEXT))


@page
def short_article(_: Asked) -> Answer:
    return html(written(SHORT))


@page
def no_content_type(_: Asked) -> Answer:
    return Answer(written(*TEXT))


@page
def gbk(_: Asked) -> Answer:
    body = written(*TEXT).replace('charset="utf-8"', 'charset="gbk"').encode("gbk")
    return Answer(body, headers={"Content-Type": "text/html"})


@page
def gbk_said_to_be_utf8(_: Asked) -> Answer:
    return Answer(written(*TEXT).encode("gbk"), headers={"Content-Type": HTML})


@page
def gzipped_page(_: Asked) -> Answer:
    headers = {"Content-Type": HTML, "Content-Encoding": "gzip"}
    return Answer(gzip.compress(written(*TEXT).encode()), headers=headers)


@page
def moved_page(asked: Asked) -> Answer:
    return redirect(f"{asked.base}/article", 301)


@page
def hostile_page(_: Asked) -> Answer:
    more = '<script>steal()</script><p onclick="steal()">&lt;script&gt; 不是脚本。</p>'
    return html(written(*TEXT).replace("<p>有", f"{more}<p>有"))


@page
def growing(asked: Asked) -> Answer:
    return html(written(*TEXT, f"第 {asked.visit} 次更新：又有一家银行加入了测试，细节尚未公布。"))


@page
def not_html(_: Asked) -> Answer:
    return Answer(b"%PDF-1.7", headers={"Content-Type": "application/pdf"})


@page
def picture_said_to_be_html(_: Asked) -> Answer:
    body = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
    return Answer(body, headers={"Content-Type": HTML})


@page
def no_article(_: Asked) -> Answer:
    return html(site("<form>请登录 <input name=user></form>"))


@page
def needs_script(_: Asked) -> Answer:
    return html("<html><body><div id=app></div><script>draw()</script></body></html>")


@page
def empty_page(_: Asked) -> Answer:
    return html("")


@page
def no_longer_than_the_summary(_: Asked) -> Answer:
    return html(written(SUMMARY.removesuffix("…")))


@page
def too_large(_: Asked) -> Answer:
    return html(written(*TEXT) + " " * 3_000_000)


@page
def page_bomb(_: Asked) -> Answer:
    headers = {"Content-Type": HTML, "Content-Encoding": "gzip"}
    return Answer(gzip.compress(b" " * 4_000_000), headers=headers)


@page
def page_to_loopback(asked: Asked) -> Answer:
    return redirect(f"http://127.0.0.1:{asked.base.rpartition(':')[2]}/secret")


@page
def page_to_metadata(_: Asked) -> Answer:
    return redirect("http://169.254.169.254/latest/meta-data/")


@page
def page_to_file(_: Asked) -> Answer:
    return redirect("file:///etc/passwd")


@page
def page_loop(asked: Asked) -> Answer:
    return redirect(f"{asked.base}/page_loop")


@page
def to_what_is_not_allowed(asked: Asked) -> Answer:
    return redirect(f"{asked.base}/private/article")


@page
def missing(_: Asked) -> Answer:
    return Answer("", 404)


@page
def not_for_us(_: Asked) -> Answer:
    return Answer("", 403)


@page
def broken_for_now(asked: Asked) -> Answer:
    """A page that is there the second time."""
    return Answer("", 500) if asked.visit == 1 else html(written(*TEXT))


@page
def asked_too_often(asked: Asked) -> Answer:
    headers = {"Retry-After": "7200"}
    return Answer("", 429, headers) if asked.visit == 1 else html(written(*TEXT))


@page
def page_in_drips(_: Asked) -> Callable[[Write, Event], None]:
    def answer(write: Write, over: Event) -> None:
        write(head(1_000_000, "Content-Type: text/html\r\n"))
        while not over.wait(0.05):
            write(b" ")

    return answer


@page
def page_cut_off(_: Asked) -> Answer:
    body = written(*TEXT).encode()
    return Answer(body, headers={"Content-Type": HTML}, stated=len(body) + 100)


@page
def page_hung_up(_: Asked) -> Callable[[Write, Event], None]:
    return lambda write, _: None


def robots(text: str, status: int = 200) -> Behaviour:
    return lambda _: Answer(text, status, {"Content-Type": "text/plain"})


def robots_cut_off(_: Asked) -> Answer:
    return Answer("User-agent: *", stated=100)
