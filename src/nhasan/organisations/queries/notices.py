"""What a person is told: the notices of the units where they hold the permission asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import Notification, NotificationSeen

# Who is given a role today is not asked to read what was told before this.
STILL_NEW = timedelta(days=60)


def notices(actor: Actor) -> ScopedQuerySet[Any]:
    """Return what the person was told, the newest first, each with `is_seen`.

    A notice is for those who hold its permission at the unit itself: a role over a branch
    above does not fill a person's list with what a hundred units below are told.
    """
    wanted = Q(pk__in=())
    for permission in Permission:
        paths = actor.may(permission).paths
        if paths:
            wanted |= Q(audience=permission.value, unit__path__in=sorted(paths))
    found: Any = Notification.objects.within(actor.may(Permission.READ)).filter(wanted)
    told: ScopedQuerySet[Any] = (
        found.annotate(is_seen=_seen_by(actor)).select_related("unit").order_by("-at", "-pk")
    )
    return told


def _seen_by(actor: Actor) -> Exists:
    marks = NotificationSeen.objects.within(EVERYTHING)
    return Exists(marks.filter(notification=OuterRef("pk"), user=int(actor.id)))


def unseen_notices(actor: Actor, at: datetime) -> ScopedQuerySet[Any]:
    """Return what the person was told of late and did not see."""
    return notices(actor).filter(is_seen=False, at__gt=at - STILL_NEW)
