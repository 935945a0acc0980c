"""Settings → the engine they name. An engine's library is imported when it is asked for."""

from index.engines.base import Engine
from index.engines.embedded import EmbeddedEngine, FolderFormat
from index.errors import EngineUnavailable
from index.generations import Generations
from index.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """The engine over `settings.index_dir`; nothing is read yet. Raises EngineUnavailable."""
    return EmbeddedEngine(Generations(settings.index_dir), _format(settings.engine))


def _format(name: str) -> FolderFormat:
    if name == "tantivy":
        try:
            from index.engines.tantivy.format import TantivyFormat  # noqa: PLC0415
        except ImportError as error:
            raise EngineUnavailable(
                "没有安装 tantivy。", hint="请运行 pip install 'yuansou[tantivy]'。"
            ) from error
        return TantivyFormat()
    from index.engines.whoosh.format import WhooshFormat  # noqa: PLC0415

    return WhooshFormat()
