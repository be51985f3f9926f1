"""What the areas of one day are on the map of another."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from nhasan.areas.models import Area, AreaLink
from nhasan.domain.correspondence import (
    Correspondence,
    Key,
    KeyKind,
    Step,
    Unit,
    correspondence,
)


def between(level: str, since: date, until: date,
            kind: KeyKind = KeyKind.NONE) -> Correspondence:
    """Return what the areas of a level on one day are on the map of another.

    Where two readings of a change differ, that of the statistics office is followed, as the
    three that were checked bear out. The key “area” weighs by the km² of the map.
    """
    rows = list(Area.objects.filter(level=level).values_list(
        "code", "valid_from", "valid_to", "parent_code", "area_km2"))
    weights = {
        Unit(code, start, end, parent): Fraction(km2)
        for code, start, end, parent, km2 in rows if km2
    } if kind is KeyKind.AREA else {}
    units = [Unit(code, start, end, parent) for code, start, end, parent, _ in rows]
    return correspondence(level, units, _steps(level), since, until, Key(kind, weights))


def _steps(level: str) -> list[Step]:
    read = list(AreaLink.objects.filter(level=level).values_list(
        "old_code", "new_code", "change__on", "agreement").order_by("pk"))
    offices = {(old, on) for old, _, on, source in read if source in ("both", "office")}
    return [
        Step(old, new, on) for old, new, on, source in read
        if source != "resolutions" or (old, on) not in offices
    ]
