"""`yuansou feeds`: from the address of a feed to an article that is found."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from index.text.dates import SHANGHAI
from tests.support.feed_server import FeedServer, feed_server
from tests.support.servers import WAYS, Server, serving
from tests.support.terminal import Terminal, terminal
from tests.support.web_pages import PAGES, robots, summaries

pytestmark = pytest.mark.slow

__all__ = ["terminal"]  # a fixture


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """By its address, as commands have no names of tests."""
    with feed_server() as running:
        running.base = f"http://127.0.0.1:{running.port}"
        yield running


def add(terminal: Terminal, url: str, *options: str) -> str:
    return terminal.says("feeds", "add", url, "--allow-private", *options)


def test_from_the_address_to_the_result(terminal: Terminal, server: FeedServer) -> None:
    """Added, fetched, indexed, found; the second time nothing is due."""
    said = add(terminal, server.url("plain"), "--category", "快讯")
    assert f"已订阅 金融大同：{server.url('plain')}" in said
    fetched = terminal.run("feeds", "fetch")
    assert "抓取 1 个订阅源：新文章 2 篇，改动 0 篇，失败 0 个。" in fetched.stdout
    assert "[1/1] 金融大同：新文章 2 篇" in fetched.stderr
    assert "新闻 1" in terminal.says("search", '"新闻 1"')
    assert "没有到时候的订阅源" in terminal.says("feeds", "fetch")
    assert len(list(Path("articles/金融大同/2022/09").iterdir())) == 2


def test_a_page_names_its_feed(terminal: Terminal, server: FeedServer) -> None:
    """The address of a page is enough."""
    add(terminal, server.url("page"), "--name", "甲")
    assert server.url("plain") in Path("feeds.toml").read_text("utf-8")


def test_private_is_the_host_that_was_given(terminal: Terminal, server: FeedServer) -> None:
    """Not another one that its page names."""
    url = server.url("page_of_another_host")
    said = terminal.fails("feeds", "add", url, "--allow-private")
    assert "这是内部地址：127.0.0.2" in said
    assert "请加" not in said
    assert not Path("feeds.toml").exists()


@pytest.mark.parametrize("options", [(), ("--allow-private",)], ids=["public", "private"])
def test_an_address_that_is_none_of_the_web(terminal: Terminal, options: tuple[str, ...]) -> None:
    """Is told in a line."""
    said = terminal.fails("feeds", "add", "ftp://a.example/", *options)
    assert said.endswith("ftp://a.example/：只抓取 http 和 https 的网址。")


def test_an_empty_address(terminal: Terminal) -> None:
    """A variable that is not set."""
    assert "网址是空的" in terminal.fails("feeds", "add", " ", status=2)


def test_what_cannot_be_added(terminal: Terminal, server: FeedServer) -> None:
    """Is told in a line, and nothing is written."""
    url = server.url("plain")
    said = terminal.fails("feeds", "add", url)
    assert "这是内部地址：127.0.0.1（127.0.0.1）。 确是自己的服务，请加 --allow-private。" in said
    assert "不是订阅源，网页里也没有找到" in terminal.fails(
        "feeds", "add", server.url("other_xml"), "--allow-private"
    )
    assert "没有这个网址（404）" in terminal.fails(
        "feeds", "add", server.url("status_404"), "--allow-private"
    )
    assert not Path("feeds.toml").exists()
    add(terminal, url)
    assert "已经订阅了" in terminal.fails("feeds", "add", url, "--allow-private")
    taken = ("--name", "金融大同")
    other = server.url("atom")
    assert "名称相同" in terminal.fails("feeds", "add", other, "--allow-private", *taken)
    assert len(terminal.json("feeds", "list")) == 1


def test_list_and_remove(terminal: Terminal, server: FeedServer) -> None:
    """By name; articles stay."""
    add(terminal, server.url("plain"), "--name", "甲", "--every", "2h")
    assert terminal.json("feeds", "list") == [
        {"name": "甲", "url": server.url("plain"), "category": ""}
    ]
    terminal.run("feeds", "fetch")
    assert "已取消订阅 甲" in terminal.says("feeds", "remove", "甲")
    assert terminal.json("feeds", "list") == []
    assert len(list(Path("articles/甲").rglob("*.md"))) == 2


def test_opml_there_and_back(terminal: Terminal, server: FeedServer) -> None:
    """What is exported is imported elsewhere; folders are categories; what is there is skipped."""
    add(terminal, server.url("plain"), "--name", "甲", "--category", "快讯")
    add(terminal, server.url("atom"), "--name", "乙 & 丙")
    terminal.run("feeds", "export", "list.opml")
    Path("feeds.toml").unlink()
    assert "收入 2 个订阅源，跳过 0 个" in terminal.says("feeds", "import", "list.opml")
    assert "收入 0 个订阅源，跳过 2 个" in terminal.says("feeds", "import", "list.opml")
    assert terminal.json("feeds", "list")[0]["category"] == "快讯"


def test_opml_of_other_addresses(terminal: Terminal) -> None:
    """Those that are not fetched are skipped, each with a word."""
    outlines = "".join(
        f'<outline {name} xmlUrl="{url}"/>'
        for name, url in [
            ("", "ftp://a.example/"),
            ('text="乙"', "feed://b.example/"),
            ('text="丙"', "https://c.example/"),
            ("", "http://u:p@d.example/"),
        ]
    )
    Path("list.opml").write_text(f"<opml><body>{outlines}</body></opml>", "utf-8")
    done = terminal.run("feeds", "import", "list.opml")
    assert "收入 1 个订阅源，跳过 3 个" in done.stdout
    assert "跳过 feed://b.example/：只抓取 http 和 https 的网址" in done.stderr
    assert "网址里不能有用户名和密码" in done.stderr
    assert [each["name"] for each in terminal.json("feeds", "list")] == ["丙"]


@pytest.mark.parametrize("text", ["", "<opml/>", "no", "<!DOCTYPE x [<!ENTITY a 'b'>]><opml/>"])
def test_opml_that_is_none(terminal: Terminal, text: str) -> None:
    """Is told in a line."""
    Path("list.opml").write_text(text, "utf-8")
    assert "OPML" in terminal.fails("feeds", "import", "list.opml")


def test_status(terminal: Terminal, server: FeedServer) -> None:
    """What each feed did last, and errors in words."""
    add(terminal, server.url("plain"), "--name", "甲")
    add(terminal, server.url("atom"), "--name", "乙")
    text = Path("feeds.toml").read_text("utf-8").replace("/atom", "/status_503")
    Path("feeds.toml").write_text(text, "utf-8")
    assert "还没有抓取过" in terminal.says("feeds", "status")
    terminal.run("feeds", "fetch", status=1)
    said = terminal.says("feeds", "status")
    # The day may end in Shanghai before the status is asked for.
    assert re.search("·{13}█  今天 2 篇|·{12}█·  今天 0 篇", said)
    assert "出错：对方的服务器出错（503）" in said
    first, second = terminal.json("feeds", "status")
    succeeded = datetime.fromtimestamp(first["last_success"], SHANGHAI)  # as on the page /sources
    assert f"上次成功 {succeeded:%m-%d %H:%M}，" in said
    assert (sum(first["articles_a_day"][-2:]), first["error"], first["silent"]) == (2, None, False)
    assert (second["failures"], second["last_success"]) == (1, None)


def test_a_feed_that_was_cut_off(terminal: Terminal, server: FeedServer) -> None:
    """What was read is kept, and both the line and the status say what is missing."""
    add(terminal, server.url("rdf_cut"), "--name", "甲")
    fetched = terminal.run("feeds", "fetch", status=1)
    assert "甲：新文章 1 篇；内容不完整，已收下读到的部分" in fetched.stderr
    assert "新文章 1 篇，改动 0 篇，不完整 1 个，失败 0 个" in fetched.stdout
    assert "出错：内容不完整" in terminal.says("feeds", "status")


def test_a_host_of_ones_own_that_is_not_named(terminal: Terminal, server: FeedServer) -> None:
    """The status says how to name it in the list."""
    add(terminal, server.url("plain"), "--name", "甲")
    text = Path("feeds.toml").read_text("utf-8").replace("allow_private = true\n", "")
    Path("feeds.toml").write_text(text, "utf-8")
    terminal.run("feeds", "fetch", status=1)
    assert "请在 feeds.toml 里写 allow_private = true" in terminal.says("feeds", "status")


def test_one_feed_now(terminal: Terminal, server: FeedServer) -> None:
    """Due or not; an unknown name is told."""
    add(terminal, server.url("rolling"), "--name", "甲")
    terminal.run("feeds", "fetch")
    found = terminal.json("feeds", "fetch", "--feed", "甲")
    assert found["feeds"][0]["stored"]["new"] == 1
    assert found["index"]["added"] == 1
    assert "没有这个订阅源：乙" in terminal.fails("feeds", "fetch", "--feed", "乙")


def test_without_a_feed(terminal: Terminal) -> None:
    """What to do first is told."""
    assert "请先运行 yuansou feeds add 网址" in terminal.fails("feeds", "fetch")


def test_the_rest_is_indexed_later(
    terminal: Terminal, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that were written while indexing failed are indexed the next time."""
    add(terminal, server.url("plain"), "--name", "甲")
    with monkeypatch.context() as patched:

        def failing(*_: object) -> None:
            raise OSError(28, "No space left on device")

        patched.setattr("web.cli.feeds.session._indexed", failing)
        terminal.run("feeds", "fetch", status=1)
    assert json.loads(terminal.run("feeds", "fetch", "--json").stdout)["index"]["added"] == 2


