"""What tests need of a machine beside Python packages: a browser, a Chinese font, Java, nginx, systemd,
the corpus.

`python -m tests.support.machine` prints the Debian packages that bring what this machine lacks, one a line.
It runs before anything is installed, so it imports the standard library only.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared"
"""Beside the checkout: the real articles, and queries with what people found fitting."""
BROWSER_SETTING = "YUANSOU_BROWSER"
"""Names the browser to test with, as a path or as a command."""
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
)
"""Commands, the first found is used."""
APPLICATIONS = (Path("/Applications"), Path.home() / "Applications")
"""Where macOS has its programs: not on the PATH."""
APPLICATION_NAMES = ("Chromium", "Google Chrome", "Microsoft Edge")
PLAYWRIGHT_BROWSERS = Path.home() / ".cache" / "ms-playwright"
"""Where `playwright install chromium` puts a browser on Linux."""
JAVA_VERSIONS = range(11, 24)
"""What OpenSearch 2.19 runs on: Java 24 no longer has the security manager that it asks for."""
PACKAGES = {
    "apt-get": {
        "browser": "chromium",
        "font": "fonts-noto-cjk fontconfig",
        "java": "default-jre-headless",
        "nginx": "nginx-light",
        "systemd": "systemd",
    },
    "dnf": {
        "browser": "chromium",
        "font": "google-noto-sans-cjk-fonts fontconfig",
        "java": "java-21-openjdk-headless",
        "nginx": "nginx-core",
        "systemd": "systemd",
    },
    "brew": {"browser": "--cask google-chrome", "nginx": "nginx"},
}
"""Package manager → need → what it calls the packages that meet it."""
BY_HAND = {
    "browser": ".venv/bin/playwright install --with-deps chromium",
    "font": "install Noto Sans CJK",
    "java": "install a Java runtime, version 11 to 23",
    "nginx": "install nginx",
    "systemd": "only Linux with systemd has it",
}
"""What to do where no package manager is known to have it."""


class NoSuchBrowserError(Exception):
    """`YUANSOU_BROWSER` names no program that runs."""


def browser() -> str | None:
    """The program of a Chromium, Chrome or Edge; None without one."""
    named = os.environ.get(BROWSER_SETTING)
    if named:
        found = shutil.which(named)
        if not found:
            raise NoSuchBrowserError(
                f"{BROWSER_SETTING}={named} is no program: give its path, or unset it"
            )
        return found
    on_path = (shutil.which(name) for name in BROWSERS)
    return next(filter(None, (*on_path, *_outside_path())), None)


def _outside_path() -> list[str]:
    places = [
        folder / f"{name}.app" / "Contents" / "MacOS" / name
        for folder in APPLICATIONS
        for name in APPLICATION_NAMES
    ]
    places += sorted(PLAYWRIGHT_BROWSERS.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    return [str(place) for place in places if place.is_file()]


def java_home() -> Path | None:
    """The folder of a Java runtime that can start the OpenSearch nodes."""
    for program in ("java", *_java_of_settings()):
        found = shutil.which(program)
        if found and _java_version(found) in JAVA_VERSIONS:
            return Path(found).resolve().parents[1]
    return None


def _java_of_settings() -> list[str]:
    folders = (os.environ.get(name) for name in ("OPENSEARCH_JAVA_HOME", "JAVA_HOME"))
    return [f"{folder}/bin/java" for folder in folders if folder]


def _java_version(program: str) -> int:
    """The first number of the version, which is 1 for Java 8; 0 if it does not start."""
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', told.stderr)
    return int(version[1]) if version else 0


def has_chinese_font() -> bool:
    """macOS always has one; elsewhere fontconfig is asked."""
    if sys.platform == "darwin":
        return True
    lister = shutil.which("fc-list")
    return bool(lister and subprocess.check_output([lister, ":lang=zh"]).strip())


def nginx() -> str | None:
    """The program; Debian installs it outside the path of ordinary users."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def systemd() -> str | None:
    """The program that checks a unit file; systemd itself need not run."""
    return shutil.which("systemd-analyze")


def how_to_get(need: str) -> str:
    """The command that installs it on this machine."""
    manager = next((name for name in PACKAGES if shutil.which(name)), "")
    packages = PACKAGES.get(manager, {}).get(need)
    if packages is None or (need == "browser" and _is_ubuntu()):
        return BY_HAND[need]
    as_root = "" if manager == "brew" or os.getuid() == 0 else "sudo "
    return f"{as_root}{manager} install {packages}"


def _is_ubuntu() -> bool:
    """Ubuntu's `chromium` is no package of apt."""
    try:
        return platform.freedesktop_os_release()["ID"] == "ubuntu"
    except OSError:
        return False


def lacking() -> list[str]:
    """The needs that this machine does not meet."""
    met = {
        "browser": browser(),
        "font": has_chinese_font(),
        "java": java_home(),
        "nginx": nginx(),
        "systemd": systemd(),
    }
    return [need for need, found in met.items() if not found]


if __name__ == "__main__":
    for need in lacking():
        print(PACKAGES["apt-get"][need])
