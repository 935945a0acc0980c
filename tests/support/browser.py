"""A real browser as desktop or phone, and a server over the sample articles."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.screenshots import CHROMIUM_ARGS
from tests.support import machine
from tests.support.seeds_site import seeds_index, serving

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCH = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server over the sample articles."""
    with serving(seeds_index().index_dir) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium, Chrome or Edge of this machine, headless."""
    with sync_playwright() as playwright:
        program = machine.browser()
        launched = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGS)
        yield launched
        launched.close()


def compose(page: Page, text: str) -> None:
    """An input method shows a candidate that is not confirmed yet."""
    client = page.context.new_cdp_session(page)
    client.send(
        "Input.imeSetComposition",
        {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
    )


def confirm(page: Page, text: str) -> None:
    """The Enter that confirms a candidate, as Chromium sends it: key code 229, then the text."""
    client = page.context.new_cdp_session(page)
    event = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"}
    client.send("Input.dispatchKeyEvent", event)
    client.send("Input.insertText", {"text": text})
