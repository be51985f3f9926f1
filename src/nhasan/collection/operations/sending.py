"""Sending: a draft becomes a submission, whole and unchanged from then on.

Until somebody decides on it, the unit may withdraw it; the submission stays, as withdrawn.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.timezone import localtime

from nhasan.collection.models import Assignment, Review, Submission
from nhasan.collection.operations.entry import held_for_entry, held_open
from nhasan.collection.operations.papers import state_level
from nhasan.collection.queries import Examination, examine, stages, unit_of_stage
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.checking import reason_key
from nhasan.domain.figure_levels import OFFICIAL
from nhasan.domain.lifecycle import ASSIGNMENT, SUBMISSION
from nhasan.domain.notices import review_page
from nhasan.domain.problems import Conflict, Invalid, WrongState, phrase
from nhasan.domain.stages import OWN
from nhasan.domain.validation import Finding
from nhasan.organisations.authority import operation
from nhasan.organisations.operations import notify


class NotReady(Invalid):
    """Something must be mended or explained before the report can be sent."""

    code = "not-ready"
    message = phrase(
        "Báo cáo chưa gửi được: còn {count} chỗ phải sửa hoặc giải thích. Số đã nhập vẫn còn."
    )

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Keep the findings beside their count."""
        super().__init__(count=len(findings))
        self.findings = tuple(findings)


@operation("submission.submit")
def submit(*, actor: Actor, assignment: int, submission: UUID, at: datetime,
           level: str = OFFICIAL) -> Submission:
    """Send the draft of a report. The submission carries its own id: twice is once.

    `level` says how final its figures are: estimate, provisional or official.
    """
    already = sent_before(actor, assignment, submission)
    if already is not None:
        return already
    row = held_for_entry(actor, assignment, at)
    seen = examine(row, complete=True)
    if seen.stops:
        raise NotReady(seen.stops)
    return hand_in(actor, row, submission, seen, at, level)


def hand_in(actor: Actor, row: Assignment, submission: UUID, seen: Examination,
            at: datetime, level: str = OFFICIAL) -> Submission:
    """Make a submission of a draft that is locked and was examined."""
    row.state = ASSIGNMENT.after(
        "in_progress" if row.state == "not_started" else row.state, "submit",
    )
    row.changed_at, row.first_sent_at = at, row.first_sent_at or at
    first = stages(row)[0]
    row.stage, row.reader = first.id, unit_of_stage(row, first)
    row.save(update_fields=["state", "stage", "reader", "changed_at", "first_sent_at"])
    sent = _keep(actor, row, submission, seen, at)
    state_level(actor, sent, level, at)
    if row.reader_id == row.unit_id:
        notify(
            actor=actor, unit=row.unit_id, audience=Permission.REVIEW, key=f"waits:{sent.pk}",
            kind="report_waits", facts={"report": row.round.title_vi},
            path=review_page(sent.pk), at=at,
        )
    return sent


@operation("submission.withdraw")
def withdraw(*, actor: Actor, submission: UUID, note: str, at: datetime) -> Submission:
    """Take back a report that was sent, as long as nobody has decided on it."""
    # Locked in the order in which a decision locks them: the submission, then its report
    found = (
        Submission.objects.within(actor.require(Permission.ENTER))
        .select_for_update(of=("self",)).one(pk=submission)
    )
    row = held_open(actor, found.assignment_id, at)
    if _passed_on(row, found):
        raise WrongState(action=SUBMISSION.actions["withdraw"],
                         state=phrase("đã có người duyệt một bước"))
    found.state = SUBMISSION.after(found.state, "withdraw")
    found.save(update_fields=["state"])
    row.state = ASSIGNMENT.after(
        row.state, "withdraw_mended" if _came_back(row) else "withdraw")
    row.stage, row.reader, row.changed_at = "", None, at
    row.save(update_fields=["state", "stage", "reader", "changed_at"])
    Review.objects.create(
        submission=found, decision="withdrawn", note=note.strip()[:1000], at=at,
        by_id=None if actor.is_house else int(actor.id), by_name=actor.name,
    )
    return found


def _passed_on(row: Assignment, found: Submission) -> bool:
    """Tell whether somebody outside the unit has let the report through a stage."""
    inside = {each.id for each in stages(row) if each.unit == OWN}
    passed = Review.objects.within(EVERYTHING).filter(submission=found, decision="passed_on")
    return passed.exclude(stage__in=inside).exists()


def _came_back(row: Assignment) -> bool:
    """Tell whether the report was sent back before, so that its reasons still stand."""
    return Submission.objects.within(EVERYTHING).filter(
        assignment=row, state__in=("returned", "reopened"),
    ).exists()


def sent_before(actor: Actor, assignment: int, submission: UUID) -> Submission | None:
    """Return the submission of that id if it was sent already; the report is held meanwhile."""
    mine = actor.require(Permission.ENTER)
    Assignment.objects.within(mine).select_for_update(of=("self",)).one(pk=assignment)
    found = Submission.objects.within(EVERYTHING).filter(pk=submission).first()
    if found is not None and found.assignment_id != assignment:
        raise Conflict()
    return found


def _keep(actor: Actor, row: Assignment, submission: UUID, seen: Examination,
          at: datetime) -> Submission:
    last = Submission.objects.within(EVERYTHING).filter(assignment=row).aggregate(
        n=Max("sequence"),
    )
    sequence = (last["n"] or 0) + 1
    content = _content(seen)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Submission.objects.create(
        id=submission, assignment=row, sequence=sequence,
        receipt=f"{row.area_code}-{localtime(at):%Y}-{row.pk:05d}-{sequence}",
        form_version=row.round.form_version, answers=content,
        computed={cell: None if value is None else str(value)
                  for cell, value in seen.computed.items()},
        findings=[finding.as_json() for finding in seen.findings],
        digest=hashlib.sha256(text.encode()).hexdigest(), submitted_at=at,
        submitted_by_id=None if actor.is_house else int(actor.id),
        # In time is whose first report was: one that came back and was mended stays so
        late=localtime(row.first_sent_at or at).date() > row.due,
    )


def _content(seen: Examination) -> dict[str, Any]:
    """Return the answers as they are kept: with the reasons for what is strange in them now."""
    asked = {reason_key(finding) for finding in seen.findings}
    content = seen.draft.answers.as_json()
    content["reasons"] = {
        key: reason for key, reason in content["reasons"].items() if key in asked
    }
    return content
