"""What became of a place: from when to when it stood, what it was made from, what it went into.

Releases call areas by the codes of their day. Readers of an old table want to know what such
a place is now, so this much of the map is handed on to the public pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nhasan.areas import queries as areas
from nhasan.domain.area_lines import AreaLine

MOST_KIN = 60


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A place on the other end of a change; `kind` says how much of it: full, partial, renamed."""

    level: str
    code: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One place under a code, as it stood between two days (half-open)."""

    level: str
    code: str
    title: str
    since: date | None
    until: date | None
    begun_by: str
    ended_by: str
    made_from: tuple[Neighbour, ...] = ()
    went_into: tuple[Neighbour, ...] = ()


def standings(level: str, code: str) -> Sequence[Standing]:
    """Return every place that bore a code, oldest first, each with its origin and its heirs."""
    return [
        replace(_standing(row), made_from=_neighbours(areas.predecessors(row)),
                went_into=_neighbours(areas.successors(row)))
        for row in areas.versions(level, code)
    ]


def lines_of(level: str, code: str) -> Sequence[AreaLine]:
    """Return the lines of the places that bore a code, the newest first."""
    return areas.lines(level, code)


def _standing(row: Any) -> Standing:
    return Standing(
        row.level, row.code, row.title, row.valid_from, row.valid_to, row.established_by,
        row.ended_by,
    )


def places_named(words: str, *, on: date, limit: int = 12) -> Sequence[Standing]:
    """Return places of a day, then places that were no more by then, found by name or code."""
    now = areas.areas(on=on, search=words)[:limit]
    return [_standing(row) for row in (*now, *areas.former(words, on=on, limit=limit))][:limit]


def _neighbours(kin: Sequence[areas.Kin]) -> tuple[Neighbour, ...]:
    return tuple(
        Neighbour(each.area.level, each.area.code, each.area.title, each.link.kind)
        for each in kin[:MOST_KIN] if each.area is not None
    )
