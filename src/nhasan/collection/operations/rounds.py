"""Rounds: opened for a period, closed when their last day has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F, Q
from django.utils.timezone import localtime

from nhasan.areas import queries as areas
from nhasan.collection.models import Assignment, CollectionRound
from nhasan.collection.queries import WAITING, form_version, unnoticed_rounds
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.calendar import sensible
from nhasan.domain.lifecycle import ROUND
from nhasan.domain.periods import Period
from nhasan.domain.problems import Conflict, Invalid, phrase
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit


class RoundExists(Conflict):
    """A round of that name is already there."""

    code = "round-exists"
    message = phrase("Đã có kỳ báo cáo mang mã “{round}”.")


@operation("round.open")
def open_round(*, actor: Actor, identifier: str, form: str, version: str, receiver: str,
               title_vi: str, period: str, map_day: date, opens: date, due: date,
               closes: date | None, illustrative: bool, at: datetime) -> CollectionRound:
    """Open a round of a published form; `map_day` says which map its figures stand on."""
    body = OrganisationUnit.objects.within(actor.require(Permission.MANAGE)).one(code=receiver)
    used = form_version(form, version)
    if used.state != "in_force":
        raise Invalid(reason=phrase("biểu mẫu chưa được ban hành"))
    Period.parse(period)
    sensible(opens, due, closes)
    if due < opens or (closes is not None and closes < due):
        raise Invalid(reason=phrase("ngày mở, hạn gửi và ngày khoá phải theo thứ tự"))
    if CollectionRound.objects.within(EVERYTHING).filter(identifier=identifier).exists():
        raise RoundExists(round=identifier)
    return CollectionRound.objects.create(
        identifier=identifier, form_version=used, receiver=body, title_vi=title_vi,
        period=period, map_day=map_day, opens=opens, due=due, closes=closes,
        illustrative=illustrative,
    )


@operation("assignment.give")
def assign(*, actor: Actor, round_id: int, unit: str, level: str, code: str,
           at: datetime) -> Assignment:
    """Give a unit (by code) its part in a round: the area it answers for on the map day."""
    scope = actor.require(Permission.MANAGE)
    held = CollectionRound.objects.within(scope).select_related("receiver").one(pk=round_id)
    body = OrganisationUnit.objects.within(scope).one(code=unit)
    if areas.area(level, code, on=held.map_day) is None:
        raise Invalid(reason=phrase("không có đơn vị hành chính này vào ngày của kỳ báo cáo"))
    return Assignment.objects.create(
        round=held, unit=body, receiver=held.receiver, area_level=level, area_code=code,
        due=held.due,
    )


@operation("round.ask")
def ask(*, actor: Actor, identifier: str, form: str, version: str, receiver: str, title_vi: str,
        period: str, map_day: date, opens: date, due: date, closes: date | None,
        illustrative: bool, parts: Sequence[tuple[str, str, str]],
        at: datetime) -> CollectionRound:
    """Open a round and give each unit its part, all or nothing: (unit code, level, area code)."""
    if not parts:
        raise Invalid(reason=phrase("chưa chọn đơn vị nào phải báo cáo"))
    held = open_round(
        actor=actor, identifier=identifier, form=form, version=version, receiver=receiver,
        title_vi=title_vi, period=period, map_day=map_day, opens=opens, due=due, closes=closes,
        illustrative=illustrative, at=at,
    )
    for unit, level, code in parts:
        assign(actor=actor, round_id=held.pk, unit=unit, level=level, code=code, at=at)
    return held


@operation("round.close")
def close_round(*, actor: Actor, round_id: int, at: datetime) -> CollectionRound:
    """Close a round: nothing more is received, but from units with a later day of their own."""
    held = CollectionRound.objects.within(actor.require(Permission.MANAGE)).one(pk=round_id)
    held.state = ROUND.after(held.state, "close")
    held.save(update_fields=["state"])
    Assignment.objects.within(EVERYTHING).filter(
        Q(exception_until__isnull=True) | Q(exception_until__lt=F("due")),
        round=held, state__in=WAITING, due__gt=held.due, due__gte=localtime(at).date(),
    ).update(exception_until=F("due"))
    return held


@operation("round.open_again")
def open_round_again(*, actor: Actor, round_id: int, closes: date | None,
                     at: datetime) -> CollectionRound:
    """Open a closed round again, until another last day."""
    held = CollectionRound.objects.within(actor.require(Permission.MANAGE)).one(pk=round_id)
    sensible(closes)
    held.state = ROUND.after(held.state, "open_again")
    held.closes = closes
    held.save(update_fields=["state", "closes"])
    return held


def close_due_rounds(*, actor: Actor, at: datetime) -> int:
    """Close the rounds whose last day has passed; a step of the pulse."""
    due = list(unnoticed_rounds(localtime(at).date()))
    for held in due:
        close_round(actor=actor, round_id=held.pk, at=at)
    return len(due)
