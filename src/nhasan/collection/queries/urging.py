"""What is still owed, as urging looks at it: by round and day, not unit by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from nhasan.collection.models import Assignment, CollectionRound, Review
from nhasan.domain.access import EVERYTHING, Permission
from nhasan.domain.reminders import Reminders
from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import Notification

_UNSENT = ("not_started", "in_progress")
_SENT_BACK = ("returned", "reopened")


@dataclass(frozen=True, slots=True)
class DueDay:
    """The reports of one round that are owed until one day (some units were given longer)."""

    round: int
    title: str
    opens: date
    until: date
    reminders: Reminders


def owed_on(today: date) -> ScopedQuerySet[Any]:
    """Return what is still to be sent, each with `until`, its last day.

    Where a round is locked, only who was named as an exception still owes it, to that day.
    """
    rows: Any = Assignment.objects.within(EVERYTHING)
    owed: ScopedQuerySet[Any] = (
        rows.filter(Q(round__state="open") | Q(exception_until__gte=today))
        .annotate(until=Case(
            When(round__state="closed", then=F("exception_until")), default=F("due"),
        ))
    )
    return owed


def never_sent(today: date) -> ScopedQuerySet[Any]:
    """Return what was not sent, or came back before its day and is to be mended by then."""
    return owed_on(today).filter(Q(state__in=_UNSENT) | Q(state="returned", until__gte=today))


def due_days(today: date) -> Sequence[DueDay]:
    """Return the rounds in which something is owed, once for each last day in them."""
    pairs = list(never_sent(today).order_by().values_list("round", "until").distinct())
    rounds = {
        held.pk: held for held in CollectionRound.objects.within(EVERYTHING)
        .filter(pk__in={pk for pk, _ in pairs}).select_related("obligation")
    }
    return [
        DueDay(pk, rounds[pk].title_vi, rounds[pk].opens, until, _reminders(rounds[pk]))
        for pk, until in sorted(pairs)
    ]


def _reminders(held: CollectionRound) -> Reminders:
    return Reminders.of(held.obligation.reminders if held.obligation else None)


def not_urged(day: DueDay, step: str, today: date) -> Sequence[tuple[int, int]]:
    """Return the reports (key, unit) of a due day whose unit was not told of a step yet."""
    told = Notification.objects.within(EVERYTHING).filter(
        unit=OuterRef("unit"), audience=Permission.ENTER.value,
        key=Concat(
            Value("due:"), Cast(OuterRef("pk"), CharField()), Value(f":{day.until}:{step}"),
        ),
    )
    return list(
        never_sent(today).filter(round=day.round, until=day.until)
        .exclude(Exists(told)).order_by("pk").values_list("pk", "unit")
    )


@dataclass(frozen=True, slots=True)
class Returned:
    """A report that came back and was not mended by its day."""

    pk: int
    unit: int
    title: str
    since: Any
    until: date
    reminders: Reminders


def returned_late(today: date) -> Sequence[Returned]:
    """Return the reports that came back, are not sent again, and are past their day."""
    decided = (
        Review.objects.within(EVERYTHING)
        .filter(submission__assignment=OuterRef("pk"), decision__in=_SENT_BACK)
        .order_by("-at").values("at")[:1]
    )
    rows: Any = (
        owed_on(today).filter(state="returned", until__lt=today)
        .annotate(since=Subquery(decided)).select_related("round__obligation").order_by("pk")
    )
    return [
        Returned(row.pk, row.unit_id, row.round.title_vi, row.since, row.until,
                 _reminders(row.round))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Late:
    """One unit that is late, and who is above it."""

    unit: str
    receiver: int
    parent: int | None


def late_on(day: DueDay, today: date) -> Sequence[Late]:
    """Return the units that did not send by a due day, by name."""
    rows = (
        never_sent(today).filter(round=day.round, until=day.until)
        .select_related("unit").order_by("unit__name", "pk")
    )
    return [
        Late(row.unit.short_name or row.unit.name, row.receiver_id, row.unit.parent_id)
        for row in rows
    ]


def escalated(keys: Sequence[str]) -> set[str]:
    """Return which of these the units above were already told."""
    return set(
        Notification.objects.within(EVERYTHING).filter(key__in=keys)
        .values_list("key", flat=True)
    )