@pytest.mark.parametrize("workers", WAYS)
def test_a_server_that_fetches(terminal: Terminal, server: FeedServer, workers: str) -> None:
    """What a feed shows is found on the page, and the page says how the feed does."""
    terminal.run("index", "rebuild", str(terminal.news))
    add(terminal, server.url("plain"), "--name", "甲")
    with serving(terminal.root, "--fetch", "--workers", workers) as running:
        _until_shown(running, "/search?q=%22%E6%96%B0%E9%97%BB+1%22", "新闻 1")
        # The second where the day ended in Shanghai in between.
        _until_shown(running, "/sources", r"每天：(?:0、){12}(?:0、2|2、0)\b")


def _until_shown(running: Server, path: str, pattern: str) -> None:
    """Whichever process answers: others may hold the old index while one opens the new one."""
    deadline = time.monotonic() + 60
    while not re.search(pattern, _page(running, path)):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _page(running: Server, path: str) -> str:
    with closing(running.connect()) as connection:
        connection.request("GET", path)
        return connection.getresponse().read().decode().partition("<main")[2]


@pytest.mark.fulltext
def test_full_texts(terminal: Terminal, server: FeedServer) -> None:
    """Words that are on the page of an article only are found; what gave none is told."""
    rules = robots("User-agent: *\nDisallow: /missing")
    server.others = {**PAGES, "summaries": summaries, "robots.txt": rules}
    feed = f"{server.base}/summaries/article,gbk,no_article,missing"
    add(terminal, feed, "--name", "甲", "--full-text")
    assert "full_text = true" in Path("feeds.toml").read_text("utf-8")

    done = terminal.run("feeds", "fetch")
    assert "甲：新文章 4 篇，全文 2 篇，2 篇没有全文（" in done.stderr
    assert "找到 2 条结果" in terminal.says("search", '"流动性管理"')
    said = terminal.says("feeds", "status")
    assert "全文 2 篇，没有全文 2 篇（最近：" in said
    assert "robots.txt 不许抓取" in said
    assert "网页里没有找到正文" in said
    (state,) = terminal.json("feeds", "status")
    assert {**state["full_text"], "error": ""} == {"page": 2, "none": 2, "pending": 0, "error": ""}
    found = terminal.json("feeds", "fetch", "--feed", "甲")
    assert found["feeds"][0]["texts"] == {"found": 0, "none": 0, "waiting": 0, "reasons": []}


