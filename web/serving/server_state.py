"""What the running server says of itself, for the metrics. Absent where another server runs the
application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from web.serving.lanes import Lane, LaneState

_EXTENSION = "yuansou.server"


@dataclass(frozen=True, slots=True)
class ServerState:
    """`lanes`: how full each is. `connections`: open now. `refused_connections`: since start."""

    lanes: Callable[[], Mapping[Lane, LaneState]]
    connections: Callable[[], int]
    refused_connections: Callable[[], int]

    def attach(self, app: Flask) -> None:
        app.extensions[_EXTENSION] = self


def server_state() -> ServerState | None:
    """The state of the server that runs the current application."""
    found: ServerState | None = current_app.extensions.get(_EXTENSION)
    return found
