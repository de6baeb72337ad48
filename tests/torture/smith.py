"""Starts `gecc` commands in a blink: a process that has imported everything and forks.

A server of our own command needs one to two seconds to start, nearly all of it imports. Orders
come on stdin, one JSON object a line; each is answered with one number.

    {"words": ["serve", …], "environment": {…}, "log": path, "plant": null}  -> process id
    {"wait": process id}                                                     -> how it ended

With two arguments, a folder and a size, that folder becomes a small disk first.
"""

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
from typing import Any, Final

DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG: no server outlives a test


def main() -> None:
    """Import what a server imports, then fork on order."""
    if len(sys.argv) > 1:
        where, size = sys.argv[1:]
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", where]
        subprocess.run(mount, check=True)
    for name in ("uvicorn", "uvicorn.protocols.http.httptools_impl", "uvicorn.loops.uvloop"):
        importlib.import_module(name)
    for name in ("app.main", "app.cli", "app.backup.commands", "app.evidence.jobs"):
        importlib.import_module(name)
    sys.stdout.write("0\n")
    sys.stdout.flush()
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            number = os.waitstatus_to_exitcode(status)
        else:
            number = os.fork()
            if number == 0:
                _be(order)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def _be(order: dict[str, Any]) -> None:
    """The child: the command and nothing else; never returns."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(log, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(order["environment"])
        from app import cli

        if order["plant"]:
            getattr(importlib.import_module("tests.torture.planted"), order["plant"])()
        cli.app(order["words"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
