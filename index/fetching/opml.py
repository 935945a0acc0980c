"""Lists of feeds as OPML 2.0, which other readers import and export."""

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from index.errors import FeedsError
from index.fetching.reading.feed_encoding import decoded_feed, without_declaration
from index.fetching.subscriptions import Subscription, usable_name

_DOCTYPE = re.compile("<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
MAX_DEPTH = 20


def read_opml(data: bytes) -> list[Subscription]:
    """The feeds of a list; the folder of each becomes its category. Raises FeedsError."""
    text = without_declaration(decoded_feed(data).lstrip("\ufeff"))
    if _DOCTYPE.search(text):
        raise FeedsError("OPML 里有 DOCTYPE，为安全起见不读。", hint="请删去那一行再导入。")
    try:
        root = ET.fromstring(text)  # noqa: S314 - without a document type nothing expands
    except ET.ParseError as problem:
        raise FeedsError(f"这不是 OPML：{problem}。") from problem
    body = root.find("body")
    if root.tag != "opml" or body is None:
        raise FeedsError("这不是 OPML：没有 opml 和 body。")
    return list(_outlines(body, "", 0))


def _outlines(parent: ET.Element, folder: str, depth: int) -> Iterator[Subscription]:
    for outline in parent.findall("outline") if depth < MAX_DEPTH else ():
        title = outline.get("text") or outline.get("title") or ""
        url = (outline.get("xmlUrl") or "").strip()
        if url:
            category = outline.get("category", "").partition(",")[0].strip("/ ") or folder
            yield Subscription(usable_name(title), url, category)
        yield from _outlines(outline, folder if url else title.strip(), depth + 1)


def write_opml(subscriptions: Sequence[Subscription], title: str) -> str:
    """The list, with a folder for each category."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    folders: dict[str, ET.Element] = {}
    for each in subscriptions:
        parent = body
        if each.category:
            if each.category not in folders:
                folders[each.category] = ET.SubElement(body, "outline", text=each.category)
            parent = folders[each.category]
        ET.SubElement(parent, "outline", type="rss", text=each.name, xmlUrl=each.url)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'
