"""A program newer or older than the index: what starts, what is offered, what is kept."""

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.engines.api import Engine
from index.errors import IndexForeign, IndexOutdated
from index.lexicon.model import Lexicon
from index.settings import Settings
from index.takedowns import Takedowns
from tests.conftest import tantivy_engine, whoosh_engine
from tests.install.older import (
    NEW_FORMAT,
    OLD_ANALYZER,
    OLD_FORMAT,
    current_folder,
    rewrite_manifest,
)
from tests.support.articles import ARTICLES, write_articles
from tests.support.servers import COMMAND, serving
from tests.support.site import Site
from web.cli.index.outdated import rebuild_outdated
from web.cli.index.sources import remembered_sources, seed_articles
from web.cli.main import main
from web.serving.live_searcher import LiveSearcher

pytestmark = pytest.mark.slow

EMBEDDED = [
    pytest.param(whoosh_engine, id="whoosh"),
    pytest.param(tantivy_engine, id="tantivy", marks=pytest.mark.tantivy),
]


@pytest.fixture(params=EMBEDDED)
def old(request: pytest.FixtureRequest, tmp_path: Path, tiny_lexicon: Lexicon) -> Site:
    """Five of the six articles, indexed; one was taken down."""
    make: Callable[[Path], Engine] = request.param
    site = Site(make(tmp_path / "index"), tmp_path / "index", tiny_lexicon)
    site.builder.rebuild(site.write(*ARTICLES))
    site.builder.remove(["uniswap"], "投诉")
    return site


def serve_rebuild(site: Site, *, asked: bool = True) -> None:
    rebuild_outdated(Settings(index_dir=site.root, engine=site.engine.name), asked=asked)


@pytest.mark.parametrize(
    "changes", [pytest.param(OLD_FORMAT, id="format"), pytest.param(OLD_ANALYZER, id="analyzer")]
)
def test_an_older_index_is_rebuilt(old: Site, changes: dict[str, object]) -> None:
    """It keeps its articles except takedowns; the old generation stays for a rollback."""
    folder = current_folder(old.root)
    rewrite_manifest(folder, **changes)
    with pytest.raises(IndexOutdated, match="yuansou serve --rebuild"):
        old.engine.open()
    serve_rebuild(old)

    assert sorted(old.ids()) == sorted({a.id for a in ARTICLES} - {"uniswap"})
    assert current_folder(old.root) != folder
    assert old.engine.verify(folder.name) == []


def test_an_index_that_is_as_it_should_be_is_left_alone(old: Site) -> None:
    """`serve --rebuild` does nothing, so a unit file may always have it."""
    folder = current_folder(old.root)
    serve_rebuild(old)

    assert current_folder(old.root) == folder


def test_without_the_files_stored_articles_are_used(old: Site) -> None:
    """They keep the times at which they were first seen."""
    before = old.states()
    rewrite_manifest(current_folder(old.root), **OLD_ANALYZER)
    old.file.unlink()
    serve_rebuild(old)

    assert old.states() == before


def test_a_rebuild_from_the_files_keeps_the_times_too(old: Site) -> None:
    """An article is not new because the analyser changed."""
    before = old.states()
    rewrite_manifest(current_folder(old.root), **OLD_ANALYZER)
    report = old.builder.rebuild([old.file])

    assert (report.unchanged, report.added) == (5, 0)
    assert old.states() == before


