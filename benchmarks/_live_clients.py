"""Officials who read, and reviewers who approve meanwhile; a process of its own.

An official opens one screen after another, signed in since the morning, and looks at each for
`pause` seconds on average before the next; with no pause all of them press at once all the time.
What is timed is from the request to the last byte of the page.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
from typing import Any
from urllib.parse import urlencode

TOKEN = "livelivelivelivelivelivelivelive"
LAST = "2026-Q3"


def figure(level: str, area: str, **more: str) -> str:
    """Return the address of a figure."""
    asked = {"chi_tieu": "LIVE:01", "cap": level, "dia_ban": area, "ky": LAST, **more}
    return f"/viec/so-lieu/LIVE/?{urlencode(asked)}"


def screens(official: dict[str, Any], provinces: dict[str, list[str]],
            drawn: random.Random) -> list[tuple[str, str]]:
    """Return what an official opens, each under the name of its kind."""
    province = official["province"] or drawn.choice(sorted(provinces))
    commune = drawn.choice(provinces[province])
    ref = f"LIVE:{drawn.randint(1, 12):02}"
    found = [
        ("one's work", "/viec/"), ("board", "/viec/tien-do/"),
        ("province, its communes", figure("province", province, chi_tieu=ref)),
        ("province, one group", figure(
            "province", province, chi_tieu=ref, ETHNIC_GROUP=f"{drawn.randint(1, 54):02}")),
        ("commune", figure("commune", commune, chi_tieu=ref)),
    ]
    if not official["province"]:
        found.append(("country", figure("country", "VN", chi_tieu=ref)))
    return found


class Line:
    """One browser."""

    def __init__(self, port: int, session: str) -> None:
        """Keep the session."""
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"}

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Ask for a page, or send a form."""
        if form is None:
            self.line.request("GET", path, headers=self.headers)
        else:
            self.line.request("POST", path, urlencode(
                {"csrfmiddlewaretoken": TOKEN, **form}), {
                **self.headers, "Content-Type": "application/x-www-form-urlencoded"})
        answer = self.line.getresponse()
        return answer.status, answer.read()


class Official(threading.Thread):
    """Reads until the time is up."""

    def __init__(self, job: dict[str, Any], number: int, until: float) -> None:
        """Keep who reads."""
        super().__init__()
        self.job, self.until = job, until
        self.official = job["officials"][number]
        self.drawn = random.Random(number)
        self.times: list[tuple[str, float]] = []
        self.wrong: list[str] = []

    def run(self) -> None:
        """Open one screen after another."""
        line = Line(self.job["port"], self.official["session"])
        time.sleep(self.drawn.random() * (self.job["pause"] or 0.2))
        while True:
            opened = screens(self.official, self.job["provinces"], self.drawn)
            self.drawn.shuffle(opened)
            for name, path in opened:
                began = time.perf_counter()
                if began > self.until:
                    return
                status, _page = line.ask(path)
                self.times.append((name, time.perf_counter() - began))
                if status != 200:
                    self.wrong.append(f"{path}: {status}")
                if self.job["pause"]:
                    time.sleep(self.drawn.expovariate(1 / self.job["pause"]))


def approved(job: dict[str, Any], waiting: dict[str, Any]) -> float:
    """Approve a report; return the seconds from the press until the figure is on a screen."""
    reviewer = Line(job["port"], waiting["session"])
    reader = Line(job["port"], job["officials"][0]["session"])
    path = figure("commune", waiting["commune"])
    shown = f"{waiting['total']:,}".replace(",", ".").encode()
    began = time.perf_counter()
    status, page = reviewer.ask(f"/viec/duyet/{waiting['submission']}/phe-duyet/", {})
    if status != 302:
        raise SystemExit(f"approving gave {status}: {page[:300]!r}")
    while time.perf_counter() - began < 60:
        if shown in reader.ask(path)[1]:
            return time.perf_counter() - began
        time.sleep(0.05)
    raise SystemExit(f"{path} never showed {shown!r}")


def main() -> None:
    """Let the officials read, approve meanwhile, and tell how long all waited."""
    job = json.load(sys.stdin)
    until = time.perf_counter() + job["seconds"]
    officials = [Official(job, number, until) for number in range(len(job["officials"]))]
    for each in officials:
        each.start()
    visible = []
    for waiting in job["waiting"]:
        time.sleep(job["seconds"] / (len(job["waiting"]) + 1))
        visible.append(approved(job, waiting))
    for each in officials:
        each.join()
    print(json.dumps({
        "times": [pair for each in officials for pair in each.times],
        "wrong": [wrong for each in officials for wrong in each.wrong], "visible": visible,
    }))


if __name__ == "__main__":
    main()
