"""Obligations: drafted, put in force, retired; and the events their days are counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from nhasan.collection.models import Form, ObligationEvent, ReportingObligation
from nhasan.collection.operations.openings import all_within, open_events
from nhasan.collection.queries.regime import events_of, obligation
from nhasan.domain.access import EVERYTHING, Actor, Permission, Scope
from nhasan.domain.calendar import sensible
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.periods import Period
from nhasan.domain.problems import Conflict, Invalid, NotFound, phrase
from nhasan.domain.schedule import Often, Reporters, Schedule
from nhasan.domain.stages import ABOVE, OWN, RECEIVER, stages_of
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit
from nhasan.organisations.queries import calendar

_LONGEST_ID = 40  # a round's name is made of it and of the period


class ObligationExists(Conflict):
    """An obligation of that name is already there."""

    code = "obligation-exists"
    message = phrase("Đã có chế độ báo cáo mang mã “{obligation}”.")


class EventKnown(Conflict):
    """That event is known for that period already."""

    code = "event-known"
    message = phrase("Sự kiện “{event}” của kỳ {period} đã ghi rồi, ngày {day}.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What an obligation says: who owes which form to whom, how often, by when."""

    form: str
    receiver: str
    title_vi: str
    reporters: Mapping[str, Any]
    schedule: Mapping[str, Any]
    legal_basis: str = ""
    reminders: Mapping[str, Any] = field(default_factory=dict)
    stages: Sequence[Mapping[str, Any]] = ()
    illustrative: bool = False


@operation("obligation.draft")
def draft_obligation(*, actor: Actor, identifier: str, terms: Terms,
                     at: datetime) -> ReportingObligation:
    """Draft an obligation; its days are tried on the years to come and must make sense."""
    scope = actor.require(Permission.MANAGE)
    name = identifier.strip()
    if not name or len(name) > _LONGEST_ID or "/" in name:
        raise Invalid(reason=phrase("mã chế độ báo cáo cần từ 1 đến 40 ký tự, không có dấu /"))
    receiver = OrganisationUnit.objects.within(scope).one(code=terms.receiver)
    if ReportingObligation.objects.within(EVERYTHING).filter(identifier=name).exists():
        raise ObligationExists(obligation=name)
    found = ReportingObligation(identifier=name)
    _say(found, terms, receiver, scope, at)
    found.save()
    return found


@operation("obligation.edit")
def edit_obligation(*, actor: Actor, identifier: str, terms: Terms,
                    at: datetime) -> ReportingObligation:
    """Change what a drafted obligation says."""
    found = obligation(actor, identifier, Permission.MANAGE)
    scope = actor.require(Permission.MANAGE)
    receiver = OrganisationUnit.objects.within(scope).one(code=terms.receiver)
    found.state = ARTEFACT.after(found.state, "edit")
    _say(found, terms, receiver, scope, at)
    found.save()
    return found


def _say(found: ReportingObligation, terms: Terms, receiver: OrganisationUnit, scope: Scope,
         at: datetime) -> None:
    """Check the terms and write them into the row."""
    form = Form.objects.filter(identifier=terms.form).first()
    if form is None:
        raise NotFound()
    if not terms.title_vi.strip():
        raise Invalid(reason=phrase("chưa đặt tên cho chế độ báo cáo"))
    all_within(scope, Reporters.parse(terms.reporters).units)
    _stages_within(scope, receiver, terms)
    Schedule.parse(terms.schedule).check(calendar(), localtime(at).date())
    found.form, found.receiver, found.title_vi = form, receiver, terms.title_vi.strip()[:300]
    found.legal_basis, found.illustrative = terms.legal_basis.strip()[:400], terms.illustrative
    found.reporters, found.schedule = dict(terms.reporters), dict(terms.schedule)
    found.reminders, found.stages = dict(terms.reminders), [dict(each) for each in terms.stages]


def _stages_within(scope: Scope, receiver: OrganisationUnit, terms: Terms) -> None:
    """Refuse, as not found, a stage at a unit that is neither the actor's nor above the receiver.

    Whoever is asked to look at a report reads it.
    """
    named = {each.unit for each in stages_of(terms.stages)} - {OWN, RECEIVER, ABOVE}
    chain = [int(key) for key in (receiver.path or "").strip("/").split("/") if key]
    above = OrganisationUnit.objects.within(EVERYTHING).filter(pk__in=chain)
    all_within(scope, named - set(above.values_list("code", flat=True)))


@operation("obligation.put_in_force")
def put_obligation_in_force(*, actor: Actor, identifier: str, on: date,
                            at: datetime) -> ReportingObligation:
    """Put an obligation in force: rounds that open from that day on open by themselves."""
    found = obligation(actor, identifier, Permission.MANAGE)
    if not found.form.versions.filter(state="in_force").exists():
        raise Invalid(reason=phrase("biểu mẫu chưa được ban hành"))
    sensible(on)
    found.state = ARTEFACT.after(found.state, "put_in_force")
    found.valid_from = on
    found.save(update_fields=["state", "valid_from"])
    return found


@operation("obligation.retire")
def retire_obligation(*, actor: Actor, identifier: str, on: date,
                      at: datetime) -> ReportingObligation:
    """Retire an obligation: from that day on no more rounds open; those open go on."""
    found = obligation(actor, identifier, Permission.MANAGE)
    if found.valid_from is not None and on <= found.valid_from:
        raise Invalid(reason=phrase("ngày thôi áp dụng phải sau ngày bắt đầu áp dụng"))
    sensible(on)
    found.state = ARTEFACT.after(found.state, "retire")
    found.valid_to = on
    found.save(update_fields=["state", "valid_to"])
    return found


@operation("obligation.record_event")
def record_event(*, actor: Actor, identifier: str, name: str, on: date, period: str,
                 document: str, at: datetime) -> ObligationEvent:
    """Record that what an obligation counts from has happened; its round opens when it is due.

    An event stays as it was recorded: people may have acted on it.
    """
    found = obligation(actor, identifier, Permission.MANAGE)
    schedule = Schedule.parse(found.schedule)
    if found.state != "in_force":
        raise Invalid(reason=phrase("chế độ báo cáo chưa có hiệu lực hoặc đã thôi áp dụng"))
    if name not in schedule.events():
        raise Invalid(reason=phrase("chế độ báo cáo này không tính hạn từ sự kiện đó"))
    sensible(on)
    spelt = str(_period(schedule, period))
    known = events_of([found.pk]).get(found.pk, {}).get(spelt, {})
    if name in known:
        raise EventKnown(event=name, period=spelt, day=f"{known[name]:%d/%m/%Y}")
    schedule.days(Period.parse(spelt), calendar(), {**known, name: on}).checked()
    event = ObligationEvent.objects.create(
        obligation=found, name=name, on=on, period=spelt, document=document.strip()[:300],
        recorded_at=at, recorded_by=actor.id,
    )
    open_events(found, actor=actor, at=at)
    return event


def _period(schedule: Schedule, text: str) -> Period:
    """Return the period, which must be one that the schedule knows."""
    found = Period.parse(text)
    sensible(found.start)
    if schedule.often is Often.EVENT:
        return found
    if found not in schedule.periods(found.start, found.end):
        raise Invalid(reason=phrase("kỳ này không thuộc chế độ báo cáo"))
    return found
