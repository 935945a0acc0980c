"""A release: its version, its notes, and whether an index must be rebuilt."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.engines.opensearch.schema import OPENSEARCH_FORMAT
from index.engines.whoosh.format import WhooshFormat
from web.cli.main import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
INDEX = re.compile(r"^Index: rebuild (?:needed|not needed)\b.*$", re.MULTILINE)
FORMATS = re.compile(r"(whoosh|tantivy|opensearch) (\d+)")


def sections(text: str) -> dict[str, str]:
    """The text under each `## ` heading, by heading, in order."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def faults(text: str) -> list[str]:
    """Breaks of the form of Keep a Changelog, and entries without the line on the index."""
    found = [] if text.startswith("# Changelog\n") else ["no title"]
    headings = [*sections(text)]
    if headings[:1] != ["[Unreleased]"]:
        found.append("[Unreleased] is not first")
    dates = []
    for heading in headings[1:]:
        release = re.fullmatch(r"\[\d+\.\d+\.\d+\] - (\d{4}-\d{2}-\d{2})", heading)
        if release is None:
            found.append(f"no version and date: {heading}")
            continue
        dates.append(date.fromisoformat(release[1]))
        if len(INDEX.findall(sections(text)[heading])) != 1:
            found.append(f"no index line: {heading}")
    if dates != sorted(dates, reverse=True):
        found.append("not the newest first")
    kinds = re.findall(r"^### (.+)$", text, re.MULTILINE)
    return found + [f"no kind of change: {kind}" for kind in kinds if kind not in KINDS]


def test_the_form() -> None:
    """CHANGELOG.md follows Keep a Changelog, for programs and people."""
    assert faults(CHANGELOG) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param("# Changelog\n", "# News\n", "no title", id="title"),
        pytest.param("## [Unreleased]\n", "", "[Unreleased] is not first", id="unreleased"),
        pytest.param(" - 2026-11-30", "", "no version and date: [0.1.0]", id="date"),
        pytest.param("Index: ", "", "no index line: [0.1.0] - 2026-11-30", id="index"),
        pytest.param("### Added", "### News", "no kind of change: News", id="kind"),
        pytest.param(
            "## [0.1.0]",
            "## [0.0.9] - 2026-01-01\nIndex: rebuild not needed.\n## [0.1.0]",
            "not the newest first",
            id="order",
        ),
    ],
)
def test_what_breaks_the_form(old: str, new: str, fault: str) -> None:
    """Each rule finds its fault."""
    text = (
        "# Changelog\n## [Unreleased]\n## [0.1.0] - 2026-11-30\nIndex: rebuild needed.\n### Added\n"
    )

    assert faults(text) == []
    assert faults(text.replace(old, new)) == [fault]


def test_the_version_is_one() -> None:
    """The package, the newest dated entry and `--version` agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    newest = [*sections(CHANGELOG)][1]
    said = CliRunner().invoke(main, ["--version"]).stdout

    assert newest.startswith(f"[{project['version']}] - ")
    assert said.split()[-1] == project["version"]


def written_formats() -> dict[str, int]:
    """Formats by engine, from the newest line on the index, unreleased ones included."""
    line = INDEX.search(CHANGELOG)
    assert line is not None
    return {engine: int(number) for engine, number in FORMATS.findall(line[0])}


def test_the_formats_are_those_of_the_notes() -> None:
    """A new format needs a note that indexes must be rebuilt."""
    written = written_formats()

    assert (written["whoosh"], written["opensearch"]) == (WhooshFormat.version, OPENSEARCH_FORMAT)


@pytest.mark.tantivy
def test_the_format_of_tantivy_is_that_of_the_notes() -> None:
    """The same for Tantivy, if its library is installed."""
    from index.engines.tantivy.format import TantivyFormat  # noqa: PLC0415

    assert written_formats()["tantivy"] == TantivyFormat.version
