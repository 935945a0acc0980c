"""Opens the engine that the settings name. An engine's library is imported only when needed."""

from typing import TYPE_CHECKING, assert_never

from index.engines.api import Engine
from index.engines.embedded.engine import EmbeddedEngine
from index.engines.embedded.folder_format import FolderFormat
from index.engines.embedded.generations import Generations
from index.errors import EngineUnavailable, install_hint
from index.settings import EngineName, Settings
from index.takedowns import TakedownList, Takedowns

if TYPE_CHECKING:
    from index.engines.opensearch.engine import OpenSearchEngine


def open_engine(settings: Settings) -> Engine:
    """The engine over `settings.index_dir` or over a cluster; nothing is read yet.

    Raises EngineUnavailable where its library is not installed.
    """
    match settings.engine:
        case "opensearch":
            return _on_cluster(settings)
        case "tantivy":
            return EmbeddedEngine(Generations(settings.index_dir), _tantivy())
        case "whoosh":
            return EmbeddedEngine(Generations(settings.index_dir), _whoosh())
        case _:
            assert_never(settings.engine)


def open_takedowns(settings: Settings) -> TakedownList:
    """The takedowns, kept where the index is: everyone who rebuilds must find them."""
    if settings.engine != "opensearch":
        return Takedowns(settings.index_dir)
    engine = _on_cluster(settings)
    from index.engines.opensearch.takedowns import ClusterTakedowns  # noqa: PLC0415

    return ClusterTakedowns(engine.catalog)


def _on_cluster(settings: Settings) -> "OpenSearchEngine":
    try:
        from index.engines.opensearch.client import ClusterAccess  # noqa: PLC0415
        from index.engines.opensearch.engine import OpenSearchEngine  # noqa: PLC0415
    except ImportError as error:
        raise _not_installed("opensearch") from error
    access = ClusterAccess(
        settings.opensearch_hosts,
        settings.opensearch_user,
        settings.opensearch_password,
        settings.opensearch_ca,
    )
    return OpenSearchEngine(access, settings.opensearch_alias)


def _tantivy() -> FolderFormat:
    try:
        from index.engines.tantivy.format import TantivyFormat  # noqa: PLC0415
    except ImportError as error:
        raise _not_installed("tantivy") from error
    return TantivyFormat()


def _whoosh() -> FolderFormat:
    from index.engines.whoosh.format import WhooshFormat  # noqa: PLC0415

    return WhooshFormat()


def _not_installed(name: EngineName) -> EngineUnavailable:
    return EngineUnavailable(f"没有安装 {name}。", hint=install_hint(name))
