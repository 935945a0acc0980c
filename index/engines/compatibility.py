"""Decides whether this version can search a generation, or at least read its articles."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.metadata import version
from typing import Any

from index.analysis.segmenter import dictionary_fingerprint
from index.duplicates.minhash import sketch_fingerprint
from index.engines.api import Generation
from index.errors import IndexForeign, IndexOutdated
from index.text.normalize import normalizer_fingerprint

PROGRAM_VERSION = version("yuansou")
"""This version of Yuansou."""
REBUILD = "请运行 yuansou index rebuild，或用 yuansou serve --rebuild 启动。"


def analyzer_fingerprint() -> str:
    """Changes whenever the same lexicon would give a text other tokens or another sketch."""
    return f"{normalizer_fingerprint()}-{dictionary_fingerprint()}-{sketch_fingerprint()}"


def generation_of(manifest: Mapping[str, Any]) -> Generation:
    """The generation that a manifest describes. Raises KeyError, TypeError.

    Unknown names are left out: a newer version wrote them, and its `format` decides whether we can
    read the rest.
    """
    known = {
        field.name: manifest[field.name] for field in fields(Generation) if field.name in manifest
    }
    return Generation(**{**known, "sources": tuple(manifest["sources"])})


@dataclass(frozen=True, slots=True)
class ReadableFormat:
    """The generations that an adapter can read. `format`: the version of the files it writes.

    `rebuild`: the hint given for an index that has to be built again.
    """

    engine: str
    format: int
    rebuild: str = REBUILD

    def check_articles(self, generation: Generation) -> None:
        """Raises IndexForeign or IndexOutdated if the stored articles cannot be read."""
        name, program = generation.name, generation.program
        built_by = f"元搜 {program} " if program else "元搜"
        if generation.engine != self.engine:
            raise IndexForeign(
                f"索引版本 {name} 由 {generation.engine} 建成，而设置 engine 是 {self.engine}。",
                hint="改这个设置，或运行 yuansou index copy "
                f"--from {generation.engine} --to {self.engine}。",
            )
        if generation.format > self.format:
            raise IndexForeign(
                f"索引版本 {name} 由较新的{built_by}建成，本程序是 {PROGRAM_VERSION}，不能读它。",
                hint="请升级本程序，或运行 yuansou index rollback 退回本程序建的版本。",
            )
        if generation.format < self.format:
            raise IndexOutdated(
                f"索引版本 {name} 由{built_by}用旧格式建成，不能使用。", hint=self.rebuild
            )

    def accepts(self, generation: Generation) -> bool:
        try:
            self.check_search(generation)
        except IndexOutdated:
            return False
        return True

    def check_search(self, generation: Generation) -> None:
        """Raises the same, and IndexOutdated if the tokens were made by another analyser."""
        self.check_articles(generation)
        if generation.analyzer != analyzer_fingerprint():
            raise IndexOutdated(
                f"索引版本 {generation.name} 用另一种分词方式建成，不能使用。", hint=self.rebuild
            )
