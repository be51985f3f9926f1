"""A table page of the portal under sixteen readers, beside Datasette on the same figures.

The page holds a hundred figures of one release: communes by ethnic group, with filters, chart,
map, downloads, lineage and citation. Datasette shows a hundred rows of the same release, from
a SQLite table made of the release's own CSV file, with indexes on the columns that are filtered,
once with the same selection and once without any; it is spared suggesting facets.

Both run on this machine with two processes, on loopback, without compression, and are asked the
same number of times by the same readers in a process of their own. CPU is user and system time
of the servers' processes alone. Of the portal two cases count: every request asks for another
page, so each is drawn anew; and all ask for the same page, which a process draws once and keeps.
The first is the one that the goal is about: no address is asked twice in all turns, though the
hundred lines of a page are cut from a selection that is laid out once and kept. Whether a
release is still published is asked of the database for every request in both.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import django
from django.conf import settings
from django.core.management import call_command

from benchmarks._servers import answering, cpu
from scripts import places, postgres, processes

READERS, REQUESTS, WARM, TURNS = 16, 384, 48, 3
GOAL_CPU, GOAL_P95 = 2.0, 1.5
NAME = "COMMUNE_ETHNIC_2026"
ADDRESS = f"/data/NHASAN/{NAME}"
SAME = {"INDICATOR": "ND255-2025:L001", "AREA_LEVEL": "commune", "TIME_PERIOD": "2025"}


@dataclass(frozen=True)
class Measured:
    """What one side did in one turn."""

    rate: float
    p50: float
    p95: float
    cpu: float


@dataclass(frozen=True)
class Server:
    """Running processes and the ports that they listen on."""

    pids: tuple[int, ...]
    ports: tuple[int, ...]


def main() -> int:
    """Measure every side in turn and say whether the goal is met."""
    release = prepared()
    peer = os.environ.get("NHASAN_BENCH_PEER") or "datasette's Python is missing"
    with tempfile.TemporaryDirectory(prefix="nhasan-bench-") as folder:
        database = table_of(release, Path(folder) / "figures.db")
        with portal(Path(folder)) as ours, datasette(peer, database, Path(folder)) as theirs:
            sides = {
                "portal, another page each time": (ours, pages()),
                "portal, the same page": (ours, [f"{ADDRESS}?{urlencode(asked())}"]),
                "Datasette, the same selection": (theirs, [
                    f"/figures/figures?{urlencode({**SAME, '_size': 100})}"]),
                "Datasette, the bare table": (theirs, ["/figures/figures?_size=100"]),
            }
            found = {name: [] for name in sides}
            for turn in range(TURNS):
                for name, (server, paths) in sides.items():
                    found[name].append(measured(server, share(paths, turn)))
    return told({name: best(turns) for name, turns in found.items()})


def prepared() -> Path:
    """Return the folder of the release to read; load the demonstration if there is none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhasan.project.settings")
    django.setup()
    folder = Path(settings.RELEASES) / "NHASAN" / NAME / "1.0.0"
    if not folder.is_dir():
        print("loading the demonstration (once, about two minutes) …", flush=True)
        call_command("migrate", verbosity=0)
        with contextlib.redirect_stdout(sys.stderr):
            call_command("load_demo")
    call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def asked(**more: str) -> dict[str, str]:
    """Return a selection that fills a page with a hundred figures."""
    return {**SAME, "ETHNIC_GROUP": "*", "REF_AREA": "*", "sap": "-0", **more}


def pages() -> list[str]:
    """Return addresses of full pages, every one another."""
    full = [("2025", page) for page in range(1, 51)] + [("2026", page) for page in range(1, 32)]
    found = product(full, ("L001", "L002", "L003", "L004"), ("-0", "0", "ten", "-ten"))
    return [
        f"{ADDRESS}?" + urlencode(asked(
            INDICATOR=f"ND255-2025:{key}", TIME_PERIOD=period, sap=order, trang=str(page)))
        for (period, page), key, order in found
    ]


def share(paths: Sequence[str], turn: int) -> list[str]:
    """Return what is asked in one turn; of many addresses none that was asked before."""
    wanted = WARM + REQUESTS
    if len(paths) == 1:
        return list(paths) * wanted
    found = list(paths[turn * wanted:(turn + 1) * wanted])
    if len(found) < wanted:
        raise SystemExit("too few addresses for so many turns")
    return found


