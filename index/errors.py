"""All exceptions that callers may catch, as one tree.

    YuansouError
    ├── SettingsError        a setting has an unknown name or an impossible value
    ├── SourceError          a path to read articles from is missing or unreadable
    ├── LexiconError         a lexicon file does not read, or two concepts claim one form
    ├── BackupError          a backup is damaged, or not one that can be made or restored here
    ├── FeedsError           feeds.toml does not read, or a feed cannot be added
    ├── VectorsUnavailable   what makes vectors is not installed, or does not run here
    ├── EvaluationError      judged queries do not read, or what measures them is not installed
    ├── IndexProblem
    │   ├── IndexMissing     nothing has been built yet
    │   ├── IndexOutdated    built by another format, normaliser or segmenter: build it again, or:
    │   │   └── IndexForeign    built by another engine or a newer version: open it with that
    │   ├── IndexDamaged     a file is missing or is not what the manifest says
    │   ├── IndexLocked      another process is writing
    │   ├── NoSuchGeneration
    │   ├── BuildInterrupted a worker process of the build was killed
    │   ├── IndexOutgrown    the engine needs more memory for so many articles than there is
    │   ├── CheckFailed      a new generation did not pass its checks and was not published
    │   └── EngineUnavailable   the engine's library is not installed, or:
    │       ├── ClusterAway     no host of the cluster answers in time
    │       ├── ClusterRefused  it does not accept our user, password or certificate
    │       ├── ClusterForeign  it is another product, or too old
    │       ├── ClusterFault    it does not accept a request
    │       └── AnswerPartial   a shard of the index is missing, so results would be incomplete
    ├── InvalidRequest       a search request that cannot be answered as asked
    ├── BudgetSpent          a request needs more processor time than one may use
    ├── ServerBusy           as many requests wait as may wait
    ├── TooManyRequests      one client asks more often than it may
    ├── UnknownHost          a request came with a host name that is not the site's
    └── ArticleNotFound

`message` is one Chinese sentence, shown on the page, in JSON and in the terminal; `hint` says what
to do next; `code` is for programs and never changes.
"""

# Most names state the problem, so they do without the suffix "Error" (ruff N818).


class YuansouError(Exception):
    """Root of our exceptions."""

    code = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SettingsError(YuansouError):
    code = "bad_setting"


class SourceError(YuansouError):
    code = "bad_source"


class LexiconError(YuansouError):
    code = "bad_lexicon"


class EvaluationError(YuansouError):
    code = "bad_evaluation"


class VectorsUnavailable(YuansouError):  # noqa: N818
    code = "vectors_unavailable"


class FeedsError(YuansouError):
    code = "bad_feeds"


class BackupError(YuansouError):
    code = "bad_backup"


def install_hint(extra: str) -> str:
    """What brings the library of an extra, in a checkout and next to an installed package."""
    return (
        f"在源码目录里请运行 make install EXTRAS={extra}，"
        f"否则在元搜的环境里运行 pip install 'yuansou[{extra}]'。"
    )


class IndexProblem(YuansouError):  # noqa: N818
    """The index cannot be used as it is."""

    code = "index_problem"


class IndexMissing(IndexProblem):
    code = "index_missing"
    first = "请先运行 yuansou index rebuild 文章目录；只想看看示例，用 yuansou serve --seeds 启动。"
    """The hint where nothing was ever built."""


class IndexOutdated(IndexProblem):
    code = "index_outdated"


class IndexForeign(IndexOutdated):
    """A rebuild would replace an index that another program can still use: ask its owner first."""


class IndexDamaged(IndexProblem):
    code = "index_damaged"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "请运行 yuansou index rollback 或 yuansou index rebuild。",
    ) -> None:
        super().__init__(message, hint=hint)


class IndexLocked(IndexProblem):
    code = "index_locked"


class NoSuchGeneration(IndexProblem):
    code = "no_such_generation"


class BuildInterrupted(IndexProblem):
    code = "build_interrupted"


class IndexOutgrown(IndexProblem):
    code = "index_outgrown"


class CheckFailed(IndexProblem):
    code = "check_failed"


class EngineUnavailable(IndexProblem):
    code = "engine_unavailable"


class ClusterAway(EngineUnavailable):
    code = "cluster_away"


class ClusterRefused(EngineUnavailable):
    code = "cluster_refused"


class ClusterForeign(EngineUnavailable):
    code = "cluster_foreign"


class ClusterFault(EngineUnavailable):
    """`lasts`: repeating the request later would fail again."""

    code = "cluster_fault"

    def __init__(self, message: str, *, hint: str = "", lasts: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.lasts = lasts


class AnswerPartial(EngineUnavailable):
    code = "answer_partial"


class InvalidRequest(YuansouError):  # noqa: N818
    """A request parameter is unknown or has an unusable value; `param` is its name."""

    code = "invalid_parameter"

    def __init__(self, message: str, *, param: str | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.param = param


class BudgetSpent(YuansouError):  # noqa: N818
    code = "too_costly"


class ServerBusy(YuansouError):  # noqa: N818
    code = "busy"


class TooManyRequests(YuansouError):  # noqa: N818
    """`wait`: seconds after which this client may ask again."""

    code = "too_many_requests"

    def __init__(self, message: str, *, wait: int = 1, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.wait = wait


class UnknownHost(YuansouError):  # noqa: N818
    code = "unknown_host"


class ArticleNotFound(YuansouError):  # noqa: N818
    code = "article_not_found"
