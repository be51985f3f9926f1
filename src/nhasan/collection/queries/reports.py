"""Who must report what, what came in, and what was decided about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from nhasan.collection.models import (
    Assignment,
    Attachment,
    CollectionRound,
    Form,
    FormVersion,
    Review,
    Revision,
    Submission,
)
from nhasan.domain.access import EVERYTHING, Actor, Permission, Scope
from nhasan.domain.problems import NotFound
from nhasan.organisations.authority import ScopedQuerySet

WAITING = ("not_started", "in_progress", "returned")
_AS_RECEIVER = (Permission.READ, Permission.REVIEW)
_LATE = ("not_started", "in_progress")  # what came back is called returned, not late


def forms() -> Sequence[Form]:
    """Return every form, by code; not those made for one request."""
    once = FormVersion.objects.filter(rounds__ad_hoc=True).values("form")
    return list(Form.objects.exclude(pk__in=once).order_by("code", "identifier"))


def form_version(identifier: str, version: str = "") -> FormVersion:
    """Return the version of a form asked for, else the one in force, else the newest."""
    found = FormVersion.objects.filter(form__identifier=identifier).select_related("form")
    if version:
        row = found.filter(version=version).first()
    else:
        row = found.filter(state="in_force").last() or found.order_by("id").last()
    if row is None:
        raise NotFound()
    return row


def assignment(actor: Actor, pk: int, permission: Permission = Permission.READ) -> Assignment:
    """Return one assignment within the actor's authority: as sender, receiver or reader."""
    rows = _assignments()
    others = ("receiver", "reader") if permission in _AS_RECEIVER else ()
    for by in ("", *others):
        found = rows.within(actor.may(permission), by=by).filter(pk=pk).first()
        if found is not None:
            return found
    raise NotFound()


def _assignments() -> ScopedQuerySet[Assignment]:
    return Assignment.objects.select_related(
        "round", "round__form_version", "round__form_version__form", "round__obligation",
        "unit", "receiver__parent", "reader",
    )


def _own(actor: Actor, unit: str) -> models.Q:
    """Return the condition that a row is of the actor's own unit, or of one it succeeded."""
    own = models.Q(**{f"{unit}__path": actor.unit_path})
    return own | models.Q(**{f"{unit}__closed__isnull": False})


def owed(actor: Actor, *, own: bool = False, on: date | None = None) -> Sequence[Assignment]:
    """Return what the actor's units still have to send, the most urgent first.

    `own` leaves out units below: only the actor's own unit, and closed ones it answers for.
    `on` counts a locked round in where the unit may send by name until that day or later.
    """
    return list(
        _to_enter(actor, own).filter(receives_still(on), state__in=WAITING)
        .order_by("due", "unit__path")
    )


def missed(actor: Actor, *, own: bool = False, on: date | None = None) -> Sequence[Assignment]:
    """Return what the actor's units did not send before the round closed, the latest first."""
    return list(
        _to_enter(actor, own).filter(~receives_still(on), state__in=WAITING)
        .order_by("-due", "unit__path")
    )


def excepted(actor: Actor, round_id: int, *, on: date) -> Sequence[str]:
    """Return the names of units that may send to a later day though their round is closed."""
    return list(
        Assignment.objects.within(actor.may(Permission.READ), by="receiver")
        .filter(round=round_id, state__in=WAITING, exception_until__gte=on)
        .order_by("unit__path").values_list("unit__name", flat=True)
    )


def receives_still(on: date | None) -> models.Q:
    """Return which reports may still be sent: of open rounds, and of exceptions to a day."""
    found = models.Q(round__state="open")
    return found if on is None else found | models.Q(
        exception_until__isnull=False, exception_until__gte=on)


def _to_enter(actor: Actor, own: bool) -> ScopedQuerySet[Assignment]:
    found = _assignments().within(actor.may(Permission.ENTER))
    if not own:
        return found
    return found.within(Scope(frozenset({actor.unit_path}))).filter(_own(actor, "unit"))