def test_an_old_format_whose_files_are_gone(old: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """If neither index nor files can be read, it says what to do and changes nothing."""
    folder = current_folder(old.root)
    rewrite_manifest(folder, **OLD_FORMAT)
    old.file.unlink()
    serve_rebuild(old)

    told = capsys.readouterr().err
    assert f"上次的来源不在了：{old.file}" in told
    assert "yuansou index rebuild 并写明路径" in told
    assert "元搜 0.0.9 仍能使用它" in told
    assert current_folder(old.root) == folder


def test_files_that_hold_less_than_the_index(old: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """Articles that are only in the index, as when an inbox is overwritten daily, are not dropped
    unasked."""
    folder = current_folder(old.root)
    rewrite_manifest(folder, **OLD_FORMAT)
    old.write(*ARTICLES[:2])
    serve_rebuild(old)

    assert "来源里只有 2 篇文章，旧索引有 5 篇" in capsys.readouterr().err
    assert current_folder(old.root) == folder


def test_a_newer_index_is_not_rebuilt(old: Site) -> None:
    """An older program started by mistake does not replace it."""
    folder = current_folder(old.root)
    rewrite_manifest(folder, **NEW_FORMAT)
    serve_rebuild(old)

    assert current_folder(old.root) == folder
    with pytest.raises(IndexForeign, match=r"较新的元搜 9\.0 建成.*index rollback"):
        old.engine.open()


def test_back_to_the_older_program(old: Site) -> None:
    """A rollback skips generations of the newer program."""
    kept = old.engine.current()
    newer = [old.change(*articles).name for articles in (ARTICLES[:2], ARTICLES[:4])]
    for name in newer:
        rewrite_manifest(old.root / "generations" / name, **NEW_FORMAT)
    old.builder.rollback()

    assert old.engine.current() == kept
    assert len(old.ids()) == 5


def test_a_running_server_meets_a_newer_index(old: Site) -> None:
    """It keeps the generation it has."""
    live = LiveSearcher(old.engine, Takedowns(old.root))
    before = live.get().index.generation
    old.change(*ARTICLES[:2])
    rewrite_manifest(current_folder(old.root), **NEW_FORMAT)

    assert live.get().index.generation == before
    assert live.get().index.articles == 5


def test_the_samples_of_an_installation_that_is_gone(old: Site, tmp_path: Path) -> None:
    """Samples of another Python or folder are recognised as ours; other folders are not."""
    samples = tmp_path / "python3.11" / "site-packages" / "seeds" / "articles"
    for gone, expected in ((samples, seed_articles()), (tmp_path / "news", tmp_path / "news")):
        rewrite_manifest(current_folder(old.root), sources=[str(gone)])
        assert remembered_sources(old.engine) == [expected]


def outdated(root: Path) -> Path:
    """An index of an older format, and the file that it was built from."""
    news = write_articles(root.with_name("news.jsonl"), ARTICLES)
    rebuild = ["--index-dir", str(root), "index", "rebuild", str(news)]
    assert CliRunner().invoke(main, rebuild).exit_code == 0
    rewrite_manifest(current_folder(root), **OLD_FORMAT)
    return root


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "rebuilt"),
    [pytest.param("y", True, id="yes"), pytest.param("", False, id="nothing")],
)
def test_who_sits_at_the_terminal_is_asked(tmp_path: Path, answer: str, rebuilt: bool) -> None:
    """Nothing is rebuilt unless the answer is yes; the server starts either way."""
    root = outdated(tmp_path / "index")
    folder = current_folder(root)
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    server = [*COMMAND, "--index-dir", str(root), "serve", "--port", "0"]
    with subprocess.Popen(
        server, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        while "http://" not in line and line:
            line = process.stdout.readline()
        process.terminate()
        told = process.communicate()[1]
    os.close(ours)
    os.close(theirs)

    assert "现在重建吗？" in told
    assert "[y/N]" in told
    assert "http://127.0.0.1:" in line
    assert (current_folder(root) != folder) is rebuilt


@pytest.mark.slow
def test_without_a_terminal_the_command_is_printed(tmp_path: Path) -> None:
    """The command repeats the options that were given; pages say what the owner has to do."""
    root = outdated(tmp_path / "my index")
    log = tmp_path / "log"
    with log.open("w") as errors, serving(root, errors=errors) as server:
        connection = server.connect()
        connection.request("GET", "/api/v1/search?q=a")
        answer = connection.getresponse()
        body = json.loads(answer.read())
        connection.close()

    assert (answer.status, body["error"]["code"]) == (503, "index_outdated")
    assert re.search(
        r"请运行：yuansou --index-dir '.*/my index' serve --port 0 --rebuild\n",
        log.read_text("utf-8"),
    )
