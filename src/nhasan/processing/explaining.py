"""How a figure of the working cube came about, as far as its reader may see. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Q

from nhasan.areas.models import LEVELS, Area
from nhasan.domain.access import Actor
from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.derived import SUM, Known
from nhasan.domain.derived_figures import Children, Figures, Place, Told
from nhasan.domain.formulas import parse_number
from nhasan.domain.observations import NOT_REPORTED
from nhasan.domain.operands import OperandText, operands
from nhasan.domain.plan import map_day
from nhasan.engines.area_sums import Dated, summed
from nhasan.engines.arrow import cube_of
from nhasan.metadata import queries as metadata
from nhasan.processing import working

MOST_NAMED = 100
"""Of more areas than this, those beneath are read level by level, which is sooner done."""
PARENTS = LEVELS[:-1]


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure with how it came about, and the same figure in every period there is."""

    told: Told
    series: tuple[Told, ...]
    known: Known


def explained(actor: Actor, dataflow: str, place: Place) -> Explained:
    """Return a figure within READ; without a period, that of the last one there is.

    Whole breakdowns are read of the place itself alone, to show what its total is made of;
    areas beneath it are added up before they are rows in hand.
    """
    known = metadata.known_indicators([place.ref])
    below = _beneath(place, working.periods(dataflow))
    table = working.figures(
        actor, dataflow, {
            INDICATOR: set(known.indicators), REF_AREA: {place.area, *(row[1] for row in below)},
            **_codes(place, known, dataflow)},
        {AREA_LEVEL: place.level, REF_AREA: place.area})
    own = cube_of(table.filter(_at_areas(table, {(place.level, place.area)})))
    periods = sorted(map(str, table[TIME_PERIOD].unique().to_pylist()))
    near = None if _weighs(known) else _near(place, below)
    sums = summed(table, below, lambda period: map_day(period, ""), _sums(known), near)
    shown = table if near is None else table.filter(_at_areas(table, near))
    figures = Figures(known, cube_of(shown), _under(below), sums)
    series = tuple(
        each for each in (figures.told(replace(place, period=period)) for period in periods)
        if each.how != "none"
    )
    period = place.period or (series[-1].place.period if series else "")
    if not period:
        return Explained(Told(place, NOT_REPORTED, "none"), series, known)
    told = figures.opened(replace(place, period=period))
    if told.how == "codes":
        told = replace(told, parts=Figures(known, own, _nothing).told(told.place).parts)
    return Explained(told, series, known)


def _sums(known: Known) -> set[str]:
    return {ref for ref, facts in known.indicators.items()
            if facts.kind == SUM and not facts.formula}


def _operands(known: Known) -> list[OperandText]:
    return [
        each for facts in known.indicators.values() if facts.formula
        for each in operands(parse_number(facts.formula))
    ]


def _weighs(known: Known) -> bool:
    """Tell whether a formula asks for averages, which are taken over areas one by one."""
    return any(each.weight for each in _operands(known))


def _codes(place: Place, known: Known, dataflow: str) -> dict[str, set[str]]:
    """Return which codes of each breakdown are read; one that is not named is read whole."""
    flow = metadata.dataflow(dataflow)
    found = {each.id: {TOTAL} for each in metadata.dimensions(flow)} if flow else {}
    for dim, code in place.codes:
        found.setdefault(dim, {TOTAL}).add(code)
    for operand in _operands(known):
        for condition in operand.conditions:
            if condition.without:
                found.pop(condition.dimension, None)
            elif condition.dimension in found:
                found[condition.dimension].update(condition.codes)
    return found


def _near(place: Place, below: Sequence[Dated]) -> set[tuple[str, str]]:
    """Return a place and those right beneath it."""
    mine = (place.level, place.area)
    return {mine, *((row[0], row[1]) for row in below if (row[2], row[3]) == mine)}


def _at_areas(table: pa.Table, near: Collection[tuple[str, str]]) -> Any:
    """Return which rows of a table are of these areas."""
    found = pa.array([False] * len(table), pa.bool_())
    for level in {level for level, _code in near}:
        codes = pa.array([code for each, code in near if each == level], pa.string())
        found = pc.or_(found, pc.and_(
            pc.equal(table[AREA_LEVEL], pa.scalar(level)), pc.is_in(table[REF_AREA], codes)))
    return found


def _beneath(place: Place, periods: Sequence[str]) -> list[Dated]:
    """Return the areas beneath one, however far, by their parents; a layer a query.

    Areas that were on no map of these periods are left out.
    """
    days = [map_day(period, "") for period in periods]
    if not days:
        return []
    standing = Area.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=max(days)),
        Q(valid_to=None) | Q(valid_to__gt=min(days)))
    found: list[Dated] = []
    seen: set[tuple[str, str]] = set()
    layer = {(place.level, place.area)}
    while layer:
        above = standing.filter(parent_level__in={level for level, _code in layer})
        if len(layer) <= MOST_NAMED:
            above = above.filter(parent_code__in={code for _level, code in layer})
        rows = above.values_list(
            "level", "code", "parent_level", "parent_code", "valid_from", "valid_to")
        here = [row for row in rows if (row[2], row[3]) in layer]
        found += here
        seen |= layer
        layer = {(row[0], row[1]) for row in here if row[0] in PARENTS} - seen
    return found


def _under(below: Sequence[Dated]) -> Children:
    found: dict[tuple[str, str], list[Dated]] = {}
    for row in below:
        found.setdefault((row[2], row[3]), []).append(row)

    def children(level: str, code: str, period: str) -> Sequence[tuple[str, str]]:
        day = map_day(period, "")
        return [
            (lower, each) for lower, each, _above, _code, since, until
            in found.get((level, code), ())
            if (since is None or since <= day) and (until is None or day < until)
        ]

    return children


def _nothing(level: str, code: str, period: str) -> Sequence[tuple[str, str]]:
    return ()
