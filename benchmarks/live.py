"""Officials' screens over ten million figures, and how soon an approval is on them.

The web server and the pulse run as `make demo` runs them, on a PostgreSQL that waits for its
disk. Sixteen officials (four of the ministry, twelve of departments) open figures, boards and
their own work from the working cube; meanwhile reports are approved through the web. First each
looks at a page for two seconds on average, then nobody pauses at all: sixteen requests are under
way at any moment. Server, database, pulse and clients share the machine's cores.

Beside it, one reader at a time, the figures of a province's communes and their sum as the table
of record itself would tell them in SQL with its indexes: what a screen without the cube costs at
the least.

"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks._live_clients import LAST
from benchmarks._servers import answering, cpu
from scripts import places, postgres, processes

SECONDS, PAUSE = 60.0, 2.0
GOAL_P95, GOAL_VISIBLE = 0.3, 2.0
_WORLD = "import django; django.setup(); from benchmarks._live_world import main; main()"
_SQL = """
SELECT area_code, sum(value) FROM observations_observation
WHERE dataflow = 'LIVE' AND indicator = %s AND area_level = 'commune' AND area_code = ANY(%s)
  AND period = ANY(%s) AND known_to IS NULL GROUP BY ROLLUP (area_code)
"""


def main() -> int:
    """Make the world, let officials read twice, and tell."""
    url = os.environ["NHASAN_BENCH_POSTGRES"]
    with tempfile.TemporaryDirectory(prefix="nhasan-bench-") as folder:
        env = places.environment(
            NHASAN_DATABASE_URL=url, NHASAN_VAR=f"{folder}/var",
            DJANGO_SETTINGS_MODULE="nhasan.project.settings")
        world = _world(env)
        subprocess.run([str(places.PYTHON), "-m", "django", "collectstatic", "--noinput"],
                       env=env, cwd=places.ROOT, check=True, stdout=subprocess.DEVNULL)
        record = _record(url, world["provinces"])
        half = len(world["waiting"]) // 2
        found = {}
        with _house(env, Path(folder)) as (port, pids):
            for name, pause, waiting in (
                    ("reading", PAUSE, world["waiting"][:half]),
                    ("no pause", 0.0, world["waiting"][half:])):
                before = cpu(pids)
                found[name] = _read(world, port, pause, waiting)
                found[name]["cpu"] = cpu(pids) - before
    return _told(world, found, record)


def _world(env: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", _WORLD], env=env, cwd=places.ROOT, check=True,
                          text=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


@contextlib.contextmanager
def _house(env: dict[str, str], folder: Path) -> Iterator[tuple[int, list[int]]]:
    port = postgres.free_port(8500)
    web = [str(places.PYTHON), "-m", "granian", "nhasan.project.wsgi:application", "--interface",
           "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--no-ws",
           "--blocking-threads", "4", "--backpressure", "64"]
    pulse = [str(places.PYTHON), "-m", "django", "pulse"]
    with (folder / "house.log").open("wb") as log:
        started = [processes.start(each, env=env, cwd=places.ROOT, output=log)
                   for each in (web, pulse)]
        try:
            answering(f"http://127.0.0.1:{port}/dang-nhap/", started)
            yield port, [each.pid for each in started[:1]]
        finally:
            for process in started:
                processes.stop(process)


def _read(world: dict[str, Any], port: int, pause: float,
          waiting: list[dict[str, Any]]) -> dict[str, Any]:
    job = {"officials": world["officials"], "provinces": world["provinces"], "port": port,
           "seconds": SECONDS, "pause": pause, "waiting": waiting}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._live_clients"], input=json.dumps(job), text=True,
        stdout=subprocess.PIPE, check=True, cwd=places.ROOT)
    return dict(json.loads(done.stdout))


def _record(url: str, provinces: dict[str, list[str]]) -> list[float]:
    """Return the seconds that each province's communes take in SQL, one after the other."""
    times = []
    with psycopg.connect(url) as database:
        for number, communes in enumerate(provinces.values()):
            began = time.perf_counter()
            rows = database.execute(
                _SQL, (f"LIVE:{number % 12 + 1:02}", communes, [LAST])).fetchall()
            times.append(time.perf_counter() - began)
            assert len(rows) > 1
    return sorted(times)


def _told(world: dict[str, Any], found: dict[str, Any], record: list[float]) -> int:
    print(f"\n{world['figures']:,} figures; {world['cube_files']} files of the working cube "
          f"written in {world['cube_seconds']:.0f} s; 16 officials, {SECONDS:.0f} s each way")
    base = record[len(record) // 2]
    print(f"{'':34}{'pages':>7}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'× SQL p50':>11}")
    for name, told in found.items():
        by: dict[str, list[float]] = defaultdict(list)
        for screen, seconds in told["times"]:
            by[screen].append(seconds)
        for screen in sorted(by):
            _line(f"{name}: {screen}", by[screen], base)
        told["all"] = [seconds for _, seconds in told["times"]]
        _line(f"{name}: all", told["all"], base)
        print(f"{'':34}{told['cpu'] / len(told['all']) * 1000:.0f} ms of the server's CPU a page; "
              f"{len(told['wrong'])} errors; approvals on screen after "
              f"{', '.join(f'{each:.1f}' for each in told['visible'])} s")
    _line("SQL on the table of record, alone", record, base)
    told = found["reading"]
    p95, worst = _at(told["all"], 0.95), max(told["visible"])
    wrong = sum(len(each["wrong"]) for each in found.values())
    met = not wrong and p95 <= GOAL_P95 and worst <= GOAL_VISIBLE
    print(f"\n{'goal met' if met else 'goal missed'}: p95 {p95 * 1000:.0f} ms while 16 officials "
          f"read, an approval on screen after at most {worst:.1f} s, {wrong} errors "
          f"(goal: ≤ {GOAL_P95 * 1000:.0f} ms, ≤ {GOAL_VISIBLE:.0f} s, none)")
    return 0 if met else 1


def _line(name: str, times: list[float], base: float) -> None:
    print(f"{name:34}{len(times):7}{_at(times, 0.5) * 1000:9.0f}{_at(times, 0.95) * 1000:9.0f}"
          f"{_at(times, 0.99) * 1000:9.0f}{_at(times, 0.5) / base:11.1f}")


def _at(times: list[float], share: float) -> float:
    held = sorted(times)
    return held[min(len(held) - 1, int(len(held) * share))]


if __name__ == "__main__":
    sys.exit(main())
