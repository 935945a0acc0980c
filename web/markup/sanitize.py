"""Sanitizes the markup of articles for our pages. The only module that calls bleach.

bleach has reached its end of life. docs/decisions/sanitizer.md names the replacement, and explains
why everything else calls one function, `safe_html`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from bleach import html5lib_shim, sanitizer
from markupsafe import Markup

from index.article_bounds import beginning
from index.text.html import as_html, visible_markup
from search.response import ArticleView
from web.markup.addresses import link_address, may_be_source, picture_address

MAX_MARKUP = 100_000
"""Characters of a body that a page shows: bleach took 18.8 s for 1 MB of dense markup. Longest of
35,287 articles: 20,002."""
MAX_PICTURES = 300
"""Pictures that a page links to; articles have up to 74."""
MAX_TAGS = 4_000
MAX_TAG_DEPTH = 1_000
"""Tags open at once. html5lib searches all of them repeatedly."""
MAX_ENTITIES = 20_000
"""`&` characters. bleach expands each lone one to `&amp;`: 200 KB of them took 4 s."""
MAX_FORMATTING = 12
"""Formatting tags open at once. HTML5 reopens all of them in each block, so the cost is quadratic:
13 KB of `<p><i a=0>x<p><i a=1>x` took 7 s. Articles have up to five."""
EXCERPT = 200
"""Characters of an article that are shown with the setting `article_page = "excerpt"`."""

TAGS = frozenset(
    "a abbr b blockquote br caption cite code col colgroup dd del div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s section small span strong sub sup "
    "table tbody td tfoot th thead tr u ul article header footer center".split()
)
ATTRIBUTES = {
    "a": ["href", "title"],
    "img": lambda tag, name, value: name in ("src", "alt") or may_be_source(tag, name, value),
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan"],
    "ol": ["start"],
}
PROTOCOLS = frozenset(("http", "https", "mailto"))
_FORMATTING = re.compile(
    r"<(?P<end>/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])",
    re.IGNORECASE,
)
_CONTAINER = re.compile(
    r"<(?P<end>/?)(?!(?:area|base|br|col|embed|hr|img|input|link|meta|p|source|track|wbr)\b)[a-z]",
    re.IGNORECASE,
)
LINK_RELATION = "noopener noreferrer nofollow"


@dataclass(frozen=True, slots=True)
class PageBody:
    """The body of an article for the page. `whole`: whether nothing was left out for its length."""

    html: Markup
    whole: bool


def page_body(view: ArticleView) -> PageBody:
    """The article's body for the page, or its beginning if it is very long."""
    stored = view.stored
    body, body_format, text = stored["body"], stored["body_format"], stored["text"]
    shown = beginning(body, body_format, MAX_MARKUP, 2 * MAX_TAGS)
    markup = as_html(shown, body_format)
    if body_format == "markdown" and _too_costly(markup):
        # A sign of Markdown may become two tags.
        shown = beginning(body, body_format, MAX_MARKUP, MAX_TAGS)
        markup = as_html(shown, body_format)
    if body_format == "text" or _too_costly(markup):
        return _paragraphs(text)
    pictures: list[str] = []
    html = _cleaned(markup, stored["url"], pictures)
    return PageBody(html, shown is body and len(pictures) <= MAX_PICTURES)


def excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"


def safe_html(markup: str, page: str | None = None) -> Markup:
    """Keep only the tags, attributes and protocols above; turn images into links to them.

    `page`: the article's own address, which relative addresses count from.
    """
    return _cleaned(markup, page, [])


def _cleaned(markup: str, page: str | None, pictures: list[str]) -> Markup:
    """`pictures` takes the addresses of all pictures, also of those beyond MAX_PICTURES."""
    cleaned = _cleaner(page, pictures).clean(visible_markup(markup))
    # Once more, because the parser may have moved text out of tables.
    return Markup(visible_markup(cleaned))  # noqa: S704 - that is its purpose


def _too_costly(markup: str) -> bool:
    return (
        len(markup) > MAX_MARKUP
        or markup.count("<") > 2 * MAX_TAGS
        or markup.count("&") > MAX_ENTITIES
        or _opens_more(markup, _FORMATTING, MAX_FORMATTING)
        or _opens_more(markup, _CONTAINER, MAX_TAG_DEPTH)
    )


def _opens_more(markup: str, tags: re.Pattern[str], limit: int) -> bool:
    opened = 0
    for tag in tags.finditer(markup):
        opened = max(0, opened - 1) if tag["end"] else opened + 1
        if opened > limit:
            return True
    return False


def _paragraphs(text: str) -> PageBody:
    blocks = beginning(text, "text", MAX_MARKUP, 0).split("\n")[:MAX_TAGS]
    html = Markup("\n").join(Markup("<p>{}</p>").format(block) for block in blocks)
    return PageBody(html, "\n".join(blocks) == text)


def _cleaner(page: str | None, pictures: list[str]) -> Any:
    return sanitizer.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        protocols=PROTOCOLS,
        strip=True,
        strip_comments=True,
        filters=[partial(_OutwardLinks, page=page, pictures=pictures)],
    )


class _OutwardLinks(html5lib_shim.Filter):
    """Completes addresses, and turns images into links, so that reading sends no IP address to
    other sites."""

    def __init__(self, source: Any, page: str | None, pictures: list[str]) -> None:
        super().__init__(source)
        self._page = page
        self._pictures = pictures

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in super().__iter__():
            if token["type"] in ("EmptyTag", "StartTag") and token["name"] == "img":
                yield from self._image_link(token["data"])
            else:
                if token["type"] == "StartTag" and token["name"] == "a":
                    _lead_outward(token["data"], self._page)
                yield token

    def _image_link(self, attributes: dict[Any, str]) -> Iterator[dict[str, Any]]:
        source = picture_address(
            {name: value for (_, name), value in attributes.items()}, self._page
        )
        if not source:
            return
        self._pictures.append(source)
        if len(self._pictures) > MAX_PICTURES:
            return
        label = f"图片：{attributes.get((None, 'alt')) or source.rsplit('/', 1)[-1]}"
        data = {
            (None, "class"): "image-link",
            (None, "href"): source,
            (None, "rel"): LINK_RELATION,
            # As an attribute, so that the text of the page stays that of the article.
            (None, "aria-label"): label,
            (None, "data-label"): label,
        }
        yield {"type": "StartTag", "name": "a", "data": data}
        yield {"type": "EndTag", "name": "a", "data": {}}


def _lead_outward(attributes: dict[Any, str], page: str | None) -> None:
    href = link_address(attributes.pop((None, "href"), ""), page)
    if href:
        attributes[(None, "href")] = href
    attributes[(None, "rel")] = LINK_RELATION