def table_of(release: Path, target: Path) -> Path:
    """Return a SQLite database with the figures of a release, as its CSV file has them."""
    with (release / f"{NAME}.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        head = next(lines)
        with contextlib.closing(sqlite3.connect(target)) as database:
            columns = ", ".join(f"{name} TEXT" for name in head)
            database.execute(f"CREATE TABLE figures ({columns})")
            marks = ", ".join("?" for _ in head)
            database.executemany(f"INSERT INTO figures VALUES ({marks})", lines)
            for name in SAME:
                database.execute(f"CREATE INDEX by_{name} ON figures ({name})")
            database.execute("ANALYZE")
            database.commit()
    return target


@contextlib.contextmanager
def portal(folder: Path) -> Iterator[Server]:
    """Run the web server as `make demo` runs it."""
    port = postgres.free_port(8480)
    command = [
        str(places.PYTHON), "-m", "granian", "nhasan.project.wsgi:application", "--interface",
        "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--no-ws",
        "--blocking-threads", "4", "--backpressure", "64",
    ]
    with running([command], [port], f"{ADDRESS}", folder, places.environment()) as server:
        yield server


@contextlib.contextmanager
def datasette(python: str, database: Path, folder: Path) -> Iterator[Server]:
    """Run Datasette twice, for one process of it uses one core; the file is said not to change."""
    ports = [postgres.free_port(8490)]
    ports.append(postgres.free_port(ports[0] + 1))
    commands = [
        [python, "-m", "datasette", "serve", "--immutable", str(database), "--port", str(port),
         "--setting", "suggest_facets", "off"]
        for port in ports
    ]
    with running(commands, ports, "/figures/figures?_size=100", folder, dict(os.environ)) as found:
        yield found


@contextlib.contextmanager
def running(commands: Sequence[list[str]], ports: Sequence[int], path: str, folder: Path,
            env: dict[str, str]) -> Iterator[Server]:
    """Start servers, wait until each answers, and stop them whatever happens."""
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((folder / f"{ports[0]}.log").open("wb"))
        started = []
        for command in commands:
            process = processes.start(command, env=env, cwd=places.ROOT, output=log)
            stack.callback(processes.stop, process)
            started.append(process)
        for port in ports:
            answering(f"http://127.0.0.1:{port}{path}", started)
        yield Server(tuple(process.pid for process in started), tuple(ports))


def measured(server: Server, paths: Sequence[str]) -> Measured:
    """Warm a server up, then let the readers read, and return what it did."""
    read(server, paths[REQUESTS:])
    before = cpu(server.pids)
    found = read(server, paths[:REQUESTS])
    used = cpu(server.pids) - before
    times = sorted(found["times"])
    if found["wrong"] or len(times) != REQUESTS:
        raise SystemExit(f"answers that are none: {found['wrong']}")
    return Measured(
        REQUESTS / found["seconds"], statistics.median(times) * 1000,
        times[int(len(times) * 0.95)] * 1000, used / REQUESTS * 1000,
    )


def read(server: Server, paths: Sequence[str]) -> dict[str, list[float]]:
    """Let sixteen readers in a process of their own read some pages."""
    job = {"ports": list(server.ports), "paths": list(paths), "readers": READERS}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._portal_readers"], input=json.dumps(job),
        capture_output=True, text=True, check=True, cwd=places.ROOT,
    )
    return dict(json.loads(done.stdout))


def best(turns: Sequence[Measured]) -> Measured:
    """Return the best of the turns in each respect: noise only ever takes away."""
    return Measured(
        max(one.rate for one in turns), min(one.p50 for one in turns),
        min(one.p95 for one in turns), min(one.cpu for one in turns),
    )


def told(found: dict[str, Measured]) -> int:
    """Print the table and the verdict."""
    base = found["portal, another page each time"]
    print(f"\n{READERS} readers, {REQUESTS} requests, 100 rows a page, best of {TURNS} turns")
    heads = ("p50 ms", "p95 ms", "CPU ms", "× CPU", "× p95")
    print(f"{'':34}{'requests/s':>11}" + "".join(f"{head:>9}" for head in heads))
    for name, one in found.items():
        print(f"{name:34}{one.rate:11.0f}{one.p50:9.1f}{one.p95:9.1f}{one.cpu:9.2f}"
              f"{one.cpu / base.cpu:9.2f}{one.p95 / base.p95:9.2f}")
    peers = [one for name, one in found.items() if name.startswith("Datasette")]
    by_cpu = min(one.cpu for one in peers) / base.cpu
    by_p95 = min(one.p95 for one in peers) / base.p95
    met = by_cpu >= GOAL_CPU and by_p95 >= GOAL_P95
    print(
        f"\n{'goal met' if met else 'goal missed'}: a page drawn anew takes {by_cpu:.1f}× less "
        f"CPU (goal {GOAL_CPU}×) and its p95 is {by_p95:.1f}× shorter (goal {GOAL_P95}×) than "
        "Datasette's best")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
