"""Figures of this process for Prometheus. The only module that uses prometheus-client."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, current_app
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from web.serving.live_searcher import LiveSearcher
from web.serving.server_state import server_state

CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Upper ends of the buckets of durations."""
_EXTENSION = "yuansou.metrics"
_STATUS = Path("/proc/self/status")


class Metrics:
    """What is counted with each request, and what is read when it is asked for."""

    def __init__(self, searcher: LiveSearcher) -> None:
        self.registry = CollectorRegistry()
        labels = ("route", "status")
        self._requests = Counter(
            "yuansou_requests", "Answered requests.", labels, registry=self.registry
        )
        self._seconds = Histogram(
            "yuansou_request_seconds",
            "From the arrival of a request to its answer, with waiting.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._cpu = Histogram(
            "yuansou_request_cpu_seconds",
            "Processor time of the thread that answered.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._refused = Counter(
            "yuansou_refused",
            "Requests refused by the code of their error.",
            ("code",),
            registry=self.registry,
        )
        self.registry.register(_Now(searcher))

    def count(self, route: str, status: int, seconds: float, cpu_seconds: float) -> None:
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._cpu.labels(route).observe(cpu_seconds)

    def refuse(self, code: str) -> None:
        self._refused.labels(code).inc()


class _Now(Collector):
    """Figures of this moment: lanes, connections, index, memory. Opens nothing."""

    def __init__(self, searcher: LiveSearcher) -> None:
        self._searcher = searcher

    def collect(self) -> Iterator[Metric]:
        yield from self._lanes()
        opened = self._searcher.opened()
        if opened is not None:
            age = time.time() - opened.index.updated_at
            yield _gauge("yuansou_index_age_seconds", "Since the generation was built.", age)
            yield _gauge(
                "yuansou_index_articles", "In the generation that answers.", opened.index.articles
            )
        yield _gauge("yuansou_memory_bytes", "Resident memory of the process.", _resident_bytes())
        yield _gauge("yuansou_process_id", "Of the process that gave these figures.", os.getpid())

    def _lanes(self) -> Iterator[Metric]:
        state = server_state() if current_app else None
        if state is None:
            return
        waiting = GaugeMetricFamily(
            "yuansou_requests_waiting", "Requests that wait in a lane.", labels=["lane"]
        )
        running = GaugeMetricFamily(
            "yuansou_requests_running", "Requests that are being answered.", labels=["lane"]
        )
        refused = CounterMetricFamily(
            "yuansou_lane_refused", "Requests for which a lane had no room.", labels=["lane"]
        )
        for name, lane in state.lanes().items():
            waiting.add_metric([name], lane.waiting)
            running.add_metric([name], lane.running)
            refused.add_metric([name], lane.refused)
        yield from (waiting, running, refused)
        yield _gauge("yuansou_connections", "Open connections.", state.connections())
        connections = CounterMetricFamily(
            "yuansou_connections_refused", "Connections for which there was no room."
        )
        connections.add_metric([], state.refused_connections())
        yield connections


def init_app(app: Flask, searcher: LiveSearcher) -> None:
    # It would make a second series for each, which says little.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    app.extensions[_EXTENSION] = Metrics(searcher)


def metrics() -> Metrics:
    """The figures of the current application."""
    found: Metrics = current_app.extensions[_EXTENSION]
    return found


def text() -> bytes:
    return generate_latest(metrics().registry)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value)


def _resident_bytes() -> int:
    """0 where the system does not tell."""
    try:
        lines = _STATUS.read_text("ascii").splitlines()
    except OSError:
        return 0
    found = next((line for line in lines if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(found.split()[1]) * 1024
