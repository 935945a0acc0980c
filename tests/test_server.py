"""A real server process."""

import http.client
import json
import shutil
import threading
import time
from pathlib import Path
from urllib.parse import quote

from index.builder import Builder
from index.engines.registry import open_engine
from index.lexicon import load_lexicon
from index.takedowns import Takedowns
from tests.web_seeds import SEEDS, build, fetch, seeds_index, serving


def test_it_answers_and_stops() -> None:
    """It says its address, answers there, and ends when interrupted."""
    with serving(seeds_index().index_dir) as address:
        status, body = fetch(f"{address}/api/v1/search?q={quote('元宇宙')}")

        assert status == 200
        assert json.loads(body)["total"] > 0


def test_addresses_as_people_type_them() -> None:
    """curl does not escape Chinese characters; we take them."""
    with serving(seeds_index().index_dir) as address:
        host = address.removeprefix("http://")
        connection = http.client.HTTPConnection(host)
        connection.putrequest("GET", "/api/v1/search?q=NFT", skip_host=False)
        connection._buffer[0] = "GET /api/v1/search?q=元宇宙 HTTP/1.1".encode()  # type: ignore[attr-defined]
        connection.endheaders()
        body = json.loads(connection.getresponse().read())
        connection.close()

    assert body["query"]["q"] == "元宇宙"


def test_a_new_generation_is_seen_without_restart(tmp_path: Path) -> None:
    """So is a rollback; and answers in between come from one or the other."""
    news = tmp_path / "news"
    shutil.copytree(SEEDS, news)
    settings = build(tmp_path / "index", news)
    builder = Builder(open_engine(settings), load_lexicon(), Takedowns(settings.index_dir))
    totals: set[int] = set()
    stop = threading.Event()
    with serving(settings.index_dir) as address:

        def ask() -> None:
            while not stop.is_set():
                totals.add(json.loads(fetch(f"{address}/api/v1/search?facets=")[1])["total"])

        asking = threading.Thread(target=ask)
        asking.start()
        for path in sorted(news.glob("*.md"))[:10]:
            path.unlink()
        builder.update([news])
        assert _comes_to_hold(address, 62)
        builder.rollback()
        assert _comes_to_hold(address, 72)
        stop.set()
        asking.join()

    assert totals == {62, 72}


def _comes_to_hold(address: str, articles: int) -> bool:
    """One request opens the new generation while others are still answered from the old one."""
    for _ in range(100):
        if json.loads(fetch(f"{address}/healthz")[1])["index"]["articles"] == articles:
            return True
        time.sleep(0.05)
    return False


def test_it_starts_without_an_index(tmp_path: Path) -> None:
    """And builds the samples where `make run` asks for them, once."""
    with serving(tmp_path / "index", "--seeds") as address:
        assert json.loads(fetch(f"{address}/healthz")[1])["index"]["articles"] == 72
    with serving(tmp_path / "index", "--seeds") as address:
        assert json.loads(fetch(f"{address}/healthz")[1])["index"]["articles"] == 72
    assert len(list((tmp_path / "index" / "generations").iterdir())) == 1