def sent(actor: Actor, *, limit: int = 20, own: bool = False) -> Sequence[Submission]:
    """Return what the actor's units sent, the newest first; `own` as in `owed`."""
    found = Submission.objects.within(actor.may(Permission.ENTER))
    if own:
        found = found.within(Scope(frozenset({actor.unit_path}))).filter(
            _own(actor, "assignment__unit"))
    return list(
        found.select_related("assignment", "assignment__round", "assignment__unit",
                             "assignment__receiver")
        .order_by("-submitted_at")[:limit]
    )


def to_review(actor: Actor, *, round_id: int | None = None) -> Sequence[Submission]:
    """Return the submissions that wait for the actor's review, oldest first."""
    scope = actor.may(Permission.REVIEW)
    found = (
        Submission.objects.within(scope, by="assignment__reader")
        .filter(state="submitted")
        .select_related("assignment", "assignment__round", "assignment__unit", "submitted_by")
    )
    if round_id is not None:
        found = found.filter(assignment__round=round_id)
    if not actor.is_house:  # what goes to a unit below waits for that unit
        found = found.filter(assignment__reader__path__in=scope.paths)
    return list(found.order_by("submitted_at"))


def rounds(actor: Actor, *, permission: Permission = Permission.READ) -> Sequence[CollectionRound]:
    """Return the rounds received by the actor's units, newest period first."""
    return list(
        CollectionRound.objects.within(actor.may(permission))
        .select_related("form_version__form", "receiver").order_by("-due", "title_vi")
    )


