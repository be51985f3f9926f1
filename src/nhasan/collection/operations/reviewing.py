"""Review: stage by stage, never by the person who sent it; a reason for each cell sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from nhasan.collection.models import Assignment, Review, Submission
from nhasan.collection.queries import decides, reader, stages, unit_of_stage, written_by
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.lifecycle import ASSIGNMENT, SUBMISSION
from nhasan.domain.notices import report_page, review_page, sent_page
from nhasan.domain.problems import Forbidden, Invalid, NotFound, phrase
from nhasan.domain.stages import after
from nhasan.organisations.authority import operation
from nhasan.organisations.operations import notify


class OwnReport(Forbidden):
    """Somebody tried to decide on figures that they entered or sent themselves."""

    code = "own-report"
    message = phrase(
        "Bạn đã nhập hoặc gửi số của báo cáo này, nên phải do người khác duyệt.")


class OfAnotherReceiver(Forbidden):
    """Somebody tried to decide over the head of the unit that the report waits for."""

    code = "of-another-receiver"
    message = phrase(
        "Báo cáo này do {receiver} duyệt hoặc mở lại. Bạn xem được.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer says of a submission: the action, its word in the record, and why."""

    action: str
    word: str
    note: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@operation("submission.approve")
def approve(*, actor: Actor, submission: UUID, at: datetime) -> Submission:
    """Approve a submission: it goes to the next stage of its review.

    After the last stage its figures may enter the observation store.
    """
    found, row = _held(actor, submission)
    following = after(stages(row), row.stage) if found.state == "submitted" else None
    if following is None:
        return _decide(actor, found, row, Decision("approve", "approved"), at)
    passed = row.stage
    row.stage, row.reader = following.id, unit_of_stage(row, following)
    return _decide(actor, found, row, Decision("pass_on", "passed_on"), at, stage=passed)


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
    found, row = _held(actor, submission)
    _known_cells(found, kept)
    return _decide(actor, found, row, Decision("send_back", "returned", note.strip(), kept), at)


@operation("submission.reopen")
def reopen(*, actor: Actor, submission: UUID, note: str, at: datetime) -> Submission:
    """Open an approved report again, so that it can be corrected by a new submission."""
    if not note.strip():
        raise Invalid(reason=phrase("hãy ghi lý do mở lại"))
    found, row = _held(actor, submission)
    return _decide(actor, found, row, Decision("reopen", "reopened", note.strip()), at)


def _held(actor: Actor, pk: UUID) -> tuple[Submission, Assignment]:
    """Return a submission, locked, and its report, if the actor decides on it where it stands."""
    found = _within_reach(actor, pk)
    row = (
        Assignment.objects.within(EVERYTHING)
        .select_related("round__obligation", "unit", "receiver__parent", "reader")
        .one(pk=found.assignment_id)
    )
    if not decides(actor, row):
        raise OfAnotherReceiver(receiver=reader(row).name)
    if written_by(actor, [row]):
        raise OwnReport()
    return found, row


def _within_reach(actor: Actor, pk: UUID) -> Submission:
    """Return a submission that the actor reviews as its reader, its receiver or its own unit."""
    mine = actor.require(Permission.REVIEW)
    locked = Submission.objects.select_for_update(of=("self",))
    for by in ("assignment__reader", "assignment__receiver", ""):
        found = locked.within(mine, by=by).filter(pk=pk).first()
        if found is not None:
            return found
    raise NotFound()


def _decide(actor: Actor, found: Submission, row: Assignment, said: Decision, at: datetime,
            *, stage: str | None = None) -> Submission:
    """Write a decision; unless the report only passed on, nobody looks at it any more."""
    found.state = SUBMISSION.after(found.state, said.action)
    found.save(update_fields=["state"])
    passed = row.stage if stage is None else stage
    if stage is None:
        row.stage, row.reader = "", None
    row.state = ASSIGNMENT.after(row.state, said.action)
    row.changed_at = at
    row.save(update_fields=["state", "stage", "reader", "changed_at"])
    Review.objects.create(
        submission=found, decision=said.word, reasons=dict(said.reasons), note=said.note, at=at,
        stage=passed, by_id=None if actor.is_house else int(actor.id), by_name=actor.name,
    )
    if said.word in _TOLD:
        _tell(actor, found, row, said, at)
    return found


# What a decision is told as to the unit that sent the report.
_TOLD = {
    "approved": "report_approved", "returned": "report_returned", "reopened": "report_reopened",
}


def _tell(actor: Actor, found: Submission, row: Assignment, said: Decision,
          at: datetime) -> None:
    notify(
        actor=actor, unit=row.unit_id, audience=Permission.ENTER,
        key=f"{said.word}:{found.pk}", kind=_TOLD[said.word],
        facts={"report": row.round.title_vi, "reason": said.note},
        path=sent_page(found.pk) if said.word == "approved" else report_page(row.pk), at=at,
    )


@operation("submission.ask_correction")
def ask_correction(*, actor: Actor, submission: UUID, reason: str, at: datetime) -> bool:
    """Ask the receiver to open an approved report again; tell whether it was not asked yet."""
    found = (
        Submission.objects.within(actor.require(Permission.ENTER))
        .select_related("assignment__round", "assignment__unit", "assignment__receiver",
                        "assignment__reader").one(pk=submission)
    )
    SUBMISSION.after(found.state, "reopen")  # refused unless it could be opened again
    if not reason.strip():
        raise Invalid(reason=phrase("hãy ghi số nào sai và vì sao"))
    row = found.assignment
    return notify(
        actor=actor, unit=reader(row).pk, audience=Permission.REVIEW,
        key=f"correction:{found.pk}", kind="correction_asked",
        facts={"unit": row.unit.name, "report": row.round.title_vi, "reason": reason.strip()},
        path=review_page(found.pk), at=at,
    )


def _known_cells(found: Submission, reasons: Mapping[str, str]) -> None:
    known = {*found.answers.get("cells", {}), *found.computed}
    if any(cell not in known for cell in reasons):
        raise Invalid(reason=phrase("lý do chỉ vào một ô không có trong báo cáo"))
