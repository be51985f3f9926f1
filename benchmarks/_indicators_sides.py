"""The sides of `benchmarks/indicators.py`, each run in a process of its own.

All read the same files, may use two threads, and write the same table: for each ladder the rung
and the code, then 40 indicators as integers.
"""

# Each side imports only what it stands on, so that its memory is its own.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks._indicators_plan import BY_HAND, plan
from benchmarks._indicators_world import Country
from nhasan.domain.tabulation import OneOf

THREADS, MEMORY = 2, "2GB"
_RUNGS = {
    "commune": ("commune", "province", "region", "country"), "ethnic": ("group", "all"),
    "sex": ("sex", "both"),
}


def _sums() -> dict[str, str]:
    """Return each different sum of the handwritten indicators under a name."""
    told = dict.fromkeys(part for above, below, _ in BY_HAND.values() for part in (above, below)
                         if part)
    return {part: f"s{at}" for at, part in enumerate(told)}


def _indicators(names: dict[str, str]) -> str:
    """Return the indicators as columns of sums, rounded half up."""
    return ", ".join(
        f"(2 * {names[above]} * {factor} + {names[below]}) // nullif(2 * {names[below]}, 0) "
        f"AS {name}" if below else f"{names[above]} AS {name}"
        for name, (above, below, factor) in BY_HAND.items())


def product_side(files: list[Path], folder: Path) -> None:
    """Run the product."""
    from nhasan.engines.tabulating import tabulate
    tabulate(plan(Country().ladders()), files, folder / "product.parquet",
             folder / "kept.parquet", memory_limit=MEMORY, threads=THREADS)


def _connected(files: list[Path]) -> Any:
    import duckdb
    connection = duckdb.connect(config={
        "threads": THREADS, "memory_limit": MEMORY, "preserve_insertion_order": False})
    listed = ", ".join(f"'{path}'" for path in files)
    connection.execute(f"CREATE VIEW people AS SELECT * FROM read_parquet([{listed}])")
    country = Country()
    connection.execute(
        "CREATE TABLE places (commune VARCHAR, province VARCHAR, region VARCHAR)")
    codes = list(country.province)
    provinces = list(country.province.values())
    connection.execute("INSERT INTO places SELECT unnest(?), unnest(?), unnest(?)", [
        codes, provinces, [country.region[province] for province in provinces]])
    return connection


def cascade_side(files: list[Path], folder: Path, target: str = "cascade") -> None:
    """Run the best statements written by hand: finest cells, then each set from a smaller one."""
    connection, sums = _connected(files), _sums()
    taken = ", ".join(f"CAST({part} AS BIGINT) AS {name}" for part, name in sums.items())
    added = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in sums.values())
    connection.execute(
        f"CREATE TABLE t0_0_0 AS SELECT commune, ethnic, sex, {taken} FROM people GROUP BY ALL")
    for area, group, sex in product(range(4), range(2), range(2)):
        if (area, group, sex) == (0, 0, 0):
            continue
        # The smallest set already there from which this one follows.
        if area:
            source, keys = f"t{area - 1}_{group}_{sex}", "x.commune, ethnic, sex"
            joins = {1: "JOIN (SELECT commune c, province commune FROM places) x ON c = t.commune",
                     2: "JOIN (SELECT DISTINCT province c, region commune FROM places) x "
                        "ON c = t.commune",
                     3: "CROSS JOIN (SELECT 'VN' commune) x"}[area]
        elif group:
            source, keys, joins = f"t0_0_{sex}", "commune, '_T' AS ethnic, sex", ""
        else:
            source, keys, joins = "t0_0_0", "commune, ethnic, '_T' AS sex", ""
        connection.execute(
            f"CREATE TABLE t{area}_{group}_{sex} AS SELECT {keys}, {added} "
            f"FROM {source} t {joins} GROUP BY ALL")
    parts = " UNION ALL ".join(
        f"SELECT '{one}' AS commune_rung, commune, '{two}' AS ethnic_rung, ethnic, "
        f"'{three}' AS sex_rung, sex, {_indicators(sums)} FROM t{a}_{b}_{c}"
        for (a, one), (b, two), (c, three) in product(
            *(enumerate(rungs) for rungs in _RUNGS.values())))
    connection.execute(
        f"COPY ({parts}) TO '{folder}/{target}.parquet' (FORMAT parquet, COMPRESSION zstd)")


def sets_side(files: list[Path], folder: Path) -> None:
    """Run one statement with all grouping sets."""
    connection, sums = _connected(files), _sums()
    taken = ", ".join(f"{part} AS {name}" for part, name in sums.items())
    areas = ("(region, province, people.commune)", "(region, province)", "(region)", "()")
    connection.execute(f"""COPY (
        WITH told AS (
            SELECT region, province, people.commune AS area, ethnic, sex, {taken},
                   grouping(region) AS r, grouping(province) AS p,
                   grouping(people.commune) AS c, grouping(ethnic) AS e, grouping(sex) AS s
            FROM people JOIN places ON places.commune = people.commune
            GROUP BY GROUPING SETS ({", ".join(areas)}), CUBE (ethnic, sex))
        SELECT CASE WHEN r = 1 THEN 'country' WHEN p = 1 THEN 'region'
                    WHEN c = 1 THEN 'province' ELSE 'commune' END AS commune_rung,
               CASE WHEN r = 1 THEN 'VN' WHEN p = 1 THEN region
                    WHEN c = 1 THEN province ELSE area END AS commune,
               CASE WHEN e = 1 THEN 'all' ELSE 'group' END AS ethnic_rung,
               coalesce(ethnic, '_T') AS ethnic,
               CASE WHEN s = 1 THEN 'both' ELSE 'sex' END AS sex_rung,
               coalesce(sex, '_T') AS sex, {_indicators(sums)} FROM told
        ) TO '{folder}/sets.parquet' (FORMAT parquet, COMPRESSION zstd)""")


