"""The audit trail is sealed; who runs a step of the pulse."""

from __future__ import annotations

from datetime import datetime

from nhasan.domain.access import Actor
from nhasan.organisations.models import AuditEvent, StepLease
from nhasan.organisations.queries import seal_of


def seal_audit(*, actor: Actor, at: datetime) -> int:
    """Chain the digests of new audit lines; a step of the pulse, itself without a line."""
    last = AuditEvent.objects.filter(place__isnull=False).order_by("-place").first()
    before = (last.digest or "") if last else ""
    first = (last.place or 0) if last else 0
    sealed = 0
    for event in AuditEvent.objects.filter(place__isnull=True).order_by("id")[:2000]:
        event.digest = before = seal_of(event, before)
        sealed += 1
        event.place = first + sealed
        event.save(update_fields=["digest", "place"])
    return sealed


def take_lease(*, step: str, holder: str, until: datetime, at: datetime) -> bool:
    """Take the lease of a step if it is free or has run out; tell whether it was taken."""
    _, made = StepLease.objects.get_or_create(
        step=step, defaults={"holder": holder, "until": until, "last_run": at},
    )
    if made:
        return True
    return bool(
        StepLease.objects.filter(step=step, until__lte=at)
        .update(holder=holder, until=until, last_run=at)
    )


def free_lease(*, step: str, holder: str, at: datetime) -> None:
    """Give the lease of a step back."""
    StepLease.objects.filter(step=step, holder=holder).update(until=at)
