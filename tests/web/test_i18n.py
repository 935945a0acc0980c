"""The message catalogue has every string of the page, and translations fit it."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from index.errors import SettingsError
from index.settings import Settings
from tests.support.visitors import visitor_of
from web.app import create_app

WEB = Path(__file__).parents[2] / "web"
CATALOGUE = WEB / "translations" / "messages.pot"
TRANSLATIONS = sorted((WEB / "translations").glob("*.po"))
HAN = re.compile(r"[\u4e00-\u9fff]")


def read(file: Path) -> Catalog:
    return read_po(io.BytesIO(file.read_bytes()))


def texts(file: Path) -> set[str]:
    return {str(message.id) for message in read(file) if message.id}


def test_the_catalogue_is_whole() -> None:
    """`make catalogue` would change nothing."""
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    keywords = {**DEFAULT_KEYWORDS, "msg": None, "described": None}
    found = {
        str(message)
        for folder in (WEB, WEB.parent / "search", WEB.parent / "index")
        for _, _, message, _, _ in extract_from_dir(folder, methods, keywords=keywords)
    }

    assert found == texts(CATALOGUE)


@pytest.mark.parametrize(
    "template", sorted((WEB / "templates").rglob("*.html")), ids=lambda p: p.name
)
def test_templates_hold_no_other_strings(template: Path) -> None:
    """Chinese in templates is inside `_()`, or an example of a query."""
    markup = re.sub(
        r"_\(\s*(\"[^\"]*\"|'[^']*')|\{#.*?#\}|q='[^']*'|join\(\"、\"\)",
        "",
        template.read_text("utf-8"),
    )

    assert HAN.findall(markup) == []


@pytest.mark.parametrize("file", [CATALOGUE, *TRANSLATIONS], ids=lambda p: p.name)
def test_strings_are_plain_text(file: Path) -> None:
    """Strings have no quotes and no markup, since they are used in attributes."""
    strings = [str(message.string or "") + str(message.id) for message in read(file) if message.id]

    assert [text for text in strings if re.search(r"[\"<>]", text)] == []


@pytest.mark.parametrize("file", TRANSLATIONS, ids=lambda p: p.name)
def test_a_translation_is_whole(file: Path) -> None:
    """Every string is translated, with the same placeholders."""
    assert texts(file) == texts(CATALOGUE)
    for message in read(file):
        if message.id:
            names = [
                sorted(re.findall(r"%\(\w+\)(?=s|02d)|\{n\}", str(t)))
                for t in (message.id, message.string)
            ]
            assert message.string, message.id
            assert names[0] == names[1], message.id


def test_another_language(tiny_root: Path) -> None:
    """The setting chooses the translation and the form of dates; the page declares its language."""
    page = visitor_of(tiny_root, language="en").page("/search", q="元宇宙")

    assert '<html lang="en">' in page
    assert ">Search<" in page
    assert ">2022-09-05</time>" in page


def test_an_unknown_language() -> None:
    """The message lists the languages there are."""
    with pytest.raises(SettingsError, match="zh_CN、en"):
        create_app(Settings(language="fr"))


@pytest.mark.parametrize(
    ("path", "args", "status", "said"),
    [
        pytest.param(
            "/search", {"q": "元宇宙 (银行"}, 200, "A parenthesis was not closed", id="warning"
        ),
        pytest.param(
            "/search",
            {"q": "来源:没有"},
            200,
            "No match for “没有” (Source). Common values:",
            id="a warning with values, one of them translated",
        ),
        pytest.param("/compare", {"q": ["元宇宙 (", "银行"]}, 200, "was not closed", id="compare"),
        pytest.param(
            "/search",
            {"from": "x"},
            400,
            "“x” is not a valid value for the parameter from.",
            id="error",
        ),
        pytest.param("/search", {"from": "x"}, 400, "Use a date such as", id="hint"),
        pytest.param("/nowhere", {}, 404, "Page not found.", id="not found"),
    ],
)
def test_messages_of_lower_layers(
    tiny_root: Path, path: str, args: dict[str, Any], status: int, said: str
) -> None:
    """Warnings and errors are translated on pages; the API always answers in Chinese."""
    visitor = visitor_of(tiny_root, language="en")

    assert said in visitor.page(path, status, **args)
    assert visitor.error("/api/v1/search", page=0)["message"] == "page 从 1 开始。"
