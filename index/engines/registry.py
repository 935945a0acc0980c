"""Settings → the engine they name. An engine's library is imported when it is asked for."""

from index.engines.base import Engine
from index.engines.embedded import EmbeddedEngine
from index.generations import Generations
from index.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """The engine over `settings.index_dir`; nothing is read yet."""
    from index.engines.whoosh.format import WhooshFormat  # noqa: PLC0415

    return EmbeddedEngine(Generations(settings.index_dir), WhooshFormat())
