"""The documentation is complete and true: what users can type or read is described."""

import ast
import re
import shlex
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from index.settings import PREFIX, SETTINGS, Settings
from search.query.parsing import bounds, operators
from search.query.parsing.field_names import query_fields
from search.query.parsing.parser import parse
from search.query.parsing.tree import Hours, Period, understood
from search.query.planner import MAX_COMPARED_WORDS, MAX_EXPANDED_WORDS
from search.request import MAX_QUERY
from web.app import create_app
from web.cli.main import main
from web.http import params

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text("utf-8")
CHINESE_README = (ROOT / "README.zh-CN.md").read_text("utf-8")
LANGUAGE_PAGE = (DOCS / "use" / "query-language.md").read_text("utf-8")
PAGES_PAGE = (DOCS / "use" / "pages.md").read_text("utf-8")
JSON_PAGE = (DOCS / "use" / "json.md").read_text("utf-8")
FEEDS_PAGE = (DOCS / "use" / "feeds.md").read_text("utf-8")
SETTINGS_PAGE = (DOCS / "run" / "settings.md").read_text("utf-8")
COMMANDS_PAGE = (DOCS / "run" / "command-line.md").read_text("utf-8")
PAGES = [
    *sorted(ROOT.glob("*.md")),
    ROOT / "examples" / "README.md",
    *sorted(DOCS.rglob("*.md")),
]
EXAMPLES_DAY = date(2026, 11, 30)
"""The day that the examples of the query language are read on."""
MAX_README_LINES = 99


def _commands(group: click.Group, path: str) -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        full = f"{path} {name}"
        found |= _commands(command, full) if isinstance(command, click.Group) else {full: command}
    return found


COMMANDS = _commands(main, "yuansou")
EVERY_COMMAND = pytest.mark.parametrize(("name", "command"), COMMANDS.items(), ids=list(COMMANDS))
EVERY_PAGE = pytest.mark.parametrize(
    "page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES]
)


def _section(name: str) -> str:
    """The section of a command on the page of commands."""
    found = re.search(
        rf"^### `{name}(?: [^`]*)?`\n(.*?)(?=^##|\Z)", COMMANDS_PAGE, re.MULTILINE | re.DOTALL
    )
    assert found, f"no heading for {name}"
    return found[1]


def _rows(text: str) -> dict[str, str]:
    """Option → default, from the tables of options in a text."""
    rows = re.findall(r"^\| `(--[a-z-]+)[^`]*` \|([^|]*)\|", text, re.MULTILINE)
    return {option: default.strip(" `") for option, default in rows}


SHARED = _rows(COMMANDS_PAGE.partition("## Options that several")[2].partition("\n## ")[0])


def _options(command: click.Command) -> dict[str, click.Option]:
    return {param.opts[0]: param for param in command.params if isinstance(param, click.Option)}


def _default(option: click.Option) -> str:
    value = option.to_info_dict()["default"]
    if option.required:
        return "required"
    if option.is_flag or not isinstance(value, str | int | float):
        return f"setting {option.name}" if _is_setting(option) else ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _is_setting(option: click.Option) -> bool:
    return option.callback is not None


@EVERY_COMMAND
def test_every_option_is_on_the_page_of_commands(name: str, command: click.Command) -> None:
    """Every command and option is described."""
    section = _section(name)
    mentioned = set(re.findall(r"`(--[a-z-]+)", section))

    assert set(_options(command)) == mentioned
    assert command.help


@EVERY_COMMAND
def test_defaults_on_the_page_of_commands(name: str, command: click.Command) -> None:
    """Defaults on the page are those of the code."""
    written = SHARED | _rows(_section(name))
    told = {option: written[option].replace("`", "") for option in _options(command)}

    expected = {option: _default(each) for option, each in _options(command).items()}
    if name == "yuansou index copy":
        expected["--from"] = "setting engine"  # read by the command itself

    assert told == expected


@pytest.mark.parametrize("option", sorted(_options(main)))
def test_options_of_all_commands(option: str) -> None:
    """Options before the command are described."""
    assert f"`yuansou {option}" in COMMANDS_PAGE


def _default_on_page(value: Any) -> str:
    if value is None:
        return "none"
    return f"`{','.join(value) if isinstance(value, tuple) else value}`"


def test_the_table_of_settings() -> None:
    """The page has every setting with variable and default, and no other."""
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| ([^|]+) \|", SETTINGS_PAGE, re.MULTILINE)

    expected = {
        setting.name: (PREFIX + setting.name.upper(), _default_on_page(setting.default))
        for setting in SETTINGS
    }

    assert {name: (variable, default) for name, variable, default in rows} == expected


@pytest.mark.parametrize("name", sorted(params.NAMES))
def test_every_parameter_is_on_the_json_page(name: str) -> None:
    """The table of parameters is complete."""
    assert f"`{name}`" in JSON_PAGE


