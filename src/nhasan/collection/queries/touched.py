"""What hangs on indicators below the observations: forms, obligations, open rounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from nhasan.collection.models import (
    Assignment,
    CollectionRound,
    FormVersion,
    ReportingObligation,
)
from nhasan.collection.queries.drafts import forms_bound_to
from nhasan.collection.queries.regime import parts_of
from nhasan.domain.access import Actor, Permission


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change of some indicators touches; `owed` counts by round who still reports."""

    forms: Sequence[FormVersion] = ()
    obligations: Sequence[ReportingObligation] = ()
    rounds: Sequence[CollectionRound] = ()
    owed: Mapping[int, int] = field(default_factory=dict)


def touched_by(actor: Actor, refs: Iterable[str]) -> Touched:
    """Return the forms that ask for any of the indicators, who owes them and what is open."""
    found = [form for form in forms_bound_to(refs) if form.state != "retired"]
    scope = actor.may(Permission.READ)
    rounds = list(
        CollectionRound.objects.within(scope)
        .filter(state="open", form_version__in=[form.pk for form in found])
        .order_by("due", "pk")
    )
    owed = (
        Assignment.objects.within(scope).filter(round__in=rounds)
        .exclude(state__in=("approved", "taken_back"))
        .values("round").order_by("round").annotate(number=Count("pk"))
    )
    return Touched(
        found,
        list(
            ReportingObligation.objects.within(scope)
            .filter(form__in={form.form_id for form in found}).exclude(state="retired")
            .order_by("identifier")
        ),
        rounds, {row["round"]: row["number"] for row in owed},
    )


def units_concerned(actor: Actor, refs: Iterable[str], on: date) -> set[int]:
    """Return the units that owe a report which asks for any of the indicators."""
    found = touched_by(actor, refs)
    owing = {
        part.unit for each in found.obligations if each.state == "in_force"
        for part in parts_of(each, map_day=on, on=on)
    }
    return owing | {row.unit_id for row in _still_owed(actor, found.rounds)}


def asked_now(actor: Actor, refs: Iterable[str]) -> Sequence[Assignment]:
    """Return the parts of open rounds that ask for any of the indicators and are still owed."""
    return _still_owed(actor, touched_by(actor, refs).rounds)


def _still_owed(actor: Actor, rounds: Sequence[CollectionRound]) -> list[Assignment]:
    return list(
        Assignment.objects.within(actor.may(Permission.READ)).filter(round__in=rounds)
        .exclude(state__in=("approved", "taken_back"))
        .select_related("round", "unit").order_by("due", "unit__path")
    )
