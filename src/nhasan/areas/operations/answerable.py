"""Which unit answers for which area: given and ended by day."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from nhasan.areas.models import Jurisdiction
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.problems import Conflict, Invalid, NotFound, phrase
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit


class JurisdictionHeld(Conflict):
    """The unit already answers for that area in a part of that time."""

    code = "jurisdiction-held"
    message = phrase("Đơn vị này đã phụ trách địa bàn đó trong một phần của thời gian này.")


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
