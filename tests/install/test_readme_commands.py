"""The README's commands, run as printed, do what it says."""

import gzip
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8000"
"""Where the README expects a server."""


def block(heading: str, language: str) -> list[str]:
    """The lines of the first code block in a language under a heading."""
    found = re.search(rf"^## {heading}\n.*?^```{language}\n(.*?)^```", README, re.M | re.S)
    assert found, heading
    return found[1].splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a README reader: `.venv`, some articles, and one JSON Lines file."""
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    (tmp_path / "path" / "to").mkdir(parents=True)
    samples = sorted((ROOT / "seeds" / "articles").glob("*.md"))[:5]
    (tmp_path / "path" / "to" / "articles").mkdir()
    for sample in samples:
        shutil.copy(sample, tmp_path / "path" / "to" / "articles")
    line = {
        "id": "mine",
        "title": "数字人民币走进校园",
        "body": "<p>元宇宙课堂也收数字人民币。</p>" * 12,
        "source": "校园日报",
        "date": "2022-09-05",
    }
    with gzip.open(tmp_path / "another.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(line, ensure_ascii=False) + "\n")
    return tmp_path


@contextmanager
def running(command: str, folder: Path) -> Iterator[str]:
    """Runs a README command that serves, on a free port; gives its address."""
    process = subprocess.Popen(
        shlex.split(command),
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "YUANSOU_PORT": "0", "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://[0-9.]+:\d+", process.stdout.readline())
        assert found
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def fetched(address: str) -> str:
    with urllib.request.urlopen(quote(address, safe=":/?&=%"), timeout=30) as answer:
        return str(answer.read().decode("utf-8"))


@pytest.mark.slow
def test_own_articles_and_another_page(folder: Path) -> None:
    """Three lines index and serve own articles; the API and the widget's script answer."""
    install, rebuild, serve = block("Your own articles", "sh")
    (curl,) = block("On another page", "sh")
    widget = "\n".join(block("On another page", "html"))
    script = re.search(r'src="([^"]+)"', widget)
    assert script

    done = subprocess.run(
        shlex.split(rebuild), cwd=folder, capture_output=True, text=True, check=False
    )
    with running(serve, folder) as address:
        found = json.loads(fetched(shlex.split(curl)[1].replace(ADDRESS, address)))
        code = fetched(script[1].replace(ADDRESS, address))

    assert install == "make install"
    assert (done.returncode, done.stderr) == (0, "")
    assert found["index"]["articles"] == 6
    assert "mine" in [hit["id"] for hit in found["hits"]]
    assert "yuansou-search" in code
