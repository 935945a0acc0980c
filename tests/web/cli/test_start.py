"""The start of a command, before it can answer for its errors."""

import signal
import subprocess
import sys

INTERRUPTED_WHILE_LOADING = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "web.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, {handler})
sys.meta_path.insert(0, Interrupting())
from web.cli.__main__ import start
sys.argv = ["yuansou", "--version"]
start()
"""


def interrupted(handler: str) -> "subprocess.CompletedProcess[str]":
    code = INTERRUPTED_WHILE_LOADING.format(handler=handler)
    return subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)


def test_ctrl_c_while_modules_are_loaded() -> None:
    """Ends the process as a shell expects it, and says nothing."""
    ended = interrupted("signal.default_int_handler")

    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")


def test_ctrl_c_in_a_background_job() -> None:
    """A shell makes its background jobs ignore it."""
    ended = interrupted("signal.SIG_IGN")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "yuansou" in ended.stdout
