"""Telling units something, once; seen marks. No lines in the trail.

A notice stands beside the act that caused it, whose own line tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.notices import KINDS, LONGEST_FACT, LONGEST_KEY, Notice
from nhasan.organisations.models import Notification, NotificationSeen, OrganisationUnit
from nhasan.organisations.queries import notices as notices_of

_AT_ONCE = 1000


def notify(*, actor: Actor, unit: int, audience: Permission, key: str, kind: str,
           facts: Mapping[str, str], path: str, at: datetime) -> bool:
    """Tell a unit's people of that permission something; tell whether it was new to them."""
    notice = Notice(unit, audience, key, kind, facts, path)
    return notify_many(actor=actor, notices=[notice], at=at) == 1


def notify_house(*, actor: Actor, audience: Permission, key: str, kind: str,
                 facts: Mapping[str, str], path: str, at: datetime) -> bool:
    """Tell those at the head of the house who hold a permission; tell whether it was new."""
    roots = OrganisationUnit.objects.within(EVERYTHING).filter(parent__isnull=True)
    return notify_many(actor=actor, at=at, notices=[
        Notice(root, audience, key, kind, facts, path)
        for root in roots.values_list("pk", flat=True)
    ]) > 0


def notify_many(*, actor: Actor, notices: Sequence[Notice], at: datetime) -> int:
    """Tell several units something; return how much of it was new.

    What was told under the same key stays as it was told. Two that tell the same thing at the
    same moment tell it once: the second row is ignored by the database.
    """
    told = 0
    for start in range(0, len(notices), _AT_ONCE):
        fresh = list(_fresh(notices[start : start + _AT_ONCE]))
        Notification.objects.bulk_create(
            [_row(each, at) for each in fresh], ignore_conflicts=True,
        )
        told += len(fresh)
    return told


def see_notices(*, actor: Actor, notices: Sequence[int], at: datetime) -> int:
    """Mark notices as seen by the person; return how many were not yet.

    What is not addressed to the person is passed over.
    """
    mine = notices_of(actor).filter(pk__in=list(notices), is_seen=False)
    marks = [
        NotificationSeen(user_id=int(actor.id), notification_id=pk, at=at)
        for pk in mine.values_list("pk", flat=True)
    ]
    NotificationSeen.objects.bulk_create(marks, ignore_conflicts=True)
    return len(marks)


def _fresh(notices: Sequence[Notice]) -> Iterator[Notice]:
    """Yield the notices that were not told before, each once."""
    told = set(
        Notification.objects.within(EVERYTHING).filter(key__in={each.key for each in notices})
        .values_list("unit", "audience", "key")
    )
    for each in notices:
        whose = (each.unit, each.audience.value, each.key)
        if whose not in told:
            told.add(whose)
            yield each


def _row(notice: Notice, at: datetime) -> Notification:
    if notice.kind not in KINDS or len(notice.key) > LONGEST_KEY or notice.path[:1] != "/":
        raise ValueError(f"not a notice: {notice.kind} {notice.key} {notice.path}")
    return Notification(
        unit_id=notice.unit, audience=notice.audience.value, key=notice.key, kind=notice.kind,
        facts={name: str(fact)[:LONGEST_FACT] for name, fact in notice.facts.items()},
        path=notice.path, at=at,
    )
