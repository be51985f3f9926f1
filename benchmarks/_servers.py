"""Servers under measurement: whether they answer yet, and what they have cost."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

_CLOCK = os.sysconf("SC_CLK_TCK")
_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answering(address: str, started: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in started):
            raise SystemExit(f"a server of {address} has stopped")
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            with _NO_PROXY.open(address, timeout=20) as answer:
                answer.read()
            return
        time.sleep(0.2)
    raise SystemExit(f"{address} does not answer")


def cpu(pids: Sequence[int]) -> float:
    """Return the CPU seconds of processes and of those below them."""
    below: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            facts = entry.read_text().rpartition(")")[2].split()
            pid = int(entry.parent.name)
            below.setdefault(int(facts[1]), []).append(pid)
            spent[pid] = (int(facts[11]) + int(facts[12])) / _CLOCK
    waiting, total = list(pids), 0.0
    while waiting:
        pid = waiting.pop()
        total += spent.get(pid, 0.0)
        waiting += below.get(pid, [])
    return total
