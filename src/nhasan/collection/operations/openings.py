"""Rounds that open by themselves: on their day, once, with a part for every unit that owes one.

A step of the pulse looks at every obligation in force. What opened is known by the rounds
themselves (one for an obligation and a period), so a pulse that stood still opens what it
missed, and a clock that was set back opens nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from nhasan.collection.models import (
    Assignment,
    CollectionRound,
    FormVersion,
    ReportingObligation,
)
from nhasan.collection.queries.regime import (
    Part,
    events_of,
    in_force,
    parts_of,
    periods_opened,
    versions_in_force,
)
from nhasan.domain.access import Actor, Permission, Scope
from nhasan.domain.calendar import FIRST_DAY, Calendar
from nhasan.domain.notices import Notice, report_page
from nhasan.domain.problems import Conflict, Invalid, NotFound, Problem, phrase
from nhasan.domain.schedule import Events, Often, RoundDays, Schedule
from nhasan.domain.words import date_text
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit
from nhasan.organisations.operations import notify, notify_many
from nhasan.organisations.queries import calendar

_AT_ONCE = 1000
logger = logging.getLogger("nhasan.regime")


@dataclass(frozen=True, slots=True)
class _Due:
    """A round whose day has come."""

    obligation: ReportingObligation
    version: FormVersion | None
    days: RoundDays


def open_due_rounds(*, actor: Actor, at: datetime) -> int:
    """Open every round whose day has come and that is not there yet; a step of the pulse."""
    return _open_all(in_force(localtime(at).date()), actor, at)


def open_events(found: ReportingObligation, *, actor: Actor, at: datetime) -> int:
    """Open what an event has just made due, of an obligation that the actor manages."""
    return _open_all([found], actor, at)


def _open_all(obligations: Sequence[ReportingObligation], actor: Actor, at: datetime) -> int:
    keys = [each.pk for each in obligations]
    there, events, office = periods_opened(keys), events_of(keys), calendar()
    versions = versions_in_force({each.form_id for each in obligations})
    opened = 0
    for found in obligations:
        for days in _followed(found, office, events.get(found.pk, {}), actor, at):
            if (found.pk, str(days.period)) not in there:
                due = _Due(found, versions.get(found.form_id), days)
                opened += _opened(due, actor, at)
    return opened


def _followed(found: ReportingObligation, office: Calendar, events: Events, actor: Actor,
              at: datetime) -> list[RoundDays]:
    """Return the rounds that should be open, or tell why nobody can follow the schedule."""
    try:
        return _opening(found, localtime(at).date(), office, events)
    except Problem as problem:
        _tell_stuck(actor, found, "", problem, at)
    except Exception:
        _tell_broken(actor, found, "", at)
    return []


def _opened(due: _Due, actor: Actor, at: datetime) -> bool:
    """Open a round, or tell who manages it why it could not be opened."""
    try:
        _open_round(actor=actor, due=due, at=at)
    except Conflict:
        logger.info("round of %s was opened meanwhile", due.obligation.identifier)
    except Problem as problem:
        _tell_stuck(actor, due.obligation, str(due.days.period), problem, at)
    except Exception:  # the others have their rounds all the same
        _tell_broken(actor, due.obligation, str(due.days.period), at)
    else:
        return True
    return False


def _opening(found: ReportingObligation, today: date, office: Calendar,
             events: Events) -> list[RoundDays]:
    schedule = Schedule.parse(found.schedule)
    # An event was recorded by hand, so it counts even from before the obligation was in force
    first = (date.min if schedule.often is Often.EVENT
             else max(found.valid_from or today, FIRST_DAY))
    last = min(today, found.valid_to - timedelta(days=1)) if found.valid_to else today
    return schedule.opening(first, last, office, events)


class NobodyOwes(Invalid):
    """No unit owes this report, so there is no round to open."""

    code = "nobody-owes"
    message = phrase("Không có đơn vị nào phải gửi “{report}”.")


@operation("round.open_due")
def _open_round(*, actor: Actor, due: _Due, at: datetime) -> CollectionRound:
    """Open one round of an obligation and give every unit its part."""
    found, days, today = due.obligation, due.days.checked(), localtime(at).date()
    if due.version is None:
        raise Invalid(reason=phrase("biểu mẫu chưa được ban hành"))
    if days.opens is None or days.due is None:
        raise Invalid(reason=phrase("chưa tính được ngày của kỳ báo cáo"))
    parts = parts_of(found, map_day=days.map_day, on=today)
    if not parts:
        raise NobodyOwes(report=found.title_vi)
    label = str(Schedule.parse(found.schedule).called(days))
    held = CollectionRound.objects.create(
        identifier=f"{found.identifier}-{days.period}", form_version=due.version,
        receiver=found.receiver, title_vi=f"{found.title_vi}, {label[0].lower()}{label[1:]}"[:300],
        period=str(days.period), map_day=days.map_day, opens=days.opens, due=days.due,
        closes=days.closes, illustrative=found.illustrative, obligation=found,
        event_on=days.event_on, window_from=days.window_from, window_to=days.window_to,
    )
    given = give_parts(held, parts, at)
    tell_given(actor, held, given, "round_opened", {}, at)
    return held


def give_parts(held: CollectionRound, parts: Sequence[Part], at: datetime) -> list[Assignment]:
    """Give every part of a round, in few queries however many units there are."""
    return Assignment.objects.bulk_create([
        Assignment(
            round=held, unit_id=part.unit, receiver_id=part.receiver, area_level=part.level,
            area_code=part.code, due=held.due, handed_from_id=part.handed_from,
            handed_at=at if part.handed_from else None,
        )
        for part in parts
    ], batch_size=_AT_ONCE)


def tell_given(actor: Actor, held: CollectionRound, given: Sequence[Assignment], kind: str,
               more: Mapping[str, str], at: datetime) -> None:
    """Tell units that there is something new to send."""
    facts = {"report": held.title_vi, "due": date_text(held.due), **more}
    notify_many(actor=actor, at=at, notices=[
        Notice(row.unit_id, Permission.ENTER, f"given:{row.pk}", kind, facts,
               report_page(row.pk))
        for row in given
    ])


def all_within(scope: Scope, codes: Iterable[str]) -> None:
    """Refuse, as not found, a unit by name outside what the actor manages."""
    wanted = set(codes)
    rows = OrganisationUnit.objects.within(scope).filter(code__in=wanted)
    if set(rows.values_list("code", flat=True)) != wanted:
        raise NotFound()


def _tell_broken(actor: Actor, found: ReportingObligation, period: str, at: datetime) -> None:
    """Keep what broke in the log, and tell who manages the obligation that nothing opened."""
    logger.exception("%s %s could not be opened", found.identifier, period)
    _tell_stuck(actor, found, period,
                Invalid(reason=phrase("chưa tính được ngày của kỳ báo cáo")), at)


def _tell_stuck(actor: Actor, found: ReportingObligation, period: str, problem: Problem,
                at: datetime) -> None:
    """Tell who manages an obligation that a round of it could not be opened, and why; once."""
    kind = "obligation_nobody" if isinstance(problem, NobodyOwes) else "obligation_stuck"
    logger.warning("%s %s: %s", found.identifier, period, problem)
    notify(
        actor=actor, unit=found.receiver_id, audience=Permission.MANAGE,
        key=f"{kind}:{found.pk}:{period}", kind=kind, path="/viec/", at=at,
        facts={"report": found.title_vi, "period": period or "…",
               "reason": str(problem.facts.get("reason", problem))},
    )
