"""Takes screenshots: `python -m tests.browser.screenshots FOLDER`.

Uses a real server over the sample articles and real Chromium.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

from tests.support import machine

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
STORY = "/story/…"
"""One that was told more than once; `story_path` finds it."""
SHOTS = {
    "home": ("/", DESKTOP, "light"),
    "results": ("/search?q=数字人民币 试点", DESKTOP, "light"),
    "filtered": ("/search?q=元宇宙&topic=虚拟现实", DESKTOP, "light"),
    "nothing": ("/search?q=“并不存在的词组”", DESKTOP, "light"),
    "phone": ("/search?q=稳定币 监管", PHONE, "light"),
    "topic": ("/topic/数字人民币", DESKTOP, "light"),
    "article": ("/article/043_da3e7102c3b57f80.md?q=数字人民币 试点", DESKTOP, "light"),
    "embed": ("/embed?query=数字人民币", DESKTOP, "light"),
    "compare": ("/compare?q=元宇宙&q=数字人民币", DESKTOP, "light"),
    "story": (STORY, DESKTOP, "light"),
    "sources": ("/sources", DESKTOP, "light"),
    "topic-phone": ("/topic/元宇宙", PHONE, "dark"),
    "dark": ("/search?q=以太坊 OR 比特币", DESKTOP, "dark"),
}
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def server() -> Iterator[str]:
    """The address of a server over an index of the sample articles."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "web.cli", "--index-dir", folder]
        process = subprocess.Popen(
            [*command, "serve", "--seeds", "--port", str(port)], stdout=subprocess.DEVNULL
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_until_up(f"{address}/healthz")
            yield address
        finally:
            process.terminate()
            process.wait(10)


def _wait_until_up(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} did not come up")


def story_path(address: str, q: str) -> str:
    """The page of the first story for which `q` finds more than one article."""
    with urllib.request.urlopen(f"{address}/api/v1/search?q={quote(q)}&per_page=50") as answer:
        stories = [hit["story"] for hit in json.load(answer)["hits"]]
    return f"/story/{next(story['id'] for story in stories if story['size'] > 1)}"


def take(browser: Browser, address: str, folder: Path) -> None:
    for name, (path, size, scheme) in SHOTS.items():
        context = browser.new_context(viewport=size, color_scheme=scheme)
        page = context.new_page()
        page.goto(address + (story_path(address, "FTX") if path == STORY else path))
        page.screenshot(path=folder / f"{name}.png")
        context.close()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    program = machine.browser()
    if not program:
        sys.exit(f"no Chromium, Chrome or Edge: {machine.how_to_get('browser')}")
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGS)
        take(browser, address, folder)
        browser.close()


if __name__ == "__main__":
    main()
