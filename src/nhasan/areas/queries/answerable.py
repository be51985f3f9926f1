"""Which unit answers for which area, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import models

from nhasan.areas.models import Area, Jurisdiction
from nhasan.areas.queries.standing import on_day
from nhasan.domain.access import EVERYTHING, Actor, Permission, Scope
from nhasan.organisations.models import OrganisationUnit


def jurisdictions_of(branch: str = "", *, on: date, kind: str = "", level: str = "",
                     units: Iterable[int] | None = None) -> list[tuple[int, str, str]]:
    """Return (unit, level, code) of what units of a branch, or certain units, answer for.

    Only areas that stand on the map of the day. For the clock and for operations that have
    checked the authority over the branch.
    """
    drawn = Area.objects.filter(
        on_day(on), level=models.OuterRef("level"), code=models.OuterRef("code"))
    where = Scope(frozenset({branch})) if branch else EVERYTHING
    found = Jurisdiction.objects.within(where).filter(on_day(on), models.Exists(drawn))
    if kind:
        found = found.filter(unit__kind=kind)
    if level:
        found = found.filter(level=level)
    if units is not None:
        found = found.filter(unit__in=list(units))
    return list(found.values_list("unit", "level", "code").order_by("code", "unit"))


def jurisdictions(actor: Actor, *, on: date, unit: int | None = None) -> Sequence[Jurisdiction]:
    """Return what the units within the actor's reading answer for on that day."""
    found = (
        Jurisdiction.objects.within(actor.may(Permission.READ)).filter(on_day(on))
        .select_related("unit")
    )
    if unit is not None:
        found = found.filter(unit=unit)
    return list(found.order_by("level", "code"))


def answering(actor: Actor, receiver: OrganisationUnit, *, kind: str,
              on: date) -> Sequence[Jurisdiction]:
    """Return which units of a kind beneath a receiver answered for which areas on that day.

    In the order of the areas' codes: who can be asked for a report of that day.
    """
    below = Scope(frozenset({receiver.path or ""}))
    if not actor.may(Permission.MANAGE).covers(receiver.path or ""):
        return []
    return list(
        Jurisdiction.objects.within(below).filter(on_day(on), unit__kind=kind)
        .exclude(unit=receiver).select_related("unit").order_by("level", "code")
    )


def responsible(level: str, code: str, *, on: date) -> Jurisdiction | None:
    """Return which unit answered for an area on that day."""
    return (
        Jurisdiction.objects.within(EVERYTHING).filter(on_day(on), level=level, code=code)
        .select_related("unit").first()
    )
