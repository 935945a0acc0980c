"""Counts of a layout: modules, floors, names, and the functions that one request passes."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.structure import __main__ as structure
from benchmarks.structure.layout import (
    Floors,
    floors,
    in_each_folder,
    modules,
    one_word,
    two_meanings,
    two_values,
)
from benchmarks.structure.request_probe import Trace

FILES = {
    "index/__init__.py": "",
    "index/text/__init__.py": "",
    "index/text/dates.py": "DAY = 1\ndef read(): ...\n",
    "index/text/old_dates.py": "from index.text.dates import read\nDAY = 1\n_X = 1\n",
    "index/build.py": "import index.text.dates\nfrom index import errors\nclass Report: ...\n",
    "index/errors.py": "def told(): ...\n",
    "search/__init__.py": "",
    "search/one.py": "from search.two import x\nfrom index.build import Report\ndef told(): ...\n",
    "search/two.py": "def later():\n    from search.one import told\n",
    "search/top.py": "import search.one\nimport json\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path


def test_modules_and_names(root: Path) -> None:
    found = modules(root)
    assert in_each_folder(found) == {"index": 2, "index/text": 2, "search": 3}
    assert "index.text.old_dates" not in one_word(found)
    assert len(one_word(found)) == 6
    assert two_meanings(found) == {"told": ["index.errors", "search.one"]}
    assert two_values(found) == {"DAY": ["index.text.dates", "index.text.old_dates"]}


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        pytest.param("index", Floors(3, 2, 2, ()), id="a folder is one room"),
        pytest.param(
            "search", Floors(3, 2, 3, (("search.one", "search.two"),)), id="a circle is one floor"
        ),
        pytest.param("web", Floors(0, 0, 0, ()), id="nothing"),
    ],
)
def test_floors(root: Path, package: str, expected: Floors) -> None:
    assert floors(modules(root), package) == expected


def test_the_way_of_a_request_is_counted() -> None:
    """Nameless functions and templates are counted apart, as are texts that are not of the query."""
    places = [
        ("search/a.py", "f", 1),
        ("search/a.py", "f", 9),
        ("search/a.py", "f.<locals>.<listcomp>", 2),
        ("web/templates/x.html", "root", 1),
    ]
    watched = {"normalize": [("银行", "f"), ("元宇宙 银行", "f"), ("a title", "g"), (" ", "g")]}
    assert structure.passed(places, watched, "元宇宙 银行") == structure.Passed(
        functions=2,
        files=1,
        codes=3,
        code_files=2,
        calls={"normalize": (4, 2, Counter(f=2))},
    )


def test_a_trace_has_own_functions_only(root: Path) -> None:
    """The trace also has the arguments and callers of watched functions."""
    source = "def normalize(text):\n    return text\ndef ask():\n    return normalize('NFT')\n"
    names: dict[str, object] = {}
    exec(compile(source, str(root / "search/made.py"), "exec"), names)
    trace = Trace(root)
    sys.setprofile(trace.look)
    names["ask"]()  # type: ignore[operator]
    sys.setprofile(None)
    assert dict(trace.passed) == {
        ("search/made.py", "ask", 3): 1,
        ("search/made.py", "normalize", 1): 1,
    }
    assert trace.watched == {"normalize": [("NFT", "ask")]}


def test_the_fast_tests_are_those_of_the_makefile(root: Path) -> None:
    (root / "Makefile").write_text("test:\n\techo first\n\tpython -m pytest tests\n", "utf-8")
    assert structure.fast_tests(root) == ("test", [["sh", "-c", "python -m pytest tests"]])


def test_a_failed_command_is_reported(tmp_path: Path) -> None:
    """Its time is not shown as that of tests that passed."""
    told = structure.timed("run", [["sh", "-c", "echo done; exit 3"]], tmp_path)
    assert told.startswith("run: ")
    assert told.endswith("(done; ended with status 3)")
