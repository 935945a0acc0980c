"""Figures of all processes of a server for Prometheus. The only module that uses prometheus-client.

They are counted in figures.py, since prometheus-client counts for one process, or in files.
"""

import os
import time
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from flask import Flask, current_app
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from web.monitoring.figures import LANES, SECONDS, Histogram, SharedCounts, Totals
from web.serving.live_searcher import LiveSearcher
from web.serving.server_state import on_each_second, server_state

CONTENT_TYPE = CONTENT_TYPE_LATEST
NO_ROUTE = "none"
"""The route of an address that does not exist: no label may come from a stranger."""
_EXTENSION = "yuansou.metrics"
_ENDS = [*map(floatToGoString, SECONDS), "+Inf"]


class Metrics(Collector):
    """What is counted with each request, and what is read when it is asked for. Opens nothing."""

    def __init__(self, app: Flask, searcher: LiveSearcher, figures: SharedCounts) -> None:
        self._app, self._searcher, self._figures = app, searcher, figures
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(self)

    @cached_property
    def routes(self) -> dict[str, int]:
        """Numbers of the routes, the same in all processes. Known when the application is whole."""
        return {name: at for at, name in enumerate([NO_ROUTE, *sorted(self._app.view_functions)])}

    def count(self, route: str | None, status: int, seconds: float, cpu_seconds: float) -> None:
        self._figures.count(self.routes[route or NO_ROUTE], status, seconds, cpu_seconds)

    def refuse(self, code: str) -> None:
        self._figures.refuse(code)

    def tell(self) -> None:
        """Say how busy this process is."""
        state = server_state(self._app)
        if state is not None:
            self._figures.tell(state)

    def collect(self) -> Iterator[Metric]:
        self.tell()
        totals = self._figures.totals()
        yield from self._requests(totals)
        yield from self._load(totals)
        opened = self._searcher.opened()
        if opened is not None:
            age = time.time() - opened.index.updated_at
            yield _gauge("yuansou_index_age_seconds", "Since the generation was built.", age)
            yield _gauge(
                "yuansou_index_articles", "In the generation that answers.", opened.index.articles
            )
        processes = [now.process for now in self._figures.now()] or [os.getpid()]
        yield _gauge("yuansou_processes", "That answer.", len(processes))
        yield _gauge(
            "yuansou_memory_bytes",
            "Memory of the processes that answer; what several share is counted once.",
            sum(map(_bytes_of, processes)),
        )

    def _requests(self, totals: Totals) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "yuansou_requests", "Answered requests.", labels=["route", "status"]
        )
        seconds = HistogramMetricFamily(
            "yuansou_request_seconds",
            "From the arrival of a request to its answer, with waiting.",
            labels=["route"],
        )
        cpu_seconds = HistogramMetricFamily(
            "yuansou_request_cpu_seconds",
            "Processor time of the thread that answered.",
            labels=["route"],
        )
        for route, number in self.routes.items():
            for status, count in totals.requests(number):
                requests.add_metric([route, status], count)
            for family, histogram in (
                (seconds, totals.seconds(number)),
                (cpu_seconds, totals.cpu_seconds(number)),
            ):
                if any(histogram.counts):
                    family.add_metric([route], _cumulated(histogram), histogram.total)
        refused = CounterMetricFamily(
            "yuansou_refused", "Requests refused by the code of their error.", labels=["code"]
        )
        for code, count in totals.refused():
            refused.add_metric([code], count)
        yield from (requests, seconds, cpu_seconds, refused)

    def _load(self, totals: Totals) -> Iterator[Metric]:
        if server_state(self._app) is None:
            return
        busy = list(self._figures.now())
        waiting = GaugeMetricFamily(
            "yuansou_requests_waiting", "Requests that wait in a lane.", labels=["lane"]
        )
        running = GaugeMetricFamily(
            "yuansou_requests_running", "Requests that are being answered.", labels=["lane"]
        )
        refused = CounterMetricFamily(
            "yuansou_lane_refused", "Requests for which a lane had no room.", labels=["lane"]
        )
        for at, lane in enumerate(LANES):
            waiting.add_metric([lane], sum(now.waiting[at] for now in busy))
            running.add_metric([lane], sum(now.running[at] for now in busy))
        for lane, count in totals.lane_refused():
            refused.add_metric([lane], count)
        yield from (waiting, running, refused)
        open_now = sum(now.connections for now in busy)
        yield _gauge("yuansou_connections", "Open connections.", open_now)
        connections = CounterMetricFamily(
            "yuansou_connections_refused", "Connections for which there was no room."
        )
        connections.add_metric([], totals.connections_refused())
        yield connections


def init_app(app: Flask, searcher: LiveSearcher, figures: SharedCounts) -> None:
    app.extensions[_EXTENSION] = made = Metrics(app, searcher, figures)
    on_each_second(app, made.tell)


def metrics() -> Metrics:
    """The figures of the current application."""
    found: Metrics = current_app.extensions[_EXTENSION]
    return found


def text() -> bytes:
    return generate_latest(metrics().registry)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value)


def _cumulated(histogram: Histogram) -> list[tuple[str, int]]:
    return list(zip(_ENDS, accumulate(histogram.counts), strict=True))


def _bytes_of(process: int) -> int:
    """The memory of a process with its part of what it shares; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    found = next((line for line in lines if line.startswith("Pss:")), "Pss: 0 kB")
    return int(found.split()[1]) * 1024