BOUNDS = {
    "500 characters": MAX_QUERY,
    "64 words": bounds.MAX_WORDS,
    "5 words with": bounds.MAX_WILDCARDS,
    "16 quotations": bounds.MAX_QUOTATIONS,
    "32 fields": bounds.MAX_CONDITIONS,
    "8 times": bounds.MAX_NEAR,
    "20 deep": bounds.MAX_BRACKET_DEPTH,
    "200 most common": MAX_EXPANDED_WORDS,
    "5,000 most common": MAX_COMPARED_WORDS,
    "alone 10;": operators.DEFAULT_GAP,
    "100 is the most": operators.MAX_GAP,
}


@pytest.mark.parametrize(("said", "number"), BOUNDS.items())
def test_bounds_on_the_page_of_the_language(said: str, number: int) -> None:
    """Every bound of a query is described with its number."""
    assert said in " ".join(LANGUAGE_PAGE.split())
    assert re.search(r"[\d,]+", said)[0] == f"{number:,}"  # type: ignore[index]


def test_times_on_the_page_of_the_language() -> None:
    """Every time in the table is understood."""
    table = LANGUAGE_PAGE.partition("| written | is |")[2].partition("\n\n")[0]
    for row in table.splitlines()[2:]:
        for written in re.findall("`(.+?)`", row.split("|")[1]):
            parsed = parse(f"时间：{written}", EXAMPLES_DAY)
            assert isinstance(parsed.tree, Period | Hours), written
            assert parsed.warnings == (), written


@pytest.mark.parametrize("name", sorted(query_fields()))
def test_every_field_is_on_the_page_of_the_language(name: str) -> None:
    """English and Chinese names of all query fields are described."""
    assert f"{name}:" in LANGUAGE_PAGE or f"{name}：" in LANGUAGE_PAGE


