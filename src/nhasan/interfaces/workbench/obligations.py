"""Obligations: who owes which form, how often and by when; drafted, in force, retired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.collection import operations
from nhasan.collection.queries import regime
from nhasan.domain.access import Permission
from nhasan.domain.calendar import Calendar
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import NotFound, Problem
from nhasan.domain.schedule import OFTEN, Often, Reporters, RoundDays, Schedule
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import date_text, notation, period_text
from nhasan.interfaces.workbench.asking import UNIT_KINDS
from nhasan.interfaces.workbench.days import DayField
from nhasan.interfaces.workbench.obligation_form import RULES, Drafting
from nhasan.interfaces.workbench.period_choice import (
    Groups,
    PeriodField,
    periods_offered,
)
from nhasan.interfaces.workbench.stage_rows import told
from nhasan.organisations import queries as organisations

_COMING = 4


@dataclass(frozen=True, slots=True)
class Coming:
    """One period to come, with its days; or the event that it waits for."""

    days: RoundDays
    period: str
    supposed: date | None = None


def _coming(schedule: Schedule, found: list[RoundDays], office: Calendar,
            today: date) -> list[Coming]:
    """Return periods as a page shows them; of an event, when it would be due if it were today."""
    return [
        Coming(
            each, "" if schedule.often is Often.EVENT and each.waits_for
            else schedule.called(each, notation()).said(_),
            _supposed(schedule, each, office, today) if each.waits_for else None,
        )
        for each in found
    ]


def _supposed(schedule: Schedule, each: RoundDays, office: Calendar, today: date) -> date | None:
    return schedule.days(each.period, office, dict.fromkeys(schedule.events(), today)).due


@require_GET
def obligations(request: Request) -> HttpResponse:
    """List the obligations whose reports one's units receive, with their next due days."""
    require(request.actor, Permission.READ)
    office = organisations.calendar()
    found = regime.obligations(request.actor)
    events = regime.events_of([each.pk for each in found])
    lines = [
        {"obligation": each, "often": _often(each), "state": _(ARTEFACT.states[each.state]),
         "next": next(iter(_coming(schedule, schedule.coming(
             request.today, 1, office, events.get(each.pk)), office, request.today)), None)
         if each.state != "retired" else None}
        for each in _in_order(found) for schedule in [Schedule.parse(each.schedule)]
    ]
    return render(request, "workbench/obligations.html", {"groups": [
        (basis, list(group)) for basis, group in groupby(
            lines, lambda line: line["obligation"].legal_basis)
    ]})


_STEPS = {"commune": 0, "department": 1, "focal": 1, "board": 1, "ministry": 2}
"""Kind of unit → at which step of a chain it reports: commune, province, ministry."""


def _in_order(found: Sequence[Any]) -> list[Any]:
    """Return obligations by what they rest on, those of one decree in the order of its steps."""
    return sorted(found, key=lambda each: (
        each.illustrative, not each.legal_basis, each.legal_basis, _step(each), each.title_vi))


def _step(each: Any) -> int:
    reporters = Reporters.parse(each.reporters)
    named = organisations.unit_by_code(reporters.units[0]) if reporters.units else None
    return _STEPS.get(named.kind if named else reporters.kind, 0)


def _chain(request: Request, found: Any) -> list[Any]:
    """Return the obligations of the same decree, in the order of its steps; alone it is none."""
    alike = [each for each in regime.obligations(request.actor)
             if each.legal_basis == found.legal_basis] if found.legal_basis else []
    return [(each, each.pk == found.pk, _who(each)) for each in _in_order(alike)
            ] if len(alike) > 1 else []


def _often(found: Any) -> str:
    return _(OFTEN[Often(found.schedule["frequency"])])


class OnForm(forms.Form):
    """From which day something counts."""

    ngay = DayField(label=gettext_lazy("Từ ngày"))


def _periods_of(schedule: Schedule, today: date) -> Groups:
    """Return the periods that an event may open: those of the schedule, or of any kind."""
    if schedule.often in (Often.TERM, Often.ONCE):
        office = organisations.calendar()
        far = timedelta(days=366 * schedule.every)
        return [(_(OFTEN[schedule.often]).capitalize(), [
            (str(each), schedule.called(schedule.days(each, office)).said(_))
            for each in schedule.periods(today - far, today + far)])]
    return periods_offered(today, () if schedule.often is Often.EVENT else (schedule.often,))


