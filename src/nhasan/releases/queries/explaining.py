"""Where a figure came from, as far as the public may see: no person's name, no hidden value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.problems import Invalid, NotFound
from nhasan.releases.queries.pages import found_release, readable
from nhasan.releases.queries.shelf import Opened
from nhasan.releases.queries.slices import Row, rows_at

REPORTED, SUMMED, DERIVED = "reported", "summed", "derived"
MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """The report that a figure stood in."""

    unit: str
    form_code: str
    form: str
    round: str
    legal_basis: str
    approved_on: str


@dataclass(frozen=True, slots=True)
class Part:
    """One figure that went into another, under the name that the formula or the map gives it."""

    name: str
    row: Row


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure, walked downstairs: release, run, and what it was reported in or made of."""

    figure: Row
    urn: str
    address: str
    published_at: datetime
    run: str
    as_of: str
    how: str
    formula: str
    parts: tuple[Part, ...]
    origin: Origin | None
    indicator: Mapping[str, Any]
    policy: Mapping[str, Any]


def explain(name: str, key: Mapping[str, str], version: str = "") -> Explanation:
    """Return where one figure came from; every dimension of the key must be named."""
    row = found_release(name, version)
    held = readable(name, row.version)
    figure = _one(held, key)
    if figure is None:
        raise NotFound()
    how, formula, parts = _made(held, figure)
    indicator = held.indicators[figure.key[0]]
    source = held.sources.get(figure.origin)
    return Explanation(
        figure=figure, urn=str(held.urn), address=held.urn.address,
        published_at=row.published_at, run=held.manifest.run, as_of=held.manifest.as_of, how=how,
        formula=formula, parts=tuple(parts[:MOST_PARTS]), origin=_origin(source),
        indicator={"ref": indicator.code, "name": indicator.label, **indicator.extra},
        policy=held.manifest.policy,
    )


def _origin(source: Mapping[str, Any] | None) -> Origin | None:
    if source is None:
        return None
    return Origin(**{name: source[name] for name in Origin.__dataclass_fields__})


def _one(held: Opened, key: Mapping[str, str]) -> Row | None:
    missing = [dim for dim in held.manifest.dims if dim not in key]
    if missing:
        raise Invalid(reason=f"ô cần có đủ các chiều, còn thiếu “{missing[0]}”")
    found = _rows(held, {dim: [key[dim]] for dim in held.manifest.dims})
    return found[0] if found else None


def _rows(held: Opened, where: Mapping[str, Sequence[str]]) -> list[Row]:
    columns = held.columns_for(where)
    return rows_at(held, columns, np.asarray(columns.chosen(where)))


def _made(held: Opened, figure: Row) -> tuple[str, str, list[Part]]:
    """Return how a figure was made, its formula, and the figures it was made of."""
    key = dict(zip(held.manifest.dims, figure.key, strict=True))
    for step in held.manifest.plan:
        if step["step"] == "derive" and step["indicator"] == key[INDICATOR]:
            return DERIVED, step["formula"], _operands(held, key, step["operands"])
    if not figure.coverage:
        return REPORTED, "", []
    return SUMMED, "", _areas_under(held, key) or _groups_under(held, key)


def _operands(held: Opened, key: Mapping[str, str], operands: Sequence[Any]) -> list[Part]:
    found = []
    for name, indicator, places in operands:
        row = _one(held, {**key, INDICATOR: indicator, **dict(places)})
        if row is not None:
            found.append(Part(name, row))
    return found


def _areas_under(held: Opened, key: Mapping[str, str]) -> list[Part]:
    """Return the figures of the areas that were added up, on the map of the period."""
    for step in held.manifest.plan:
        if step["step"] != "rollup" or step["to_level"] != key[AREA_LEVEL]:
            continue
        lower = step["from_level"]
        under = [
            place.partition(":")[2] for place, unit in held.units(key[TIME_PERIOD]).items()
            if place.startswith(f"{lower}:")
            and unit["above"].get(key[AREA_LEVEL]) == key[REF_AREA]
        ]
        where = {**{dim: [code] for dim, code in key.items()}, AREA_LEVEL: [lower],
                 REF_AREA: under}
        found = _rows(held, where) if under else []
        if found:
            at = held.manifest.dims.index(REF_AREA)
            return [Part(row.labels[at], row) for row in found]
    return []


def _groups_under(held: Opened, key: Mapping[str, str]) -> list[Part]:
    """Return the figures of the groups that were added up to a total."""
    for step in reversed(held.manifest.plan):
        dim = step.get("dimension", "")
        if step["step"] != "total" or key.get(dim) != TOTAL or (
            key[INDICATOR] not in step["indicators"]
        ):
            continue
        where = {**{name: [code] for name, code in key.items()}, dim: step["parts"]}
        found = _rows(held, where)
        if found:
            at = held.manifest.dims.index(dim)
            return [Part(row.labels[at], row) for row in found]
    return []


