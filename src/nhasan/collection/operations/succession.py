"""Hand-over: what a unit owed when it was closed goes to the unit that took over from it.

A step of the pulse. It looks at units closed by today, so it finds again what it has not moved,
and moves nothing twice.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.timezone import localtime

from nhasan.collection.models import Assignment, CollectionRound, ReportingObligation
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.notices import Notice, report_page
from nhasan.domain.words import date_text
from nhasan.organisations.authority import ScopedQuerySet, operation
from nhasan.organisations.models import OrganisationUnit
from nhasan.organisations.operations import notify_many

_OPEN_STATES = ("not_started", "in_progress", "returned")
_LONGEST_CHAIN = 10  # units that took over from one another by the same day


def hand_over(*, actor: Actor, at: datetime) -> int:
    """Hand over what closed units still owe or receive; a step of the pulse."""
    if not _owed(at).exists() and not _receiving(at):
        return 0
    return _hand_over(actor=actor, at=at)


def _owed(at: datetime) -> ScopedQuerySet[Assignment]:
    """Return what closed units with a successor still owe in open rounds.

    Where the successor has a part for the same area already, both stay as they are: the closed
    unit hangs beneath its successor, whose people fill either.
    """
    twin = Assignment.objects.within(EVERYTHING).filter(
        round=OuterRef("round"), unit=OuterRef("unit__successor"),
        area_level=OuterRef("area_level"), area_code=OuterRef("area_code"))
    # Two closed units with the same area and the same successor: the first of them goes
    sibling = Assignment.objects.within(EVERYTHING).filter(
        round=OuterRef("round"), unit__successor=OuterRef("unit__successor"),
        area_level=OuterRef("area_level"), area_code=OuterRef("area_code"),
        pk__lt=OuterRef("pk"))
    return (
        Assignment.objects.within(EVERYTHING)
        .filter(unit__closed__lte=localtime(at).date(), unit__successor__isnull=False,
                round__state="open", state__in=_OPEN_STATES)
        .exclude(Exists(twin)).exclude(Exists(sibling))
    )


def _receiving(at: datetime) -> bool:
    """Tell whether a closed unit still receives something that a successor should."""
    return any(
        rows.exists() for rows in _receivers(at).values()
    )


def _receivers(at: datetime) -> dict[str, ScopedQuerySet[Assignment]]:
    """Return field → the reports in which a closed unit stands there.

    A locked round keeps who received it, but what still waits to be looked at in it goes on.
    """
    rows = Assignment.objects.within(EVERYTHING)
    return {
        name: rows.filter(**asked, **{
            f"{name}__closed__lte": localtime(at).date(), f"{name}__successor__isnull": False})
        for name, asked in (("receiver", {"round__state": "open"}), ("reader", {}))
    }


@operation("assignment.hand_over")
def _hand_over(*, actor: Actor, at: datetime) -> int:
    """Move parts, receivers and obligations of closed units to their successors."""
    moved: set[int] = set()
    for _ in range(_LONGEST_CHAIN):
        step = list(_owed(at).values_list("pk", flat=True))
        if not step:
            break
        _give_to_successors(step, at)
        moved |= set(step)
    for name, rows in _receivers(at).items():
        for _ in range(_LONGEST_CHAIN):
            if not rows.update(**{name: _successor_of(name)}):
                break
    _settle_rounds(at)
    _tell(actor, moved, at)
    return len(moved)


def _give_to_successors(keys: list[int], at: datetime) -> None:
    for start in range(0, len(keys), 500):
        Assignment.objects.within(EVERYTHING).filter(pk__in=keys[start : start + 500]).update(
            handed_from=F("unit"), handed_at=at, unit=_successor_of("unit"))


def _successor_of(field: str) -> Subquery:
    return Subquery(
        OrganisationUnit.objects.within(EVERYTHING).filter(pk=OuterRef(field))
        .values("successor")[:1])


def _settle_rounds(at: datetime) -> None:
    """Let successors receive the rounds and the obligations of closed units."""
    gone = {"receiver__closed__lte": localtime(at).date(), "receiver__successor__isnull": False}
    for _ in range(_LONGEST_CHAIN):
        changed = CollectionRound.objects.within(EVERYTHING).filter(state="open", **gone).update(
            receiver=_successor_of("receiver"))
        changed += ReportingObligation.objects.within(EVERYTHING).filter(**gone).exclude(
            state="retired").update(receiver=_successor_of("receiver"))
        if not changed:
            return


def _tell(actor: Actor, moved: set[int], at: datetime) -> None:
    rows = (
        Assignment.objects.within(EVERYTHING).filter(pk__in=moved, state__in=_OPEN_STATES)
        .select_related("round", "handed_from")
    )
    notify_many(actor=actor, at=at, notices=[
        Notice(
            row.unit_id, Permission.ENTER, f"handed:{row.pk}:{row.unit_id}", "handed_over",
            {"report": row.round.title_vi, "due": date_text(row.due),
             "unit": row.handed_from.name if row.handed_from else ""},
            report_page(row.pk),
        )
        for row in rows
    ])
