"""Review: by the receiver, never by the person who sent it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from nhasan.collection.models import Assignment, Review, Submission
from nhasan.collection.queries import written_by
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.lifecycle import ASSIGNMENT, SUBMISSION
from nhasan.domain.problems import Forbidden, Invalid, phrase
from nhasan.organisations.authority import operation


class OwnReport(Forbidden):
    """Somebody tried to decide on figures that they entered or sent themselves."""

    code = "own-report"
    message = phrase(
        "Bạn đã nhập hoặc gửi số của báo cáo này, nên phải do người khác duyệt.")


class OfAnotherReceiver(Forbidden):
    """Somebody above the receiver tried to decide over its head."""

    code = "of-another-receiver"
    message = phrase("Báo cáo này gửi đến {receiver}, nên do {receiver} duyệt. Bạn xem được.")


@operation("submission.approve")
def approve(*, actor: Actor, submission: UUID, at: datetime) -> Submission:
    """Approve a submission, so that its figures may enter the observation store."""
    return _decide(actor, submission, "approve", "approved", {}, "", at)


@operation("submission.approve_many")
def approve_many(*, actor: Actor, submissions: Sequence[UUID], at: datetime) -> int:
    """Approve several submissions together: all of them or none."""
    for submission in sorted(submissions):  # two people at once lock them in the same order
        approve(actor=actor, submission=submission, at=at)
    return len(submissions)


@operation("submission.send_back")
def send_back(*, actor: Actor, submission: UUID, reasons: Mapping[str, str], note: str,
              at: datetime) -> Submission:
    """Send a report back, with a reason for each cell in question or for the whole."""
    kept = {cell: reason.strip()[:1000] for cell, reason in reasons.items() if reason.strip()}
    if not kept and not note.strip():
        raise Invalid(reason=phrase("hãy ghi lý do, ở ô cần sửa hoặc chung cho cả báo cáo"))
    return _decide(actor, submission, "send_back", "returned", kept, note.strip(), at)


@operation("submission.reopen")
def reopen(*, actor: Actor, submission: UUID, note: str, at: datetime) -> Submission:
    """Open an approved report again, so that it can be corrected by a new submission."""
    if not note.strip():
        raise Invalid(reason=phrase("hãy ghi lý do mở lại"))
    return _decide(actor, submission, "reopen", "reopened", {}, note.strip(), at)


def _decide(actor: Actor, pk: UUID, action: str, decision: str, reasons: Mapping[str, str],
            note: str, at: datetime) -> Submission:
    found = (
        Submission.objects.within(actor.require(Permission.REVIEW), by="assignment__receiver")
        .select_for_update(of=("self",)).select_related("assignment__receiver").one(pk=pk)
    )
    if not actor.may(Permission.REVIEW).names(found.assignment.receiver.path or ""):
        raise OfAnotherReceiver(receiver=found.assignment.receiver.name)
    if written_by(actor, [found.assignment]):
        raise OwnReport()
    _known_cells(found, reasons)
    found.state = SUBMISSION.after(found.state, action)
    found.save(update_fields=["state"])
    row = Assignment.objects.within(EVERYTHING).one(pk=found.assignment_id)
    row.state = ASSIGNMENT.after(row.state, action)
    row.changed_at = at
    row.save(update_fields=["state", "changed_at"])
    Review.objects.create(
        submission=found, decision=decision, reasons=dict(reasons), note=note, at=at,
        by_id=None if actor.is_house else int(actor.id), by_name=actor.name,
    )
    return found


def _known_cells(found: Submission, reasons: Mapping[str, str]) -> None:
    known = {*found.answers.get("cells", {}), *found.computed}
    if any(cell not in known for cell in reasons):
        raise Invalid(reason=phrase("lý do chỉ vào một ô không có trong báo cáo"))
