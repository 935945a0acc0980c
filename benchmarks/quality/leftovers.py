"""Counts articles in which markup is left over that their readers should not see.

python -m benchmarks.quality.leftovers PATH…    # a table with a row for each path
python -m benchmarks.quality.leftovers PATH --show '**'    # the places, with some text around

Code is left out: there such signs may mean themselves. With PYTHONPATH set to another checkout,
`python benchmarks/quality/leftovers.py` counts what that one leaves over.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.article import Article
from index.sources.reader import read_articles
from index.text.html import as_html, blocks, plain_text

SIGNS = ("**", "{%", "{{", "{:", "~~", "[^", "[x]", "[[", "==", "&amp;", "<font", "]]>", "\ufffd")
AROUND = 30
_CODE = re.compile(r"<(pre|code)(?=[\s>])[^>]*+>.*?</\1>", re.DOTALL | re.IGNORECASE)


def visible_text(article: Article) -> str:
    """Title and text as readers see them, without code."""
    if article.body_format == "text":
        text = plain_text(article.body, "text")
    else:
        text = "\n".join(blocks(_CODE.sub(" ", as_html(article.body, article.body_format))))
    return f"{article.title}\n{text}"


def counted(texts: Iterable[str]) -> Counter[str]:
    """Sign → the number of texts that have it; "" → the number of all texts."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts[""] += 1
        counts.update(sign for sign in SIGNS if sign in text)
    return counts


def places(text: str, sign: str) -> Iterator[str]:
    """Every place of a sign with the text around it, on one line."""
    for found in re.finditer(re.escape(sign), text):
        around = text[max(0, found.start() - AROUND) : found.end() + AROUND]
        yield around.replace("\n", " ⏎ ")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--show", metavar="SIGN")
    options = parser.parse_args()
    if not options.show:
        print("| path | articles | " + " | ".join(f"`{sign}`" for sign in SIGNS) + " |")
        print("|---" * (len(SIGNS) + 2) + "|")
    for path in options.paths:
        articles = (each for each in read_articles([path]) if isinstance(each, Article))
        if options.show:
            for article in articles:
                for place in places(visible_text(article), options.show):
                    print(f"{article.path}: {place}")
            continue
        counts = counted(map(visible_text, articles))
        row = [counts[sign] for sign in ("", *SIGNS)]
        print(f"| {path.name} | " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    main()
