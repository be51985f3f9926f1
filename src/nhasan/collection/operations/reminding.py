"""Urging: units before and after the due day, the unit above when they stay late.

A step of the pulse. What was told is known by the keys of the notices themselves (report, day,
step), so a pulse that was killed half way tells the rest and repeats nothing, and a clock that
was set back finds that everything was told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from nhasan.collection.models import CollectionRound
from nhasan.collection.queries import WAITING
from nhasan.collection.queries.urging import (
    DueDay,
    Late,
    Returned,
    due_days,
    escalated,
    late_on,
    not_urged,
    owed_on,
    returned_late,
)
from nhasan.domain.access import Actor, Permission
from nhasan.domain.calendar import Calendar
from nhasan.domain.notices import Notice, board_page, report_page
from nhasan.domain.reminders import Step
from nhasan.domain.words import date_text
from nhasan.organisations.authority import operation
from nhasan.organisations.operations import notify_many
from nhasan.organisations.queries import calendar

MOST_NAMED = 10
"""So many late units are named to the unit above; its board has them all."""


def remind(*, actor: Actor, at: datetime) -> int:
    """Urge units whose reports are due or late, and tell the units above who stays late."""
    today, office = localtime(at).date(), calendar()
    days = due_days(today)
    told = 0
    for day in days:
        told += notify_many(actor=actor, notices=list(_urging(day, today, office)), at=at)
    for row in returned_late(today):
        told += notify_many(actor=actor, notices=list(_mending(row, today, office)), at=at)
    for notices in _escalating(days, today, office):
        told += notify_many(actor=actor, notices=notices, at=at)
    return told


def _urging(day: DueDay, today: date, office: Calendar) -> Iterator[Notice]:
    step = day.reminders.step(opens=day.opens, due=day.until, today=today, calendar=office)
    if step is None:
        return
    for report, unit in not_urged(day, step.name, today):
        yield _urge(report, unit, day.title, day.until, step)


def _mending(row: Returned, today: date, office: Calendar) -> Iterator[Notice]:
    """Urge a unit whose report came back: counted from the day it came back if that is later."""
    back = localtime(row.since).date() if row.since else row.until
    if back <= row.until:
        step = row.reminders.step(opens=row.until, due=row.until, today=today, calendar=office)
    else:
        step = row.reminders.since_return(returned=back, today=today, calendar=office)
    if step is not None:
        yield _urge(row.pk, row.unit, row.title, max(back, row.until), step)


def _urge(report: int, unit: int, title: str, day: date, step: Step) -> Notice:
    return Notice(
        unit, Permission.ENTER, f"due:{report}:{day}:{step.name}", step.kind,
        {"report": title, "days": str(step.days), "due": date_text(day)}, report_page(report),
    )


@dataclass(frozen=True, slots=True)
class Urged:
    """How many units were told now, and how many had been told the same day already."""

    told: int
    already: int


@operation("round.remind_now")
def remind_now(*, actor: Actor, round_id: int, at: datetime) -> Urged:
    """Tell every late unit of a round, at somebody's word, that its report is owed.

    Each unit is told at most once a day. It goes into the unit's notices, and with them into
    the letter of the day.
    """
    permission = Permission.MANAGE if actor.can(Permission.MANAGE) else Permission.REVIEW
    today, office = localtime(at).date(), calendar()
    rounds = CollectionRound.objects.within(actor.require(permission))
    rounds.select_for_update(of=("self",)).one(pk=round_id)  # who reminds next finds it done
    late = list(
        owed_on(today).within(actor.may(permission), by="receiver")
        .filter(round=round_id, state__in=WAITING, until__lt=today)
        .select_related("round").order_by("pk"))
    told = notify_many(actor=actor, at=at, notices=[
        Notice(
            row.unit_id, Permission.ENTER, f"urged:{row.pk}:{today}",
            "still_returned" if row.state == "returned" else "overdue",
            {"report": row.round.title_vi, "due": date_text(row.until),
             "days": str(office.working_between(row.until, today))}, report_page(row.pk),
        ) for row in late])
    return Urged(told, len(late) - told)


def _escalating(days: Sequence[DueDay], today: date,
                office: Calendar) -> Iterator[list[Notice]]:
    """Yield what the units above are told, one notice each for a round and its due day."""
    late = {
        f"late:{day.round}:{day.until}": day for day in days
        if day.reminders.escalates(due=day.until, today=today, calendar=office)
    }
    known = escalated(list(late))
    for key, day in late.items():
        if key not in known:
            yield list(_above(key, day, late_on(day, today),
                              office.working_between(day.until, today)))


def _above(key: str, day: DueDay, late: Sequence[Late], gone: int) -> Iterator[Notice]:
    """Yield a notice for each receiver, and for each unit above that is not the receiver."""
    for receiver in dict.fromkeys(each.receiver for each in late):
        names = [each.unit for each in late if each.receiver == receiver]
        yield Notice(receiver, Permission.REVIEW, key, _late_kind(names),
                     _late_facts(day, names, gone), board_page(day.round))
    above = [each for each in late if each.parent not in (None, each.receiver)]
    for parent in dict.fromkeys(each.parent for each in above):
        names = [each.unit for each in above if each.parent == parent]
        if parent is not None:
            yield Notice(parent, Permission.MANAGE, key, _late_kind(names),
                         _late_facts(day, names, gone), "/viec/")


def _late_kind(names: Sequence[str]) -> str:
    return "late_units" if len(names) <= MOST_NAMED else "many_late_units"


def _late_facts(day: DueDay, names: Sequence[str], gone: int) -> dict[str, str]:
    return {
        "report": day.title, "count": str(len(names)), "days": str(gone),
        "due": date_text(day.until), "units": ", ".join(names[:MOST_NAMED]),
        "more": str(max(len(names) - MOST_NAMED, 0)),
    }
