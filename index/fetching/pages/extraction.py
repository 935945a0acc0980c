"""Finds the article in a web page. Only this module knows trafilatura, an extra.

Pages are bounded in size, and their reading in processor time: see extractor.py.
"""

import re
from importlib.util import find_spec

from index.errors import FeedsError, install_hint
from index.text.html import plain_text

LIBRARIES = ("trafilatura", "protego")
LEAST = 30
"""Characters that a page must have to have an article: what is shorter is a notice."""
_INDENT = re.compile("^    (?=<)", re.MULTILINE)
_BODY = re.compile(r"\A\s*<html>\s*<body>(.*)</body>\s*</html>\s*\Z", re.DOTALL)


def require_extra() -> None:
    """Raises FeedsError where the libraries of the extra are not installed."""
    for name in LIBRARIES:
        if find_spec(name) is None:
            raise FeedsError(
                f"有订阅源要取全文（full_text），但没有安装取全文的库（{name}）。",
                hint=install_hint("fulltext"),
            )


def article_html(page: str) -> str:
    """The article of a page, in HTML without pictures and links; "" where there is none.

    It is as unsafe as the page: sanitize it before anyone sees it.
    """
    from trafilatura import extract  # noqa: PLC0415 - an extra

    # Without `favor_precision` a short Chinese article comes with the navigation of its page: the
    # library's limits count characters of other scripts.
    found = extract(
        page,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        favor_precision=True,
    )
    inner = _BODY.match(found or "")
    html = _INDENT.sub("", inner[1]).strip() if inner else ""
    return html if len(plain_text(html, "html")) >= LEAST else ""