class EventForm(forms.Form):
    """What happened: the event, its day, the document, the period that it opens."""

    su_kien = forms.ChoiceField(label=gettext_lazy("Sự kiện"))
    ngay = DayField(label=gettext_lazy("Ngày xảy ra"))
    van_ban = forms.CharField(
        label=gettext_lazy("Văn bản"), required=False, max_length=300,
        help_text=gettext_lazy("Số, ký hiệu và trích yếu, nếu có văn bản."))
    ky = PeriodField(label=gettext_lazy("Kỳ số liệu"))
    van_ghi = forms.BooleanField(
        label=gettext_lazy("Tôi hiểu, vẫn ghi và mở thêm một kỳ"), required=False)

    def __init__(self, *given: Any, schedule: Schedule, today: date, **wanted: Any) -> None:
        """Offer the events that the schedule counts from, and the periods that it has."""
        super().__init__(*given, **wanted)
        offered: Any = self.fields
        offered["su_kien"].choices = [(name, name) for name in sorted(schedule.events())]
        offered["ky"].offer(_periods_of(schedule, today), self.initial.get("ky", ""))
        if not self.is_bound:
            del offered["van_ghi"]  # asked for only where a second round would open

    def check_again(self, found: Any) -> None:
        """Ask once more when the units have a report of the same form and period already."""
        there = regime.asked_already(found, self.cleaned_data["ky"].strip())
        if there and not self.cleaned_data["van_ghi"]:
            self.add_error("van_ghi", _(
                "Các đơn vị đang có báo cáo cùng biểu mẫu, cùng kỳ: “{rounds}”. Ghi sự kiện sẽ "
                "giao thêm một báo cáo nữa. Nếu đúng là cần, hãy đánh dấu ô này rồi ghi lại.",
            ).format(rounds="”, “".join(held.title_vi for held in there)))


@require_GET
def obligation(request: Request, identifier: str) -> HttpResponse:
    """Show one obligation: who, how often, by which rules, what comes next."""
    return _show(request, regime.obligation(request.actor, identifier))


def _show(request: Request, found: Any, *, on_form: Any = None, event_form: Any = None,
          status: int = 200) -> HttpResponse:
    schedule, office = Schedule.parse(found.schedule), organisations.calendar()
    manages = request.actor.may(Permission.MANAGE).covers(found.receiver.path or "-")
    opened = regime.rounds_of(found)
    there = {held.period for held in opened}
    coming = [
        each for each in regime.outlook(found, request.today, _COMING + len(there), office)
        if each.waits_for or str(each.period) not in there
    ][:_COMING]
    first = next((each.period for each in coming if each.waits_for), None)
    return render(request, "workbench/obligation.html", {
        "obligation": found, "often": _often(found), "state": _(ARTEFACT.states[found.state]),
        "rules": [(RULES[name][0], words.said(_)) for name, words in schedule.words().items()],
        "stages": told(found.stages), "chain": _chain(request, found), "who": _who(found),
        "moves": schedule.rules["due"].moves,
        "parts": len(regime.parts_of(found, map_day=request.today, on=request.today)),
        "coming": _coming(schedule, coming, office, request.today) if found.state != "retired"
        else [],
        "rounds": opened[:20], "events": [
            (each, period_text(each.period)) for each in regime.event_log(found)],
        "may_edit": manages and ARTEFACT.allows(found.state, "edit"),
        "on_form": on_form or (OnForm(initial={"ngay": request.today}) if manages and (
            found.state != "retired") else None),
        "event_form": event_form or (EventForm(schedule=schedule, today=request.today, initial={
            "ngay": request.today, "ky": str(first or request.today.year),
        }) if manages and found.state == "in_force" and schedule.events() else None),
    }, status=status)


def _who(found: Any) -> str:
    reporters = Reporters.parse(found.reporters)
    if reporters.units:
        units = [organisations.unit_by_code(code) for code in reporters.units]
        return "; ".join(unit.name for unit in units if unit)
    return str(UNIT_KINDS.get(reporters.kind, reporters.kind))


@require_http_methods(["GET", "POST"])
def draft(request: Request) -> HttpResponse:
    """Draft an obligation."""
    require(request.actor, Permission.MANAGE)
    page = Drafting(request.actor, request.POST or None, today=request.today)
    if _looks_only(request, page):
        return _ask(request, page)
    named = f"{page.form.cleaned_data['bieu'][:27]}-{localtime(request.at):%y%m%d%H%M%S}"
    return _kept(request, page, lambda: operations.draft_obligation(
        actor=request.actor, identifier=named, terms=page.terms(), at=request.at))


@require_http_methods(["GET", "POST"])
def edit(request: Request, identifier: str) -> HttpResponse:
    """Change what a drafted obligation says."""
    found = regime.obligation(request.actor, identifier, Permission.MANAGE)
    page = Drafting(request.actor, request.POST or None, found, today=request.today)
    if _looks_only(request, page):
        return _ask(request, page)
    return _kept(request, page, lambda: operations.edit_obligation(
        actor=request.actor, identifier=identifier, terms=page.terms(), at=request.at))


def _looks_only(request: Request, page: Drafting) -> bool:
    """Tell whether nothing is to be kept yet: it is asked, previewed, or not filled in."""
    return request.method == "GET" or request.POST.get("buoc") == "xem" or not page.is_valid()


def _kept(request: Request, page: Drafting, act: Callable[[], Any]) -> HttpResponse:
    try:
        found = act()
    except NotFound:
        raise
    except Problem as refused:
        return _ask(request, page, refused=said(refused), status=refused.status)
    messages.success(request, _(
        "Đã lưu bản thảo. Xem lại các ngày rồi đưa vào áp dụng; trước đó chưa có kỳ nào mở."))
    return _to(found.identifier)


