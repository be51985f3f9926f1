"""A year of reporting with the clock handed in: 34 provinces, 3,321 communes, 12 forms.

Twelve obligations of mixed periods (month, quarter, half-year, year, school year, term, event)
open their rounds by themselves, one pulse a day. Three reports in ten are sent late, one in ten
comes back and is mended, the set of indicators is amended in June, two communes merge in July.
Every report is filled, validated, sent and approved through the product's operations, in
January of the next year the last of them.

What ought to happen (rounds and their days, parts, reminders, lists of late units) is reckoned
apart by `_year_plan.py`, from the same table of days off that the calendar is tested against,
and compared one by one: nothing may be missing, doubled or too much. Seconds are those of the
whole year and of its parts; memory is that of the process (`ru_maxrss`), imports included; the
CPU is the process's own, without the database server's.

`python -m benchmarks.year 340` takes fewer communes, to look whether it runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from scripts import places

COMMUNES = 3321
_RUN = "import django; django.setup(); from benchmarks._year_run import main; main()"


def measure(database: str, url: str, communes: int) -> int:
    """Let the year pass on one database, print what was found, return how much differs."""
    with tempfile.TemporaryDirectory(prefix="nhasan-bench-") as folder:
        env = places.environment(
            NHASAN_VAR=f"{folder}/var", NHASAN_DATABASE_URL=url,
            DJANGO_SETTINGS_MODULE="nhasan.project.settings")
        done = subprocess.run(
            [sys.executable, "-c", _RUN, str(communes)], env=env, cwd=places.ROOT, check=True,
            text=True, stdout=subprocess.PIPE)
    return _told(database, json.loads(done.stdout))


def _told(database: str, found: dict[str, Any]) -> int:
    print(f"\n{database}: a year in {found['seconds']:,.0f} s ({found['cpu']:,.0f} s "
          f"of CPU in Python), {found['memory']:.0f} MB, "
          f"{found['submissions']:,} reports sent and approved, "
          f"longest pulse {found['longest']:.1f} s")
    spent = sorted(found["spent"].items(), key=lambda part: -part[1])
    print("  seconds: " + ", ".join(f"{name} {seconds:,.1f}" for name, seconds in spent))
    print(f"{'':36}{'expected':>12}{'found':>12}{'differing':>12}")
    for name, (expected, there, wrong) in found["counts"].items():
        print(f"{name:36}{expected:12,}{there:12,}{wrong:12,}", flush=True)
    return sum(wrong for _, _, wrong in found["counts"].values())


def main() -> int:
    """Measure on both databases; the goal is that nothing differs."""
    communes = int(sys.argv[1]) if len(sys.argv) > 1 else COMMUNES
    wrong = measure("SQLite", "", communes)
    url = os.environ.get("NHASAN_BENCH_POSTGRES", "")
    if url:
        wrong += measure("PostgreSQL", url, communes)
    print("\ngoal met: nothing missing, doubled or too much" if not wrong
          else f"\ngoal missed: {wrong:,} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
