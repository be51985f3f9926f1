"""The tables of `tests/spec/plans.json`, as every engine reads them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from nhasan.domain.cube import Cube, CubeRow, dimensions
from nhasan.domain.links import Link
from nhasan.domain.observations import Status
from nhasan.domain.plan import Node, Tables, from_json
from nhasan.engines import Engine

CHANGE = date(2025, 7, 1)
LINKS = [
    Link("commune", "c1", "province", "p1"),
    Link("commune", "c2", "province", "p1"),
    Link("commune", "c3", "province", "p2", None, CHANGE),
    Link("commune", "c3", "province", "p3", CHANGE, None),
]
READ: dict[str, Any] = {
    "step": "read", "dataflow": "D", "breakdowns": ["ETHNIC_GROUP"],
    "measures": [{"indicator": "A"}, {"indicator": "B"}],
}
PATH = Path(__file__).resolve().parents[1] / "spec" / "plans.json"
EXAMPLES: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))
NAMES = [example["name"] for example in EXAMPLES]


def plan_of(example: dict[str, Any]) -> Node:
    """Return the plan of an example."""
    return from_json([READ, *example["steps"]])


def tables_of(example: dict[str, Any]) -> Tables:
    """Return the figures and the map of an example."""
    rows = [
        CubeRow(
            tuple(key), None if value is None else Decimal(value), Status(status),
            0 if value is None else -min(0, int(Decimal(value).as_tuple().exponent)),
        )
        for *key, value, status in example["rows"]
    ]
    return Tables({"D": Cube.of(dimensions(["ETHNIC_GROUP"]), rows)}, LINKS)


def computed(engine: Engine, example: dict[str, Any]) -> list[list[object]]:
    """Return what an engine added to what was reported, or made of it, as the example says it."""
    wanted = {tuple(row[:5]) for row in example["gives"]}
    given = {tuple(row[:5]) for row in example["rows"]}
    found = engine.run(plan_of(example), tables_of(example))
    return [
        [*row.key, None if row.value is None else f"{row.value:f}", str(row.status), row.coverage]
        for row in found.rows() if row.key in wanted or row.key not in given
    ]


def told(example: dict[str, Any]) -> list[list[object]]:
    """Return what the example says, in the order of a release."""
    return sorted(example["gives"], key=lambda row: (row[1], row[2], row[3], row[0], row[4]))
