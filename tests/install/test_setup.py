"""Set-up: Makefile, README, Dockerfile and lock files agree; failures say what to do next."""

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from benchmarks.peers.registry import PEERS
from index.errors import install_hint
from tests.support.unmet_needs import lacks_library

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

SPEC = importlib.util.spec_from_file_location("install", ROOT / "requirements" / "install.py")
assert SPEC
assert SPEC.loader
install = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(install)


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _names(lock: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9.-]+)==", lock.read_text("utf-8"), re.MULTILINE))


def _asked(requirements: list[str]) -> set[str]:
    names = (re.split(r"[<>=!~\[ ;]", line)[0] for line in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def _sets() -> dict[str, list[str]]:
    """Set → requirements in pyproject.toml; `fast` is part of what running needs."""
    extras = dict(PROJECT["project"]["optional-dependencies"])
    run = PROJECT["project"]["dependencies"] + extras.pop("fast")
    return {"run": run} | extras | PROJECT["dependency-groups"]


@pytest.mark.parametrize("name", sorted(_sets()))
def test_every_extra_and_group_is_locked(name: str) -> None:
    """Each requirement is in its lock file, or in that of what running needs."""
    lock = ROOT / "requirements" / f"{name}.txt"
    assert _asked(_sets()[name]) <= _names(lock) | _names(lock.with_name("run.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks(lock: Path) -> None:
    """A lock file belongs to a known set, has exact versions with hashes, and no index address."""
    text = lock.read_text("utf-8")
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]

    assert lock.stem in _sets()
    assert "//" not in text
    assert not [entry for entry in entries if not re.match(r"[a-z0-9.-]+==\S+ ", entry)]
    assert not [entry for entry in entries if "--hash=sha256:" not in entry]


def test_one_version_a_package() -> None:
    """Lock files agree in any choice of extras."""
    found = re.findall(
        r"^([a-z0-9.-]+)==(\S+)",
        "\n".join(lock.read_text("utf-8") for lock in LOCKS),
        flags=re.MULTILINE,
    )
    assert len(set(found)) == len({name for name, _ in found})


def _applying(name: str) -> set[str]:
    """Packages of a lock file that apply to this Python and system."""
    lines = re.findall(r"^[a-z0-9.-]+==[^\\\n]+", _text(f"requirements/{name}.txt"), re.MULTILINE)
    locked = [Requirement(line) for line in lines]
    return {one.name for one in locked if not one.marker or one.marker.evaluate()}


@pytest.mark.parametrize("name", ["run", "tantivy", "opensearch", "evaluate", "dev"])
def test_what_a_package_needs_is_locked_too(name: str) -> None:
    """With what running needs, an extra's lock file is complete: pip would refuse it otherwise."""
    applying = _applying("run") | _applying(name)
    for package in applying:
        needs = [Requirement(line) for line in distribution(package).requires or ()]
        named = {one.name for one in needs if not one.marker or one.marker.evaluate({"extra": ""})}
        assert _asked(sorted(named)) <= applying, package


@pytest.mark.parametrize(
    "package", ["grpcio", "mypy", "opensearch-py", "playwright", "pytest", "scipy", "tantivy"]
)
def test_running_does_without(package: str) -> None:
    """`make run` installs nothing that only extras or tests need."""
    assert package not in _names(ROOT / "requirements" / "run.txt")


DOCUMENTS = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/run/install.md"]
"""Where commands for setting up stand."""


@pytest.mark.parametrize("document", [*DOCUMENTS, "Makefile", "Dockerfile", ".ci/run"])
def test_lock_files_that_are_named_are_there(document: str) -> None:
    """Every lock file named exists; the old ones are named nowhere."""
    text = _text(document)
    named = re.findall(r"requirements/(\w+\.\w+)", text)
    assert not [name for name in named if not (ROOT / "requirements" / name).exists()]
    assert "constraints.txt" not in text


def test_the_container_installs_from_the_lock() -> None:
    """The image installs what `make run` does, with hashes, and the extras named."""
    text = _text("Dockerfile")
    assert "--require-hashes" in text
    assert {"build", "run"} <= set(re.findall(r"requirements/(\w+)\.txt", text))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_targets_that_are_named_exist(document: str) -> None:
    """Every `make …` in the docs is a target with variables that it reads."""
    makefile = _text("Makefile")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    variables = set(re.findall(r"^([A-Z_]+) \?=", makefile, re.MULTILINE))
    typed = re.findall(r"(?:`|^)make ([a-z-]+)((?: [A-Z_]+=)?)", _text(document), re.MULTILINE)

    assert "run" in {target for target, _ in typed}
    assert {target for target, _ in typed} <= targets
    assert {name.strip(" =") for _, name in typed if name} <= variables


def test_time_zones_are_installed_on_every_system() -> None:
    """`tzdata` is locked for every system and suffices alone: dates need Asia/Shanghai."""
    (entry,) = re.findall(r"^tzdata==[^\\\n]+", _text("requirements/run.txt"), re.MULTILINE)
    assert Requirement(entry).marker is None
    reads = "from index.text.dates import parse_date; print(parse_date('2022-02-09').tzinfo)"
    told = subprocess.run(
        [sys.executable, "-c", reads],
        cwd=ROOT,
        env=os.environ | {"PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.stdout, told.stderr) == ("Asia/Shanghai\n", "")


HINTS = {
    "an engine's library": install_hint("tantivy"),
    "the library of `yuansou evaluate`": install_hint("evaluate"),
    "tests that are left out": lacks_library("no_such_library", "opensearch"),
    **{f"the benchmark's {row.name}": row.get for row in PEERS if row.name in ("tantivy", "bm25s")},
    **{page: _text(page) for page in ("docs/run/install.md", "docs/run/opensearch.md")},
}
"""Where what to install is named → the text."""


@pytest.mark.parametrize("text", HINTS.values(), ids=HINTS)
def test_what_to_install_is_named_as_it_works(text: str) -> None:
    """In a checkout, `make install EXTRAS=…` with locked sets; else extras of the package."""
    made = re.findall(r"make install EXTRAS=\"?([a-z0-9]+(?: [a-z0-9]+)*)", text)
    extras = re.findall(r"pip install '(\S+)\[([a-z,]+)\]'", text)

    assert made
    assert {word for words in made for word in words.split()} <= {lock.stem for lock in LOCKS}
    assert {package for package, _ in extras} <= {".", PROJECT["project"]["name"]}
    assert {extra for _, named in extras for extra in named.split(",")} <= set(
        PROJECT["project"]["optional-dependencies"]
    )


def test_the_oldest_python_is_said_alike() -> None:
    """pyproject.toml, documents and script refuse the same Pythons."""
    oldest = ".".join(map(str, install.OLDEST))
    assert PROJECT["project"]["requires-python"] == f">={oldest}"
    assert f"Python {oldest} or newer" in _text("README.md")


def test_a_fresh_clone_comes_first() -> None:
    """`.ci/run` tests the set-up first, before anything could hide a missing step."""
    commands = [line for line in _text(".ci/run").splitlines() if line and line[0] not in "#sc"]
    assert commands[0].endswith(".ci/fresh_clone.py")


@pytest.mark.parametrize(
    ("version", "refused"),
    [((3, 10), True), ((3, 11), False), ((3, 14), False), ((4, 0), False)],
    ids=["3.10", "3.11", "3.14", "4.0"],
)
def test_old_pythons(version: tuple[int, int], refused: bool) -> None:
    """A Python that is too old gives an error with a command to type."""
    said = install.refusal(version)
    assert bool(said) == refused
    assert not refused or "make run PYTHON=" in said


FAILURES = [
    pytest.param("/usr/bin/python3: No module named ensurepip", "python3-venv", id="no venv"),
    pytest.param(
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(…)'\n"
        "ERROR: No matching distribution found for flask==3.1.3",
        "registry did not answer. ",
        id="no network",
    ),
    pytest.param(
        "ERROR: No matching distribution found for numpy==2.4.6", "has no numpy for", id="absent"
    ),
    pytest.param(
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have\n"
        "    flask==3.1.3 from file:///x:\n",
        "flask is not the file",
        id="another file",
    ),
    pytest.param(
        "Collecting jieba==0.42.1\nCollecting flask==3.1.3\n"
        "  error: subprocess-exited-with-error\n  ERROR: Failed building wheel for jieba\n",
        "jieba could not be built",
        id="build",
    ),
    pytest.param(
        "Collecting flask==3.1.3\nCollecting rjieba==0.2.2 (from -r run.txt (line 1))\n"
        "pip._vendor.pyproject_hooks._impl.BackendUnavailable: No module named 'maturin'",
        "rjieba could not be built",
        id="no build backend",
    ),
    pytest.param("OSError: [Errno 28] No space left on device", "disk is full", id="disk"),
    pytest.param("SSLError CERTIFICATE_VERIFY_FAILED", "PIP_CERT", id="certificate"),
    pytest.param("Segmentation fault", "Read the log", id="unknown"),
]


@pytest.mark.parametrize(("log", "says"), FAILURES)
def test_causes(log: str, says: str) -> None:
    """The output of a failed step becomes one line that ends with what to do."""
    said = install.cause(log)
    assert says in said
    assert "\n" not in said


def _want(*names: str) -> dict[str, object]:
    return dict(install.wanted(names))


@pytest.mark.parametrize(
    ("have", "names", "expected"),
    [
        pytest.param({}, (), (True, ["build", "run"], True), id="nothing"),
        pytest.param(_want(), (), (False, [], False), id="all there"),
        pytest.param(_want("tantivy"), (), (False, [], False), id="more than asked"),
        pytest.param(_want(), ("tantivy",), (False, ["tantivy"], False), id="one more"),
        pytest.param(
            _want("tantivy") | {"sets": {"run": "old", "tantivy": "old"}},
            (),
            (True, ["build", "run", "tantivy"], True),
            id="locked anew",
        ),
        pytest.param(_want() | {"project": "old"}, (), (False, [], True), id="project changed"),
        pytest.param(
            _want() | {"sets": {**_want()["sets"], "gone": "old"}},  # type: ignore[dict-item]
            (),
            (True, ["build", "run"], True),
            id="an extra that is no more",
        ),
    ],
)
def test_missing(
    have: dict[str, object], names: tuple[str, ...], expected: tuple[bool, list[str], bool]
) -> None:
    """Only missing packages are installed; a changed lock file starts from nothing."""
    assert install.missing(_want(*names), have) == expected


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that an installation reads, in a folder with spaces and Chinese characters."""
    made = tmp_path / "元搜 and spaces"
    made.mkdir()
    for name in ("Makefile", "README.md", "LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, made)
    for name in ("requirements", "index", "search", "seeds", "web"):
        shutil.copytree(ROOT / name, made / name)
    return made


def _make(checkout: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", f"PYTHON={sys.executable}", *command],
        cwd=checkout,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "environment", "says"),
    [
        pytest.param(
            ["install"],
            {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"},
            "did not answer",
            id="no registry",
            marks=pytest.mark.slow,
        ),
        pytest.param(["install", "EXTRAS=tantivi"], {}, "no set tantivi", id="no such extra"),
        pytest.param(["install", "PYTHON=python9.9"], {}, "no python9.9", id="no Python"),
    ],
)
def test_a_failure_is_one_line(
    checkout: Path, command: list[str], environment: dict[str, str], says: str
) -> None:
    """A failed step prints its cause in one line and no traceback; the full output is in the log."""
    done = _make(checkout, *command, **environment)

    # `make[1]: ` where the tests themselves run under make.
    told = [line for line in done.stderr.splitlines() if not re.match(r"make(\[\d+\])?: ", line)]
    assert done.returncode
    assert len(told) == 1
    assert says in told[0]
    assert not (checkout / ".venv" / "installed.json").exists()


SITE = "lib/python*/site-packages"
MOMENTS = {
    "venv": "bin/python",
    "pip": f"{SITE}/pip",
    "build tools": f"{SITE}/hatchling",
    "first package": f"{SITE}/numpy",
    "last packages": f"{SITE}/flask",
    "yuansou": f"{SITE}/*yuansou*",
}
"""When the installation is ended: as soon as this is in .venv."""


def _interrupt(checkout: Path, seen: Callable[[], bool], number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "requirements/install.py"],
        cwd=checkout,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None and not seen():
        time.sleep(0.005)
    if process.poll() is None:
        os.killpg(process.pid, number)
    process.wait(60)


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl+C"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interrupted_installation_is_repaired(
    checkout: Path, moment: str, number: signal.Signals
) -> None:
    """Running the same command again completes it."""
    venv = checkout / ".venv"
    _interrupt(checkout, lambda: any(venv.glob(MOMENTS[moment])), number)
    interrupted = not (venv / "installed.json").exists()

    done = _make(checkout, "install")

    assert interrupted
    assert done.returncode == 0, done.stderr
    check = [venv / "bin" / "python", "-m", "pip", "check"]
    assert subprocess.run(check, check=False).returncode == 0
    shown = subprocess.check_output([venv / "bin" / "yuansou", "analyze", "数字人民币"], text=True)
    assert "数字人民币" in shown
    assert json.loads((venv / "installed.json").read_text("utf-8"))["sets"].keys() == {
        "build",
        "run",
    }
