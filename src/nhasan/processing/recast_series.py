"""A figure of the working cube through its periods, on the map of one day. Reads only.

What the place is made of is asked of the map of each period, and every part is explained as if
it were asked for by itself: within the reader's authority, and with all that hangs on it. A
part that the reader may not see is a part that is missing, so the whole is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nhasan.areas import queries as areas
from nhasan.domain.access import Actor
from nhasan.domain.correspondence import Correspondence, KeyKind
from nhasan.domain.cube import (
    AREA_LEVEL,
    INDICATOR,
    REF_AREA,
    TIME_PERIOD,
    TOTAL,
    Cube,
    CubeRow,
    dimensions,
)
from nhasan.domain.derived import SUM
from nhasan.domain.derived_figures import Place, Told
from nhasan.domain.observations import Figure, Status, unscaled
from nhasan.domain.plan import map_day
from nhasan.domain.recast import Why
from nhasan.domain.recast_rates import Rate, formula_rates
from nhasan.engines.arrow import COVERAGE, DECIMALS, STATUS, VALUE, arrow_of
from nhasan.engines.recasting import BY, WHY, kinds_of, recast_table
from nhasan.engines.recomputing import AGAIN, recomputed
from nhasan.metadata import queries as metadata
from nhasan.processing import working
from nhasan.processing.explaining import explained


@dataclass(frozen=True, slots=True)
class OnMap:
    """A figure of one period on another map: how it was reckoned, or why it is not told."""

    period: str
    figure: Figure
    decimals: int
    coverage: str
    by: frozenset[KeyKind]
    why: Why | None
    again: bool


@dataclass(frozen=True, slots=True)
class SeriesOnMap:
    """A series on the map of a day; `stands` tells whether the place is on that map at all."""

    figures: tuple[OnMap, ...] = ()
    keys: frozenset[KeyKind] = frozenset()
    documents: tuple[str, ...] = ()
    stands: bool = True


def series_on_map(actor: Actor, dataflow: str, place: Place, day: date,
                  key: KeyKind) -> SeriesOnMap:
    """Return a figure in every period there is, on the map of a day, within READ."""
    until = areas.drawn_on(day)
    if areas.area(place.level, place.area, on=until) is None:
        return SeriesOnMap(stands=False)
    drawn = {period: areas.drawn_on(map_day(period, ""))
             for period in working.periods(dataflow)}
    maps = {since: areas.between(place.level, since, until, key)
            for since in set(drawn.values())}
    known = metadata.known_indicators([place.ref])
    facts = known.indicators[place.ref]
    adding = {ref for ref, each in known.indicators.items() if each.kind == SUM}
    rates = formula_rates([facts], known.indicators) if facts.kind != SUM else ()
    codes = {part.code for each in maps.values() for part in each.sources.get(place.area, ())}
    cube = _cube(dataflow, [
        told for each in _read(place, rates) for code in sorted(codes)
        for told in explained(actor, dataflow, replace(each, area=code, period="")).series
    ])
    found = recomputed(recast_table(arrow_of(cube), adding, {
        (place.level, period): maps[since] for period, since in drawn.items()}), rates)
    return SeriesOnMap(
        tuple(_figures(found.figures.to_pylist(), place)),
        frozenset(each for since in maps for each in areas.split_keys(
            place.level, since, until) if _split(maps[since], place.area)),
        tuple(sorted({name for since in maps for name in areas.share_sources(
            place.level, since, until)})),
    )


def _split(between: Correspondence, area: str) -> bool:
    """Tell whether an area took in a piece of another."""
    return any(len(between.parts[part.code]) > 1 for part in between.sources.get(area, ()))


def _read(place: Place, rates: Sequence[Rate]) -> Iterator[Place]:
    """Yield what is read at every part: the figure itself, and what its formula reads."""
    yield place
    for operand in (operand for rate in rates for operand in rate.operands):
        at = replace(place, ref=operand.indicator)
        for dimension, code in operand.places:
            at = at.moved(dimension, code)
        yield at


def _cube(dataflow: str, told: Iterable[Told]) -> Cube:
    """Return figures as a cube, each once; a breakdown that is not named stands at its total."""
    flow = metadata.dataflow(dataflow)
    dims = dimensions(each.id for each in metadata.dimensions(flow)) if flow else dimensions([])
    rows = {}
    for each in told:
        key = _key(dims, each.place)
        rows[key] = CubeRow(key, each.figure.value, each.figure.status, _decimals(each))
    return Cube.of(dims, rows.values()).aligned()


def _key(dims: Sequence[str], place: Place) -> tuple[str, ...]:
    named = {INDICATOR: place.ref, AREA_LEVEL: place.level, REF_AREA: place.area,
             TIME_PERIOD: place.period, **dict(place.codes)}
    return tuple(named.get(dim, TOTAL) for dim in dims)


def _decimals(told: Told) -> int:
    exponent = told.figure.value.as_tuple().exponent if told.figure.value is not None else 0
    return max(told.decimals, -exponent if isinstance(exponent, int) else 0)


def _figures(rows: Iterable[Mapping[str, Any]], place: Place) -> Iterator[OnMap]:
    """Yield the figures of the place, the first period first."""
    mine = dict(place.codes)
    for row in sorted(rows, key=lambda row: str(row[TIME_PERIOD])):
        wanted = {INDICATOR: place.ref, REF_AREA: place.area, **mine}
        if any(row[dim] != code for dim, code in wanted.items()):
            continue
        value = None if row[VALUE] is None else unscaled(row[VALUE], row[DECIMALS])
        yield OnMap(
            row[TIME_PERIOD], Figure(value, Status(row[STATUS])), row[DECIMALS], row[COVERAGE],
            kinds_of(row[BY]), Why(row[WHY]) if row[WHY] else None, row[AGAIN])
