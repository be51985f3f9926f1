"""What was filled without a network arrives later, perhaps twice, perhaps from two computers.

A delivery carries the id under which it will be a submission: sending it again changes nothing.
Its changes carry the versions that stood on the page, so that two people meet at the cell. It is
sent on only as the person saw it: when somebody else changed the report meanwhile, the cells are
kept and the report waits to be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from nhasan.collection.models import Assignment, Submission
from nhasan.collection.operations.entry import (
    CellConflict,
    Change,
    Saved,
    held_for_entry,
    keep_reasons,
    write_cells,
)
from nhasan.collection.operations.sending import hand_in, sent_before
from nhasan.collection.queries import changed_by_others, examine, layout_of
from nhasan.domain.access import Actor
from nhasan.domain.problems import Conflict, phrase
from nhasan.domain.validation import Finding
from nhasan.organisations.authority import operation


class AnotherPerson(Conflict):
    """What waits on a computer goes in the name of the one who filled it, and of nobody else."""

    code = "another-person"
    message = phrase(
        "Phần đang chờ gửi do người khác nhập trên máy này. Hãy đăng nhập đúng tài khoản đó."
    )


class Arrival(StrEnum):
    """What became of a delivery."""

    SENT = "sent"
    SAVED = "saved"
    MET = "met"
    """Two people changed the same cell: the other cells are kept, nothing is sent."""
    CHANGED = "changed"
    """Somebody else changed other cells meanwhile: all is kept, nothing is sent."""
    STOPPED = "stopped"
    """Something must be mended or explained: all is kept, nothing is sent."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a delivery came to: what was kept, where two people met, and what was sent."""

    arrival: Arrival
    saved: Sequence[Saved] = ()
    conflicts: Sequence[CellConflict] = ()
    others: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    submission: Submission | None = None


@operation("draft.deliver")
def deliver(*, actor: Actor, assignment: int, delivery: UUID, person: str,
            changes: Sequence[Change], reasons: Mapping[str, str], seen: int, send: bool,
            at: datetime) -> Delivered:
    """Keep what was filled on a computer without a network and, if wished, send the report.

    `delivery` becomes the id of the submission: twice is once. `seen` is the number of the last
    save that the page showed.
    """
    if person != actor.id:
        raise AnotherPerson()
    already = sent_before(actor, assignment, delivery)
    if already is not None:
        return Delivered(Arrival.SENT, submission=already)
    row = held_for_entry(actor, assignment, at)
    if reasons:
        keep_reasons(row, reasons, at)
    kept = write_cells(actor, row, layout_of(row), changes, "offline", at)
    if kept.conflicts:
        return Delivered(Arrival.MET, kept.saved, kept.conflicts)
    if not send:
        return Delivered(Arrival.SAVED, kept.saved)
    return _send(actor, row, delivery, kept.saved, seen, at)


def _send(actor: Actor, row: Assignment, delivery: UUID, saved: Sequence[Saved], seen: int,
          at: datetime) -> Delivered:
    others = changed_by_others(row, actor, after=seen)
    if others:
        return Delivered(Arrival.CHANGED, saved, others=others)
    looked = examine(row, complete=True)
    if looked.stops:
        return Delivered(Arrival.STOPPED, saved, findings=looked.stops)
    sent = hand_in(actor, row, delivery, looked, at)
    return Delivered(Arrival.SENT, saved, submission=sent)
