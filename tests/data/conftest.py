"""The shipped facts, read as the product reads them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nhasan.domain.forms import Expansion, Row

DATA = Path(__file__).resolve().parents[2] / "data"

Table = list[dict[str, str]]


def read_json(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def read_csv(name: str) -> Table:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_folder(name: str) -> dict[str, Any]:
    found = [json.loads(path.read_text(encoding="utf-8"))
             for path in sorted((DATA / name).glob("*.json"))]
    return {facts["id"]: facts for facts in found}


@pytest.fixture(scope="session")
def facts() -> Callable[[str], Any]:
    return read_json


@pytest.fixture(scope="session")
def table() -> Callable[[str], Table]:
    return read_csv


@pytest.fixture(scope="session")
def areas() -> Table:
    return read_csv("areas/areas.csv")


@pytest.fixture(scope="session")
def changes() -> Table:
    return read_csv("areas/changes.csv")


@pytest.fixture(scope="session")
def code_lists() -> dict[str, Any]:
    return read_folder("codes")


@pytest.fixture(scope="session")
def sets() -> dict[str, Any]:
    return read_folder("indicators")


@pytest.fixture(scope="session")
def indicators(sets: dict[str, Any]) -> dict[str, Any]:
    """Every indicator by its reference `SET:key`."""
    return {f"{name}:{item['key']}": item
            for name, found in sets.items() for item in found["indicators"]}


@pytest.fixture(scope="session")
def forms() -> dict[str, Any]:
    return read_folder("forms")


@pytest.fixture(scope="session")
def standing(areas: Table) -> Callable[[str, str], Table]:
    """Return the areas of a level that stand on a day, by code."""
    def on(day: str, level: str) -> Table:
        found = [row for row in areas if row["level"] == level and row["valid_from"] <= day
                 and (not row["valid_to"] or day < row["valid_to"])]
        return sorted(found, key=lambda row: row["code"])
    return on


@pytest.fixture(scope="session")
def below(standing: Callable[[str, str], Table]) -> Callable[[str, str], dict[str, Table]]:
    """Return level → areas below `level:code` on a day."""
    def on(place: str, day: str) -> dict[str, Table]:
        inside = {place}
        found: dict[str, Table] = {}
        for level in ("region", "province", "district", "commune"):
            found[level] = [row for row in standing(day, level)
                            if f"{row['parent_level']}:{row['parent_code']}" in inside]
            inside |= {f"{level}:{row['code']}" for row in found[level]}
        return found
    return on


@pytest.fixture(scope="session")
def expansion(
    code_lists: dict[str, Any], below: Callable[[str, str], dict[str, Table]],
) -> Callable[[str, str], Expansion]:
    """Return what a form needs to be laid out for a unit's area on a day."""
    codes = {name: [Row(id=code["code"], label=code["name_vi"], code=code["code"])
                    for code in found["codes"]] for name, found in code_lists.items()}

    def of(place: str, day: str) -> Expansion:
        rows = {level: [Row(id=row["code"], label=row["name"], code=row["unit_type"])
                        for row in found] for level, found in below(place, day).items()}
        return Expansion(codes=codes, areas=rows)
    return of
