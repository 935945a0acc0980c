"""Proves that a fresh clone of HEAD starts and answers where there is only Python and make.

    python3 .ci/fresh_clone.py [--python PYTHON] [--user NAME] [--target TARGET]

It clones into an empty folder whose name has spaces and Chinese characters, with an empty HOME, no
caches and only those variables that package clients need; runs `make run`; waits for /healthz and
for one search that finds something; stops it. The last line says what that took. With a target
such as `for-tests` it only runs that. `--user` (from root) does it as another user; `--commit` and
`--makefile` (a sed expression for the clone's Makefile) show what other states of the project do.
"""

import argparse
import json
import os
import pwd
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, build_opener

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 900
"""Seconds until a start counts as failed: a loaded machine may take minutes."""

NEEDED = re.compile(
    r"PATH|LANG|LC_\w+|PIP_\w+|(?:https?|all|no)_proxy|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE",
    re.IGNORECASE,
)
"""Variables that the clone keeps."""

QUERY = "数字人民币"
# A proxy is for the package registry, never for this machine.
OPENER = build_opener(ProxyHandler({}))


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if NEEDED.fullmatch(name)}
    kept.pop("PIP_CACHE_DIR", None)
    return kept | {"HOME": str(home), "PIP_NO_CACHE_DIR": "1"}


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


def clone(folder: Path, wanted: argparse.Namespace) -> Path:
    made = folder / "元搜 with spaces" / "yuansou"
    subprocess.run(["git", "clone", "--quiet", ROOT, made], check=True)
    if wanted.commit:
        subprocess.run(["git", "checkout", "--quiet", wanted.commit], cwd=made, check=True)
    if wanted.makefile:
        subprocess.run(["sed", "-i", wanted.makefile, "Makefile"], cwd=made, check=True)
    return made


@contextmanager
def started(command: list[str], where: Path, user: str | None) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a session of its own, which is ended together."""
    home = where.parents[1] / "home"
    home.mkdir()
    entry = pwd.getpwnam(user) if user else None
    if entry:
        subprocess.run(["chown", "-R", f"{user}:", where.parents[1]], check=True)
    with (where.parents[1] / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=where,
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=entry.pw_uid if entry else None,
            group=entry.pw_gid if entry else None,
            extra_groups=[] if entry else None,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def asked(port: int, path: str) -> dict[str, object] | None:
    """The answer as JSON; nothing while nobody answers."""
    try:
        with OPENER.open(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            told: dict[str, object] = json.load(answer)
            return told
    except (URLError, OSError):
        return None


def first_answer(process: subprocess.Popen[bytes], port: int) -> int:
    """Waits for the site; how many articles its first search found."""
    give_up = time.monotonic() + PATIENCE
    while asked(port, "/healthz") is None:
        if process.poll() is not None:
            raise SystemExit(f"make ended with status {process.returncode} before it served")
        if time.monotonic() > give_up:
            raise SystemExit(f"nothing was served within {PATIENCE} s")
        time.sleep(0.1)
    total = (asked(port, f"/api/v1/search?q={quote(QUERY)}") or {}).get("total")
    if not isinstance(total, int) or total < 1:
        raise SystemExit(f"the search for {QUERY} found nothing")
    return total


def installed(venv: Path) -> str:
    """Megabytes of files, and packages."""
    size = sum(path.lstat().st_size for path in venv.rglob("*") if not path.is_dir())
    packages = len(list(venv.glob("lib/*/site-packages/*.dist-info")))
    return f"{size / 1e6:.0f} MB and {packages} packages in .venv"


def prove(folder: Path, wanted: argparse.Namespace) -> None:
    begin = time.monotonic()
    where = clone(folder, wanted)
    port = free_port()
    serves = wanted.target == "run"
    command = ["make", wanted.target, f"PYTHON={wanted.python}"]
    with started([*command, f"PORT={port}"] if serves else command, where, wanted.user) as process:
        if serves:
            found = first_answer(process, port)
            took = time.monotonic() - begin
        elif process.wait(PATIENCE):
            raise SystemExit(f"make {wanted.target} ended with status {process.returncode}")
        else:
            took = time.monotonic() - begin
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = f"{found} articles found for {QUERY}" if serves else "done"
    print(
        f"make {wanted.target}, {wanted.python}, {wanted.user or 'this user'}: {done} {took:.1f} s"
        f" after git clone began ({used.ru_utime + used.ru_stime:.1f} s of processor time);"
        f" {installed(where / '.venv')}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Proves that a fresh clone starts and answers.")
    parser.add_argument("--python", default=os.environ.get("PYTHON", "python3"))
    parser.add_argument("--target", default="run", help="make's target (run)")
    parser.add_argument("--user", help="who does it; needs root")
    parser.add_argument("--commit", help="another commit than HEAD")
    parser.add_argument("--makefile", help="a sed expression for the clone's Makefile")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fresh-"))
    try:
        prove(folder, wanted)
    except SystemExit as failed:
        output = folder / "output"
        if output.exists():
            sys.stderr.write(output.read_text("utf-8", errors="replace")[-4000:])
        sys.exit(f"A fresh clone does not start: {failed}.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
