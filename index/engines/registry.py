"""Settings → the engine they name. An engine's library is imported when it is asked for."""

from typing import TYPE_CHECKING

from index.engines.api import Engine
from index.engines.embedded.engine import EmbeddedEngine
from index.engines.embedded.folder_format import FolderFormat
from index.engines.embedded.generations import Generations
from index.errors import EngineUnavailable, install_hint
from index.settings import Settings
from index.takedowns import TakedownList, Takedowns

if TYPE_CHECKING:
    from index.engines.opensearch.engine import OpenSearchEngine


def open_engine(settings: Settings) -> Engine:
    """The engine over `settings.index_dir`, or over a cluster; nothing is read yet. Raises
    EngineUnavailable."""
    if settings.engine == "opensearch":
        return _on_cluster(settings)
    return EmbeddedEngine(Generations(settings.index_dir), _format(settings.engine))


def open_takedowns(settings: Settings) -> TakedownList:
    """What was taken down, where the index is: everyone who rebuilds must find it."""
    if settings.engine != "opensearch":
        return Takedowns(settings.index_dir)
    engine = _on_cluster(settings)
    from index.engines.opensearch.takedowns import ClusterTakedowns  # noqa: PLC0415

    return ClusterTakedowns(engine.catalog)


def _on_cluster(settings: Settings) -> "OpenSearchEngine":
    try:
        from index.engines.opensearch.client import Access  # noqa: PLC0415
        from index.engines.opensearch.engine import OpenSearchEngine  # noqa: PLC0415
    except ImportError as error:
        raise _not_installed("opensearch") from error
    access = Access(
        settings.opensearch_hosts,
        settings.opensearch_user,
        settings.opensearch_password,
        settings.opensearch_ca,
    )
    return OpenSearchEngine(access, settings.opensearch_alias)


def _not_installed(name: str) -> EngineUnavailable:
    return EngineUnavailable(f"没有安装 {name}。", hint=install_hint(name))


def _format(name: str) -> FolderFormat:
    if name == "tantivy":
        try:
            from index.engines.tantivy.format import TantivyFormat  # noqa: PLC0415
        except ImportError as error:
            raise _not_installed("tantivy") from error
        return TantivyFormat()
    from index.engines.whoosh.format import WhooshFormat  # noqa: PLC0415

    return WhooshFormat()
