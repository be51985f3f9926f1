"""Verbs of the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from nhasan.areas.models import Area, AreaChange, AreaLink, Jurisdiction
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.problems import Conflict, Invalid, NotFound, phrase
from nhasan.domain.words import normalised
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit


class JurisdictionHeld(Conflict):
    """The unit already answers for that area in a part of that time."""

    code = "jurisdiction-held"
    message = phrase("Đơn vị này đã phụ trách địa bàn đó trong một phần của thời gian này.")


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


@dataclass(frozen=True, slots=True)
class NewLink:
    """One link from an old unit to a new one, as given to `enact`."""

    level: str
    old_code: str
    new_code: str
    kind: str
    agreement: str = ""
    doubtful: bool = False
    note: str = ""


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
    return len(rows)


@operation("area.enact")
def enact(*, actor: Actor, decree: str, title: str, on: date, links: Iterable[NewLink],
          source: str, at: datetime) -> AreaChange:
    """Enter a change of the map: which old units became which new ones, by which decree."""
    actor.require_root(Permission.MANAGE)
    change = AreaChange.objects.create(decree=decree, title=title, on=on, source=source)
    AreaLink.objects.bulk_create(
        [
            AreaLink(
                change=change, level=link.level, old_code=link.old_code,
                new_code=link.new_code, kind=link.kind, agreement=link.agreement,
                doubtful=link.doubtful, note=link.note,
            )
            for link in links
        ],
        batch_size=1000,
    )
    return change


@operation("area.give_jurisdiction")
def give_jurisdiction(*, actor: Actor, unit: str, level: str, code: str,
                      valid_from: date | None, valid_to: date | None,
                      at: datetime) -> Jurisdiction:
    """Say that a unit (by code) answers for an area between two days."""
    scope = actor.require(Permission.ADMINISTER)
    body = OrganisationUnit.objects.within(scope).one(code=unit)
    held = Jurisdiction.objects.within(EVERYTHING).filter(
        unit=body, level=level, code=code, valid_from=valid_from,
    ).first()
    if held:
        return held
    if Jurisdiction.objects.within(EVERYTHING).filter(
        _overlaps(valid_from, valid_to), unit=body, level=level, code=code,
    ).exists():
        raise JurisdictionHeld()
    return Jurisdiction.objects.create(
        unit=body, level=level, code=code, valid_from=valid_from, valid_to=valid_to,
    )


@operation("area.end_jurisdiction")
def end_jurisdiction(*, actor: Actor, unit: str, level: str, code: str, valid_to: date,
                     at: datetime) -> Jurisdiction:
    """Say that from that day on a unit (by code) no longer answers for an area."""
    scope = actor.require(Permission.ADMINISTER)
    body = OrganisationUnit.objects.within(scope).one(code=unit)
    held = Jurisdiction.objects.within(scope).filter(
        _overlaps(valid_to, None), unit=body, level=level, code=code).first()
    if held is None:
        raise NotFound()
    if held.valid_from is not None and valid_to <= held.valid_from:
        raise Invalid(reason=phrase("ngày hết hiệu lực phải sau ngày có hiệu lực"))
    held.valid_to = valid_to
    held.save(update_fields=["valid_to"])
    return held


def _overlaps(start: date | None, end: date | None) -> Q:
    """Return the condition that a dated row shares a day with a half-open range."""
    wanted = Q()
    if end is not None:
        wanted &= Q(valid_from__isnull=True) | Q(valid_from__lt=end)
    if start is not None:
        wanted &= Q(valid_to__isnull=True) | Q(valid_to__gt=start)
    return wanted
