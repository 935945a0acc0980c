"""The budget of processor time of each request (the setting `request_cpu_seconds`)."""

from flask import Flask, g, has_app_context

from index.settings import Settings
from search.budget import UNLIMITED, Budget


def init_app(app: Flask, settings: Settings) -> None:
    seconds = settings.request_cpu_seconds

    @app.before_request
    def begin() -> None:
        g.budget = Budget.starting_now(seconds) if seconds else UNLIMITED


def budget() -> Budget:
    """What the current request may use; without a request there is no limit."""
    current: Budget = g.get("budget", UNLIMITED) if has_app_context() else UNLIMITED
    return current
