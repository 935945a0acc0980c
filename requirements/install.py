"""Makes .venv: exactly the locked packages, and Yuansou itself from this checkout.

    python3 requirements/install.py [SET ...]

A set is a lock file beside this script, without its ending; `run` is always among them. What is
there already stays. An installation that was interrupted starts anew. The script needs the standard
library only, and a syntax that old Pythons read, so that it can tell them that they are too old.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
LOG = ROOT / "var" / "install.log"

UNBUILT = (
    "{0} could not be built. Use a Python that it has a wheel for, such as 3.12:"
    " make run PYTHON=python3.12."
)
CAUSES = (
    (
        r"ensurepip is not available|No module named '?(?:ensurepip|venv)",
        "this Python cannot make a virtual environment. On Debian and Ubuntu, install the package"
        " python3-venv; then run the command again.",
    ),
    (r"No space left on device", "the disk is full. Free 1 GB, then run the command again."),
    (
        r"DO NOT MATCH THE HASHES[^\n]*\n\s*([\w.-]+)",
        "{0} is not the file that was locked. Run the command again; if that does not help, the"
        " mirror or proxy in between changes files: use another (PIP_INDEX_URL).",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED",
        "the package registry's certificate is not trusted. Name the file of your authority in"
        " PIP_CERT, then run the command again.",
    ),
    (r"Failed building \w+ for ([\w.-]+)|Failed to build ([\w.-]+)\n", UNBUILT),
    (r"metadata-generation-failed|BackendUnavailable|subprocess-exited-with-error", UNBUILT),
    (
        r"NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Max retries exceeded"
        r"|Connection broken|IncompleteRead|HTTP error \d|\d\d\d (?:Client|Server) Error",
        "the package registry did not answer. Check the network and the proxy (HTTPS_PROXY), or"
        " name a mirror (PIP_INDEX_URL); then run the command again.",
    ),
    (
        r"No matching distribution found for ([\w.-]+)",
        "the package registry did not answer, or has no {0} for this Python. Check the network and"
        " PIP_INDEX_URL, or use another Python: make run PYTHON=python3.12.",
    ),
)
"""What pip or venv writes when it fails → what the user does next."""


class InstallError(Exception):
    """The installation cannot go on; says what to do."""


def refusal(version):
    """What to tell a Python that is too old, or nothing."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    return (
        f"Python {version[0]}.{version[1]} is too old, Yuansou needs {OLDEST[0]}.{OLDEST[1]} or"
        " newer. Name one: make run PYTHON=python3.12."
    )


def cause(log):
    """One sentence for what a failed step wrote: what is wrong, and what to do."""
    for pattern, sentence in CAUSES:
        found = re.search(pattern, log)
        if found:
            # Some failures name no package: it is the one that pip collected last.
            last = re.findall(r"^(?:Collecting|Processing) ([\w.-]+)", log, re.MULTILINE)
            named = [group for group in found.groups() if group]
            return sentence.format([*named, *reversed(last), "a package"][0])
    return "a step failed. Read the log, then run the command again."


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def locked(name):
    """The fingerprint of a set's lock file; empty where there is none."""
    lock = LOCKS / f"{name}.txt"
    return fingerprint(lock) if lock.exists() else ""


def wanted(names):
    """What .venv has to hold for these sets."""
    sets = {name: locked(name) for name in ("build", "run", *names)}
    unknown = [name for name, found in sets.items() if not found]
    if unknown:
        known = ", ".join(sorted(lock.stem for lock in LOCKS.glob("*.txt")))
        raise InstallError(f"there is no set {unknown[0]}. There are: {known}.")
    project = fingerprint(ROOT / "pyproject.toml")
    return {"root": str(ROOT), "project": project, "sets": sets}


def present(named):
    """What .venv holds; nothing if it is unfinished, moved, broken or not of the Python named."""
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
        asked = [str(VENV / "bin" / "python"), "-c", "import sys; print(*sys.version_info[:2])"]
        version = subprocess.check_output(asked, stderr=subprocess.DEVNULL, text=True).split()
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}
    other = named and version != [str(part) for part in sys.version_info[:2]]
    return {} if other or stamp["root"] != str(ROOT) else stamp


def missing(want, have):
    """(whether to start anew, the sets to install, whether to install Yuansou itself)."""
    held = have.get("sets", {})
    if not held or any(locked(name) != found for name, found in held.items()):
        kept = {name for name in held if locked(name)}
        return True, sorted({*kept, *want["sets"]}), True
    more = sorted(set(want["sets"]) - set(held))
    return False, more, have["project"] != want["project"]


def step(command, lock):
    """Runs one command; its output goes to the log. `lock` is held until the command ends."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a+", encoding="utf-8", errors="replace") as log:
        begin = log.tell()
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        # A `user = true` in pip's configuration has no meaning inside .venv, and stops pip there.
        done = subprocess.run(
            command,
            cwd=str(ROOT),
            env=dict(os.environ, PIP_USER="0"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(lock.fileno(),),
            check=False,
        )
        log.seek(begin)
        said = log.read()
    if done.returncode:
        raise InstallError(f"{cause(said)} The log: {LOG.relative_to(ROOT)}")


def install(anew, sets, itself, lock):
    """Adds these sets to .venv, or makes it anew with them; `itself`: Yuansou too."""
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    packages = [*pip, "install", "--no-compile", "--require-hashes", "--no-build-isolation"]
    if anew:
        shutil.rmtree(str(VENV), ignore_errors=True)
        # Called from an activated .venv, this Python is the one just deleted: its base is not.
        base = getattr(sys, "_base_executable", sys.executable)
        step([base, "-m", "venv", "--clear", str(VENV)], lock)
    if "build" in sets:
        step([*packages, "-r", str(LOCKS / "build.txt")], lock)
    files = [("-r", str(LOCKS / f"{name}.txt")) for name in sets if name != "build"]
    if files:
        step([*packages, "--use-pep517", *(part for file in files for part in file)], lock)
    if itself:
        options = ["--no-deps", "--no-index", "--no-build-isolation"]
        step([*pip, "install", *options, "--editable", str(ROOT)], lock)


def bring(want, have, lock):
    """Installs what is missing. A .venv that is made anew has no stamp until it is complete, so a
    kill is seen later. Additions leave the stamp: they change nothing that it names."""
    anew, sets, itself = missing(want, have)
    if not (sets or itself):
        return
    begin = time.monotonic()
    print(f"Installing into .venv: {', '.join(sets) or 'yuansou'} …", flush=True)
    LOG.unlink(missing_ok=True)
    if anew:
        STAMP.unlink(missing_ok=True)
    install(anew, sets, itself, lock)
    names = {*sets, *({} if anew else have["sets"])}
    write(dict(want, sets={name: locked(name) for name in names}))
    print(f"Installed in {time.monotonic() - begin:.0f} s.", flush=True)


def write(stamp):
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(json.dumps(stamp, indent=1), "utf-8")
    unfinished.replace(STAMP)


def main(names):
    """One installation at a time: pip holds the lock as well, even if this script is killed."""
    refused = refusal(sys.version_info)
    if refused:
        raise InstallError(refused)
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        bring(wanted(names), present(named="PYTHON" in os.environ), lock)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InstallError as failed:
        sys.exit(f"Not installed: {failed}")
    except KeyboardInterrupt:
        sys.exit("Not installed: interrupted. Run the command again.")
