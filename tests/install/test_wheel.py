"""The installed packages are complete: in an empty environment, outside the checkout, they work.

Installing downloads the dependencies as `pip` is configured here: from its cache, a mirror or the
public index. Nothing else is downloaded; the build uses what `make test` installed.
"""

import json
import os
import re
import subprocess
import sys
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path, PurePosixPath

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
OURS = {"index", "search", "web", "seeds"}
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("YUANSOU_", "PYTHON"))
}


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel built from it."""
    folder = tmp_path_factory.mktemp("built")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path) -> Path:
    """The bin folder of an environment with the wheel and its dependencies."""
    venv.create(built / "venv", with_pip=True)
    binaries = built / "venv" / "bin"
    wheel = next(built.glob("*.whl"))
    pip = [binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = [*pip, "--require-hashes", "--no-build-isolation"]
    _run(*locked, "-r", ROOT / "requirements" / "build.txt", cwd=built)
    _run(*locked, "--use-pep517", "-r", ROOT / "requirements" / "run.txt", cwd=built)
    _run(*pip, "--no-deps", wheel, cwd=built)
    _run(binaries / "python", "-m", "pip", "check", cwd=built)  # the wheel asks for what is locked
    return binaries


def _on_disk() -> set[str]:
    """Every file of the four packages, code and data."""
    files = (path for name in OURS for path in (ROOT / name).rglob("*") if path.is_file())
    return {
        path.relative_to(ROOT).as_posix() for path in files if path.parent.name != "__pycache__"
    }


@pytest.mark.slow
def test_the_wheel_holds_every_file(built: Path) -> None:
    """Templates, scripts, translations, word lists, lexicon and samples; and no other file."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert names == _on_disk()
    assert {PurePosixPath(name).suffix for name in names} >= {".html", ".js", ".po", ".toml", ".md"}


@pytest.mark.slow
def test_the_source_archive_holds_what_the_wheel_is_built_from(built: Path) -> None:
    """And README, licence and the like; no tests, tools or environment."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    beside = {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml", ".gitignore"}
    assert names == _on_disk() | beside


@pytest.mark.slow
def test_the_installed_wheel_builds_and_searches(installed: Path, tmp_path: Path) -> None:
    """Sample articles, lexicon and word lists are in the wheel."""
    assert "serve" in _run(installed / "yuansou", "--help", cwd=tmp_path)
    command = [installed / "yuansou", "--index-dir", tmp_path / "index"]

    report = json.loads(_run(*command, "index", "rebuild", "--json", cwd=tmp_path))
    answer = json.loads(_run(*command, "search", "元宇宙", "--json", cwd=tmp_path))

    assert report["added"] >= 60
    assert answer["total"] > 5
    assert "<mark>元宇宙</mark>" in answer["hits"][0]["title_html"]


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The address of `yuansou serve --seeds` in English."""
    command = [installed / "yuansou", "serve", "--seeds", "--port", "0"]
    environment = {**ENVIRONMENT, "YUANSOU_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        found = next(match for line in lines if (match := re.search(r"http://[0-9.]+:\d+", line)))
        yield found[0]
        process.terminate()


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode("utf-8"))


@pytest.mark.slow
def test_the_installed_wheel_serves(served: str) -> None:
    """The page in English, the files it loads, and the JSON."""
    page = _get(f"{served}/search?q=NFT")
    styles = re.findall(r'rel="stylesheet" href="([^"]+)"', page)

    assert json.loads(_get(f"{served}/healthz"))["index"]["articles"] >= 60
    assert json.loads(_get(f"{served}/api/v1/search?q=NFT"))["total"] > 1
    assert '<html lang="en"' in page
    assert "<mark>NFT</mark>" in page
    assert styles
    assert all("{" in _get(f"{served}{style}") for style in styles)
    assert "customElements" in _get(f"{served}/embed.js")


def _clashes(packages: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """Packages whose files have one of our top-level names, with the name."""
    found = []
    for package, files in packages.items():
        tops = {PurePosixPath(file).parts[0].removesuffix(".py") for file in files}
        found += [(package, name) for name in sorted(tops & OURS)]
    return found


@pytest.mark.parametrize("file", ["web/__init__.py", "web.py", "web/data.txt"])
def test_a_package_with_one_of_our_names(file: str) -> None:
    """As a module or as a folder."""
    assert _clashes({"other": [file, "other.py"], "fine": ["fine/web.py"]}) == [("other", "web")]


def test_no_dependency_ships_a_package_with_one_of_our_names() -> None:
    """`index`, `search`, `web` and `seeds` are common words: a clash would hide our code."""
    others = {
        each.metadata["Name"]: [str(file) for file in each.files or ()] for each in distributions()
    }
    del others["yuansou"]

    assert len(others) > 10
    assert _clashes(others) == []
