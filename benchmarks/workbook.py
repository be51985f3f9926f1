"""A workbook of 100,000 cells, from the upload's bytes to validated and stored with its revision.

`product` is the operation that a person's upload runs: looking the file through, reading, row
and column matching, totals, rules, the file kept by digest, the draft's rows, one revision, one
audit line. `baseline` does with openpyxl and Django's `bulk_create` what a plain import does:
read the same sheet by position, check that each cell is a count, store one row a cell. It keeps
no file, no revision and no audit line, and looks at no total. `read_only` is the same with
openpyxl's quicker way of reading, shown beside it.

All run in one session on the same bytes, each time in a fresh process, in turn, on SQLite and on
PostgreSQL, and each looks afterwards whether every figure is stored. The best of the runs counts,
for noise only ever adds. Peak memory is that of the process (`ru_maxrss`), imports included.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks._workbook_form import CELLS, TURNS
from scripts import places, postgres

GOAL = 3.0
SIDES = {
    "product": "nhasan: receive_workbook",
    "baseline": "openpyxl + bulk_create",
    "read_only": "openpyxl (read_only) + bulk_create",
}
_CHILD = "import django; django.setup(); from benchmarks._workbook_sides import main; main()"


def _run(side: str, folder: Path, url: str, turn: int = 0) -> dict[str, float]:
    env = places.environment(NHASAN_VAR=str(folder / "var"), NHASAN_DATABASE_URL=url)
    command = [sys.executable, "-c", _CHILD, side, str(folder), str(turn)]
    done = subprocess.run(
        command, env=env, cwd=places.ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return dict(json.loads(done.stdout)) if side != "prepare" else {}


def measure(database: str, url: str) -> float:
    """Measure every side on one database, print the table, and return the ratio of times."""
    with tempfile.TemporaryDirectory(prefix="nhasan-bench-") as name:
        folder = Path(name)
        _run("prepare", folder, url)
        found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
        for turn in range(TURNS):
            for side in SIDES:
                found[side].append(_run(side, folder, url, turn))
    best = {
        side: {name: min(each[name] for each in runs) for name in runs[0]}
        for side, runs in found.items()
    }
    base = best["product"]
    print(f"\n{database}: {CELLS:,} cells, best of {TURNS} runs")
    print(f"{'':36}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}{'× time':>8}{'× memory':>10}")
    for side, each in best.items():
        print(
            f"{SIDES[side]:36}{each['seconds']:9.2f}{each['cpu']:8.2f}{each['memory']:9.0f}"
            f"{each['seconds'] / base['seconds']:8.2f}{each['memory'] / base['memory']:10.2f}",
            flush=True)
    return best["baseline"]["seconds"] / base["seconds"]


def main() -> int:
    """Measure on both databases and say whether the goal is met."""
    with contextlib.ExitStack() as stack:
        url = os.environ.get("NHASAN_BENCH_POSTGRES") or stack.enter_context(
            postgres.cluster(durable=True))
        ratios = {"SQLite": measure("SQLite", ""), "PostgreSQL": measure("PostgreSQL", url)}
    said = ", ".join(f"{name} {ratio:.1f}×" for name, ratio in ratios.items())
    met = min(ratios.values()) >= GOAL
    print(f"\n{'goal met' if met else 'goal missed'}: {said} faster (goal ≥ {GOAL:.0f}×)")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
