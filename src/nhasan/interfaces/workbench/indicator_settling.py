"""Putting a set in force, retiring it, and versions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from nhasan.domain.access import Actor, Permission
from nhasan.domain.indicators import (
    CHOICES,
    FIELDS,
    KINDS,
    LEVELS,
    Difference,
    FieldChange,
)
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import NotFound, Problem
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.workbench.days import DayField
from nhasan.interfaces.workbench.indicator_impact import changed_refs, impact
from nhasan.metadata import operations, queries


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field that changed, in words: what it is called, before and after."""

    field: str
    kind: str
    before: str
    after: str
    breaks: bool


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """An indicator that changed, with its lines."""

    key: str
    was: str
    name: str
    kinds: Sequence[str]
    breaks: bool
    lines: Sequence[ChangeLine]


def changed_lines(change: Difference) -> list[ChangedLine]:
    """Return the changed indicators of a difference with words in the reader's language."""
    return [
        ChangedLine(
            each.key, each.was, each.name, [_(KINDS[kind]) for kind in each.kinds],
            bool(each.break_kind), [_line(one) for one in each.fields],
        )
        for each in change.changed
    ]


def _line(change: FieldChange) -> ChangeLine:
    return ChangeLine(
        _(FIELDS[change.field]), _(KINDS[change.kind]), value_words(change.field, change.before),
        value_words(change.field, change.after), change.breaks,
    )


def value_words(field: str, value: Any) -> str:
    """Return what a field of a sheet says, in words."""
    if field == "breakdowns":
        return "; ".join(breakdown_words(each) for each in value or ())
    if field == "area_levels":
        return ", ".join(_(LEVELS.get(level, level)) for level in value or ())
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if field in CHOICES and value in CHOICES[field]:
        return _(CHOICES[field][value])
    return str(value)


def breakdown_words(breakdown: dict[str, str]) -> str:
    """Return a breakdown with the period in which it is published."""
    name, period = breakdown.get("name", ""), breakdown.get("period", "")
    return f"{name} ({period})" if period else name


def found_set(actor: Actor, identifier: str, version: str) -> Any:
    """Return a version of a set that the actor may see."""
    found = queries.indicator_set(identifier, version, actor)
    if found is None:
        raise NotFound()
    return found


def may_keep(actor: Actor, found: Any) -> bool:
    """Tell whether the actor may edit and settle that set."""
    if found.unit is not None:
        return actor.may(Permission.MANAGE).covers(found.unit.path or "-")
    return any(path.count("/") <= 2 for path in actor.may(Permission.MANAGE).paths)


def require_keeping(actor: Actor, found: Any) -> None:
    """Refuse somebody who may not settle that set: a local one of others is not there."""
    if found.unit is None:
        actor.require_root(Permission.MANAGE)
    elif not may_keep(actor, found):
        raise NotFound()


class SettleForm(forms.Form):
    """From which day a set is in force, or no longer."""

    ngay = DayField(
        label=gettext_lazy("Kể từ ngày"),
        help_text=gettext_lazy("Viết ngày/tháng/năm, ví dụ 01/01/2026."),
    )


@require_http_methods(["GET", "POST"])
def put_in_force(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show what a set changes and what that touches, then put it in force and keep both."""
    found = found_set(request.actor, identifier, version)
    require_keeping(request.actor, found)
    ARTEFACT.after(found.state, "put_in_force")
    change = queries.difference(found)
    touched = impact(request.actor, changed_refs(identifier, change))
    form = SettleForm(request.POST or None, initial={"ngay": request.today})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["ngay"]
        try:
            operations.put_in_force(
                actor=request.actor, kind="indicator_set", identifier=identifier,
                version=version, on=day, impact=touched, at=request.at,
                seen=request.POST.get("da_xem", ""))
        except Problem as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _(
                "Bộ chỉ tiêu được áp dụng từ ngày {day}. Từ giờ nội dung của bộ không sửa được "
                "nữa.").format(day=date_text(day)))
            return HttpResponseRedirect(
                reverse("workbench:indicator_set", args=[identifier, version]))
    return _page(request, found, form, {
        "action": "put_in_force", "difference": change, "impact": touched,
        "changed": changed_lines(change), "broken": _broken(found),
        "seen": queries.digest_of_set(found),
    })


def _broken(found: Any) -> str:
    """Return why the formulas of a draft do not hold together, "" when they do."""
    try:
        queries.check_formulas(found.identifier, queries.sheets(found))
    except Problem as refused:
        return said(refused)
    return ""


@require_http_methods(["GET", "POST"])
def retire(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show what a set touches, then retire it."""
    found = found_set(request.actor, identifier, version)
    require_keeping(request.actor, found)
    ARTEFACT.after(found.state, "retire")
    form = SettleForm(request.POST or None, initial={"ngay": request.today})
    if request.method == "POST" and form.is_valid():
        day: date = form.cleaned_data["ngay"]
        try:
            operations.retire(
                actor=request.actor, kind="indicator_set", identifier=identifier,
                version=version, on=day, at=request.at)
        except Problem as refused:
            form.add_error("ngay", said(refused))
        else:
            messages.success(
                request, _("Bộ chỉ tiêu thôi áp dụng từ ngày {day}.").format(day=date_text(day)))
            return HttpResponseRedirect(
                reverse("workbench:indicator_set", args=[identifier, version]))
    refs = [row.ref for row in queries.indicators(found)]
    return _page(request, found, form, {
        "action": "retire", "impact": impact(request.actor, refs)})


def _page(request: Request, found: Any, form: forms.Form, more: dict[str, Any]) -> HttpResponse:
    return render(request, "workbench/indicator_set_settle.html", {
        "set": found, "form": form, "number": queries.indicators(found).count(), **more,
    }, status=422 if form.errors else 200)


@require_GET
def compare(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show a version beside another one: beside the one before it unless asked."""
    require(request.actor, Permission.READ)
    found = found_set(request.actor, identifier, version)
    others = [each for each in queries.versions(identifier, request.actor) if each != found]
    wanted = request.GET.get("voi", "")
    before = found_set(request.actor, identifier, wanted) if wanted else _before(request, found)
    change = queries.compared(before, found) if before else Difference()
    return render(request, "workbench/indicator_set_compare.html", {
        "set": found, "before": before, "others": others, "difference": change,
        "changed": changed_lines(change),
    })


def _before(request: Request, found: Any) -> Any:
    """Return the version that this one followed, or would follow."""
    if found.state == "draft":
        return queries.predecessor(found)
    ordered = list(queries.versions(found.identifier, request.actor))
    return next(iter(ordered[ordered.index(found) + 1:]), None)


urlpatterns = [
    path("viec/chi-tieu/<str:identifier>/<str:version>/ap-dung/", put_in_force,
         name="indicator_set_put_in_force"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/thoi-ap-dung/", retire,
         name="indicator_set_retire"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/so-sanh/", compare,
         name="indicator_set_compare"),
]
