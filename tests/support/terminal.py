"""Runs commands as a person at a terminal does, and gives what they print."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.articles import ARTICLES, write_articles
from web.cli.main import main


class Terminal:
    """A person at a terminal in an empty folder, with a file of articles to index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "index"
        self.news = write_articles(folder / "news.jsonl", ARTICLES)

    def run(self, *words: str, status: int = 0, **environment: str) -> Result:
        command = ["--index-dir", str(self.root), *words]
        result = CliRunner().invoke(main, command, env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.exit_code == status, result.output
        return result

    def says(self, *words: str) -> str:
        return self.run(*words).stdout

    def json(self, *words: str, status: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", status=status).stdout)

    def fails(self, *words: str, status: int = 1, **environment: str) -> str:
        """The one line with which a command fails."""
        result = self.run(*words, status=status, **environment)
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        assert line.startswith("错误：")
        return line

    def generation(self) -> Path:
        name = (self.root / "CURRENT").read_text("utf-8")
        return self.root / "generations" / name


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in [name for name in os.environ if name.startswith("YUANSOU_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


@pytest.fixture
def built(terminal: Terminal) -> Terminal:
    """A terminal after `index rebuild`."""
    terminal.run("index", "rebuild", str(terminal.news))
    return terminal
