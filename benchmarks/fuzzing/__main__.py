"""Whether the readers take whatever they are given: files, records, markup, queries, cursors.

python -m benchmarks.quality.fuzz [--inputs 10000] [--seed 1] [--only html]

Each reader gets as many inputs, made of pieces that mean something to it, cut and spliced, and of
odd characters. An input fails if it raises what its reader does not announce, breaks a law, or
takes more than a second of the processor. What fails is printed in its shortest form, to be kept in
tests/benchmarks/test_fuzz.py; the same seed makes the same inputs.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from index.article import Article, Rejection
from index.document import Arrival, drafts
from index.errors import InvalidRequest
from index.sources.front_matter import parted
from index.sources.jsonl import read_jsonl
from index.sources.markdown import read_markdown
from index.sources.yaml_fields import FrontMatterError
from index.text.dates import parse_date
from index.text.html import blocks, plain_text, visible_markup
from index.text.markup.escapes import decoded_line
from index.text.urls import canonical_url, url_tokens
from search.query.parsing.parser import parse
from search.request import MAX_QUERY
from search.results.cursor import decode_cursor
from web.markup.sanitize import TAGS, safe_html

TODAY = date(2022, 9, 15)
SLOW = 1.0
"""Seconds of processor time for one input of a few hundred characters."""
MAX_PIECES = 40
ODD = tuple(
    "\0\x01\x1b\x7f\x85\xa0\xad\u0300\u200b\u2028\u202e\u3000\ufdd0\ufeff\uffff\ud800"
    "😀𠀀元a1 \n\r\t"
)


class LawBrokenError(Exception):
    """A reader returned what it must not."""


@dataclass(frozen=True, slots=True)
class Reader:
    """`check` raises for an input that fails; `pieces` are what inputs are made of."""

    check: Callable[[str], object]
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that failed, in its shortest form, and how."""

    reader: str
    text: str
    problem: str


def _hold(law: bool, said: str) -> None:
    if not law:
        raise LawBrokenError(said)


def _drafted(item: Article | Rejection) -> None:
    if isinstance(item, Rejection):
        _hold(bool(item.reason), "a rejection gives a reason")
        return
    _hold(bool(item.id and item.title), "an article has id and title")
    item.content_hash()
    drafts([Arrival(item, "", 0, 0)])


def _markdown_file(text: str) -> None:
    _drafted(read_markdown(text.encode("utf-8", "surrogatepass"), "a.md", "a.md"))


