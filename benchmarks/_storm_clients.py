"""Communes that send within one minute: each saves its cells, looks once more, and sends.

Run in a process of its own. A commune begins at its moment of the minute, whether or not those
before it were answered; every answer is timed from the moment at which it was due.
"""

from __future__ import annotations

import http.client
import json
import re
import sys
import threading
import time
from typing import Any

TOKEN = "stormstormstormstormstormstormst"
_ID = re.compile(rb'name="submission" value="([0-9a-f-]{36})"')


class Commune:
    """One commune's browser, signed in since the morning."""

    def __init__(self, job: dict[str, Any], port: int) -> None:
        """Keep the session and the report."""
        self.job, self.port = job, port
        self.times: dict[str, float] = {}
        self.wrong = ""

    def run(self, at: float) -> None:
        """Wait for its moment, then save, look and send."""
        time.sleep(max(0.0, at - time.perf_counter()))
        try:
            self._send(at)
        except (OSError, http.client.HTTPException) as broken:
            self.wrong = f"{type(broken).__name__}: {broken}"

    def _send(self, at: float) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        pk = self.job["report"]
        body = json.dumps({"changes": [
            {"cell": cell, "text": text, "base": 0} for cell, text in self.job["cells"].items()
        ], "reasons": {}})
        self._ask(line, "PATCH", f"/api/v1/assignments/{pk}/cells", body, "application/json", 200)
        self.times["save"] = time.perf_counter() - at
        page = self._ask(line, "GET", f"/viec/bao-cao/{pk}/gui/", "", "", 200)
        found = _ID.search(page)
        if found is None:
            self.wrong = self.wrong or "the page offers nothing to send"
            return
        form = f"submission={found[1].decode()}&csrfmiddlewaretoken={TOKEN}"
        self._ask(line, "POST", f"/viec/bao-cao/{pk}/gui/", form,
                  "application/x-www-form-urlencoded", 302)
        self.times["sent"] = time.perf_counter() - at
        line.close()

    def _ask(self, line: http.client.HTTPConnection, method: str, path: str, body: str,
             kind: str, wanted: int) -> bytes:
        headers = {
            "Cookie": f"sessionid={self.job['session']}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN, "Accept-Encoding": "gzip",
        }
        if kind:
            headers["Content-Type"] = kind
        headers.pop("Accept-Encoding")  # what the page says is read here
        line.request(method, path, body.encode(), headers)
        answer = line.getresponse()
        content = answer.read()
        if answer.status != wanted:
            self.wrong = self.wrong or f"{method} {path}: {answer.status} {content[:200]!r}"
        return content


def main() -> None:
    """Let all communes send, spread evenly over the minute, and tell how long each waited."""
    job = json.load(sys.stdin)
    communes = [Commune(each, job["port"]) for each in job["communes"]]
    began = time.perf_counter() + 2.0
    step = job["seconds"] / len(communes)
    threads = [
        threading.Thread(target=each.run, args=(began + number * step,))
        for number, each in enumerate(communes)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({
        "seconds": time.perf_counter() - began,
        "save": sorted(each.times["save"] for each in communes if "save" in each.times),
        "sent": sorted(each.times["sent"] for each in communes if "sent" in each.times),
        "wrong": [each.wrong for each in communes if each.wrong],
    }))


if __name__ == "__main__":
    main()