def _examples() -> list[tuple[str, str]]:
    table = LANGUAGE_PAGE.partition("## Examples")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(.+?)` \| `(.+?)` \|$", table, re.MULTILINE)


@pytest.mark.parametrize(("query", "line"), _examples(), ids=[query for query, _ in _examples()])
def test_examples_of_the_language_are_understood_so(query: str, line: str) -> None:
    """The parser reads each example as the page says."""
    assert understood(parse(query, EXAMPLES_DAY).tree) == line


@cache
def _routes() -> list[str]:
    rules = create_app(Settings(index_dir=Path("nowhere"))).url_map.iter_rules()
    return sorted(rule.rule for rule in rules)


FOR_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi")
FOR_CRAWLERS = ("/search.", "/opensearch", "/sitemap", "/robots")
NO_PAGES = (*FOR_PROGRAMS, *FOR_CRAWLERS, "/static", "/embed.js")


def test_every_json_route_is_documented() -> None:
    """Every address for programs is described."""
    routes = [route for route in _routes() if route.startswith(FOR_PROGRAMS)]

    assert routes
    assert [r for r in routes if re.sub(r"<path:\w+>", "<id>", r) not in JSON_PAGE] == []


def test_every_feed_and_file_for_crawlers_is_documented() -> None:
    """Every address for feed readers and crawlers is described."""
    routes = [route for route in _routes() if route.startswith(FOR_CRAWLERS)]

    assert routes
    assert [route for route in routes if f"`{route}`" not in FEEDS_PAGE] == []


def test_every_page_is_documented() -> None:
    """Every page for people is described."""
    rows = re.findall(r"^\| `([^`?<]+)", PAGES_PAGE, re.MULTILINE)
    routes = [route for route in _routes() if route != "/" and not route.startswith(NO_PAGES)]

    assert {route.partition("<")[0] for route in routes} == set(rows)


def test_the_readme_is_short() -> None:
    """The README has a limited number of lines; details have pages in docs/."""
    assert len(README.splitlines()) <= MAX_README_LINES
    assert len(CHINESE_README.splitlines()) <= MAX_README_LINES


def _shape(readme: str) -> dict[str, list[str]]:
    """Levels of headings, links except those between the READMEs, and code."""
    links = re.findall(r"\]\(([^)]+)\)", readme)
    blocks = re.findall(r"^```.*?^```", readme, re.MULTILINE | re.DOTALL)
    return {
        "headings": re.findall(r"^#+", readme, re.MULTILINE),
        "links": sorted(link for link in links if not link.startswith("README")),
        "code": [re.sub(r" +# .*", "", block) for block in blocks],
    }


def test_both_readmes_have_the_same_sections() -> None:
    """Headings, links and commands are the same in both languages."""
    assert _shape(README) == _shape(CHINESE_README)


def test_the_map_names_every_page() -> None:
    """docs/README.md leads to each page of docs/."""
    folder_map = (DOCS / "README.md").read_text("utf-8")
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}

    assert {page for page in pages if f"]({page})" not in folder_map} == set()


@EVERY_PAGE
def test_links_between_our_pages_lead_somewhere(page: Path) -> None:
    """A relative link names a file, and a heading in it, that exist."""
    targets = re.findall(r"\]\((?!https?://|mailto:)([^)\s]+)\)", page.read_text("utf-8"))

    missing = [target for target in targets if not _leads_somewhere(page, target)]

    assert missing == []


def _leads_somewhere(page: Path, target: str) -> bool:
    path, _, heading = target.partition("#")
    file = page.parent / path if path else page
    if not heading or not file.is_file():
        return file.exists()
    headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE)
    return heading in {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@EVERY_PAGE
def test_tests_that_our_pages_name_are_there(page: Path) -> None:
    """Tests named in the docs exist."""
    named = set(re.findall(r"`(test_\w+)(?:\.py)?`", page.read_text("utf-8")))
    files = list((ROOT / "tests").rglob("test_*.py"))
    known = {file.stem for file in files}
    for file in files:
        known |= set(re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE))

    assert named - known == set()


CURRENT = [page for page in PAGES if not re.match(r"\d{4}-", page.name)]
"""All but the lab books, which keep the names of their day."""


@pytest.mark.parametrize("page", CURRENT, ids=[str(page.relative_to(ROOT)) for page in CURRENT])
def test_files_that_our_pages_name_are_there(page: Path) -> None:
    """Modules and folders named in the docs exist."""
    folders = "index|search|web|seeds|tests|benchmarks|examples|docs|deploy"
    named = re.findall(rf"`((?:{folders})/[^`\s]*)`", page.read_text("utf-8"))

    missing = [name for name in named if not _is_there(name)]

    assert missing == []


def _is_there(name: str) -> bool:
    return "NAME" in name or "<" in name or "*" in name or (ROOT / name).exists()


def test_the_map_of_the_code_names_every_room() -> None:
    """ARCHITECTURE.md says what each module and folder directly in our packages is for."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    missing = []
    for package in ("index", "search", "web"):
        section = text.partition(f"## [{package}/]")[2].partition("\n## ")[0]
        modules = {path.name for path in (ROOT / package).glob("*.py")} - {"__init__.py"}
        rooms = {f"{path.parent.name}/" for path in (ROOT / package).glob("*/__init__.py")}
        missing += [f"{package}: {name}" for name in modules | rooms if f"`{name}`" not in section]

    assert sorted(missing) == []


def test_every_marker_is_explained() -> None:
    """CONTRIBUTING.md explains each marker of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    markers = {
        line.partition(":")[0] for line in project["tool"]["pytest"]["ini_options"]["markers"]
    }
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    first_cells = "".join(re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE))

    assert set(re.findall(r"`(\w+)`", first_cells)) == markers


@pytest.mark.parametrize("page", CURRENT, ids=[str(page.relative_to(ROOT)) for page in CURRENT])
def test_modules_that_are_run_are_there(page: Path) -> None:
    """Modules named after `python -m` exist."""
    named = re.findall(r"python -m ((?:benchmarks|tests|web)[\w.]*)", page.read_text("utf-8"))
    files = {name: ROOT.joinpath(*name.split(".")) for name in named}

    assert [
        name
        for name, file in files.items()
        if not file.with_suffix(".py").exists() and not (file / "__main__.py").exists()
    ] == []


def _defined() -> set[str]:
    """Classes, functions, types and attributes of classes that the code defines."""
    found: set[str] = set()
    for package in ("index", "search", "web"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef | ast.FunctionDef):
                    found.add(node.name)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    found.add(node.id)
    return found


def test_names_of_the_glossary_are_in_the_code() -> None:
    """Each class, function and attribute in its last column is defined under that name."""
    glossary = (DOCS / "glossary.md").read_text("utf-8")
    cells = re.findall(r"^\|.*\|([^|]*)\|$", glossary, re.MULTILINE)
    named = [name for cell in cells for name in re.findall(r"`([\w.]+)(?:\(\))?`", cell)]
    parts = {part for name in named for part in name.split(".")}

    assert len(parts) > 40
    assert parts - _defined() == set()


def _typed(page: Path) -> list[str]:
    """Commands that a page tells to type, in code spans and in blocks."""
    text = page.read_text("utf-8")
    spans = re.findall(r"`((?:yuansou|make) [^`]+)`", text)
    blocks = re.findall(r"^```(?:sh|toml|ini|yaml)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [part for block in blocks for part in re.split(r"\n|&&", block)]
    starts = re.compile(r"^\s*(?:\S*/bin/)?((?:yuansou|make) .*)")
    return spans + [found[1] for line in lines if (found := starts.match(line))]


def _is_command(typed: str) -> bool:
    words = shlex.split(typed, comments=True)
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text("utf-8")
        targets = [word for word in words[1:] if re.fullmatch(r"[a-z-]+", word)]
        return all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    command: click.Command = main
    options: set[str] = set(_options(main)) | {"--version", "--help", "-h"}
    for word in words[1:]:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
            options |= set(_options(command))
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    named = words[1:] and not words[1].startswith(("-", "…"))
    return given <= options and (command is not main or not named)


@EVERY_PAGE
def test_commands_that_our_pages_name_exist(page: Path) -> None:
    """Commands in the docs exist and have the options shown."""
    assert [typed for typed in _typed(page) if not _is_command(typed)] == []
