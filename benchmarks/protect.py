"""The whole country protected at once: 3,321 communes × 54 groups × 3 sexes, with all totals.

Counts are made up in the shape of the census of 2019 (`_indicators_world.py` says how; the Kinh
are spread by the number of communes): a group lives in about one commune for every `EACH` of its
people in a province, so that many communes hold a handful of people of a group. The table holds
communes, the 34 provinces and the country by every group and all groups, men, women and both:
553,740 cells, zeros among them, and every sum of it that a reader can check.

`product` is `engines.protection.protect`. `plain` is the procedure that looks at one sum after
another until each has enough unknowns (`domain.disclosure.protect`), as tables are often
protected. Each runs in a fresh process; memory is that of the process (`ru_maxrss`).

The attacker then sets a linear program on what each of them shows, with all sums together: a
small count is exposed when no table that agrees with what is shown leaves its range as wide as
the policy asks. For a sample of the small counts their exact ranges are also worked out, every
hidden cell of the country free to move; none may be narrower than the policy's.

`python -m benchmarks.protect 5` takes the first five provinces, to look whether it runs.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from typing import Any

import numpy as np

from benchmarks._indicators_world import Country, published
from nhasan.domain import disclosure
from nhasan.domain.cube import TOTAL, Cube, dimensions
from nhasan.domain.disclosure import Line, small_cells, sum_lines
from nhasan.domain.links import Link
from nhasan.domain.observations import Status
from nhasan.domain.protection_policy import DisclosurePolicy
from nhasan.domain.public_knowledge import Knowledge, puzzle
from nhasan.engines.attacker import Evidence, ranges
from nhasan.engines.protection import protect
from scripts import places

SEED, EACH, SAMPLE = 20191001, 400, 12
SIDES = ("product", "plain")
POLICY = DisclosurePolicy(threshold=5, indicators=frozenset({"S:POP"}))
MOST_SECONDS = 600
_KINH = "01"
Counts = dict[tuple[str, str, str, str], int]


def table(provinces: int) -> tuple[Cube, list[Line]]:
    """Return the table of some provinces (0: all) with its totals, and its sums."""
    country = Country()
    chosen = sorted(country.communes)[:provinces or None]
    cells: Counts = defaultdict(int)
    for province in chosen:
        for commune, group, men, women in _people(country, province):
            for level, area in (("commune", commune), ("province", province), ("country", "VN")):
                for one in (group, TOTAL):
                    cells[level, area, one, "M"] += men
                    cells[level, area, one, "F"] += women
                    cells[level, area, one, TOTAL] += men + women
    size = len(cells)
    levels, areas, groups, sexes = zip(*cells, strict=True)
    cube = Cube(
        dimensions(["ETHNIC_GROUP", "SEX"]),
        (["S:POP"] * size, levels, areas, ["2025"] * size, groups, sexes),
        list(cells.values()), [0] * size, ["A"] * size, [""] * size, [-1] * size)
    links = [Link("commune", commune, "province", province)
             for province in chosen for commune in country.communes[province]]
    links += [Link("province", province, "country", "VN") for province in chosen]
    return cube, sum_lines(cube, POLICY.indicators, links)


def _people(country: Country, province: str) -> list[tuple[str, str, int, int]]:
    """Return the men and women of each group in each commune of a province."""
    drawn = np.random.default_rng([SEED, int(province)])
    communes = country.communes[province]
    everywhere = sum(map(len, country.communes.values()))
    kinh = published()[_KINH] * len(communes) // everywhere
    found = []
    for number in range(1, 55):
        group = f"{number:02}"
        people = kinh if group == _KINH else country.people.get((province, group), 0)
        lived = min(len(communes), len(communes) if group == _KINH else 1 + people // EACH)
        shares = drawn.pareto(1.2, lived) + 0.05
        there = np.zeros(len(communes), np.int64)
        there[drawn.choice(len(communes), lived, replace=False)] = drawn.multinomial(
            people, shares / shares.sum())
        men = drawn.binomial(there, 0.502)
        found += [(commune, group, int(men[at]), int(there[at] - men[at]))
                  for at, commune in enumerate(communes)]
    return found


def measure(side: str, provinces: int) -> dict[str, Any]:
    """Protect the table one way in this process, then attack what it shows."""
    cube, lines = table(provinces)
    began, cpu = time.perf_counter(), time.process_time()
    shown, log = {"product": protect, "plain": disclosure.protect}[side](cube, POLICY, lines)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    hidden = {at for at, status in enumerate(shown.statuses) if status == Status.CONFIDENTIAL}
    inner = [at for at, key in enumerate(cube.cells())
             if key[1] == "commune" and TOTAL not in key]
    people = sum(cube.values[at] or 0 for at in inner)
    return {
        "cells": len(cube), "sums": len(lines), "filled": sum(map(bool, cube.values)),
        "seconds": seconds, "cpu": cpu, "memory": memory, "hidden": len(hidden),
        "primary": log.counts()[disclosure.PRIMARY],
        "people": sum(cube.values[at] or 0 for at in inner if at in hidden) / people,
        **_attacked(cube, lines, hidden),
    }


def _attacked(cube: Cube, lines: list[Line], hidden: set[int]) -> dict[str, Any]:
    """Return what the attacker works out of a table in which these cells are hidden."""
    began = time.perf_counter()
    seen = puzzle(cube, POLICY, lines, small_cells(cube, POLICY), Knowledge())
    exposed = Evidence(seen).search(hidden)
    sample = np.random.default_rng(SEED).choice(sorted(seen.need), SAMPLE, replace=False)
    exact = ranges(seen, hidden, sample.tolist())
    narrow = sum(each.width() < seen.need[at] for at, each in exact.items())
    return {"small": len(seen.need), "exposed": len(exposed), "narrow": narrow,
            "attack": time.perf_counter() - began}


def _child(side: str, provinces: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.protect", "--side", side, str(provinces)],
        cwd=places.ROOT, env=places.environment(), check=True, text=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def main() -> int:
    """Measure both ways, print the table, and say whether the goal is met."""
    if sys.argv[1:2] == ["--side"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
        return 0
    provinces = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    found = {side: _child(side, provinces) for side in SIDES}
    product, plain = found["product"], found["plain"]
    print(f"\n{product['cells']:,} cells, {product['filled']:,} of them not zero, "
          f"{product['sums']:,} sums; {product['small']:,} counts from 1 to 4 to be protected")
    print(f"{'':9}{'seconds':>9}{'CPU s':>8}{'MB':>7}{'hidden':>9}{'× plain':>9}"
          f"{'% of cells':>12}{'% not zero':>12}{'% of people':>13}{'exposed':>9}"
          f"{'narrow in sample':>18}{'attack s':>10}")
    for side, told in found.items():
        print(f"{side:9}{told['seconds']:9.1f}{told['cpu']:8.1f}{told['memory']:7.0f}"
              f"{told['hidden']:9,}{told['hidden'] / plain['hidden']:9.2f}"
              f"{100 * told['hidden'] / told['cells']:12.2f}"
              f"{100 * told['hidden'] / told['filled']:12.2f}{100 * told['people']:13.3f}"
              f"{told['exposed']:9,}{told['narrow']:>12} of {SAMPLE:<3}{told['attack']:10.1f}")
    met = not product["exposed"] and not product["narrow"] and product["seconds"] < MOST_SECONDS
    print(f"\n{'goal met' if met else 'goal missed'}: {product['exposed']:,} of "
          f"{product['small']:,} small counts exposed (plain: {plain['exposed']:,}), "
          f"{product['seconds']:.0f} s (goal: none exposed, under {MOST_SECONDS} s)")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
