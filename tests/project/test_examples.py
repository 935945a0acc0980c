"""The examples work, against a real server and from another origin."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.other_site import other_site, policy, running
from tests.support.browser import WATCH, browser
from tests.support.seeds_site import seeds_index
from tests.support.visitors import MANY, app_over
from tests.web.conftest import many_root

pytestmark = pytest.mark.slow

__all__ = ["browser", "many_root"]  # fixtures

FOLDER = Path(__file__).parents[2] / "examples"
PLACE = "http://127.0.0.1:8000"
"""Where the examples expect a server."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A server over the sample articles."""
    with running(app_over(seeds_index().index_dir)) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that records errors and violations of its policy."""
    context = browser.new_context()
    opened = context.new_page()
    opened.add_init_script(WATCH)
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def client(site: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(FOLDER / "python_client.py"), "--site", site, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def files(site: str, *names: str) -> dict[str, str]:
    """The examples, with the address of the test server."""
    return {f"/{n}": (FOLDER / n).read_text("utf-8").replace(PLACE, site) for n in names}


def test_the_python_client(site: str) -> None:
    """It prints marked titles and working addresses."""
    ended = client(site, "数字人民币", "--limit", "3")
    lines = ended.stdout.splitlines()

    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(lines) == 9
    assert "【数字人民币】" in ended.stdout
    assert all(line.startswith(f"  {site}/article/") for line in lines[2::3])


def test_the_python_client_reads_to_the_end(many_root: Path) -> None:
    """It reads beyond the first 1,000 results and repeats nothing."""
    with running(app_over(many_root)) as site:
        ended = client(site, "稳定币", "--limit", "9999")
    addresses = ended.stdout.splitlines()[2::3]

    assert len(set(addresses)) == len(addresses) == MANY


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["x", "--sort", "best"], "参数 sort 的值“best”无效。", id="400"),
        pytest.param(["x", "--site", "http://127.0.0.1:1"], "连不上", id="nobody there"),
    ],
)
def test_the_python_client_says_what_is_wrong(site: str, arguments: list[str], said: str) -> None:
    """An error is one line with exit status 1."""
    ended = client(site, *arguments)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(said)
    assert ended.stderr.count("\n") == 1


def test_fetch(page: Page, site: str) -> None:
    """Results on a page of another origin, an error as a sentence, and Back."""
    csp = f"default-src 'none'; script-src 'self'; connect-src {site}"
    with other_site(files(site, "fetch.html", "fetch.js"), csp) as other:
        page.goto(f"{other}/fetch.html")
        expect(page.get_by_role("listitem")).to_have_count(5)
        expect(page.locator("li mark").first).to_have_text("元宇宙")
        page.get_by_role("searchbox").fill("“没有这句话”")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("找到 0 条结果")


def test_widget(page: Page, site: str) -> None:
    """Both widgets work under the policy that docs/use/embed.md asks for."""
    with other_site(files(site, "widget.html"), policy(site)) as other:
        page.goto(f"{other}/widget.html")
        expect(page.locator("yuansou-search").first.locator("li")).to_have_count(3)
        page.get_by_role("searchbox").fill("元宇宙")
        page.get_by_role("searchbox").press("Enter")
        expect(page.locator("yuansou-search").last.locator("li")).to_have_count(5)


def test_the_readme_lists_every_example() -> None:
    """The README names every example."""
    readme = (FOLDER / "README.md").read_text("utf-8")

    assert [
        file.name
        for file in sorted(FOLDER.iterdir())
        if file.is_file() and f"]({file.name})" not in readme
    ] == ["README.md"]


def test_fetch_counts_code_points(page: Page, site: str) -> None:
    """An emoji before the match does not shift its mark."""
    hit = {"title": "😀元宇宙", "title_marks": [[1, 4]], "snippet": "", "snippet_marks": []}
    hit |= {"url": None, "page": None, "source": None, "published_at": None}
    answer = json.dumps({"total": 1, "hits": [hit]})
    csp = f"default-src 'none'; script-src 'self'; connect-src {site}"
    with other_site(files(site, "fetch.html", "fetch.js"), csp) as other:
        allowed = {"Access-Control-Allow-Origin": "*"}
        page.route("**/api/**", lambda route: route.fulfill(body=answer, headers=allowed))
        page.goto(f"{other}/fetch.html")

        expect(page.locator("li mark")).to_have_text("元宇宙")
