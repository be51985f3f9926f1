"""Ten years of 10,035 communes and 54 ethnic groups, read on the map of 1 July 2025.

The map is the real one of `data/areas/`: 10,035 communes of 30 June 2025, 3,321 of the day after,
and the links between them as decreed (9,597 whole, 1,016 parts). Every year is taken to stand on
the map of 30 June 2025. Figures are synthetic: a count for each commune, group and year, long in
the tail, from a fixed seed. Split communes are shared out in equal parts, so that every one of
them is put to the rule of the largest remainders.

`product` is `engines.recasting.recast_table`. Beside it, on the same figures in the same run:
`naive`, a join with shares as floating point numbers, each part rounded by itself, as a
spreadsheet would; and `judge`, the pure reading of `domain/recast.py`, on the groups and years
of a sample, which the product must equal figure for figure. Each runs in a fresh process; memory
is that of the process (`ru_maxrss`) beyond the figures it was handed.

Preserved means: for each of 34 provinces, each year and each group, the communes of the new map
sum to exactly what the communes of the old map in it summed to.

`python -m benchmarks.recast 2` takes fewer years, to look whether it runs.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from nhasan.domain.correspondence import (
    Correspondence,
    Key,
    KeyKind,
    Step,
    Unit,
    correspondence,
)
from nhasan.domain.plan import Measure
from nhasan.domain.recast import recast
from nhasan.engines.arrow import COVERAGE, DECIMALS, ORIGIN, STATUS, VALUE, cube_of
from nhasan.engines.recasting import recast_table
from scripts import places

YEARS, GROUPS, SEED = 10, 54, 20250701
OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
SAMPLE_GROUPS = 4
SIDES = ("product", "naive", "judge")
_AREAS = places.ROOT / "data" / "areas"


def _rows(name: str) -> list[dict[str, str]]:
    with (_AREAS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


class Map:
    """The two maps of the last reorganisation, and what became of what."""

    def __init__(self) -> None:
        """Read the files that the project ships."""
        self._rows = _rows("areas")
        units = [Unit(row["code"], _day(row["valid_from"]), _day(row["valid_to"]),
                      row["parent_code"]) for row in self._rows if row["level"] == "commune"]
        links = _rows("changes")
        of_office = {(row["old_code"], row["date"]) for row in links
                     if row["agreement"] in ("both", "office")}
        # Where two readings of a change differ, the statistics office is followed, as the
        # product does.
        steps = [
            Step(row["old_code"], row["new_code"], date.fromisoformat(row["date"]))
            for row in links if row["level"] == "commune" and (
                row["agreement"] != "resolutions"
                or (row["old_code"], row["date"]) not in of_office)
        ]
        self.communes: Correspondence = correspondence(
            "commune", units, steps, OLD, NEW, Key(KeyKind.EQUAL))
        self._heirs = {row["old_code"]: row["new_code"] for row in links
                       if row["level"] == "province" and row["date"] == str(NEW)}

    def province_before(self) -> dict[str, str]:
        """Return, for each commune of the eve, the new province that its province became."""
        above = self._above(OLD)
        return {code: self._heirs[above["district", district]]
                for (level, code), district in above.items() if level == "commune"}

    def province_after(self) -> dict[str, str]:
        """Return the province of each commune of the new map."""
        return {code: province for (level, code), province in self._above(NEW).items()
                if level == "commune"}

    def _above(self, day: date) -> dict[tuple[str, str], str]:
        return {
            (row["level"], row["code"]): row["parent_code"] for row in self._rows
            if Unit(row["code"], _day(row["valid_from"]), _day(row["valid_to"])).holds(day)
        }


def figures(codes: list[str], years: int, groups: int = GROUPS) -> pa.Table:
    """Return a count for every commune, year and group; the same for the same arguments."""
    shape = (years, len(codes), GROUPS)
    values = np.random.default_rng(SEED).pareto(1.1, shape)
    values = np.minimum(values * 20, 40_000).astype(np.int64)[:, :, :groups].reshape(-1)
    size = len(values)

    def packed(places_of: Any, names: list[str]) -> Any:
        return pa.DictionaryArray.from_arrays(places_of.astype(np.int32), pa.array(names))

    at = np.arange(size)
    nothing = np.zeros(size)
    return pa.table({
        "INDICATOR": packed(nothing, ["S:POP"]), "AREA_LEVEL": packed(nothing, ["commune"]),
        "REF_AREA": packed(at // groups % len(codes), codes),
        "TIME_PERIOD": packed(
            at // (groups * len(codes)), [str(2015 + year) for year in range(years)]),
        "ETHNIC_GROUP": packed(at % groups, [f"{n:02}" for n in range(1, groups + 1)]),
        VALUE: values, DECIMALS: nothing.astype(np.int8), STATUS: packed(nothing, ["A"]),
        COVERAGE: packed(nothing, [""]), ORIGIN: nothing.astype(np.int32),
    })


def _maps(found: Map, years: int) -> dict[tuple[str, str], Correspondence]:
    return {("commune", str(2015 + year)): found.communes for year in range(years)}


def _summed(table: pa.Table, province: dict[str, str]) -> dict[tuple[str, str, str], int]:
    """Return the sum of each province, year and group."""
    link = pa.table({"code": list(province), "province": list(province.values())})
    connection = duckdb.connect()
    connection.register("figures", table)
    connection.register("link", link)
    rows = connection.execute(
        "SELECT province, TIME_PERIOD, ETHNIC_GROUP, sum(OBS_VALUE_SCALED) "
        "FROM figures JOIN link ON code = CAST(REF_AREA AS VARCHAR) GROUP BY ALL").fetchall()
    return {(str(one), str(two), str(three)): int(total) for one, two, three, total in rows}


def product(found: Map, table: pa.Table, years: int) -> pa.Table:
    """Return what the engine gives."""
    return recast_table(table, {"S:POP"}, _maps(found, years)).figures


def naive(found: Map, table: pa.Table, years: int) -> pa.Table:
    """Return what a join with rounded floating point shares gives."""
    rows = [(code, part.code, float(part.share or 0))
            for code, parts in found.communes.parts.items() for part in parts]
    old, new, share = zip(*rows, strict=True)
    connection = duckdb.connect(config={"threads": 2})
    connection.register("figures", table)
    connection.register("shares", pa.table({"old": old, "new": new, "share": share}))
    answer: pa.Table = connection.sql(
        "SELECT new AS REF_AREA, TIME_PERIOD, ETHNIC_GROUP, CAST(sum(round("
        "OBS_VALUE_SCALED * share)) AS BIGINT) AS OBS_VALUE_SCALED "
        "FROM figures JOIN shares ON old = CAST(REF_AREA AS VARCHAR) GROUP BY ALL",
    ).to_arrow_table()
    return answer


def measure(side: str, years: int) -> dict[str, Any]:
    """Run one side in this process; return its seconds, memory and what is wrong with it."""
    found = Map()
    whole = side != "judge"
    table = figures(sorted(found.communes.parts), years if whole else 1,
                    GROUPS if whole else SAMPLE_GROUPS)
    if not whole:
        return _judged(found, table)
    before = _memory()
    answer, spent = _timed(lambda: {"product": product, "naive": naive}[side](
        found, table, years))
    memory = _memory() - before
    wanted = _summed(table, found.province_before())
    got = _summed(answer, found.province_after())
    wrong = {key for key in wanted.keys() | got.keys() if wanted.get(key) != got.get(key)}
    return {**spent, "figures": len(table), "answers": len(answer), "memory": memory,
            "sums": len(wanted), "wrong": len(wrong),
            "provinces": len({key[0] for key in wanted}),
            "provinces_wrong": len({key[0] for key in wrong})}


def _judged(found: Map, table: pa.Table) -> dict[str, Any]:
    """Compare the engine with the pure reading on a sample, figure for figure."""
    before = _memory()
    cube = cube_of(table)
    judged, spent = _timed(lambda: recast(cube, [Measure("S:POP")], _maps(found, 1)))
    memory = _memory() - before
    engine = recast_table(table, {"S:POP"}, _maps(found, 1)).recast()
    wrong = sum(one != other for one, other in zip(
        judged.cube.rows(), engine.cube.rows(), strict=True))
    wrong += judged.estimates != engine.estimates or judged.findings != engine.findings
    return {**spent, "figures": len(table), "answers": len(judged.cube), "memory": memory,
            "wrong": wrong}


def _timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    started, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return answer, {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _child(side: str, years: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.recast", "--side", side, str(years)],
        cwd=places.ROOT, env=places.environment(), check=True, text=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def main() -> int:
    """Measure every side, print the table, and say whether the goal is met."""
    if sys.argv[1:2] == ["--side"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
        return 0
    years = int(sys.argv[1]) if len(sys.argv) > 1 else YEARS
    found = {side: _child(side, years) for side in SIDES}
    base = found["product"]
    print(f"\n{years} years × 10,035 communes × {GROUPS} groups on the map of {NEW:%d/%m/%Y}")
    print(f"{'':10}{'figures':>12}{'answers':>12}{'seconds':>9}{'CPU s':>8}{'+MB':>8}"
          f"{'µs CPU a figure':>17}{'× product':>11}")
    each = base["cpu"] / base["figures"]
    for side, told in found.items():
        one = told["cpu"] / told["figures"]
        print(f"{side:10}{told['figures']:12,}{told['answers']:12,}{told['seconds']:9.2f}"
              f"{told['cpu']:8.2f}{told['memory']:8.0f}{one * 1e6:17.2f}{one / each:11.2f}")
    for side in ("product", "naive"):
        told = found[side]
        print(f"{side}: {told['wrong']:,} of {told['sums']:,} sums of province, year and group "
              f"differ, in {told['provinces_wrong']} of {told['provinces']} provinces")
    judged = found["judge"]
    print(f"judge: {judged['wrong']:,} of {judged['answers']:,} figures of the sample differ")
    met = not base["wrong"] and not judged["wrong"] and base["provinces"] == 34
    print(f"\n{'goal met' if met else 'goal missed'}: totals of {base['provinces']} provinces "
          f"{'preserved to the unit' if not base['wrong'] else 'not preserved'}, "
          f"{base['seconds']:.1f} s, judge {'agrees' if not judged['wrong'] else 'differs'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