@pytest.mark.parametrize("library", ["trafilatura", "protego"])
def test_full_texts_without_their_libraries(
    terminal: Terminal, server: FeedServer, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    """A line says what to install; nothing is fetched, but the list and the state are shown."""
    monkeypatch.setattr(
        "index.fetching.pages.extraction.find_spec",
        lambda name: None if name == library else object(),
    )
    said = terminal.fails("feeds", "add", server.url("plain"), "--allow-private", "--full-text")
    assert f"没有安装取全文的库（{library}）" in said
    assert "make install EXTRAS=fulltext" in said
    add(terminal, server.url("plain"), "--name", "甲")
    with Path("feeds.toml").open("a", encoding="utf-8") as listed:
        listed.write("full_text = true\n")
    assert f"没有安装取全文的库（{library}）" in terminal.fails("feeds", "fetch")
    assert "甲" in terminal.says("feeds", "list")
    assert "还没有抓取过" in terminal.says("feeds", "status")


def test_an_index_of_other_articles_grows(terminal: Terminal, server: FeedServer) -> None:
    """What was indexed before stays, and updates read the new folder too."""
    terminal.run("index", "rebuild", str(terminal.news))
    add(terminal, server.url("plain"), "--name", "甲")
    terminal.run("feeds", "fetch")
    assert terminal.json("index", "update")["articles"] == 8
