"""Documents follow the code: whatever a user can type or read is written down."""

import re
from pathlib import Path

import click
import pytest

from index.settings import SETTINGS, Settings
from search import lexer
from web import params
from web.app import create_app
from web.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
JSON_PAGE = (ROOT / "docs" / "use" / "json.md").read_text("utf-8")
FEEDS_PAGE = (ROOT / "docs" / "use" / "feeds.md").read_text("utf-8")
PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "examples/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


def _commands(group: click.Group, path: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        full = f"{path} {name}"
        is_group = isinstance(command, click.Group)
        found += _commands(command, full) if is_group else [(full, command)]
    return found


COMMANDS = _commands(main, "yuansou")


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_command_is_in_the_readme_and_has_help(name: str, command: click.Command) -> None:
    """A command nobody can read about does not exist for its users."""
    assert f"`{name}" in README
    assert command.help


@pytest.mark.parametrize("setting", [s.name for s in SETTINGS])
def test_every_setting_is_in_the_readme(setting: str) -> None:
    """The table of settings is complete."""
    assert f"`{setting}`" in README


@pytest.mark.parametrize("name", sorted(params.NAMES))
def test_every_parameter_is_in_the_readme_and_on_the_json_page(name: str) -> None:
    """The table of parameters is complete."""
    assert f"`{name}`" in README
    assert f"`{name}`" in JSON_PAGE


@pytest.mark.parametrize("name", sorted(lexer.FIELDS))
def test_every_field_operator_is_in_the_readme(name: str) -> None:
    """English field names and their Chinese twins are written down."""
    assert f"{name}:" in README or f"{name}：" in README


def _routes() -> list[str]:
    rules = create_app(Settings(index_dir=Path("nowhere"))).url_map.iter_rules()
    return sorted(rule.rule for rule in rules if rule.rule.startswith(("/api/", "/healthz")))


@pytest.mark.parametrize("route", _routes())
def test_every_json_route_is_documented(route: str) -> None:
    """A program's author finds every address."""
    address = re.sub(r"<path:\w+>", "<id>", route)

    assert address in README
    assert address in JSON_PAGE


def _feed_routes() -> list[str]:
    rules = create_app(Settings(index_dir=Path("nowhere"))).url_map.iter_rules()
    ours = ("feeds.", "opensearch.", "sitemap.")
    return sorted(rule.rule for rule in rules if rule.endpoint.startswith(ours))


@pytest.mark.parametrize("route", _feed_routes())
def test_every_feed_and_file_for_crawlers_is_documented(route: str) -> None:
    """Who subscribes, and who runs the site, finds every address."""
    assert f"`{route}`" in README
    assert f"`{route}`" in FEEDS_PAGE


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_between_our_pages_lead_somewhere(page: Path) -> None:
    """A link to a file of ours names a file that is there."""
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))

    missing = [target for target in targets if not (page.parent / target).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_tests_that_our_pages_name_are_there(page: Path) -> None:
    """Who reads that something is tested can read the test."""
    named = set(re.findall(r"`(test_\w+)(?:\.py)?`", page.read_text("utf-8")))
    files = list((ROOT / "tests").glob("test_*.py"))
    known = {file.stem for file in files}
    for file in files:
        known |= set(re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE))

    assert named - known == set()