def _ask(request: Request, page: Drafting, *, refused: str = "",
         status: int = 0) -> HttpResponse:
    errors = [*page.errors(), *([{"text": refused}] if refused else [])]
    wrong = bool(errors or page.form.errors)
    return render(request, "workbench/obligation_edit.html", {
        "page": page, "form": page.form, "errors": errors,
        **(_preview(request, page) if page.form.is_bound or page.kept else {}),
    }, status=status or (422 if wrong else 200))


@require_POST
def preview(request: Request) -> HttpResponse:
    """Show the next due days of what stands in the page, before anything is kept."""
    require(request.actor, Permission.MANAGE)
    page = Drafting(request.actor, request.POST, today=request.today)
    return render(request, "workbench/parts/obligation_preview.html", _preview(request, page))


def _preview(request: Request, page: Drafting) -> dict[str, Any]:
    if not page.form.is_bound:
        schedule = Schedule.parse(page.kept.schedule)
        return _laid_out(request, schedule, None)
    # What is not about days may still be missing: the due days are shown as soon as they can be.
    page.is_valid()
    about = {"bao_lau", "nhiem_ky", "mot_ky"} & page.form.errors.keys()
    if about or any(rule.errors for rule in page.rules):
        return {"unclear": page.errors() or [{"text": _("Chưa đủ để tính ngày.")}]}
    try:
        schedule = Schedule.parse(page.schedule())
        schedule.check(organisations.calendar(), request.today)
        return _laid_out(request, schedule, page)
    except Problem as refused:
        return {"unclear": [{"text": said(refused)}]}


def _laid_out(request: Request, schedule: Schedule, page: Drafting | None) -> dict[str, Any]:
    office = organisations.calendar()
    found = schedule.coming(request.today, _COMING, office)
    return {
        "coming": _coming(schedule, found, office, request.today), "laid_out": True,
        "units": _units(request, page) if page else None,
    }


def _units(request: Request, page: Drafting) -> int | None:
    """Return how many units would owe it today, as soon as it is clear which they are."""
    if {"nhan", "ai", "don_vi"} & page.form.errors.keys():
        return None
    receiver = organisations.unit_by_code(page.form.cleaned_data["nhan"])
    if receiver is None:
        return None
    return len(regime.reporting_parts(
        Reporters.parse(page.form.reporters()), receiver, map_day=request.today,
        on=request.today))


@require_POST
def put_in_force(request: Request, identifier: str) -> HttpResponse:
    """Put an obligation in force from a day on."""
    return _from_day(
        request, identifier, operations.put_obligation_in_force,
        _("Đã đưa vào áp dụng. Đến ngày mở, kỳ báo cáo tự mở và giao cho các đơn vị."))


@require_POST
def retire(request: Request, identifier: str) -> HttpResponse:
    """Retire an obligation from a day on."""
    return _from_day(
        request, identifier, operations.retire_obligation,
        _("Đã thôi áp dụng. Kỳ đang mở vẫn nhận báo cáo; không mở thêm kỳ nào."))


def _from_day(request: Request, identifier: str, act: Callable[..., Any],
              done: str) -> HttpResponse:
    found = regime.obligation(request.actor, identifier, Permission.MANAGE)
    form = OnForm(request.POST)
    if not form.is_valid():
        return _show(request, found, on_form=form, status=422)
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
    """Record the event from which the due days are counted; its round opens when it is due."""
    found = regime.obligation(request.actor, identifier, Permission.MANAGE)
    form = EventForm(
        request.POST, schedule=Schedule.parse(found.schedule), today=request.today)
    before = {held.pk for held in regime.rounds_of(found)}
    if form.is_valid():
        form.check_again(found)
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.record_event(
                actor=request.actor, identifier=identifier, name=given["su_kien"],
                on=given["ngay"], period=given["ky"], document=given["van_ban"], at=request.at)
        except Problem as refused:
            form.add_error(None, said(refused))
    if form.errors:
        return _show(request, found, event_form=form, status=422)
    opened = [held for held in regime.rounds_of(found) if held.pk not in before]
    messages.success(request, _("Đã ghi sự kiện và mở kỳ “{round}”, hạn {due}.").format(
        round=opened[0].title_vi, due=date_text(opened[0].due)) if opened
        else _("Đã ghi sự kiện. Kỳ báo cáo mở khi đến ngày mở."))
    return _to(identifier)


def _to(identifier: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("workbench:obligation", args=[identifier]))


_ONE = "viec/che-do/<str:identifier>/"
urlpatterns = [
    path("viec/che-do/", obligations, name="obligations"),
    path("viec/che-do-moi/", draft, name="obligation_draft"),
    path("viec/che-do-moi/xem-truoc/", preview, name="obligation_preview"),
    path(_ONE, obligation, name="obligation"),
    path(f"{_ONE}sua/", edit, name="obligation_edit"),
    path(f"{_ONE}ap-dung/", put_in_force, name="obligation_put_in_force"),
    path(f"{_ONE}thoi/", retire, name="obligation_retire"),
    path(f"{_ONE}su-kien/", record_event, name="obligation_event"),
]
