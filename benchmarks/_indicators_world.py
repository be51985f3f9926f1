"""The people of `benchmarks/indicators.py`: made up, in the shape of the census of 2019.

From the published files of `data/`: how many people each of the 53 minorities has in the country,
how many of them in each of 25 northern provinces, and the 3,321 communes of the map of 1 July
2025 with their provinces and regions. What the published table does not place is spread over the
other provinces by their number of communes. Inside a province a group of n people lives in about
one commune for every 400 of them, with shares long in the tail, as groups do live together.
Everything else about a person is invented: ages fall from childhood on as in a young population,
and the other 20 columns are drawn evenly or nearly so. No real person's data is used.

A province is a file, its rows by commune, as a field office would send them. The same arguments
give the same rows; `salt` gives the people of a province other answers.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from nhasan.domain.tabulation import Ladder, Rung
from scripts import places

SEED, EVERYONE = 20191001, 14_123_158
_DATA = places.ROOT / "data"
_YOUNGEST_TO_OLDEST = 90
CODES = {
    "urban": ("U", "R"), "relation": tuple("123456"), "marital": tuple("12345"),
    "school_now": tuple("123"), "school_level": tuple("01234567"), "literate": ("Y", "N"),
    "language": tuple("123"), "job": ("farm", "forest", "trade", "craft", "office", "none"),
    "sector": tuple("1234"), "insurance": tuple("0123"), "house": tuple("1234"),
    "water": ("tap", "well", "spring", "rain"), "light": ("grid", "own", "none"),
    "toilet": tuple("1234"), "internet": ("Y", "N"), "poor": ("poor", "near", "no"),
}
NUMBERS = {
    "grade": (0, 13), "to_school": (0, 40), "to_clinic": (0, 60), "income": (0, 9000),
    "children": (0, 7), "land": (0, 30_000),
}


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def published() -> dict[str, int]:
    """Return how many people of each group the census of 2019 counted in the country."""
    return {row["ethnic_code"]: int(row["population_2019"])
            for row in _rows("published/census_ethnic_national_2009_2019.csv")
            if row["ethnic_code"].isdigit()}


class Country:
    """Where people of which group live."""

    def __init__(self) -> None:
        """Read the published files."""
        areas = _rows("areas/areas.csv")
        now = [row for row in areas if not row["valid_to"]]
        heirs = {row["old_code"]: row["new_code"] for row in _rows("areas/changes.csv")
                 if row["level"] == "province" and row["date"] == "2025-07-01"}
        regions = {row["code"]: row["parent_code"] for row in areas
                   if row["level"] == "province" and row["parent_level"] == "region"}
        self.province = {row["code"]: row["parent_code"] for row in now
                         if row["level"] == "commune"}
        self.region = {code: regions[code] for code in set(self.province.values())}
        self.communes: dict[str, list[str]] = defaultdict(list)
        for code, province in sorted(self.province.items()):
            self.communes[province].append(code)
        self.people = self._people(heirs)

    def _people(self, heirs: dict[str, str]) -> dict[tuple[str, str], int]:
        """Return how many people of a group live in a province of today."""
        found: dict[tuple[str, str], int] = defaultdict(int)
        left = {code: people for code, people in published().items() if "02" <= code <= "54"}
        for row in _rows("published/census2019_ethnic_by_province_north.csv"):
            if row["ethnic_code"] in left and row["province_code"] in heirs:
                found[heirs[row["province_code"]], row["ethnic_code"]] += int(row["population"])
                left[row["ethnic_code"]] -= int(row["population"])
        told = {province for province, _ in found}
        others = [code for code in self.communes if code not in told]
        communes = sum(len(self.communes[code]) for code in others)
        for group, number in left.items():
            for code in others:
                found[code, group] += max(0, number) * len(self.communes[code]) // communes
        return found

    def ladders(self) -> tuple[Ladder, ...]:
        """Return the ladders of the measurement: 4 × 2 × 2 grouping sets."""
        groups = sorted({group for _, group in self.people})
        return (
            Ladder("commune", (
                Rung("commune"), Rung("province", self.province), Rung("region", self.region),
                Rung("country", dict.fromkeys(self.region.values(), "VN")))),
            Ladder("ethnic", (Rung("group"), Rung("all", dict.fromkeys(groups, "_T")))),
            Ladder("sex", (Rung("sex"), Rung("both", {"M": "_T", "F": "_T"}))),
        )


def make_people(folder: Path, persons: int) -> list[Path]:
    """Write a file of people for every province; return them."""
    country = Country()
    folder.mkdir(parents=True, exist_ok=True)
    return [make_province(country, province, folder / f"{province}.parquet", persons)
            for province in sorted(country.communes)]


def make_province(
    country: Country, province: str, path: Path, persons: int, salt: int = 0,
) -> Path:
    """Write the people of a province."""
    homes = np.random.default_rng([SEED, int(province)])
    answers = np.random.default_rng([SEED, int(province), salt])
    communes = country.communes[province]
    whole = sum(country.people.values())
    where, who = [], []
    groups = sorted({group for _, group in country.people})
    for at, group in enumerate(groups):
        count = round(country.people.get((province, group), 0) * persons / whole)
        if count:
            lived = min(len(communes), 1 + count * whole // persons // 400)
            shares = homes.pareto(1.2, lived) + 0.05
            there = homes.choice(len(communes), lived, replace=False)
            where.append(homes.choice(there, count, p=shares / shares.sum()))
            who.append(np.full(count, at))
    place = np.concatenate(where) if where else np.zeros(0, int)
    order = np.argsort(place, kind="stable")
    group = (np.concatenate(who) if who else place)[order]
    size = len(place)
    columns = {
        "commune": _codes(place[order], communes), "ethnic": _codes(group, groups),
        "sex": _codes(answers.integers(0, 2, size, np.int8), ("M", "F")),
        "age": pa.array(_ages(answers, size)),
    }
    for name, codes in CODES.items():
        columns[name] = _codes(answers.integers(0, len(codes), size, np.int8), codes)
    for name, (low, high) in NUMBERS.items():
        columns[name] = pa.array(answers.integers(low, high, size, np.int32))
    pq.write_table(pa.table(columns), path, compression="zstd", row_group_size=122_880)
    return path


def _ages(answers: np.random.Generator, size: int) -> np.ndarray:
    """Return ages that fall evenly from birth to old age, as in a young population."""
    drawn = 1 - np.sqrt(answers.random(size))
    return np.minimum(drawn * _YOUNGEST_TO_OLDEST * 1.05, _YOUNGEST_TO_OLDEST).astype(np.int32)


def _codes(at: np.ndarray, codes: tuple[str, ...] | list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(at.astype(np.int32), pa.array(list(codes)))
