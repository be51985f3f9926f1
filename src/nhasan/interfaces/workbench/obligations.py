"""Obligations: who owes which form, how often and by when; drafted, in force, retired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.collection import operations
from nhasan.collection.queries import progress, regime
from nhasan.domain.access import Permission
from nhasan.domain.calendar import Calendar
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import NotFound, Problem
from nhasan.domain.schedule import OFTEN, Often, Reporters, RoundDays, Schedule
from nhasan.domain.words import Words
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import notation, period_text
from nhasan.interfaces.workbench.asking import UNIT_KINDS
from nhasan.interfaces.workbench.obligation_events import EventForm, OnForm, event_text
from nhasan.interfaces.workbench.obligation_form import RULES, Drafting
from nhasan.interfaces.workbench.stage_rows import told
from nhasan.organisations import queries as organisations

_COMING = 4


@dataclass(frozen=True, slots=True)
class Coming:
    """One period to come, with its days; or the event that it waits for."""

    days: RoundDays
    period: str
    event: str = ""
    supposed: date | None = None


def _coming(schedule: Schedule, found: list[RoundDays], office: Calendar,
            today: date) -> list[Coming]:
    """Return periods as a page shows them; of an event, when it would be due if it were today."""
    return [
        Coming(
            each, "" if schedule.often is Often.EVENT and each.waits_for
            else schedule.called(each, notation()).said(_), event_text(each.waits_for),
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


@dataclass(frozen=True, slots=True)
class Arrived:
    """The step before this one: who has sent in its newest round, and who has not."""

    obligation: Any
    round: Any
    sent: tuple[str, ...]
    unsent: tuple[str, ...]


def _arrived(request: Request, found: Any) -> list[Arrived]:
    """Return the steps of the same decree whose reports the reporting unit waits for."""
    who = Reporters.parse(found.reporters)
    before = [
        each for each, here, _words in _chain(request, found)
        if not here and _step(each) < _step(found)
        and (each.receiver.code in who.units or each.receiver.kind == who.kind)
    ]
    return [_arrived_of(request, each) for each in before if each.state == "in_force"]


def _arrived_of(request: Request, before: Any) -> Arrived:
    held = next(iter(regime.rounds_of(before)), None)
    rows = progress(request.actor, held.pk, on=request.today).assignments if held else ()
    asked = [row for row in rows if row.state != "taken_back"]
    sent = [row.unit.name for row in asked if row.state in ("submitted", "approved")]
    unsent = [row.unit.name for row in asked if row.state not in ("submitted", "approved")]
    return Arrived(before, held, tuple(sent), tuple(unsent))


def _rule(words: Words, event: str) -> str:
    """Return a rule in words, the name of its event in the reader's language."""
    return words.said(_).replace(f"“{event}”", f"“{event_text(event)}”")


def _often(found: Any) -> str:
    return _(OFTEN[Often(found.schedule["frequency"])])


@require_GET
def obligation(request: Request, identifier: str) -> HttpResponse:
    """Show one obligation: who, how often, by which rules, what comes next."""
    return shown(request, regime.obligation(request.actor, identifier))


def shown(request: Request, found: Any, *, on_form: Any = None, event_form: Any = None,
          status: int = 200) -> HttpResponse:
    """Show an obligation that was found, with what was typed into its forms."""
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
        "rules": [(RULES[name][0], _rule(words, schedule.rules[name].event))
                  for name, words in schedule.words().items()],
        "stages": told(found.stages), "chain": _chain(request, found), "who": _who(found),
        "arrived": _arrived(request, found) if schedule.events() else [],
        "moves": schedule.rules["due"].moves,
        "parts": len(regime.parts_of(found, map_day=request.today, on=request.today)),
        "coming": _coming(schedule, coming, office, request.today) if found.state != "retired"
        else [],
        "rounds": opened[:20], "events": [
            (each, period_text(each.period), event_text(each.name))
            for each in regime.event_log(found)],
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


def _to(identifier: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("workbench:obligation", args=[identifier]))


_ONE = "viec/che-do/<str:identifier>/"
urlpatterns = [
    path("viec/che-do/", obligations, name="obligations"),
    path("viec/che-do-moi/", draft, name="obligation_draft"),
    path("viec/che-do-moi/xem-truoc/", preview, name="obligation_preview"),
    path(_ONE, obligation, name="obligation"),
    path(f"{_ONE}sua/", edit, name="obligation_edit"),
]
