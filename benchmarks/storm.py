"""The due date: 500 communes send forms of 300 cells within one minute, through HTTP.

The web server runs as `make demo` runs it, on a PostgreSQL that waits for its disk. Each commune
saves its 300 cells in one go, looks at the page that shows the whole report once more, and
sends: three requests, each validated (rules, totals, blanks) on the server. Communes begin
spread evenly over the minute and wait for nobody; what is timed is from the moment at which a
commune began to its receipt. Afterwards every cell of every submission is compared with what
was typed.

The baseline inserts the same cells into a bare table of the same server, one transaction of 300
rows a commune, with no check, no draft, no revision, no submission and no audit line.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from benchmarks._servers import answering, cpu
from scripts import places, postgres, processes

SECONDS = 60.0
GOAL_P95 = 5.0
_WORLD = "import django; django.setup(); from benchmarks._storm_world import main; main()"


def main() -> int:
    """Prepare the communes, let them send, count what arrived, and measure the bare insert."""
    url = os.environ["NHASAN_BENCH_POSTGRES"]
    with tempfile.TemporaryDirectory(prefix="nhasan-bench-") as folder:
        env = places.environment(
            NHASAN_DATABASE_URL=url, NHASAN_VAR=f"{folder}/var",
            DJANGO_SETTINGS_MODULE="nhasan.project.settings")
        communes = _world(env)
        _quiet([str(places.PYTHON), "-m", "django", "collectstatic", "--noinput"], env)
        with _server(env, Path(folder)) as (port, pids):
            before = cpu(pids)
            found = _storm(communes, port)
            spent = cpu(pids) - before
        kept = _world(env, "count")
    return _told(found, kept, spent, _bare(url, communes), len(communes))


def _world(env: dict[str, str], *what: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", _WORLD, *what], env=env, cwd=places.ROOT, check=True, text=True,
        stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def _quiet(command: Sequence[str], env: dict[str, str]) -> None:
    subprocess.run(command, env=env, cwd=places.ROOT, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def _server(env: dict[str, str], folder: Path) -> Iterator[tuple[int, list[int]]]:
    port = postgres.free_port(8500)
    command = [
        str(places.PYTHON), "-m", "granian", "nhasan.project.wsgi:application", "--interface",
        "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--no-ws",
        "--blocking-threads", "4", "--backpressure", "64",
    ]
    with (folder / "web.log").open("wb") as log:
        process = processes.start(command, env=env, cwd=places.ROOT, output=log)
        try:
            answering(f"http://127.0.0.1:{port}/dang-nhap/", [process])
            yield port, [process.pid]
        finally:
            processes.stop(process)


def _storm(communes: list[dict[str, Any]], port: int) -> dict[str, Any]:
    job = {"communes": communes, "port": port, "seconds": SECONDS}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._storm_clients"], input=json.dumps(job), text=True,
        stdout=subprocess.PIPE, check=True, cwd=places.ROOT)
    return dict(json.loads(done.stdout))


def _bare(url: str, communes: list[dict[str, Any]]) -> float:
    """Return how many cells a second the same server takes when nobody looks at them."""
    cells = 0
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE bare (report bigint, cell text, value text)")
        database.commit()
        began = time.perf_counter()
        for each in communes:
            rows = [(each["report"], cell, text) for cell, text in each["cells"].items()]
            with database.transaction(), database.cursor() as cursor:
                cursor.executemany("INSERT INTO bare VALUES (%s, %s, %s)", rows)
            cells += len(rows)
        return cells / (time.perf_counter() - began)


def _told(found: dict[str, Any], kept: dict[str, int], spent: float, bare: float,
          communes: int) -> int:
    cells = kept["right"]
    rate = cells / found["seconds"]
    save, sent = found["save"], found["sent"]
    print(f"\n{communes} communes in {SECONDS:.0f} s; the last receipt after "
          f"{found['seconds']:.1f} s; {spent:.1f} s of CPU in the server")
    print(f"{'':34}{'cells/s':>10}{'ratio':>8}{'p50 s':>8}{'p95 s':>8}{'max s':>8}")
    print(f"{'nhasan: saved (from its moment)':34}{'':10}{'':8}{_of(save)}")
    print(f"{'nhasan: sent, with its receipt':34}{rate:10.0f}{1.0:8.2f}{_of(sent)}")
    print(f"{'bare insert, nothing looked at':34}{bare:10.0f}{bare / rate:8.2f}")
    print(f"errors: {len(found['wrong'])}; submissions {kept['submissions']}; cells kept and "
          f"right {cells:,} of {communes * 300:,}")
    for wrong in found["wrong"][:5]:
        print(f"  {wrong}")
    whole = not found["wrong"] and cells == communes * 300 and kept["submissions"] == communes
    p95 = sent[int(len(sent) * 0.95)] if sent else float("inf")
    met = whole and p95 <= GOAL_P95
    print(f"\n{'goal met' if met else 'goal missed'}: errors {len(found['wrong'])}, "
          f"p95 {p95:.2f} s (goal: 0 errors, every cell right, p95 ≤ {GOAL_P95:.0f} s)")
    return 0 if met else 1


def _of(times: Sequence[float]) -> str:
    if not times:
        return ""
    return (f"{times[len(times) // 2]:8.2f}{times[int(len(times) * 0.95)]:8.2f}"
            f"{times[-1]:8.2f}")


if __name__ == "__main__":
    sys.exit(main())
