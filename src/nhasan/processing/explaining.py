"""How a figure of the working cube came about, as far as its reader may see. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from nhasan.areas.models import Area
from nhasan.domain.access import Actor
from nhasan.domain.cube import INDICATOR, REF_AREA, TIME_PERIOD, Cube
from nhasan.domain.derived import Known
from nhasan.domain.derived_figures import Figures, Place, Told
from nhasan.domain.observations import NOT_REPORTED
from nhasan.domain.plan import map_day
from nhasan.metadata import queries as metadata
from nhasan.processing import working

Dated = tuple[str, str, date | None, date | None]


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure with how it came about, and the same figure in every period there is."""

    told: Told
    series: tuple[Told, ...]
    known: Known


def explained(actor: Actor, dataflow: str, place: Place) -> Explained:
    """Return a figure within READ; without a period, that of the last one there is."""
    known = metadata.known_indicators([place.ref])
    below, areas = _beneath(place.level, place.area)
    cube = working.figures(actor, dataflow, {INDICATOR: set(known.indicators), REF_AREA: areas})
    figures = Figures(known, cube, below)
    series = tuple(
        each for each in (figures.told(_at(place, period)) for period in _periods(cube))
        if each.how != "none"
    )
    period = place.period or (series[-1].place.period if series else "")
    return Explained(
        figures.told(_at(place, period)) if period else Told(place, NOT_REPORTED, "none"),
        series, known)


def _at(place: Place, period: str) -> Place:
    return Place(place.ref, place.level, place.area, period, place.codes)


def _periods(cube: Cube) -> Sequence[str]:
    return sorted(set(cube.column(TIME_PERIOD)))


def _beneath(level: str, code: str) -> tuple[
        Callable[[str, str, str], Sequence[tuple[str, str]]], set[str]]:
    """Return the areas beneath one by their parent, and the codes of all; a layer a query."""
    found: dict[tuple[str, str], list[Dated]] = {}
    layer, codes = {(level, code)}, {code}
    while layer:
        rows = Area.objects.filter(
            parent_level__in={each for each, _ in layer},
            parent_code__in={each for _, each in layer},
        ).values_list("parent_level", "parent_code", "level", "code", "valid_from", "valid_to")
        following: set[tuple[str, str]] = set()
        for parent_level, parent_code, lower, each, since, until in rows:
            if (parent_level, parent_code) in layer:
                found.setdefault((parent_level, parent_code), []).append(
                    (lower, each, since, until))
                following.add((lower, each))
        layer = following - found.keys()
        codes |= {each for _, each in following}

    def below(level: str, code: str, period: str) -> Sequence[tuple[str, str]]:
        day = map_day(period, "")
        return [
            (lower, each) for lower, each, since, until in found.get((level, code), ())
            if (since is None or since <= day) and (until is None or day < until)
        ]

    return below, codes
