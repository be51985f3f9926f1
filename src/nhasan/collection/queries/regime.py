"""The regime: obligations, what comes next of each, which units owe it, extensions asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from nhasan.areas.queries import jurisdictions_of
from nhasan.collection.models import (
    Assignment,
    CollectionRound,
    ExtensionRequest,
    FormVersion,
    ObligationEvent,
    ReportingObligation,
)
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.calendar import Calendar
from nhasan.domain.schedule import Reporters, RoundDays, Schedule
from nhasan.organisations.models import OrganisationUnit
from nhasan.organisations.queries import calendar, successors

_MISSED = timedelta(days=400)
_WIDEST = ("country", "region", "province", "district", "commune")


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit owes in a round: for which area, to whom, and who had it before it."""

    unit: int
    receiver: int
    level: str
    code: str
    handed_from: int | None = None


def obligations(actor: Actor, *,
                permission: Permission = Permission.READ) -> Sequence[ReportingObligation]:
    """Return the obligations whose reports the actor's units receive."""
    return list(
        ReportingObligation.objects.within(actor.may(permission))
        .select_related("form", "receiver").order_by("receiver__path", "title_vi")
    )


def obligation(actor: Actor, identifier: str,
               permission: Permission = Permission.READ) -> ReportingObligation:
    """Return one obligation whose reports the actor's units receive."""
    return (
        ReportingObligation.objects.within(actor.may(permission))
        .select_related("form", "receiver").one(identifier=identifier)
    )


def rounds_of(found: ReportingObligation) -> Sequence[CollectionRound]:
    """Return the rounds that an obligation has opened, the newest first.

    The obligation was found within the actor's authority; its rounds go with it.
    """
    return list(
        CollectionRound.objects.within(EVERYTHING).filter(obligation=found)
        .order_by("-opens", "-period")
    )


def asked_already(found: ReportingObligation, period: str) -> Sequence[CollectionRound]:
    """Return the open rounds in which the receiver asks for the same form and period already.

    The obligation was found within the actor's authority; what its receiver asks goes with it.
    """
    return list(
        CollectionRound.objects.within(EVERYTHING).filter(
            form_version__form=found.form_id, receiver=found.receiver_id, period=period,
            state="open",
        ).order_by("opens", "pk")
    )


def events_of(keys: Iterable[int]) -> dict[int, dict[str, dict[str, date]]]:
    """Return obligation → period → event → its day, of obligations found before."""
    found: dict[int, dict[str, dict[str, date]]] = {}
    rows = ObligationEvent.objects.within(EVERYTHING).filter(obligation__in=list(keys))
    for key, period, name, on in rows.values_list("obligation", "period", "name", "on"):
        found.setdefault(key, {}).setdefault(period, {})[name] = on
    return found


def event_log(found: ReportingObligation) -> Sequence[ObligationEvent]:
    """Return what happened of an obligation found before, the newest first."""
    return list(
        ObligationEvent.objects.within(EVERYTHING).filter(obligation=found).order_by("-on", "-pk")
    )


def outlook(found: ReportingObligation, after: date, count: int,
            office: Calendar | None = None) -> Sequence[RoundDays]:
    """Return the next periods of an obligation with their days, those due on the day or later."""
    events = events_of([found.pk]).get(found.pk, {})
    return Schedule.parse(found.schedule).coming(after, count, office or calendar(), events)


def parts_of(found: ReportingObligation, *, map_day: date, on: date) -> Sequence[Part]:
    """Return what units owe of an obligation found before.

    They answer for their areas on the day of the map; a unit that was closed by the day `on`
    has handed its part to its successor.
    """
    return reporting_parts(
        Reporters.parse(found.reporters), found.receiver, map_day=map_day, on=on)


