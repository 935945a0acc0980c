"""Loads what operations need, once, in the process that others are forked from.

Whoosh does all of it in one thread. Tantivy is only imported: a process that has started threads
must not be forked.
"""

import importlib
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.reliability.systems import system

importlib.import_module("index.engines.tantivy.format")
with TemporaryDirectory() as made:
    whoosh = system("whoosh")
    whoosh.prepare(Path(made) / "index")
    for operation in whoosh.operations:
        whoosh.act(Path(made) / "index", operation)
