"""Real servers: several processes, two servers over one folder, a restart, a kill."""

import http.client
import signal
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.articles import ARTICLES
from tests.support.servers import Server, serving
from tests.support.visitors import index_of
from web.statistics.collector import shanghai_today
from web.statistics.day_files import DayFiles

pytestmark = pytest.mark.slow

ON = {"YUANSOU_QUERY_COUNTS": "on", "YUANSOU_RATE_LIMIT": "0"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return index_of(tmp_path / "index", ARTICLES)


def ask(server: Server, q: str, times: int) -> None:
    """Each over a connection of its own, so that any of the processes may answer."""
    for _ in range(times):
        connection = server.connect(30)
        connection.request("GET", f"/api/v1/search?q={quote(q)}")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == http.client.OK


def end(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(30) == 0


def counts(root: Path) -> dict[str, int]:
    """Asks by query, today and (past midnight) yesterday."""
    found: dict[str, int] = {}
    files = DayFiles.beside(root)
    for day in files.read(min(files.days(), default=shanghai_today()), shanghai_today()).values():
        for key, row in day.queries.items():
            found[key] = found.get(key, 0) + row.asks
    return found


def test_processes_of_a_server_count_together(root: Path) -> None:
    """Five asks reach the floor whoever answers them; a restart adds to what there was."""
    with serving(root, "--workers", "2", environment=ON) as server:
        ask(server, "元宇宙", 5)
        ask(server, "数字人民币", 4)
        ask(server, "13912345678", 6)
        end(server)
    assert counts(root) == {"元宇宙": 5}
    text = "".join(path.read_text("utf-8") for path in (root / "query-counts").iterdir())
    assert "数字" not in text
    assert "139" not in text

    with serving(root, environment=ON) as server:
        ask(server, "元宇宙", 6)
        end(server)
    assert counts(root) == {"元宇宙": 10}


def test_two_servers_share_a_folder(root: Path) -> None:
    """Each holds back for itself; both write, and one that is killed breaks nothing."""
    with serving(root, environment=ON) as one, serving(root, environment=ON) as other:
        ask(one, "元宇宙", 5)
        ask(other, "元宇宙", 5)
        ask(other, "央行", 5)
        end(one)
        end(other)
    assert counts(root) == {"元宇宙": 10, "央行": 5}

    with serving(root, environment=ON) as killed:
        ask(killed, "元宇宙", 5)
    # What was asked is written every ten seconds, so a slow machine may have written it.
    assert counts(root) in [{"元宇宙": times, "央行": 5} for times in (10, 15)]
