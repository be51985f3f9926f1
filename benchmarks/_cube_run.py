"""Asks the same slices of both sides and compares them; see `cube.py`. A process of its own."""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from benchmarks import _cube_data as data
from benchmarks._servers import cpu
from nhasan.releases import folder
from nhasan.releases.queries.shelf import opened
from nhasan.releases.queries.slices import slice_of
from nhasan.releases.unpacked import SHELF

SIZE = 50_000_000
TIMES = 400
GOAL_P95, GOAL_CPU = 20.0, 0.5
_TABLE = """CREATE UNLOGGED TABLE figures (indicator text, area_level text, area_code text,
 period text, breakdown text, value bigint, status text, coverage text)"""
_INDEX = """CREATE INDEX figures_key
 ON figures (indicator, area_level, area_code, period, breakdown)"""
_ASKED = """SELECT indicator, area_level, area_code, period, breakdown, value, status, coverage
 FROM figures WHERE indicator = %s AND area_level = %s AND area_code = ANY(%s)
 AND period = ANY(%s) ORDER BY area_code, period, breakdown"""

Slice = dict[str, list[str]]


@dataclass(slots=True)
class Measured:
    """What many slices took: milliseconds each, and milliseconds of CPU by whom."""

    name: str
    waits: list[float] = field(default_factory=list)
    mine: float = 0.0
    theirs: float = 0.0

    def at(self, share: float) -> float:
        """Return what this share of the slices stayed within."""
        return sorted(self.waits)[int(len(self.waits) * share)]


def main() -> int:
    """Write the cube, load it, ask both sides the same slices, compare and tell."""
    size = int(os.environ.get("NHASAN_BENCH_SIZE", SIZE))
    url = os.environ["NHASAN_BENCH_POSTGRES"]
    _prepared(size)
    with psycopg.connect(url, autocommit=True) as database:
        _loaded(database, size)
        met = [_compared(database, name, slices) for name, slices in _slices(size).items()]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nmemory of the process at its highest, mapped pages included: {memory} MB")
    print("goal met" if all(met) else "goal missed", f"(p95 ≤ {GOAL_P95:.0f} ms and ≤ "
          f"{GOAL_CPU}× PostgreSQL's CPU, for both slices)")
    return 0 if all(met) else 1


def _prepared(size: int) -> None:
    began = time.perf_counter()
    rows = data.write(size)
    place = folder.published_folder(data.URN)
    print(f"{rows:,} figures of {len(data.indicators(size))} indicators in release files: "
          f"{data.weight(place) / 1e6:,.0f} MB, {time.perf_counter() - began:.0f} s", flush=True)
    began = time.perf_counter()
    held = opened(data.URN)
    for ref in data.indicators(size):
        held.columns_for({"INDICATOR": [ref]})
    shelf = next(parent for parent in place.parents if (parent / SHELF).is_dir()) / SHELF
    print(f"mapped, each at its first reading: {data.weight(shelf) / 1e6:,.0f} MB, "
          f"{time.perf_counter() - began:.0f} s in all", flush=True)


def _loaded(database: Any, size: int) -> None:
    began = time.perf_counter()
    database.execute(_TABLE)
    with database.cursor().copy("COPY figures FROM STDIN (FORMAT csv)") as copy:
        for piece in data.lines(size):
            copy.write(piece)
    database.execute(_INDEX)
    database.execute("VACUUM ANALYZE figures")
    [held] = database.execute("SELECT pg_total_relation_size('figures')").fetchone()
    print(f"PostgreSQL: {held / 1e6:,.0f} MB with its index, "
          f"{time.perf_counter() - began:.0f} s to load", flush=True)


def _slices(size: int) -> dict[str, list[Slice]]:
    chance = random.Random(2026)  # the same slices each time
    refs = data.indicators(size)

    def asked(level: str, codes: list[str]) -> Slice:
        first = chance.randrange(6)
        return {"INDICATOR": [chance.choice(refs)], "AREA_LEVEL": [level], "REF_AREA": codes,
                "TIME_PERIOD": data.YEARS[first:first + 5]}

    starts = [chance.randrange(len(data.COMMUNES) - 100) for _ in range(TIMES // 4)]
    return {
        "a province": [asked("province", [chance.choice(data.PROVINCES)]) for _ in range(TIMES)],
        "its hundred communes": [asked("commune", data.COMMUNES[at:at + 100]) for at in starts],
    }


def _compared(database: Any, name: str, slices: Sequence[Slice]) -> bool:
    held = opened(data.URN)
    backend = database.info.backend_pid

    def ours(where: Slice) -> Any:
        return slice_of(held, where)

    def theirs(where: Slice) -> Any:
        return database.execute(_ASKED, [
            where["INDICATOR"][0], where["AREA_LEVEL"][0], where["REF_AREA"],
            where["TIME_PERIOD"]], prepare=True).fetchall()

    for where in slices[:20]:  # both warm, and the same
        mine = slice_of(held, where).drop_columns([folder.CONF, folder.UNIT]).to_pylist()
        other = theirs(where)
        kept = {(*line[:5], None if line[5] is None else str(line[5]), *line[6:])
                for line in other}
        wrong = kept.symmetric_difference(tuple(row.values()) for row in mine)
        if wrong:
            raise SystemExit(f"the two sides differ: {min(wrong, key=str)}")
    found = [_timed("nhasan, release files", ours, slices, []),
             _timed("PostgreSQL", theirs, slices, [backend])]
    return _told(name, found, len(theirs(slices[0])))


def _timed(name: str, ask: Callable[[Slice], Any], slices: Sequence[Slice],
           others: list[int]) -> Measured:
    found = Measured(name)
    before, mine = cpu(others) if others else 0.0, time.process_time()
    rounds = 5  # the CPU of another process is counted in hundredths of a second
    for where in list(slices) * rounds:
        began = time.perf_counter()
        ask(where)
        found.waits.append(1000 * (time.perf_counter() - began))
    calls = len(slices) * rounds
    found.mine = 1000 * (time.process_time() - mine) / calls
    found.theirs = 1000 * ((cpu(others) if others else 0.0) - before) / calls
    return found


def _told(name: str, found: Sequence[Measured], rows: int) -> bool:
    ours, theirs = found
    print(f"\na slice: {name}, 55 groups, 5 years, {rows:,} figures")
    print(f"{'':28}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'ratio':>8}{'+ client':>10}")
    for each, spent in ((ours, ours.mine), (theirs, theirs.theirs)):
        print(f"{each.name:28}{each.at(0.5):9.2f}{each.at(0.95):9.2f}{spent:9.3f}"
              f"{spent / theirs.theirs:8.2f}{each.mine + each.theirs:10.3f}", flush=True)
    return ours.at(0.95) <= GOAL_P95 and ours.mine <= GOAL_CPU * theirs.theirs

