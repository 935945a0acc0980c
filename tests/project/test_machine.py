"""Finding programs on a machine: browsers under many names, Java of a usable version."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import machine

ROOT = Path(__file__).parents[2]
Put = Callable[..., str]


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without programs."""
    for name in ("YUANSOU_BROWSER", "JAVA_HOME", "OPENSEARCH_JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(machine, "APPLICATIONS", (tmp_path / "Applications",))
    monkeypatch.setattr(machine, "PLAYWRIGHT_BROWSERS", tmp_path / "ms-playwright")


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Installs a fake program and returns its path."""

    def made(path: str, script: str = "exit 1") -> str:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        file.chmod(0o755)
        return str(file)

    return made


@pytest.mark.parametrize(
    "path",
    [
        "bin/chromium",
        "bin/chromium-browser",
        "bin/google-chrome",
        "bin/google-chrome-stable",
        "bin/microsoft-edge",
        "bin/microsoft-edge-stable",
        "Applications/Chromium.app/Contents/MacOS/Chromium",
        "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "ms-playwright/chromium-1200/chrome-linux/chrome",
        "ms-playwright/chromium-1200/chrome-linux64/chrome",
    ],
)
def test_any_browser_is_used(put: Put, path: str) -> None:
    assert machine.browser() is None
    file = put(path)
    assert machine.browser() == file


@pytest.mark.parametrize("named", ["brave", "{folder}/opt/brave"], ids=["command", "path"])
def test_a_browser_may_be_named(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """The named browser is preferred to those found."""
    put("bin/chromium")
    file = put("opt/brave")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{tmp_path}/opt")
    monkeypatch.setenv("YUANSOU_BROWSER", named.format(folder=tmp_path))
    assert machine.browser() == file


def test_a_name_that_is_no_browser(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an error; no other browser is used."""
    put("bin/chromium")
    monkeypatch.setenv("YUANSOU_BROWSER", "chrmoium")
    with pytest.raises(machine.NoSuchBrowserError, match="YUANSOU_BROWSER=chrmoium is no program"):
        machine.browser()


@pytest.mark.parametrize(
    ("says", "fits"),
    [
        pytest.param('openjdk version "1.8.0_412"', False, id="8"),
        pytest.param('openjdk version "11.0.23" 2024-04-16', True, id="11"),
        pytest.param('java version "23" 2024-09-17', True, id="23"),
        pytest.param('openjdk version "25.0.1" 2025-10-21', False, id="25"),
        pytest.param("Unable to locate a Java Runtime.", False, id="macOS without Java"),
    ],
)
@pytest.mark.parametrize("setting", ["", "JAVA_HOME", "OPENSEARCH_JAVA_HOME"])
def test_java(
    put: Put, monkeypatch: pytest.MonkeyPatch, setting: str, says: str, fits: bool
) -> None:
    """On the PATH or in a variable, of a version that the nodes start with."""
    java = Path(put("jdk/bin/java", f"echo '{says}' >&2"))
    home = java.parents[1]
    monkeypatch.setenv(setting or "PATH", str(home if setting else java.parent))
    assert machine.java_home() == (home if fits else None)


@pytest.mark.parametrize(
    ("manager", "need", "command"),
    [
        pytest.param("apt-get", "browser", "sudo apt-get install chromium", id="Debian"),
        pytest.param("dnf", "java", "sudo dnf install java-21-openjdk-headless", id="Fedora"),
        pytest.param("brew", "browser", "brew install --cask google-chrome", id="macOS"),
        pytest.param("pacman", "java", machine.BY_HAND["java"], id="another one"),
    ],
)
def test_how_to_get(
    put: Put, monkeypatch: pytest.MonkeyPatch, manager: str, need: str, command: str
) -> None:
    """The name of the package for this machine's package manager."""
    monkeypatch.setattr(machine, "_is_ubuntu", lambda: False)
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    put(f"bin/{manager}")
    assert machine.how_to_get(need) == command


def test_root_needs_no_sudo(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """Containers may have no sudo."""
    monkeypatch.setattr(os, "getuid", lambda: 0)
    put("bin/apt-get")
    assert machine.how_to_get("java") == "apt-get install default-jre-headless"


def test_ubuntu(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its apt has Java but no browser."""
    release = {"ID": "ubuntu"}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    put("bin/apt-get")
    assert machine.how_to_get("browser") == machine.BY_HAND["browser"]
    assert machine.how_to_get("java").endswith("apt-get install default-jre-headless")


def test_it_can_be_asked_before_anything_is_installed(put: Put) -> None:
    """It runs without site-packages, as `.ci/run` does, and prints missing packages one a line."""
    put("bin/google-chrome")
    put("bin/fc-list", "echo 'Noto Sans CJK SC'")
    put("bin/nginx")
    put("bin/systemd-analyze")
    asked = [sys.executable, "-S", "-m", "tests.support.machine"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "default-jre-headless\n"
