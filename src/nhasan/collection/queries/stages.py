"""Which stage of its review a report waits in, and which unit looks at it there."""

from __future__ import annotations

from nhasan.collection.models import Assignment, PaperCheck, Submission
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.stages import ABOVE, OWN, RECEIVER, Stage, named, stages_of
from nhasan.organisations.models import OrganisationUnit


def stages(row: Assignment) -> tuple[Stage, ...]:
    """Return the stages that a report goes through, in order."""
    obligation = row.round.obligation
    return stages_of(obligation.stages if obligation else ())


def stage(row: Assignment) -> Stage:
    """Return the stage that a report waits in, or would."""
    return named(stages(row), row.stage)


def unit_of_stage(row: Assignment, at: Stage) -> OrganisationUnit:
    """Return the unit that looks at a report in a stage."""
    if at.unit == OWN:
        return row.unit
    if at.unit == RECEIVER:
        return row.receiver
    if at.unit == ABOVE:
        return row.receiver.parent or row.receiver
    found = OrganisationUnit.objects.within(EVERYTHING).filter(code=at.unit).first()
    if found is None:
        raise Invalid(reason=phrase("bước duyệt nói đến một đơn vị không có"))
    return found


def reader(row: Assignment) -> OrganisationUnit:
    """Return the unit that decides on a report now; once it is decided, its receiver."""
    return row.reader or row.receiver


def decides(actor: Actor, row: Assignment) -> bool:
    """Tell whether the actor is one of those who decide on a report where it stands."""
    return actor.may(Permission.REVIEW).names(reader(row).path or "")


def paper_checks(found: Submission) -> list[PaperCheck]:
    """Return what reviewers said of the signed papers of a submission, newest first."""
    return list(
        PaperCheck.objects.within(EVERYTHING).filter(submission=found)
        .select_related("attachment").order_by("-at")
    )
