"""`/healthz`, `/readyz` and `/metrics`, for programs that watch a server."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort

from index.errors import YuansouError
from web.answers import Health, Sick, encode
from web.api.serialize import index_json
from web.http.owner import is_from_this_machine
from web.http.site import site
from web.monitoring import metrics as measured
from web.serving.live_searcher import Served, live

bp = Blueprint("monitoring", __name__)


@bp.get("/healthz")
def health() -> Response:
    """200 while the process answers, with what is known without asking a cluster: a restart mends
    neither a missing index nor a cluster that is away."""
    return _json(_state(live().known))


@bp.get("/readyz")
def ready() -> Response:
    """200 where searches are answered, else 503."""
    found = _state(live().served)
    return _json(found, 200 if isinstance(found, Health) else 503)


def _state(look: Callable[[], Served]) -> Health | Sick:
    """The generation that answers, and why if it is not the published one; or why none does."""
    try:
        served = look()
    except YuansouError as error:
        return Sick(error.code, str(error))
    index = served.searcher.index
    verified = live().is_verified(index.generation)
    return Health(index_json(index), served.published or None, served.warning or None, verified)


@bp.get("/metrics")
def metrics() -> Response:
    """Prometheus text. A stranger gets the 404 of an address that does not exist."""
    allowed = site().settings.metrics
    if allowed == "off" or (allowed == "loopback" and not is_from_this_machine()):
        abort(404)
    return Response(measured.text(), content_type=measured.CONTENT_TYPE)


def _json(data: Any, status: int = 200) -> Response:
    return Response(encode(data), status, mimetype="application/json")
