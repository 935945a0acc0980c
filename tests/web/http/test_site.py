"""Addresses of the site: built fast, and the same as Flask builds."""

import pytest
from flask import url_for
from hypothesis import given
from hypothesis import strategies as st

from index.settings import Settings
from web.app import create_app
from web.http.site import site

APP = create_app(Settings())
ids = st.text(st.characters(codec="utf-8"), min_size=1) | st.sampled_from(
    ("@id@", "a/b?c#d", "/x/")
)


@given(ids)
def test_pages_of_articles_and_stories(given_id: str) -> None:
    """Whatever characters an id has."""
    with APP.test_request_context("/search"):
        path = url_for("pages.article", article_id=given_id)
        assert site().article_path(given_id) == path
        assert site().story_path(given_id) == url_for("explore.story", story=given_id)


@pytest.mark.parametrize("root", ["", "/news"])
def test_remembered_addresses_are_of_their_folder(root: str) -> None:
    """A proxy's prefix is part of what is remembered."""
    with APP.test_request_context("/search", base_url=f"http://localhost{root}"):
        for q in ("元宇宙", "元 宇宙", "元宇宙"):
            assert site().path("pages.search", q=q) == url_for("pages.search", q=q)
            assert site().path("pages.search", q=q).startswith(f"{root}/search?q=")