def round_of(actor: Actor, pk: int,
             permission: Permission = Permission.READ) -> CollectionRound:
    """Return one round received by the actor's units."""
    return (
        CollectionRound.objects.within(actor.may(permission))
        .select_related("form_version__form", "receiver").one(pk=pk)
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a round stands: its assignments in order, and how many in each state.

    `overdue` counts those not yet sent after their due day; they stay counted in their state.
    """

    assignments: Sequence[Assignment]
    counts: Mapping[str, int]
    overdue: int


def progress(actor: Actor, round_id: int, *, on: date) -> Progress:
    """Return the board of a round for its receiver."""
    rows = list(
        _assignments().within(actor.may(Permission.READ), by="receiver")
        .filter(round__pk=round_id).order_by("area_code", "unit__path")
    )
    counts = Counter(row.state for row in rows)
    overdue = sum(1 for row in rows if is_overdue(row, on))
    return Progress(rows, counts, overdue)


def boards(actor: Actor, *, on: date) -> dict[int, Counter[str]]:
    """Return round → how many assignments in each state, and `overdue`, for its receiver."""
    found: dict[int, Counter[str]] = {}
    rows = (
        Assignment.objects.within(actor.may(Permission.READ), by="receiver")
        .values_list("round", "state", "due").annotate(n=models.Count("pk"))
    )
    for round_id, state, due, number in rows:
        counts = found.setdefault(round_id, Counter())
        counts[state] += number
        counts["overdue"] += number if state in _LATE and due < on else 0
    return found


def is_overdue(row: Assignment, on: date) -> bool:
    """Tell whether a report should have been sent before that day."""
    return row.state in WAITING and row.due < on


def is_locked(row: Assignment, on: date) -> bool:
    """Tell whether a report is received no more: its round is locked, and it is no exception."""
    held = row.round
    locked = held.state == "closed" or (held.closes is not None and on > held.closes)
    return locked and (row.exception_until is None or on > row.exception_until)


def submission(actor: Actor, pk: Any, permission: Permission = Permission.READ) -> Submission:
    """Return one submission within the actor's authority: as sender, receiver or reader."""
    rows = Submission.objects.select_related(
        "assignment", "assignment__round", "assignment__round__obligation", "assignment__unit",
        "assignment__receiver__parent", "assignment__reader", "form_version",
        "form_version__form", "submitted_by",
    )
    for by in ("", "assignment__receiver", "assignment__reader"):
        found = rows.within(actor.may(permission), by=by).filter(pk=pk).first()
        if found is not None:
            return found
    raise NotFound()


def standing_submissions(actor: Actor, round_id: int) -> dict[int, Submission]:
    """Return assignment → its submitted or approved submission, for the round's receiver."""
    found = (
        Submission.objects.within(actor.may(Permission.READ), by="assignment__receiver")
        .filter(assignment__round=round_id, state__in=("submitted", "approved"))
        .select_related("assignment__unit")
    )
    return {row.assignment_id: row for row in found}


def reviews(row: Assignment) -> Sequence[Review]:
    """Return the decisions on an assignment's submissions, newest first.

    The assignment was found within the actor's authority; its reviews go with it.
    """
    return list(
        Review.objects.within(EVERYTHING).filter(submission__assignment=row)
        .select_related("submission").order_by("-at")
    )


def return_reasons(row: Assignment) -> Review | None:
    """Return the decision that sent the report back, while it waits to be mended."""
    if row.state != "returned":
        return None
    return next(
        (review for review in reviews(row) if review.decision in ("returned", "reopened")), None,
    )


def submissions_of(row: Assignment) -> Sequence[Submission]:
    """Return everything that was sent for an assignment, newest first."""
    return list(
        Submission.objects.within(EVERYTHING).filter(assignment=row)
        .select_related("submitted_by").order_by("-sequence")
    )


def revisions(row: Assignment, *, limit: int = 50) -> Sequence[Revision]:
    """Return the saves of a draft, newest first."""
    return list(
        Revision.objects.within(EVERYTHING).filter(assignment=row).order_by("-number")[:limit]
    )


def changed_by_others(row: Assignment, actor: Actor, *, after: int) -> Sequence[str]:
    """Return who else saved a draft after that save, each name once."""
    return list(
        Revision.objects.within(EVERYTHING).filter(assignment=row, number__gt=after)
        .exclude(by=actor.id).values_list("by_name", flat=True).order_by("by_name").distinct()
    )


def last_revision(row: Assignment) -> int:
    """Return the number of the last save of a draft, or 0."""
    last = Revision.objects.within(EVERYTHING).filter(assignment=row).aggregate(
        n=models.Max("number"))
    return last["n"] or 0


def written_by(actor: Actor, rows: Iterable[Assignment]) -> set[int]:
    """Return the keys of the reports (of these) that the actor typed into, loaded or sent.

    Who had a hand in the figures does not decide on them.
    """
    keys = [row.pk for row in rows]
    if actor.is_house:
        return set()
    saved = Revision.objects.within(EVERYTHING).filter(assignment__in=keys, by=actor.id)
    sent = Submission.objects.within(EVERYTHING).filter(
        assignment__in=keys, submitted_by_id=int(actor.id))
    return {
        *saved.values_list("assignment_id", flat=True),
        *sent.values_list("assignment_id", flat=True),
    }


def attachments(row: Assignment) -> Sequence[Attachment]:
    """Return the files that came with a report as a whole, newest first."""
    return list(
        Attachment.objects.within(EVERYTHING).filter(assignment=row).exclude(kind="evidence")
        .order_by("-uploaded_at")
    )


def attachment(actor: Actor, pk: int) -> Attachment:
    """Return one file that came with a report, for its sender, its receiver or its reader."""
    rows = Attachment.objects.select_related("assignment")
    for by in ("", "assignment__receiver", "assignment__reader"):
        found = rows.within(actor.may(Permission.READ), by=by).filter(pk=pk).first()
        if found is not None:
            return found
    raise NotFound()


def unnoticed_rounds(on: date) -> models.QuerySet[CollectionRound]:
    """Return the open rounds whose last day has passed: they are to be closed."""
    return CollectionRound.objects.within(EVERYTHING).filter(state="open", closes__lt=on)
