"""All results of a query, page by page, with Python's standard library alone.

python3 python_client.py '数字人民币 试点' --limit 20 --site http://127.0.0.1:8000
"""

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

PER_PAGE = 50


class SearchError(Exception):
    """What the server answers instead of results: `code` never changes, the text is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def get(site: str, path: str, **parameters: str | int) -> dict[str, Any]:
    """The JSON at an address of the site; raises SearchError."""
    try:
        with urlopen(f"{site}{path}?{urlencode(parameters)}", timeout=10) as answer:  # noqa: S310
            return json.load(answer)
    except HTTPError as error:
        problem = json.load(error)["error"]
        message = " ".join(filter(None, [problem["message"], problem["hint"]]))
        raise SearchError(problem["code"], message) from error
    except URLError as error:
        raise SearchError("unreachable", f"连不上 {site}：{error.reason}") from error


def search(site: str, q: str, **parameters: str) -> Iterator[dict[str, Any]]:
    """Every hit, also past the first 1,000: each answer says by `cursor` where the next begins."""
    wanted = {"q": q, "per_page": PER_PAGE, "facets": "", **parameters}
    while True:
        answer = get(site, "/api/v1/search", **wanted)
        yield from answer["hits"]
        if not answer["cursor"]:
            return
        wanted["cursor"] = answer["cursor"]


def bracketed(text: str, marks: list[list[int]]) -> str:
    """The text with what the query matched in 【】. Python's strings count as marks do."""
    parts, position = [], 0
    for start, end in marks:
        parts += [text[position:start], "【", text[start:end], "】"]
        position = end
    return "".join([*parts, text[position:]])


def main() -> int:
    parser = argparse.ArgumentParser(description="在元搜里查")
    parser.add_argument("query")
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--sort", default="relevance")
    parser.add_argument("--limit", type=int, default=10)
    given = parser.parse_args()
    try:
        for hit in islice(search(given.site, given.query, sort=given.sort), given.limit):
            day = (hit["published_at"] or "日期不详")[:10]
            print(f"{day}  {hit['source'] or '来源不详'}")
            print(f"  {bracketed(hit['title'], hit['title_marks'])}")
            print(f"  {hit['page'] or hit['url'] or hit['id']}")
    except SearchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
