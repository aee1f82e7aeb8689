"""Runs a command that ends with whoever started it: `python -m sim.stage.tied PARENT COMMAND...`.

Somebody who is killed without warning ends no children. The kernel does it for them, where it is
Linux (prctl(2), PR_SET_PDEATHSIG); elsewhere the command runs as it would without this.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tied(parent: int, *command: str) -> list[str]:
    """The command line that runs `command` tied to process `parent`, which must start it."""
    return [sys.executable, "-m", "sim.stage.tied", str(parent), *command]


def main(parent: int, command: list[str]) -> None:
    """Become `command`; end at once where `parent` is gone already."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(f"{command[0]} was not started: process {parent} is gone")
    os.execvp(command[0], command)  # noqa: S606  a shell would be one process more to end


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
