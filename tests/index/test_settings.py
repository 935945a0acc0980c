"""Settings: one table, four origins, and errors that name the setting."""

import os
import re
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from index.errors import SettingsError
from index.settings import (
    PREFIX,
    SETTINGS,
    SETTINGS_FILE,
    Settings,
    explain,
    load,
    unknown_variables,
)


def in_file(folder: Path, text: str) -> Path:
    (folder / SETTINGS_FILE).write_text(text, "utf-8")
    return folder


def test_every_setting_has_a_help_text() -> None:
    """`yuansou settings` shows it."""
    assert all(row.help for row in SETTINGS)


def test_defaults(tmp_path: Path) -> None:
    """Without input, settings have the defaults; a default given as text is read the same."""
    assert load({}, {}, tmp_path) == Settings()
    for row in SETTINGS:
        assert row.default is None or row.read(row.default) == row.default


@pytest.mark.parametrize(
    ("given", "read"),
    [
        pytest.param("auto", "auto", id="one a core"),
        pytest.param("3", 3, id="a number"),
        pytest.param("0", None, id="none"),
        pytest.param("65", None, id="too many"),
        pytest.param("all", None, id="another word"),
    ],
)
def test_workers(tmp_path: Path, given: str, read: object) -> None:
    """A number, or a word."""
    if read is None:
        with pytest.raises(SettingsError, match="auto，或 1 到 64"):
            load({}, {"YUANSOU_WORKERS": given}, tmp_path)
    else:
        assert load({}, {"YUANSOU_WORKERS": given}, tmp_path).workers == read


def test_settings_are_frozen() -> None:
    """Settings cannot be changed."""
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("command_line", "environment", "text", "port", "origin"),
    [
        pytest.param({"port": 1}, {"YUANSOU_PORT": "2"}, "port = 3", 1, "命令行", id="all"),
        pytest.param(
            {"port": None}, {"YUANSOU_PORT": "2"}, "port = 3", 2, "YUANSOU_PORT", id="env"
        ),
        pytest.param({}, {}, "port = 3", 3, SETTINGS_FILE, id="file"),
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
    """Command line, then environment, then file, then default; `explain` names the origin."""
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
        pytest.param("cors_origins", "https://a.example.com", "https://a.example.com", id="origin"),
        pytest.param(
            "cors_origins", "https://a.example:8443/, *", "https://a.example:8443,*", id="origins"
        ),
        pytest.param("cors_origins", "", "", id="no origin"),
        pytest.param("site_name", " 甲 ", "甲", id="name"),
    ],
)
def test_values(tmp_path: Path, name: str, given: str, value: object) -> None:
    """Texts of the environment become typed values."""
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
        ("public_url", "https://"),
        ("public_url", "https://a.example:port"),
        ("public_url", "https://a.example/ b"),
        ("public_url", "https://a.example/?q=1"),
        ("public_url", "https://a.example/#top"),
        ("cors_origins", "a.example"),
        ("cors_origins", "https://a.example/news"),
        ("cors_origins", "null, https://a.example"),
        ("site_name", " "),
        ("trusted_proxies", "-1"),
    ],
)
def test_impossible_values(tmp_path: Path, name: str, given: str) -> None:
    """The message names the setting, the value and its origin."""
    variable = PREFIX + name.upper()
    with pytest.raises(
        SettingsError, match=f"{variable}.*{re.escape(f'{name}={given!r}')}"
    ) as caught:
        load({}, {variable: given}, tmp_path)
    assert caught.value.hint.startswith(f"{name}：")


def test_unknown_names(tmp_path: Path) -> None:
    """Unknown names in the file are an error that lists all of them."""
    folder = in_file(tmp_path, "prot = 1\nport = 2\nindexdir = 'x'\n")
    with pytest.raises(SettingsError, match="indexdir、prot"):
        load({}, {}, folder)


@pytest.mark.parametrize("text", ["port = ", "port = 1\nport = 2", "[port]\nx = 1"])
def test_unreadable_files(tmp_path: Path, text: str) -> None:
    """The message names the file, for invalid TOML and for tables in place of values."""
    with pytest.raises(SettingsError, match=SETTINGS_FILE):
        load({}, {}, in_file(tmp_path, text))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """The same for a file that is not UTF-8."""
    (tmp_path / SETTINGS_FILE).write_text("site_name = '元搜'", "gbk")
    with pytest.raises(SettingsError, match=SETTINGS_FILE):
        load({}, {}, tmp_path)


def test_the_environment_of_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments, the process's own environment and folder are used."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("YUANSOU_SITE_NAME", "甲")
    monkeypatch.chdir(in_file(tmp_path, "site_name = '乙'\nport = 9"))
    assert (load().site_name, load().port) == ("甲", 9)


def test_variables_that_nobody_reads() -> None:
    """Misspelled YUANSOU_ variables are reported; other variables are not."""
    given = {"YUANSOU_PROT": "1", "YUANSOU_PORT": "2", "PORT": "3", "YUANSOU_A": ""}
    assert unknown_variables(given) == ["YUANSOU_A", "YUANSOU_PROT"]
