"""Sixteen readers at once: each asks, reads the whole answer, and asks again.

Run in a process of its own, so that what the readers cost is not counted with the servers.
Reads a job from its input and writes what was measured to its output, both as JSON.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from typing import Any


def _reader(port: int, paths: list[str], times: list[float], wrong: list[str]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in paths:
        began = time.perf_counter()
        line.request("GET", path)
        answer = line.getresponse()
        body = answer.read()
        times.append(time.perf_counter() - began)
        if answer.status != 200 or len(body) < 5_000:
            wrong.append(f"{path}: {answer.status}, {len(body)} bytes")
    line.close()


def asked(job: dict[str, Any]) -> dict[str, Any]:
    """Let every reader ask for its share of the pages, and return how long each answer took."""
    times: list[float] = []
    wrong: list[str] = []
    readers = [
        threading.Thread(target=_reader, args=(
            job["ports"][number % len(job["ports"])],
            job["paths"][number::job["readers"]], times, wrong))
        for number in range(job["readers"])
    ]
    began = time.perf_counter()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return {"seconds": time.perf_counter() - began, "times": times, "wrong": wrong[:5]}


if __name__ == "__main__":
    print(json.dumps(asked(json.load(sys.stdin))))
