"""Acts on an obligation: put in force, retired, counted from what happened; asked once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nhasan.collection import operations
from nhasan.collection.queries import regime
from nhasan.domain.access import Permission
from nhasan.domain.periods import Period
from nhasan.domain.problems import Problem
from nhasan.domain.schedule import Schedule
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.notation import date_text, notation
from nhasan.interfaces.workbench.obligation_events import EventForm, OnForm, event_text
from nhasan.interfaces.workbench.obligations import shown
from nhasan.organisations import queries as organisations

_NEXT = 3  # periods that would not open any more are named


@require_POST
def put_in_force(request: Request, identifier: str) -> HttpResponse:
    """Put an obligation in force from a day on."""
    found = regime.obligation(request.actor, identifier, Permission.MANAGE)
    form = OnForm(request.POST)
    if not form.is_valid():
        return shown(request, found, on_form=form, status=422)
    return _done(
        request, identifier, operations.put_obligation_in_force, form,
        _("Đã đưa vào áp dụng. Đến ngày mở, kỳ báo cáo tự mở và giao cho các đơn vị."))


@require_POST
def retire(request: Request, identifier: str) -> HttpResponse:
    """Retire an obligation from a day on, after what that does was shown."""
    found = regime.obligation(request.actor, identifier, Permission.MANAGE)
    form = OnForm(request.POST)
    if not form.is_valid():
        return shown(request, found, on_form=form, status=422)
    if not request.POST.get("chac"):
        return _confirm(request, found, form, "retire", _without(found, form))
    return _done(
        request, identifier, operations.retire_obligation, form,
        _("Đã thôi áp dụng. Kỳ đang mở vẫn nhận báo cáo; không mở thêm kỳ nào."))


def _without(found: Any, form: OnForm) -> dict[str, Any]:
    """Return what retiring an obligation stops, and what goes on."""
    on, office = form.cleaned_data["ngay"], organisations.calendar()
    schedule = Schedule.parse(found.schedule)
    coming = [
        each for each in regime.outlook(found, on, 2 * _NEXT, office)
        if each.opens and each.opens >= on
    ]
    return {
        "on": on, "lost": [schedule.called(each, notation()).said(_) for each in coming][:_NEXT],
        "open": [held for held in regime.rounds_of(found) if held.state == "open"],
    }


def _done(request: Request, identifier: str, act: Callable[..., Any], form: OnForm,
          done: str) -> HttpResponse:
    try:
        act(actor=request.actor, identifier=identifier, on=form.cleaned_data["ngay"],
            at=request.at)
    except Problem as refused:
        messages.error(request, said(refused))
    else:
        messages.success(request, done)
    return _to(identifier)


@require_POST
def record_event(request: Request, identifier: str) -> HttpResponse:
    """Record the event from which the due days are counted, after its days were shown."""
    found = regime.obligation(request.actor, identifier, Permission.MANAGE)
    form = EventForm(
        request.POST, schedule=Schedule.parse(found.schedule), today=request.today)
    if form.is_valid():
        form.check_again(found)
    if form.is_valid() and not request.POST.get("chac"):
        foreseen = _foreseen(request, found, form)
        if foreseen:
            return _confirm(request, found, form, "event", foreseen)
    before = {held.pk for held in regime.rounds_of(found)}
    if form.is_valid():
        _record(request, found, form)
    if form.errors:
        return shown(request, found, event_form=form, status=422)
    opened = [held for held in regime.rounds_of(found) if held.pk not in before]
    messages.success(request, _("Đã ghi sự kiện và mở kỳ “{round}”, hạn {due}.").format(
        round=opened[0].title_vi, due=date_text(opened[0].due)) if opened
        else _("Đã ghi sự kiện. Kỳ báo cáo mở khi đến ngày mở."))
    return _to(identifier)


def _record(request: Request, found: Any, form: EventForm) -> None:
    given = form.cleaned_data
    try:
        operations.record_event(
            actor=request.actor, identifier=found.identifier, name=given["su_kien"],
            on=given["ngay"], period=given["ky"], document=given["van_ban"], at=request.at)
    except Problem as refused:
        form.add_error(None, said(refused))


def _foreseen(request: Request, found: Any, form: EventForm) -> dict[str, Any]:
    """Return the days that an event would set and whom it would reach; nothing if it cannot."""
    given, schedule = form.cleaned_data, Schedule.parse(found.schedule)
    known = regime.events_of([found.pk]).get(found.pk, {}).get(given["ky"], {})
    try:
        days = schedule.days(
            Period.parse(given["ky"]), organisations.calendar(),
            {**known, given["su_kien"]: given["ngay"]})
    except Problem:
        return {}  # refused with its reason when it is recorded
    return {
        "given": given, "event": event_text(given["su_kien"]),
        "waits": event_text(days.waits_for), "days": days,
        "period": schedule.called(days, notation()).said(_),
        "units": len(regime.parts_of(found, map_day=days.map_day, on=request.today)),
    }


def _confirm(request: Request, found: Any, form: Any, act: str,
             foreseen: dict[str, Any]) -> HttpResponse:
    return render(request, "workbench/obligation_confirm.html", {
        "obligation": found, "act": act,
        "typed": [(name, request.POST[name]) for name in form.fields if name in request.POST],
        **foreseen,
    })


def _to(identifier: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("workbench:obligation", args=[identifier]))


_ONE = "viec/che-do/<str:identifier>/"
urlpatterns = [
    path(f"{_ONE}ap-dung/", put_in_force, name="obligation_put_in_force"),
    path(f"{_ONE}thoi/", retire, name="obligation_retire"),
    path(f"{_ONE}su-kien/", record_event, name="obligation_event"),
]
