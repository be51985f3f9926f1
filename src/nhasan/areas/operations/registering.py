"""Dated units of the map, entered as they stand in the sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nhasan.areas.models import LEVELS, Area
from nhasan.areas.queries.standing import areas as areas_of
from nhasan.domain.access import Actor, Permission
from nhasan.domain.correspondence import refuse_circles
from nhasan.domain.words import normalised
from nhasan.organisations.authority import operation


@dataclass(frozen=True, slots=True)
class NewArea:
    """One dated unit of the map, as given to `register`."""

    level: str
    code: str
    unit_type: str
    name: str
    parent_level: str = ""
    parent_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    established_by: str = ""
    ended_by: str = ""
    area_km2: str = ""
    known_from: date | None = None


@operation("area.register")
def register(*, actor: Actor, areas: Iterable[NewArea], source: str, at: datetime) -> int:
    """Register dated units of the map; the database refuses overlapping versions of a code.

    Returns how many were registered. The map is the whole house's, so only a root may.
    """
    actor.require_root(Permission.MANAGE)
    rows = [
        Area(
            level=new.level, code=new.code, unit_type=new.unit_type, name=new.name,
            parent_level=new.parent_level, parent_code=new.parent_code,
            valid_from=new.valid_from, valid_to=new.valid_to, known_from=new.known_from,
            established_by=new.established_by, ended_by=new.ended_by, area_km2=new.area_km2,
            search=normalised(f"{new.name} {new.code}"),
        )
        for new in areas
    ]
    Area.objects.bulk_create(rows, batch_size=1000)
    _refuse_circles(rows)
    return len(rows)


def _refuse_circles(rows: Sequence[Area]) -> None:
    """Refuse a map on which an area lies in itself; only one that lies in no higher level can."""
    odd = [row for row in rows if row.parent_level in LEVELS
           and LEVELS.index(row.parent_level) >= LEVELS.index(row.level)]
    for day in {row.valid_from or row.known_from or date.min for row in odd}:
        refuse_circles({
            f"{level}:{code}": f"{above}:{parent}"
            for level, code, above, parent in areas_of(on=day).exclude(
                parent_code="").values_list("level", "code", "parent_level", "parent_code")
        }, day)
