"""Which stage of its review a report waits in, and which unit looks at it there."""

from __future__ import annotations

from django.conf import settings

from nhasan.collection.models import (
    Assignment,
    Attachment,
    FigureLevel,
    PaperCheck,
    Review,
    Submission,
)
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.answers import Answers
from nhasan.domain.corrections import Correction, corrections
from nhasan.domain.figure_levels import OFFICIAL
from nhasan.domain.problems import Invalid, NotFound, phrase
from nhasan.domain.stages import ABOVE, OWN, RECEIVER, Stage, named, stages_of
from nhasan.formats.documents import papers as documents
from nhasan.formats.documents.papers import Paper
from nhasan.organisations.models import OrganisationUnit
from nhasan.storage.store import Store

_LONGEST_CHAIN = 10  # units that took over from one another


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
    """Return the unit that decides on a report now; once it is decided, its receiver.

    What a unit received before it was closed its successor decides on, however late.
    """
    return successor_of(row.reader or row.receiver)


def successor_of(unit: OrganisationUnit) -> OrganisationUnit:
    """Return the unit itself, or the one that took over from it in the end."""
    for _ in range(_LONGEST_CHAIN):
        if unit.closed is None or unit.successor is None:
            break
        unit = unit.successor
    return unit


def decides(actor: Actor, row: Assignment) -> bool:
    """Tell whether the actor is one of those who decide on a report where it stands."""
    return actor.may(Permission.REVIEW).names(reader(row).path or "")


def paper_checks(found: Submission) -> list[PaperCheck]:
    """Return what reviewers said of the signed papers of a submission, newest first."""
    return list(
        PaperCheck.objects.within(EVERYTHING).filter(submission=found)
        .select_related("attachment").order_by("-at", "-pk")
    )


def levels(found: Submission) -> list[FigureLevel]:
    """Return how final the figures of a submission were said to be, newest first."""
    said = FigureLevel.objects.within(EVERYTHING).filter(submission=found)
    return list(said.order_by("-at", "-pk"))


def level_of(found: Submission) -> str:
    """Return how final the figures of a submission are now; nothing said: official."""
    said = levels(found)
    return said[0].level if said else OFFICIAL


def corrections_of(found: Submission) -> tuple[Correction, ...]:
    """Return what changed since the submission before, beside the reasons it came back for."""
    earlier = (
        Submission.objects.within(EVERYTHING)
        .filter(assignment=found.assignment_id, sequence__lt=found.sequence)
        .exclude(state="withdrawn").order_by("-sequence").first()
    )
    if earlier is None:
        return ()
    reasons: dict[str, str] = {}
    for review in Review.objects.within(EVERYTHING).filter(submission=earlier).order_by("at"):
        reasons |= review.reasons
    return corrections(
        Answers.from_json(earlier.answers), Answers.from_json(found.answers), reasons)


def paper_of(kept: Attachment) -> tuple[Paper, bytes]:
    """Return a signed paper: what kind of file it is, and its bytes."""
    with Store(settings.STORE).open(kept.digest) as file:
        content = file.read()
    found = documents.paper_of(content) if kept.kind == "signed" else None
    if found is None:
        raise NotFound()
    return found, content