def reporting_parts(reporters: Reporters, receiver: OrganisationUnit, *, map_day: date,
                    on: date) -> Sequence[Part]:
    """Return what the units of a description owe, as `parts_of` does."""
    held = _named(reporters, map_day) if reporters.units else jurisdictions_of(
        receiver.path or "-", kind=reporters.kind, level=reporters.level, on=map_day)
    heirs = successors(on)
    parents = _parents(heirs.get(unit, unit) for unit, _, _ in held) if reporters.superior else {}
    found: dict[tuple[int, str, str], Part] = {}
    for unit, level, code in held:
        heir = heirs.get(unit, unit)
        to = parents.get(heir) or receiver.pk
        found[heir, level, code] = Part(
            heir, heirs.get(to, to), level, code, unit if heir != unit else None)
    return [found[key] for key in sorted(found, key=lambda key: (key[2], key[0]))]


def _parents(units: Iterable[int]) -> dict[int, int]:
    rows = OrganisationUnit.objects.within(EVERYTHING).values_list("pk", "parent")
    wanted = set(units)
    return {unit: parent for unit, parent in rows if unit in wanted and parent}


def _named(reporters: Reporters, map_day: date) -> list[tuple[int, str, str]]:
    """Return what units named one by one answer for, or what the unit they work for does."""
    units = OrganisationUnit.objects.within(EVERYTHING).filter(code__in=reporters.units)
    chains = {unit.pk: _chain(unit.path or "") for unit in units}
    answers: dict[int, list[tuple[str, str]]] = {}
    every = {above for chain in chains.values() for above in chain}
    for unit, level, code in jurisdictions_of(units=every, on=map_day, level=reporters.level):
        answers.setdefault(unit, []).append((level, code))
    found = []
    for unit, chain in chains.items():
        held = next((answers[above] for above in chain if above in answers), [])
        if held and not reporters.level:
            widest = min(held, key=lambda area: _WIDEST.index(area[0]))[0]
            held = [area for area in held if area[0] == widest]
        found += [(unit, level, code) for level, code in held]
    return found


def _chain(path: str) -> list[int]:
    """Return a unit and the units above it, the nearest first."""
    return [int(key) for key in reversed(path.strip("/").split("/")) if key]


def in_force(on: date) -> Sequence[ReportingObligation]:
    """Return the obligations whose rounds may have to open by a day, for the clock.

    One that was retired counts until its last day, and for a while after it: a clock that
    stood still opens what it missed.
    """
    lately = Q(valid_to__isnull=True) | Q(valid_to__gt=on - _MISSED)
    return list(
        ReportingObligation.objects.within(EVERYTHING)
        .filter(lately, state__in=("in_force", "retired"), valid_from__lte=on)
        .select_related("form", "receiver").order_by("pk")
    )


def periods_opened(keys: Iterable[int]) -> set[tuple[int, str]]:
    """Return (obligation, period) of the rounds that are there already."""
    rows = CollectionRound.objects.within(EVERYTHING).filter(obligation__in=list(keys))
    return set(rows.values_list("obligation", "period"))


def versions_in_force(forms: Iterable[int]) -> Mapping[int, FormVersion]:
    """Return form → its version in force."""
    rows = FormVersion.objects.filter(form__in=list(forms), state="in_force").order_by("pk")
    return {row.form_id: row for row in rows}


def extensions(actor: Actor, *, waiting: bool = False) -> Sequence[ExtensionRequest]:
    """Return the extensions asked of the actor's units, those still waiting first."""
    found = (
        ExtensionRequest.objects.within(
            actor.may(Permission.READ), by="assignment__receiver")
        .select_related("assignment__unit", "assignment__round__form_version__form")
        .order_by("-asked_at", "-pk")
    )
    if waiting:
        found = found.filter(state="asked")
    return sorted(found, key=lambda row: row.state != "asked")


def extension(actor: Actor, pk: int) -> ExtensionRequest:
    """Return one extension asked of the actor's units."""
    return (
        ExtensionRequest.objects.within(
            actor.may(Permission.READ), by="assignment__receiver")
        .select_related("assignment__unit", "assignment__round").one(pk=pk)
    )


def extension_of(row: Assignment) -> ExtensionRequest | None:
    """Return the newest request for a later day of a report found before, whatever its state."""
    return (
        ExtensionRequest.objects.within(EVERYTHING).filter(assignment=row).order_by("-pk").first()
    )
