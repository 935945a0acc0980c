"""Writes feeds as RSS 2.0 and Atom. The only module that uses feedgenerator."""

from datetime import datetime
from typing import Any

from feedgenerator import Atom1Feed, Rss201rev2Feed

from web.feeds.entries import Entry, Feed
from web.http.site import ARTICLE_LANGUAGE
from web.i18n import gettext as _

"""Language of the articles, independent of the language of the pages."""


class _Dated:
    """Uses the feed's own time of change. For an empty feed the library would use now."""

    feed: dict[str, Any]

    def latest_post_date(self) -> datetime:
        moment: datetime = self.feed["updated"]
        return moment


class _Rss(_Dated, Rss201rev2Feed):
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["next"]:
            link = {"rel": "next", "href": self.feed["next"]}
            handler.addQuickElement("atom:link", None, link)


class _Atom(_Dated, Atom1Feed):
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["next"]:
            handler.addQuickElement("link", None, {"rel": "next", "href": self.feed["next"]})


def rss(feed: Feed) -> bytes:
    """https://www.rssboard.org/rss-specification"""
    return _written(_Rss, feed, nobody=None)


def atom(feed: Feed) -> bytes:
    """https://www.rfc-editor.org/rfc/rfc4287; pages by RFC 5005."""
    # Entries without an author would inherit the feed's author, which is this site.
    return _written(_Atom, feed, nobody=_("未署名"))


def _written(kind: Any, feed: Feed, *, nobody: str | None) -> bytes:
    writer = kind(
        title=feed.title,
        link=feed.home,
        description=feed.description,
        language=ARTICLE_LANGUAGE,
        author_name=feed.author,
        feed_url=feed.address,
        feed_guid=feed.address,
        updated=feed.updated,
        next=feed.next,
    )
    for entry in feed.entries:
        writer.add_item(**_item(entry, feed, nobody))
    text: str = writer.writeString("utf-8")
    return text.encode()


def _item(entry: Entry, feed: Feed, nobody: str | None) -> dict[str, Any]:
    return {
        "title": entry.title,
        # Both formats require a link. Entries without one get the address of the results.
        "link": entry.link or feed.home,
        "description": entry.html,
        "author_name": entry.byline or nobody,
        "pubdate": entry.published,
        "updateddate": entry.updated,
        "unique_id": entry.id,
        "unique_id_is_permalink": False,
        "categories": entry.topics,
    }
