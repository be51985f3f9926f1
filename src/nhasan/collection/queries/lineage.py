"""What a unit sent itself, and what the units sent that were closed into it, for one area.

Several units may answer for the same area, each with figures of its own: what one of them sent
is never another's past. A unit that was closed hands its past to its successor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, IntegerField, Q, Value, When

from nhasan.collection.models import Assignment, Submission
from nhasan.organisations.authority import ScopedQuerySet

Place = tuple[str, str, int]  # level, code of the area, unit
_LONGEST_CHAIN = 5  # mergers in a row that are followed
_LINE = tuple("assignment__unit" + "__successor" * step for step in range(_LONGEST_CHAIN + 1))


class Newest(NamedTuple):
    """The newest report that counts as a unit's own past; `nearness` is 0 or below."""

    period: str
    nearness: int
    submission: UUID


def place_of(row: Assignment) -> Place:
    """Return for which area a report is, and of which unit."""
    return row.area_level, row.area_code, row.unit_id


def sent_for(row: Assignment,
             sent: ScopedQuerySet[Submission]) -> ScopedQuerySet[Submission]:
    """Narrow what was sent to the area of a report and its unit, with those closed into it."""
    own = Q()
    for heir in _LINE:
        own |= Q(**{heir: row.unit_id})
    if row.handed_from_id is not None:
        own |= Q(assignment__unit=row.handed_from_id)
    return sent.filter(
        own, assignment__area_level=row.area_level, assignment__area_code=row.area_code)


def own_first(row: Assignment) -> Case:
    """Return an order of what was sent: the unit's own before what it inherited."""
    return Case(When(assignment__unit=row.unit_id, then=Value(0)), default=Value(1),
                output_field=IntegerField())


def newest_by_place(sent: ScopedQuerySet[Submission]) -> Mapping[Place, Newest]:
    """Return area and unit → the newest of what was sent, with what its closed units sent.

    Of one period, what the unit sent itself goes before what it inherited.
    """
    found: dict[Place, Newest] = {}
    for key, period, level, code, *line in sent.values_list(
        "pk", "assignment__round__period", "assignment__area_level", "assignment__area_code",
        *_LINE,
    ):
        for step, unit in enumerate(line):
            place, each = (level, code, unit), Newest(period, -step, key)
            if unit is not None and (place not in found or found[place][:2] < each[:2]):
                found[place] = each
    return found
