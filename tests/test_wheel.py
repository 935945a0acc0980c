"""The wheel is complete: in an empty environment, away from the checkout, it does its job."""

import json
import subprocess
import sys
import venv
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"index", "search", "web", "seeds"}


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the wheel and its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    _run(*build, cwd=folder)
    venv.create(folder / "venv", with_pip=True)
    binaries = folder / "venv" / "bin"
    wheel = next(folder.glob("*.whl"))
    pip = [binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = [*pip, "--require-hashes", "--no-build-isolation"]
    _run(*locked, "-r", ROOT / "requirements" / "build.txt", cwd=folder)
    _run(*locked, "--use-pep517", "-r", ROOT / "requirements" / "run.txt", cwd=folder)
    _run(*pip, "--no-deps", wheel, cwd=folder)
    return binaries


def test_the_installed_wheel_builds_and_searches(installed: Path, tmp_path: Path) -> None:
    """Sample articles, lexicon and word lists travel in the wheel; jieba alone does the cutting."""
    command = [installed / "yuansou", "--index-dir", tmp_path / "index"]

    report = json.loads(_run(*command, "index", "rebuild", "--json", cwd=tmp_path))
    answer = json.loads(_run(*command, "search", "元宇宙", "--json", cwd=tmp_path))

    assert report["added"] >= 60
    assert answer["total"] > 5
    assert "<mark>元宇宙</mark>" in answer["hits"][0]["title_html"]


def test_no_dependency_ships_a_package_with_one_of_our_names() -> None:
    """`index`, `search`, `web` and `seeds` are common words: a clash would shadow our code."""
    clashes = []
    for distribution in distributions():
        if distribution.metadata["Name"] == "yuansou":
            continue
        tops = {Path(str(file)).parts[0].removesuffix(".py") for file in distribution.files or ()}
        clashes += [(distribution.metadata["Name"], name) for name in tops & OURS]

    assert clashes == []
