"""What the running server says of itself, for the metrics. Absent where another server runs the
application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask

from web.serving.lanes import Lane, LaneState

_EXTENSION, _TASKS = "yuansou.server", "yuansou.server.tasks"


@dataclass(frozen=True, slots=True)
class ServerState:
    """`lanes`: how full each is. `connections`: open now. `refused_connections`: since start."""

    lanes: Callable[[], Mapping[Lane, LaneState]]
    connections: Callable[[], int]
    refused_connections: Callable[[], int]

    def attach(self, app: Flask) -> None:
        app.extensions[_EXTENSION] = self


def server_state(app: Flask) -> ServerState | None:
    """The state of the server that runs the application."""
    found: ServerState | None = app.extensions.get(_EXTENSION)
    return found


def on_each_second(app: Flask, task: Callable[[], None]) -> None:
    """Let the server that runs the application do something every second, in microseconds."""
    app.extensions.setdefault(_TASKS, []).append(task)


def each_second(app: Flask) -> None:
    for task in app.extensions.get(_TASKS, []):
        task()
