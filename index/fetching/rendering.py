"""Entries as article files, in the format of the archive's first articles, and back.

Front matter in YAML, then HTML in a `<div>`. Whatever an entry holds stays one value of the front
matter: text is quoted, and what YAML cannot hold is left out.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path, PurePosixPath

from index.dating.date_estimates import EARLIEST
from index.fetching.identity import FULL_TEXTS, FullText, Identified, KnownArticle, telling_link
from index.fetching.reading.entries import FeedEntry
from index.fetching.subscriptions import Subscription
from index.sources.front_matter import parted
from index.sources.yaml_fields import FrontMatterError
from index.text.dates import SHANGHAI, parse_date
from index.text.html import collapse, plain_text, valid_unicode
from index.text.urls import canonical_url

AHEAD = 600
"""Seconds by which a date may lie in the future, as clocks differ."""

_NOT_IN_YAML = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\u2060\ufeff\ufffe\uffff]+")
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]+")


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """What a file is made from. `first_seen` and `changed_at` (0: never) in seconds since 1970.
    `published`: the date that is used, None where the entry's own is missing or in the future."""

    id: str
    source: str
    category: str
    language: str
    entry: FeedEntry
    guid: str
    first_seen: int
    published: int | None
    changed_at: int = 0
    full_text: FullText = ""


def article_file(
    each: Identified, of: Subscription, now: int, known: KnownArticle | None = None
) -> ArticleFile:
    """The file of an entry that is read at `now`. What is known already keeps its id and dates."""
    return ArticleFile(
        id=known.id if known else each.id,
        source=of.name,
        category=of.category,
        language=of.language,
        entry=each.entry,
        guid=each.guid,
        first_seen=known.first_seen if known else now,
        published=known.published if known else usable_date(each.entry, now),
        changed_at=now if known else 0,
    )


def usable_date(entry: FeedEntry, now: int) -> int | None:
    """When it was published; None for a date that has not come yet, which would put it first, and
    for one before the web."""
    if entry.published is None or entry.published.date() < EARLIEST:
        return None
    moment = int(entry.published.timestamp())
    return moment if moment <= now + AHEAD else None


def path_of(file: ArticleFile) -> str:
    """Where a file goes, below the folder of articles: `<source>/<yyyy>/<mm>/<id>.md`."""
    day = datetime.fromtimestamp(file.published or file.first_seen, SHANGHAI)
    return f"{file.source}/{day:%Y}/{day:%m}/{file.id}.md"


def render(file: ArticleFile) -> str:
    """The text of a file."""
    entry = file.entry
    categories = dict.fromkeys(filter(None, (file.category, file.source, *entry.categories)))
    lines = ["", "---", f"title: {_quoted(entry.title)}", "categories: "]
    lines += [f" - {_quoted(name)}" for name in categories]
    if entry.image:
        lines.append(f"headimg: {_quoted(entry.image)}")
    lines.append(f"author: {_quoted(entry.author or file.source)}")
    lines.append("comments: false")
    if file.published is not None:
        lines.append(f"date: {_moment(file.published)}")
    elif entry.stated:
        lines.append(f"stated_date: {_quoted(entry.stated)}")
    if entry.image:
        lines.append(f"thumbnail: {_quoted(entry.image)}")
    lines.append(f"source: {_quoted(file.source)}")
    if entry.link:
        lines.append(f"link: {_quoted(entry.link)}")
    if file.guid:
        lines.append(f"guid: {_quoted(file.guid)}")
    if file.language:
        lines.append(f"language: {_quoted(file.language)}")
    lines += [f"id: {_quoted(file.id)}", f"first_seen: {_moment(file.first_seen)}"]
    if file.changed_at:
        lines.append(f"changed: {_moment(file.changed_at)}")
    if file.full_text:
        lines.append(f"full_text: {file.full_text}")
    return "\n".join([*lines, "---", "", _body(entry.body), ""])


def with_full_text(text: str, html: str) -> str:
    """The text of a file that waits for the text of its page, with it; "" for `html`: with the word
    that the page gave none. A file that does not wait for one stays."""
    front = _FRONT.match(text)
    if front is None or not _PENDING.search(front[0]):
        return text
    head = _PENDING.sub("full_text: page" if html else "full_text: none", front[0], count=1)
    return f"{head}\n{_body(html)}\n" if html else f"{head}{text[front.end() :]}"


def digest_of(title: str, body: str, full_text: FullText = "") -> str:
    """A hash of what a reader sees of an article, so that new markup around the same words is no
    change. The feed's text is none where that of the page stands in its place."""
    if full_text == "page":
        body = ""
    text = f"{_line(title)}\x1f{collapse(plain_text(_body(body), 'html'))}"
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def read_back(root: Path, path: str) -> KnownArticle | None:
    """What a file says of itself; None if it is not one of ours."""
    try:
        text = (root / path).read_text("utf-8").lstrip("\n")
        fields, body = parted(text)
    except (OSError, UnicodeDecodeError, FrontMatterError):
        return None
    seen, published = parse_date(fields.get("first_seen")), parse_date(fields.get("date"))
    article_id, guid, title, stated = (
        str(fields.get(name) or "") for name in ("id", "guid", "title", "full_text")
    )
    full_text = next((each for each in FULL_TEXTS if each == stated), FULL_TEXTS[0])
    if not seen or not article_id or PurePosixPath(path).stem != article_id:
        return None
    return KnownArticle(
        id=article_id,
        source=PurePosixPath(path).parts[0],
        path=path,
        guid=guid,
        link=telling_link(article_id, guid, canonical_url(str(fields.get("link") or ""))),
        digest=digest_of(title, body_of(body), full_text),
        first_seen=int(seen.timestamp()),
        published=int(published.timestamp()) if published else None,
        full_text=full_text,
    )


def last_change(place: Path) -> int:
    """When title or text of a file last changed, as it says itself; 0 if they never did."""
    try:
        fields, _ = parted(place.read_text("utf-8").lstrip("\n"))
    except (OSError, UnicodeDecodeError, FrontMatterError):
        return 0
    changed = parse_date(fields.get("changed"))
    return int(changed.timestamp()) if changed else 0


def known_from(file: ArticleFile, path: str) -> KnownArticle:
    """What is remembered of a file that was written: the same as reading it back gives."""
    return KnownArticle(
        id=file.id,
        source=file.source,
        path=path,
        guid=_line(file.guid),
        link=telling_link(file.id, _line(file.guid), file.entry.link),
        digest=digest_of(file.entry.title, file.entry.body, file.full_text),
        first_seen=file.first_seen,
        published=file.published,
        full_text=file.full_text,
    )


def _quoted(text: str) -> str:
    return "'" + _line(text).replace("'", "''") + "'"


def _line(text: str) -> str:
    return collapse(_NOT_IN_YAML.sub(" ", valid_unicode(text)))


def _moment(seconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


_FRONT = re.compile(r"\A\s*---[ \t]*\n(?:.*\n)*?---[ \t]*\n")
_PENDING = re.compile("^full_text: pending$", re.MULTILINE)
_BEFORE, _AFTER = "<div>   \n", "\n</div>"


def _body(body: str) -> str:
    text = valid_unicode(body).replace("\r\n", "\n").replace("\r", "\n")
    return f"{_BEFORE}{_NOT_IN_TEXT.sub('', text).strip()}{_AFTER}"


def body_of(body: str) -> str:
    """The HTML in what follows the front matter of a file."""
    return body.strip().removeprefix(_BEFORE).removesuffix(_AFTER)