def _json_lines(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        for item in read_jsonl(path, "a.jsonl"):
            _drafted(item)


def _front_matter(text: str) -> None:
    with suppress(FrontMatterError):
        parted(text)


def _html(text: str) -> None:
    shown = visible_markup(text)
    _hold(blocks(shown) == blocks(text), "the visible markup has the same blocks")
    _safe(str(safe_html(text)))


def _markdown(text: str) -> None:
    plain_text(text, "markdown")
    plain_text(text, "text")


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        names = [name for name, value in attrs if name.startswith("on") or name == "style"]
        links = [value or "" for name, value in attrs if name in ("href", "src")]
        scripts = [link for link in links if "script:" in link.lower() or link.startswith("data:")]
        self.bad += [*names, *scripts, *([] if tag in TAGS and tag != "img" else [tag])]


def _safe(html: str) -> None:
    _hold(not (bad := _Tags(html).bad), f"unsafe: {bad}")


def _query(text: str) -> None:
    parse(text[:MAX_QUERY], TODAY)


def _cursor(text: str) -> None:
    with suppress(InvalidRequest):
        _hold(decode_cursor(text).encode() == text, "a cursor is as it was written")


def _values(text: str) -> None:
    decoded_line(text)
    parse_date(text)
    address = canonical_url(text)
    _hold(canonical_url(address) == address, "a canonical address stays")
    url_tokens(text)


_FIELDS = (
    "title: 题\n",
    "date: 2022-09-05\n",
    "tags: [a, b]\n",
    "author:\n  - 甲\n",
    "url: //a.cn\n",
)
_MARKUP = (
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i",
        "<a href='",
        '">',
        "<img src=x ",
        "<table>",
        "<td>",
        "<tr>",
    ),
    *(
        "</table>",
        "<script>",
        "</script>",
        "<style>",
        "<svg>",
        "</svg>",
        "<!--",
        "-->",
        "<![CDATA[",
    ),
    *(
        "]]>",
        "<div hidden>",
        " style='display:none'",
        "<template>",
        "<ruby>",
        "<rt>",
        "&amp;",
        "&#",
        "x41;",
    ),
    *(
        "&lt;",
        "<pre>",
        "</pre>",
        "<h1>",
        "<br/>",
        "=",
        "'",
        '"',
        ">",
        "<",
        "/",
        "甲",
        "乙 ",
        " onclick=a()",
    ),
    *(
        "<p hidden>",
        "<math>",
        "<select>",
        "<option>",
        "</div>",
        "<li>",
        "<ul>",
        "<mark>",
        "javascript:",
    ),
)
_SIGNS = (
    *(
        "# ",
        "## ",
        "- ",
        "* ",
        "1. ",
        "> ",
        "```",
        "~~~",
        "    ",
        "\n\n",
        "\n",
        "**",
        "*",
        "_",
        "~~",
        "==",
    ),
    *(
        "[",
        "](",
        ")",
        "![",
        "[[",
        "]]",
        "[^1]",
        "[^1]: ",
        "^[",
        "|",
        "|-|-|\n",
        "---\n",
        "===\n",
        "`",
        "\\",
    ),
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "{% raw %}",
        "{% endraw %}",
        "{{< a >}}",
        "{:.a}",
        "<b>",
        "</b>",
        "<!--",
        "-->",
    ),
    *(
        "甲",
        "乙。",
        "a ",
        "http://a.cn ",
        "&nbsp;",
        "[x] ",
        "[!NOTE]",
        "[toc]",
        "$",
        "\ufdd01\ufdd1",
    ),
)
READERS = {
    "front matter": Reader(
        _front_matter,
        (
            *(
                "---\n",
                "---",
                "+++\n",
                "...\n",
                ";;;\n",
                "{",
                "}",
                '"title": ',
                '"题"',
                ",",
                "[",
                "]",
                "\n",
            ),
            *(
                "title：",
                ": ",
                "- ",
                "  ",
                "\t",
                "#",
                "&a ",
                "*a ",
                "!!python ",
                "|",
                ">",
                "'",
                '"',
                "% ",
                "= ",
            ),
            *(*_FIELDS, "[params]\n", "null", "1e999", "0x1", "2022-13-45", "甲", "@", "`", "<<: "),
        ),
    ),
    "file": Reader(_markdown_file, ("---\n", *_FIELDS, "draft: true\n", *_SIGNS, *_MARKUP)),
    "lines": Reader(
        _json_lines,
        (
            *(
                '{"title": "题", "body": "文"}',
                "\n",
                "{",
                "}",
                "[",
                "]",
                '"title": ',
                '"body": ',
                '"题"',
                ",",
            ),
            *(
                '"date": ',
                "1662350400",
                "1e999",
                "-1",
                "NaN",
                "null",
                "true",
                '"\\ud800"',
                '"\\u0000"',
            ),
            *(
                '"id": ',
                '"url": ',
                '"http://a.cn/"',
                '"tags": ',
                '"a"',
                ":",
                '"',
                "\\",
                '"body_format": "html"',
            ),
            *('"<p>甲</p>"', '"**甲**"', '"author": ', '{"name": "甲"}', "\ufeff", "9" * 400),
        ),
    ),
    "html": Reader(_html, _MARKUP),
    "markdown": Reader(_markdown, (*_SIGNS, *_MARKUP)),
    "query": Reader(
        _query,
        (
            *(
                "元宇宙",
                " ",
                "“",
                "”",
                '"',
                "「",
                "」",
                "(",
                ")",
                "（",
                "）",
                "-",
                "AND",
                "OR",
                "NOT",
                "且",
                "或",
            ),
            *(
                "不含",
                "NEAR/5",
                "NEAR",
                "标题：",
                "source:",
                "url:",
                "before:",
                "2022-09-05",
                "上周",
                "*",
                "?",
            ),
            *(
                "|",
                "，",
                "。",
                ":",
                "：",
                "..",
                "$",
                "5万",
                "％",
                "\\",
                "/",
                "http://a.cn/(b)",
                "title:(",
                "~",
            ),
        ),
    ),
    "cursor": Reader(
        _cursor,
        (
            "WzAsbnVsbF0",
            "W10",
            "WzEsWzEuNSwxMCwiYSJdXQ",
            ".",
            "=",
            "-",
            "_",
            "A",
            "b",
            "0",
            "甲",
            "\n",
        ),
    ),
    "values": Reader(
        _values,
        (
            *(
                "2022",
                "-",
                "年9月",
                "5日",
                "T",
                ":",
                "08",
                " ",
                "Z",
                "+08:00",
                "GMT",
                "Mon",
                "May",
                "下午",
                "@",
            ),
            *(
                "http://",
                "https:",
                "//",
                "a.cn",
                "/",
                "?",
                "#",
                "#!/",
                "&utm_source=",
                "%",
                "%2f",
                ":80",
                "[",
                "]",
            ),
            *("&amp;", "&#", "<b>", "</b>", "]]>", "<![CDATA[", ";", "元", "\\"),
        ),
    ),
}


