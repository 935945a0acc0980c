"""feeds.toml: what people write in it, what is refused, and that changes keep the rest."""

from pathlib import Path

import pytest

from index.errors import FeedsError
from index.fetching.subscriptions import (
    Subscription,
    add_subscriptions,
    read_subscriptions,
    remove_subscription,
    seconds_of,
    usable_name,
)

WRITTEN = """\
# 我们的订阅源

[[feed]]
name = "甲"  # 最早的
url = "https://a.example/feed"
every = "30m"

# 快讯
[[feed]]
name = "乙"
url = "http://127.0.0.1:1200/b"
category = "快讯"
allow_private = true
full_text = true
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.toml"
    path.write_text(WRITTEN, "utf-8")
    return path


def test_reading(listed: Path) -> None:
    """Names, addresses and options, in order."""
    assert read_subscriptions(listed) == [
        Subscription("甲", "https://a.example/feed", every=1_800),
        Subscription("乙", "http://127.0.0.1:1200/b", "快讯", allow_private=True, full_text=True),
    ]


def test_no_file_is_no_feeds(tmp_path: Path) -> None:
    """Before the first is added."""
    assert read_subscriptions(tmp_path / "feeds.toml") == []


def test_changes_keep_comments(listed: Path) -> None:
    """Also those inside a line, and the order."""
    add_subscriptions(listed, [Subscription("丙", "https://c.example/", every=7_200)])
    assert listed.read_text("utf-8").startswith(WRITTEN)
    assert [each.name for each in read_subscriptions(listed)] == ["甲", "乙", "丙"]
    remove_subscription(listed, "https://c.example/")
    remove_subscription(listed, "乙")
    text = listed.read_text("utf-8")
    assert "# 我们的订阅源" in text
    assert "# 最早的" in text
    assert [each.name for each in read_subscriptions(listed)] == ["甲"]


def test_feeds_are_written_as_people_write_them(tmp_path: Path) -> None:
    """A blank line between two, also between those that are added at once, and none more when some
    are taken out."""
    path = tmp_path / "feeds.toml"
    add_subscriptions(
        path, [Subscription("甲", "https://a.example/"), Subscription("乙", "https://b.example/")]
    )
    add_subscriptions(path, [Subscription("丙", "https://c.example/", allow_private=True)])
    assert path.read_text("utf-8") == (
        '[[feed]]\nname = "甲"\nurl = "https://a.example/"\n\n'
        '[[feed]]\nname = "乙"\nurl = "https://b.example/"\n\n'
        '[[feed]]\nname = "丙"\nurl = "https://c.example/"\nallow_private = true\n'
    )
    remove_subscription(path, "丙")
    remove_subscription(path, "甲")
    assert path.read_text("utf-8").strip() == '[[feed]]\nname = "乙"\nurl = "https://b.example/"'
    remove_subscription(path, "乙")
    add_subscriptions(path, [Subscription("丁", "https://d.example/")])
    assert path.read_text("utf-8").strip() == '[[feed]]\nname = "丁"\nurl = "https://d.example/"'


REFUSED = {
    "a name that is taken": (Subscription("甲", "https://c.example/"), "名称相同"),
    "a path as name": (Subscription("a/b", "https://c.example/"), "也是目录名"),
    "a scheme of readers": (Subscription("丙", "feed://c.example/"), "只抓取 http 和 https"),
    "an address that is there": (Subscription("丙", "https://a.example/feed"), "网址相同"),
}


@pytest.mark.parametrize(("fresh", "said"), REFUSED.values(), ids=REFUSED)
def test_what_would_not_read_is_not_written(listed: Path, fresh: Subscription, said: str) -> None:
    """Nor what is added with it; the file stays as it was."""
    with pytest.raises(FeedsError, match=f"没有写入：.*{said}"):
        add_subscriptions(listed, [Subscription("丁", "https://d.example/"), fresh])
    assert listed.read_text("utf-8") == WRITTEN


WRITTEN_TIMES = {"90m": "90m", "120m": "2h", "36h": "36h", "48h": "2d", "99999d": "99999d"}


@pytest.mark.parametrize(("asked", "written"), WRITTEN_TIMES.items(), ids=WRITTEN_TIMES)
def test_times_are_written_in_their_largest_unit(tmp_path: Path, asked: str, written: str) -> None:
    """So each that may be asked for is one that reads."""
    path = tmp_path / "feeds.toml"
    fresh = Subscription("甲", "https://a.example/", every=seconds_of(asked))
    add_subscriptions(path, [fresh])
    assert f'every = "{written}"' in path.read_text("utf-8")
    assert read_subscriptions(path) == [fresh]


def test_the_first_feed(tmp_path: Path) -> None:
    """Makes the file, and its folder."""
    path = tmp_path / "new" / "feeds.toml"
    add_subscriptions(path, [Subscription("甲", "https://a.example/feed")])
    assert read_subscriptions(path) == [Subscription("甲", "https://a.example/feed")]


def test_removing_what_is_not_there(listed: Path) -> None:
    """Is told."""
    with pytest.raises(FeedsError, match="没有这个订阅源：丁"):
        remove_subscription(listed, "丁")


FAULTS = {
    "no TOML": ("[[feed", "写错了"),
    "other tables": ("[feeds]\n", "写在 \\[\\[feed\\]\\] 下面"),
    "no name": ('[[feed]]\nurl = "https://a.example/"', "缺 name"),
    "no address": ('[[feed]]\nname = "甲"', "订阅源 甲：缺 url"),
    "a path as name": ('[[feed]]\nname = "../甲"\nurl = "https://a.example/"', "也是目录名"),
    "a dot first": ('[[feed]]\nname = ".甲"\nurl = "https://a.example/"', "也是目录名"),
    "drafts": ('[[feed]]\nname = "Drafts"\nurl = "https://a.example/"', "草稿目录"),
    "a long name": (f'[[feed]]\nname = "{"甲" * 61}"\nurl = "https://a.example/"', "超过 60"),
    "a file": ('[[feed]]\nname = "甲"\nurl = "file:///etc/passwd"', "只抓取 http 和 https"),
    "a user": ('[[feed]]\nname = "甲"\nurl = "https://u:p@a.example/"', "不能有用户名"),
    "unknown key": (
        '[[feed]]\nname = "甲"\nurl = "https://a.example/"\ncolor = "red"',
        "不认识 color",
    ),
    "wrong type": (
        '[[feed]]\nname = "甲"\nurl = "https://a.example/"\nallow_private = "yes"',
        "true",
    ),
    "full text or not": (
        '[[feed]]\nname = "甲"\nurl = "https://a.example/"\nfull_text = 1',
        "full_text 的值要是 true 或 false",
    ),
    "strange time": ('[[feed]]\nname = "甲"\nurl = "https://a.example/"\nevery = "soon"', "30m"),
    "no time": ('[[feed]]\nname = "甲"\nurl = "https://a.example/"\nevery = "0m"', "30m"),
    "one name twice": (
        '[[feed]]\nname = "A"\nurl = "https://a.example/"\n[[feed]]\nname = "a"\nurl = "https://b.example/"',
        "名称相同",
    ),
    "one address twice": (
        '[[feed]]\nname = "甲"\nurl = "https://a.example/"\n[[feed]]\nname = "乙"\nurl = "https://a.example/"',
        "网址相同",
    ),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS)
def test_faults(tmp_path: Path, text: str, said: str) -> None:
    """Each is told with the feed and what to write."""
    path = tmp_path / "feeds.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(FeedsError, match=said):
        read_subscriptions(path)


NAMES = {
    "36氪 - 科技": "36氪 - 科技",
    "a/b: c?": "a b c",
    "..": "",
    "  甲\n乙 ": "甲 乙",
    "drafts": "",
    "甲" * 100: "甲" * 60,
}


@pytest.mark.parametrize(("title", "name"), NAMES.items(), ids=NAMES.values())
def test_names_from_titles(title: str, name: str) -> None:
    """A title becomes the name of a folder."""
    assert usable_name(title) == name


def test_the_example_is_all_comments(tmp_path: Path) -> None:
    """It reads as it is, with no feed; without the comment signs all its feeds are good."""
    example = Path(__file__).parents[3] / "examples" / "feeds.toml"
    assert read_subscriptions(example) == []
    path = tmp_path / "feeds.toml"
    lines = example.read_text("utf-8").splitlines()
    keys = [
        line[2:]
        for line in lines
        if line.startswith(
            ("# [[", "# name =", "# url =", "# cat", "# every", "# lang", "# allow", "# full")
        )
    ]
    path.write_text("\n".join(keys), "utf-8")
    assert len(read_subscriptions(path)) >= 5
