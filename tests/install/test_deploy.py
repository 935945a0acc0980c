"""deploy/ and the Dockerfile, checked as far as possible without starting them."""

import json
import re
import subprocess
import sys
from configparser import RawConfigParser, SectionProxy
from pathlib import Path

import pytest

from index.settings import load
from web.cli.main import main

ROOT = Path(__file__).parents[2]
UNIT = (ROOT / "deploy" / "yuansou.service").read_text("utf-8")
SERVICES = sorted((ROOT / "deploy").glob("*.service"))
TIMER = ROOT / "deploy" / "yuansou-fetch.timer"
EXAMPLES = sorted(path for path in (ROOT / "deploy").iterdir() if path.suffix and path != TIMER)
PAGE = "docs/run/deploy.md"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
STAGES = [stage.splitlines() for stage in re.split(r"(?m)^(?=FROM )", DOCKERFILE)[1:]]


def instructions(name: str, stage: int = -1) -> list[str]:
    """The arguments of an instruction in a stage, by default the last."""
    return [line.partition(" ")[2].strip() for line in STAGES[stage] if line.startswith(f"{name} ")]


def environment() -> dict[str, str]:
    """The environment variables of the image."""
    return dict(word.split("=", 1) for line in instructions("ENV") for word in line.split())


def test_libraries_are_built_before_the_code() -> None:
    """The first stage copies no code, so a change of code rebuilds no library."""
    copied = " ".join(instructions("COPY", 0)).split()
    assert not {"index", "search", "seeds", "web", "."} & set(copied)
    final = instructions("COPY")
    assert [line.split()[0] for line in final] == ["--from=libraries", "--from=code"]


def test_the_image_is_pinned_and_has_no_root() -> None:
    """One base for all stages, a numeric user (that a cluster can check), one writable folder."""
    bases = {line[0].split()[1] for line in STAGES} - {"libraries"}
    (base,) = bases
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim-\w+", base)
    assert instructions("USER") == ["10001:10001"]
    assert instructions("VOLUME") == ["/var/lib/yuansou"]
    given = environment()
    assert given["TMPDIR"] == "/var/lib/yuansou"
    assert given["YUANSOU_INDEX_DIR"].startswith("/var/lib/yuansou/")


def test_the_image_is_set_by_our_settings() -> None:
    """Each YUANSOU_ variable is a setting."""
    settings = load({}, environment())
    assert (settings.host, settings.port) == ("0.0.0.0", 8000)


@pytest.mark.parametrize(
    "name",
    ["Dockerfile", "compose.yaml", *(f"deploy/{path.name}" for path in EXAMPLES), PAGE],
)
def test_the_public_address_is_named_where_a_site_is_set_up(name: str) -> None:
    """Behind a domain, a site without `public_url` answers 400 to everything."""
    assert "YUANSOU_PUBLIC_URL" in (ROOT / name).read_text("utf-8")
    load({}, {"YUANSOU_PUBLIC_URL": "https://news.example.org"})


def test_health_is_asked_without_other_programs(tmp_path: Path) -> None:
    """The health check uses Python and the port that is set; no answer is unhealthy."""
    (line,) = instructions("HEALTHCHECK")
    command = json.loads(line.partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    asked = subprocess.run(
        [sys.executable, *command[1:]], env={"YUANSOU_PORT": "1"}, capture_output=True, check=False
    )
    assert asked.returncode == 1
    assert b"refused" in asked.stderr


def test_only_what_is_built_reaches_the_builder() -> None:
    """Neither history nor index nor environment is in the build context."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert lines[0] == "*"
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {
        word
        for stage in range(len(STAGES) - 1)
        for line in instructions("COPY", stage)
        for word in line.split()[:-1]
    }
    assert allowed == copied


def test_the_page_installs_from_the_lock() -> None:
    """Every package is installed with its hash, and the code without a registry."""
    installs = re.findall(r"^sudo (\S+)/bin/pip install (.*)$", _page(), re.MULTILINE)
    *locked, (_, itself) = installs
    assert {f"{folder}/bin/yuansou serve" for folder, _ in installs} <= set(
        re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)
    )
    assert all("--require-hashes" in arguments for _, arguments in locked)
    named = [re.findall(r"-r (\S+)", arguments) for _, arguments in locked]
    assert named == [["requirements/build.txt"], ["requirements/run.txt"]]
    assert {"--no-deps", "--no-index"} <= set(itself.split())


def _page() -> str:
    return (ROOT / PAGE).read_text("utf-8")


@pytest.mark.systemd
def test_the_units_are_understood(tmp_path: Path) -> None:
    """systemd accepts them; the program's path is replaced, since it must exist."""
    program = "/opt/yuansou/bin/yuansou"
    ours = str(Path(sys.executable).with_name("yuansou"))
    for file in (*SERVICES, TIMER):
        (tmp_path / file.name).write_text(file.read_text("utf-8").replace(program, ours), "utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", *tmp_path.iterdir()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")


COMMANDS = {"yuansou": "serve", "yuansou-watch": "feeds watch", "yuansou-fetch": "feeds fetch"}


def test_units_run_commands_that_exist() -> None:
    """Each one of ours."""
    assert {path.stem for path in SERVICES} == set(COMMANDS)
    for path in SERVICES:
        assert f"ExecStart=/opt/yuansou/bin/yuansou {COMMANDS[path.stem]}\n" in path.read_text(
            "utf-8"
        )
        group, *rest = COMMANDS[path.stem].split()
        command = main.commands[group]
        assert not rest or rest[0] in command.commands  # type: ignore[attr-defined]
    assert TIMER.stem in COMMANDS


def test_units_write_to_one_place() -> None:
    """What is fetched where the site looks for it; all are confined alike."""
    services = [_service(path.read_text("utf-8")) for path in SERVICES]
    places = [_places(path.read_text("utf-8")) for path in SERVICES]
    assert places[0] == places[1] == places[2]
    own = ("Type", "ExecStart", "Restart", "RestartSec", "TimeoutStopSec", "SuccessExitStatus")
    alike = [{k: v for k, v in each.items() if k not in own} for each in services]
    assert alike[0] == alike[1] == alike[2]


def _places(text: str) -> list[str]:
    return re.findall(r"^Environment=(YUANSOU_\w+=/var/lib/yuansou/\S+)$", text, re.MULTILINE)


def _service(text: str) -> SectionProxy:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(text)
    return unit["Service"]


def test_the_unit_is_confined() -> None:
    """Its own user, one writable folder, no new privileges, restart on failure."""
    service = _service(UNIT)
    assert service["User"] == "yuansou"
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
    assert service["CapabilityBoundingSet"] == ""
    assert service["Restart"] == "on-failure"
    assert "ReadWritePaths" not in service
    (folder,) = re.findall(r"YUANSOU_INDEX_DIR=(\S+)", UNIT)
    assert folder.startswith(f"/var/lib/{service['StateDirectory']}/")
