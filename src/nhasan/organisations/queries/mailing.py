"""Who is to be written to about what, and the letters themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q

from nhasan.domain.access import EVERYTHING, ROLES, Actor, Permission
from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import (
    MailItem,
    MailMessage,
    Notification,
    NotificationSeen,
    RoleAssignment,
)

STILL_NEWS = timedelta(days=10)
"""What was told longer ago is not written about: ten days outlast Tết."""


def to_be_told(day: date, at: datetime) -> Mapping[int, Sequence[int]]:
    """Return person → the notices to write about: not seen, not written about before.

    Only of people who want letters, have an address and got none on that day.
    """
    people = _audiences(day)
    if not people:
        return {}
    fresh = Notification.objects.within(EVERYTHING).filter(at__gt=at - STILL_NEWS)
    known = _known(at - STILL_NEWS)
    found: dict[int, list[int]] = defaultdict(list)
    for pk, unit, audience in fresh.order_by("pk").values_list("pk", "unit", "audience"):
        for person in sorted(people.get((unit, audience), ())):
            if (person, pk) not in known:
                found[person].append(pk)
    return found


def _audiences(day: date) -> Mapping[tuple[int, str], set[int]]:
    """Return (unit, permission) → who holds it there, is to be written to and was not yet."""
    written = MailMessage.objects.within(EVERYTHING).filter(day=day).values("user")
    rows = (
        RoleAssignment.objects.within(EVERYTHING)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day,
                user__is_active=True, user__wants_mail=True)
        .exclude(user__email="").exclude(user__in=written)
        .values_list("user", "unit", "role")
    )
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    for user, unit, role in rows:
        for permission in ROLES[role].permissions:
            found[unit, permission.value].add(user)
    return found


def _known(since: datetime) -> set[tuple[int, int]]:
    """Return (person, notice) of what was seen, or written about."""
    seen = (
        NotificationSeen.objects.within(EVERYTHING).filter(notification__at__gt=since)
        .values_list("user", "notification")
    )
    told = (
        MailItem.objects.within(EVERYTHING).filter(notification__at__gt=since)
        .values_list("message__user", "notification")
    )
    return {*seen, *told}


def letters(actor: Actor) -> ScopedQuerySet[MailMessage]:
    """Return one's own letters, and those to people whom one administers, the newest first."""
    own = MailMessage.objects.within(EVERYTHING).filter(user=int(actor.id))
    return (own | administered_letters(actor)).select_related("user__unit").order_by("-day", "-pk")


def administered_letters(actor: Actor) -> ScopedQuerySet[MailMessage]:
    """Return the letters to accounts that act nowhere but where the actor administers.

    A letter speaks of every unit that its reader has a role at.
    """
    scope = actor.may(Permission.ADMINISTER)
    inside = RoleAssignment.objects.within(scope).values("pk")
    beyond = RoleAssignment.objects.within(EVERYTHING).exclude(pk__in=inside).values("user")
    return MailMessage.objects.within(scope).exclude(user__in=beyond)


def undelivered(actor: Actor) -> ScopedQuerySet[MailMessage]:
    """Return the letters to people whom one administers that could not be delivered."""
    return (
        administered_letters(actor).filter(state="failed")
        .select_related("user__unit").order_by("-day", "-pk")
    )
