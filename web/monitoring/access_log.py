"""Counts each request, and writes a line of JSON about it to standard error.

Without queries and addresses of clients, unless the setting `access_log` is `full`: who reads what
is nobody's business.
"""

import logging
import select
import sys
import time
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson
from flask import Flask, Response, g, request

from index.settings import Settings
from index.text.dates import SHANGHAI
from web.http.admission import ticket
from web.http.errors import failure
from web.http.site import site
from web.monitoring.metrics import NO_ROUTE, metrics

log = logging.getLogger("yuansou.access")


def init_app(app: Flask, settings: Settings, *, writes: bool) -> None:
    """Call this before any other `before_request` is registered: the clock starts here. `writes`:
    standard error is ours; else the lines go to the logger `yuansou.access` of the program."""
    if writes:
        _configure(settings)

    @app.before_request
    def begin() -> None:
        g.began = (time.perf_counter(), time.thread_time())

    @app.after_request
    def end(response: Response) -> Response:
        response.call_on_close(_at_end(response, full=site().logs_queries))
        return response


def _configure(settings: Settings) -> None:
    """One handler, whatever the number of applications in this process."""
    log.propagate = False
    log.setLevel(logging.INFO if settings.access_log != "off" else logging.CRITICAL)
    if not log.handlers:
        handler = _StandardError()
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)


class _StandardError(logging.Handler):
    """Writes to what is standard error now: tests and embedding programs replace it.

    It never waits: whoever starts the server with a pipe that nobody reads would stop every answer
    when the pipe is full. Lines that find no place are left out, and the next one says how many.
    """

    def __init__(self) -> None:
        super().__init__()
        self._left_out = 0

    def emit(self, record: logging.LogRecord) -> None:
        lines = f"{record.getMessage()}\n"
        if self._left_out:
            lines = f'{{"left_out":{self._left_out}}}\n{lines}'
        try:
            if _has_place(sys.stderr):
                sys.stderr.write(lines)
                self._left_out = 0
                return
        except OSError:  # its reader is gone
            pass
        self._left_out += 1


def _has_place(stream: TextIO) -> bool:
    """Whether a line can be written without waiting; true of what is no pipe. POSIX promises place
    for PIPE_BUF bytes, 4,096 on Linux."""
    try:
        return bool(select.select([], [stream.fileno()], [], 0)[1])
    except (OSError, ValueError):  # it has no descriptor, or one that cannot be waited for
        return True


def _at_end(response: Response, *, full: bool) -> Any:
    """What to do when the answer has been made in full; a table is made while it is sent."""
    began, cpu = g.get("began", (time.perf_counter(), time.thread_time()))
    held, problem = ticket(), failure()
    route = request.endpoint or NO_ROUTE
    counted = metrics()
    line: dict[str, Any] = {
        "time": datetime.now(UTC).astimezone(SHANGHAI).isoformat(timespec="milliseconds"),
        "request_id": g.get("request_id"),
        "method": request.method if request.method in ("GET", "HEAD", "OPTIONS") else "other",
        "route": route,
        "status": response.status_code,
        "lane": held.lane if held else None,
        "waited_ms": round(held.waited * 1000, 1) if held else None,
    }
    if problem is not None:
        line["error"] = problem.code
        if full or response.status_code >= 500:  # other causes may repeat what was asked
            line["cause"] = problem.cause
    if full:
        line |= {
            "client": request.remote_addr,
            "address": request.full_path.rstrip("?"),
            "agent": request.headers.get("User-Agent", "")[:200],
        }

    status = response.status_code  # not the answer itself, which would then hold itself

    def finish() -> None:
        seconds, cpu_seconds = time.perf_counter() - began, time.thread_time() - cpu
        waited = held.waited if held else 0.0
        counted.count(route, status, seconds + waited, cpu_seconds)
        if problem is not None and status in (429, 503):
            counted.refuse(problem.code)
        if log.isEnabledFor(logging.INFO):
            line["ms"], line["cpu_ms"] = round(seconds * 1000, 1), round(cpu_seconds * 1000, 1)
            log.info(orjson.dumps(line).decode())

    return finish