def pandas_side(files: list[Path], folder: Path) -> None:
    """Run pandas: categories, masks, one grouping of the rows and sums of sums from there."""
    import pandas as pd
    import pyarrow.parquet as pq
    told = plan(Country().ladders())
    frame = pq.read_table([str(path) for path in files]).to_pandas()
    keys = ["commune", "ethnic", "sex"]
    sums = pd.DataFrame({
        f"s{at}": _mask(frame, atom.where) if not atom.column
        else frame[atom.column].where(_mask(frame, atom.where), 0)
        for at, atom in enumerate(told.atoms)})
    cells = sums.groupby(
        [frame[key].astype("category") for key in keys], observed=True).sum().reset_index()
    del sums
    cells[keys] = cells[keys].astype(str)
    whole = _all_sets(cells)
    names = {atom: f"s{at}" for at, atom in enumerate(told.atoms)}
    found = {name: whole[name] for rung in _RUNGS for name in (f"{rung}_rung", rung)}
    for measure in told.ratios:
        above, below = measure.parts
        taken = whole[names[above]].astype("int64")
        if below is not None:
            under = whole[names[below]].astype("int64")
            factor = measure.per * 10**measure.decimals
            taken = ((2 * taken * factor + under) // (2 * under).where(under > 0)).astype("Int64")
        found[measure.name] = taken
    pd.DataFrame(found).to_parquet(
        folder / "pandas.parquet", compression="zstd", index=False)


def _mask(frame: Any, where: Any) -> Any:
    import pandas as pd
    found = pd.Series(data=True, index=frame.index)
    for test in where:
        column = frame[test.column]
        found &= column.isin(test.codes) if isinstance(test, OneOf) else column.between(
            -10**9 if test.low is None else test.low, 10**9 if test.high is None else test.high)
    return found


def _all_sets(cells: Any) -> Any:
    """Return every grouping set, each area from the one below."""
    import pandas as pd
    country, keys = Country(), ["commune", "ethnic", "sex"]
    chain = ({}, country.province, country.region, dict.fromkeys(country.region.values(), "VN"))
    pieces, areas = [], cells
    for at, rung in enumerate(_RUNGS["commune"]):
        if at:
            areas = areas.assign(commune=areas["commune"].map(chain[at])).groupby(
                keys, as_index=False).sum()
        for group, sex in product(range(2), range(2)):
            wide = {"ethnic": "_T"} if group else {}
            wide |= {"sex": "_T"} if sex else {}
            piece = areas.assign(**wide).groupby(keys, as_index=False).sum() if wide else areas
            pieces.append(piece.assign(
                commune_rung=rung, ethnic_rung=_RUNGS["ethnic"][group],
                sex_rung=_RUNGS["sex"][sex]))
    return pd.concat(pieces)


# What a side stands on is imported before its time begins.
_NEEDED = {
    "product": ("nhasan.engines.tabulating",), "cascade": ("duckdb",), "sets": ("duckdb",),
    "pandas": ("pandas", "pyarrow.parquet"),
}
SIDES: dict[str, Callable[[list[Path], Path], None]] = {
    "product": product_side, "cascade": cascade_side, "sets": sets_side, "pandas": pandas_side,
}


def part_side(files: list[Path], folder: Path, province: str) -> dict[str, float]:
    """Tabulate one changed province again, in a process that has run the plan before."""
    from nhasan.engines.tabulating import tabulate_part
    told = plan(Country().ladders())
    changed = folder / "changed" / f"{province}.parquet"

    def again() -> None:
        tabulate_part(told, province, [changed], folder / "kept.parquet",
                      folder / f"part_{province}.parquet", folder / "kept_again.parquet",
                      memory_limit=MEMORY, threads=THREADS)

    again()
    return timed(again)


def timed(work: Callable[[], None]) -> dict[str, float]:
    """Run a piece of work; return its seconds, its CPU and the peak memory of the process."""
    started, before = time.perf_counter(), time.process_time()
    work()
    return {"seconds": time.perf_counter() - started, "cpu": time.process_time() - before,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main() -> None:
    """Run the side named on the command line, and tell what it took."""
    side, folder = sys.argv[1], Path(sys.argv[2])
    files = sorted((folder / "people").glob("*.parquet"))
    if side == "part":
        print(json.dumps(part_side(files, folder, sys.argv[3])))
    elif side == "judge":
        changed = folder / "changed" / f"{sys.argv[3]}.parquet"
        cascade_side([changed if path.name == changed.name else path for path in files],
                     folder, f"judge_{sys.argv[3]}")
        print("{}")
    else:
        for needed in _NEEDED[side]:
            import_module(needed)
        print(json.dumps(timed(lambda: SIDES[side](files, folder))))


if __name__ == "__main__":
    main()