def made_input(reader: str, number: int, seed: int) -> str:
    """Input `number` of a reader."""
    draw = random.Random(f"{seed} {reader} {number}")
    pieces = READERS[reader].pieces
    parts = [
        draw.choice(ODD) if draw.random() < 0.08 else draw.choice(pieces)
        for _ in range(draw.randint(1, MAX_PIECES))
    ]
    if draw.random() < 0.2:
        parts[draw.randrange(len(parts))] *= draw.randint(2, 60)
    text = "".join(parts)
    if draw.random() < 0.3:
        start, end = sorted(draw.randrange(len(text) + 1) for _ in range(2))
        text = text[:start] + draw.choice(("", text[start:end] * 2)) + text[end:]
    return text


def problem_of(reader: str, text: str) -> str:
    """What is wrong with how a reader takes an input, or ""."""
    begun = time.thread_time()
    try:
        READERS[reader].check(text)
    except Exception as problem:  # whatever it is
        return f"{type(problem).__name__}: {str(problem)[:200]}"
    took = time.thread_time() - begun
    return f"slow: {took:.1f} s" if took > SLOW else ""


def shortest(reader: str, text: str) -> str:
    """An input with parts left out as long as it fails in the same way."""
    kind = problem_of(reader, text).partition(":")[0]
    size = len(text) // 2
    while size:
        at = 0
        while at < len(text):
            less = text[:at] + text[at + size :]
            if problem_of(reader, less).partition(":")[0] == kind:
                text = less
            else:
                at += size
        size //= 2
    return text


def failures(reader: str, numbers: Sequence[int], seed: int) -> Iterator[Failure]:
    """Inputs that fail, each kind of problem once."""
    seen = set()
    for number in numbers:
        text = made_input(reader, number, seed)
        if (problem := problem_of(reader, text)) and problem[:40] not in seen:
            seen.add(problem[:40])
            yield Failure(reader, shortest(reader, text), problem)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=[*READERS])
    asked = parser.parse_args()
    found = 0
    for reader in [asked.only] if asked.only else READERS:
        begun = time.process_time()
        for failure in failures(reader, range(asked.inputs), asked.seed):
            found += 1
            print(json.dumps([reader, failure.text]), failure.problem, flush=True)
        print(f"{reader}: {asked.inputs:,} inputs, {time.process_time() - begun:.0f} s", flush=True)
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
