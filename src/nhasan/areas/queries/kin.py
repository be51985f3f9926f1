"""What an area was made from and what became of it, by the links of the changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nhasan.areas.models import Area, AreaLink
from nhasan.areas.queries.standing import on_day


def links(*, old: str = "", new: str = "", level: str = "commune") -> Sequence[AreaLink]:
    """Return how old units became new ones, by either code."""
    found = AreaLink.objects.filter(level=level).select_related("change")
    if old:
        found = found.filter(old_code=old)
    if new:
        found = found.filter(new_code=new)
    return list(found.order_by("old_code", "new_code")[:500])


@dataclass(frozen=True, slots=True)
class Kin:
    """One step of an area's line: the link, and the area on its other end if it is known."""

    link: AreaLink
    area: Area | None


def predecessors(found: Area) -> Sequence[Kin]:
    """Return what an area was made from on the day it came to be."""
    if found.valid_from is None:
        return []
    rows = AreaLink.objects.filter(
        level=found.level, new_code=found.code, change__on=found.valid_from,
    ).select_related("change").order_by("old_code")
    eve = found.valid_from - timedelta(days=1)
    old = _by_code(found.level, [link.old_code for link in rows], eve)
    return [Kin(link, old.get(link.old_code)) for link in rows]


def successors(found: Area) -> Sequence[Kin]:
    """Return what became of an area on the day it ended."""
    if found.valid_to is None:
        return []
    rows = AreaLink.objects.filter(
        level=found.level, old_code=found.code, change__on=found.valid_to,
    ).select_related("change").order_by("kind", "new_code")
    new = _by_code(found.level, [link.new_code for link in rows], found.valid_to)
    return [Kin(link, new.get(link.new_code)) for link in rows]


def _by_code(level: str, codes: Iterable[str], on: date) -> dict[str, Area]:
    rows = Area.objects.filter(on_day(on), level=level, code__in=set(codes))
    return {row.code: row for row in rows}
