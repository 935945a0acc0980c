"""Settings: one table, four places they come from, and every mistake named."""

import os
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from index.errors import SettingsError
from index.settings import FILE, PREFIX, SETTINGS, Settings, explain, load, unknown_variables


def in_file(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, "utf-8")
    return folder


def test_every_setting_has_a_help_text() -> None:
    """`yuansou settings` explains each of them."""
    assert all(row.help for row in SETTINGS)


def test_defaults(tmp_path: Path) -> None:
    """With nothing given, the table's values; reading a default gives the default."""
    assert load({}, {}, tmp_path) == Settings()
    for row in SETTINGS:
        assert row.default is None or row.read(row.default) == row.default


def test_settings_are_frozen() -> None:
    """Nobody changes them under others' feet."""
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("command_line", "environment", "text", "port", "origin"),
    [
        pytest.param({"port": 1}, {"YUANSOU_PORT": "2"}, "port = 3", 1, "命令行", id="all"),
        pytest.param(
            {"port": None}, {"YUANSOU_PORT": "2"}, "port = 3", 2, "YUANSOU_PORT", id="env"
        ),
        pytest.param({}, {}, "port = 3", 3, FILE, id="file"),
        pytest.param({}, {}, "", 8000, "默认", id="default"),
    ],
)
def test_precedence(  # noqa: PLR0917
    tmp_path: Path,
    command_line: dict[str, Any],
    environment: dict[str, str],
    text: str,
    port: int,
    origin: str,
) -> None:
    """Command line, then environment, then file, then default; `explain` says which."""
    folder = in_file(tmp_path, text)
    assert load(command_line, environment, folder).port == port
    (row,) = [o for o in explain(command_line, environment, folder) if o.setting.name == "port"]
    assert (row.value, row.origin) == (port, origin)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        pytest.param("index_dir", "~/var", Path.home() / "var", id="home"),
        pytest.param("port", "0", 0, id="port"),
        pytest.param("public_url", "https://a.example.com/news/", "https://a.example.com/news"),
        pytest.param("public_url", "", None, id="no address"),
        pytest.param("article_page", "off", "off", id="choice"),
        pytest.param("trusted_proxies", "2", 2, id="proxies"),
        pytest.param("cors_origins", "https://a.example.com", "https://a.example.com", id="text"),
    ],
)
def test_values(tmp_path: Path, name: str, given: str, value: object) -> None:
    """Text from the environment becomes the value it stands for."""
    assert getattr(load({}, {PREFIX + name.upper(): given}, tmp_path), name) == value


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("port", "http"),
        ("port", "65536"),
        ("port", "-1"),
        ("engine", "lucene"),
        ("article_page", "Full"),
        ("public_url", "a.example.com"),
        ("trusted_proxies", "-1"),
    ],
)
def test_impossible_values(tmp_path: Path, name: str, given: str) -> None:
    """The message names the setting, the value and where it stands."""
    variable = PREFIX + name.upper()
    with pytest.raises(SettingsError, match=f"{variable}.*{name}={given!r}") as caught:
        load({}, {variable: given}, tmp_path)
    assert "yuansou settings" in caught.value.hint


def test_unknown_names(tmp_path: Path) -> None:
    """A name in the file that no row has is a typing error, all of them at once."""
    folder = in_file(tmp_path, "prot = 1\nport = 2\nindexdir = 'x'\n")
    with pytest.raises(SettingsError, match="indexdir、prot"):
        load({}, {}, folder)


@pytest.mark.parametrize("text", ["port = ", "port = 1\nport = 2", "[port]\nx = 1"])
def test_unreadable_files(tmp_path: Path, text: str) -> None:
    """A file that is no TOML, or a table where a value should be, is named."""
    with pytest.raises(SettingsError, match=FILE):
        load({}, {}, in_file(tmp_path, text))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """Nor one that is not UTF-8."""
    (tmp_path / FILE).write_text("site_name = '元搜'", "gbk")
    with pytest.raises(SettingsError, match=FILE):
        load({}, {}, tmp_path)


def test_the_environment_of_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments, the process's own environment and folder count."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("YUANSOU_SITE_NAME", "甲")
    monkeypatch.chdir(in_file(tmp_path, "site_name = '乙'\nport = 9"))
    assert (load().site_name, load().port) == ("甲", 9)


def test_variables_that_nobody_reads() -> None:
    """A slip in a name is told; other programs' variables are none of our business."""
    given = {"YUANSOU_PROT": "1", "YUANSOU_PORT": "2", "PORT": "3", "YUANSOU_A": ""}
    assert unknown_variables(given) == ["YUANSOU_A", "YUANSOU_PROT"]
