"""40 indicators of 14.1 million people by commune, ethnic group and sex, with all roll-ups.

The people are made up in the shape of the census (see `_indicators_world.py`). `product` is
`engines.tabulating.tabulate`, from its plan: compiling, checks of codes, what is kept for later,
and the file brought to the disk. Beside it, on the same files in the same session: `cascade`, the
best statements we could write for DuckDB by hand (finest cells by `count_if`, then each grouping
set from a smaller one); `sets`, one statement with 16 grouping sets; and `pandas`. Each runs in a
process of its own; CPU is that of all its threads, memory its peak (`ru_maxrss`, imports
included). Rates and means are rounded half up everywhere, and all answers must be the same table.

`part` is one province whose answers have changed, tabulated again from its own file and from
what was kept, in a process that has run the plan before; it must give what a full run gives. The
goal is held against the province of middle size; the largest is shown beside it.

`python -m benchmarks.indicators 1000000` takes fewer people; `without-pandas` after it leaves
pandas out where memory is short.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks._indicators_sides import SIDES
from benchmarks._indicators_world import EVERYONE, Country, make_people, make_province
from scripts import places

TURNS = 2
# How much of each other side the product may take: CPU, and memory where it was agreed.
GOALS = {"cascade": (1.15, None), "sets": (0.55, None), "pandas": (0.33, 0.2)}
PART_GOAL, MEMORY_GOAL = 0.03, 400
_KEYS = ("commune_rung", "commune", "ethnic_rung", "ethnic", "sex_rung", "sex")


def _child(side: str, folder: Path, *more: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._indicators_sides", side, str(folder), *more],
        cwd=places.ROOT, env=places.environment(), check=True, text=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def differing(one: str, two: str) -> int:
    """Return how many rows of two answers are not in the other; answers are FROM clauses."""
    return int(duckdb.sql(
        f"SELECT (SELECT count(*) FROM (FROM {one} EXCEPT ALL FROM {two}))"
        f" + (SELECT count(*) FROM (FROM {two} EXCEPT ALL FROM {one}))").fetchall()[0][0])


def _answer(path: Path) -> str:
    facts = f"COLUMNS(* EXCLUDE ({', '.join(_KEYS)}))::BIGINT"
    return f"(SELECT {', '.join(_KEYS)}, {facts} FROM '{path}')"


def _patched(folder: Path, province: str, communes: list[str]) -> str:
    """Return the full answer with the part's in its place."""
    listed = ", ".join(f"'{code}'" for code in communes)
    kept = (f"(FROM {_answer(folder / 'product.parquet')} "
            f"WHERE commune_rung = 'commune' AND commune NOT IN ({listed}))")
    return f"(FROM {kept} UNION ALL FROM {_answer(folder / f'part_{province}.parquet')})"


def measure(folder: Path, persons: int, sides: list[str]) -> bool:
    """Run every side, print the tables, and tell whether the goals are met."""
    country = Country()
    files = make_people(folder / "people", persons)
    rows = {path.stem: duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()[0][0]
            for path in files}
    runs: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for _ in range(TURNS):
        for side in sides:
            runs[side].append(_child(side, folder))
    best = {side: {name: min(run[name] for run in told) for name in told[0]}
            for side, told in runs.items()}
    base = best["product"]
    cells = duckdb.sql(f"SELECT count(*) FROM '{folder / 'product.parquet'}'").fetchall()[0][0]
    print(f"\n{sum(rows.values()):,} people, 40 indicators, 16 grouping sets, {cells:,} cells, "
          f"best of {TURNS} runs")
    print(f"{'':10}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}{'product CPU ÷':>15}"
          f"{'product MB ÷':>14}{'rows that differ':>18}")
    met = base["memory"] <= MEMORY_GOAL
    for side, told in best.items():
        wrong = differing(_answer(folder / "product.parquet"),
                          _answer(folder / f"{side}.parquet"))
        cpu, memory = base["cpu"] / told["cpu"], base["memory"] / told["memory"]
        print(f"{side:10}{told['seconds']:9.2f}{told['cpu']:8.2f}{told['memory']:9.0f}"
              f"{cpu:15.3f}{memory:14.3f}{wrong:18,}", flush=True)
        goal = GOALS.get(side, (1, None))
        met &= wrong == 0 and cpu <= goal[0] and (goal[1] is None or memory <= goal[1])
    by_size = sorted(rows, key=lambda province: rows[province])
    for province, judged in ((by_size[len(rows) // 2], True), (by_size[-1], False)):
        (folder / "changed").mkdir(exist_ok=True)
        make_province(country, province, folder / "changed" / f"{province}.parquet", persons, 1)
        told = min((_child("part", folder, province) for _ in range(TURNS)),
                   key=lambda run: run["cpu"])
        _child("judge", folder, province)
        wrong = differing(_patched(folder, province, country.communes[province]),
                          _answer(folder / f"judge_{province}.parquet"))
        ratio = told["cpu"] / base["cpu"]
        print(f"part {province}: {rows[province]:,} people, {told['seconds']:.2f} s, "
              f"{told['cpu']:.2f} s of CPU, {ratio:.3f} of the full pass, "
              f"{wrong:,} rows differ from a full run")
        met &= wrong == 0 and (not judged or ratio <= PART_GOAL)
    goals = ", ".join(f"{side} ≤ {GOALS[side][0]}" for side in sides if side in GOALS)
    print(f"\n{'goals met' if met else 'goals missed'}: CPU {goals}, memory ≤ {MEMORY_GOAL} MB "
          f"and ≤ 0.2 of pandas, one province ≤ {PART_GOAL}, all answers the same")
    return met


def main() -> int:
    """Measure at the size asked for."""
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else EVERYONE
    sides = [side for side in SIDES if side != "pandas" or "without-pandas" not in sys.argv]
    with tempfile.TemporaryDirectory(prefix="nhasan-bench-") as name:
        return 0 if measure(Path(name), persons, sides) else 1


if __name__ == "__main__":
    sys.exit(main())
