"""Publishing: adding up a dataflow, looking at what came of it, saying it in public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nhasan.domain.access import Permission
from nhasan.domain.identity import Urn
from nhasan.domain.lifecycle import RELEASE, RUN
from nhasan.domain.problems import NotFound, Problem
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.workbench import cubes
from nhasan.interfaces.workbench.days import DayField
from nhasan.metadata import queries as metadata
from nhasan.processing import operations as processing
from nhasan.processing import queries as runs_of
from nhasan.releases import operations, queries

_MOST_HIDDEN = 200
_PUBLISHED_AT = time(8, 0)
"""When a release that was given a day is said in public on that day."""


@require_GET
def index(request: Request) -> HttpResponse:
    """List the dataflows with their last run and what was said of them in public."""
    require(request.actor, Permission.PUBLISH)
    runs: dict[str, Any] = {}
    for each in runs_of.runs(request.actor):
        runs.setdefault(each.dataflow, each)
    releases: dict[str, list[Any]] = {}
    for held in queries.in_hand(request.actor):
        releases.setdefault(held.dataflow, []).append(held)
    return render(request, "workbench/publishing.html", {
        "flows": [
            {"flow": flow, "run": runs.get(flow.identifier),
             "draft": _first(releases.get(flow.identifier, ()), ("draft", "approved")),
             "release": _first(releases.get(flow.identifier, ()), ("published",))}
            for flow in metadata.dataflows() if flow.state == "in_force"
        ],
        "run_states": RUN.states, "calendar": queries.calendar(request.today),
    })


def _first(found: Sequence[Any], states: Sequence[str]) -> Any:
    return next((each for each in found if each.state in states), None)


def _flow(identifier: str) -> Any:
    found = metadata.dataflow(identifier)
    if found is None:
        raise NotFound()
    return found


@require_GET
def dataflow(request: Request, identifier: str) -> HttpResponse:
    """Show one dataflow: how it is protected, its runs, its releases."""
    require(request.actor, Permission.PUBLISH)
    flow = _flow(identifier)
    try:
        policy = runs_of.policy(identifier)
    except Problem:
        policy = None
    return render(request, "workbench/dataflow.html", {
        "flow": flow, "policy": policy, "run_states": RUN.states,
        "release_states": RELEASE.states,
        "runs": runs_of.runs(request.actor, dataflow=identifier)[:20],
        "releases": [each for each in queries.in_hand(request.actor)
                     if each.dataflow == identifier],
    })


@require_POST
def request_run(request: Request, identifier: str) -> HttpResponse:
    """Ask for a run of a dataflow on what is known now."""
    require(request.actor, Permission.PUBLISH)
    _flow(identifier)
    try:
        found = processing.request_run(
            actor=request.actor, dataflow=identifier, at=request.at,
        )
    except Problem as refused:
        messages.error(request, said(refused))
        return HttpResponseRedirect(reverse("workbench:dataflow", args=[identifier]))
    return _to_run(found.pk)


@require_POST
def request_again(request: Request, pk: UUID) -> HttpResponse:
    """Ask for a failed run once more."""
    require(request.actor, Permission.PUBLISH)
    runs_of.run(request.actor, pk)
    processing.request_again(actor=request.actor, run=pk, at=request.at)
    return _to_run(pk)


def _to_run(pk: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("workbench:run", args=[pk]))


@require_GET
def run(request: Request, pk: UUID) -> HttpResponse:
    """Show where a run stands; when it is done, what will be shown and what was hidden."""
    require(request.actor, Permission.PUBLISH)
    found = runs_of.run(request.actor, pk)
    drafts = [each for each in queries.in_hand(request.actor) if each.run_id == found.pk]
    shown: dict[str, Any] = {
        "run": found, "flow": metadata.dataflow(found.dataflow), "drafts": drafts,
        "state": RUN.states[found.state], "waits": RUN.waits_for[found.state],
        "release_states": RELEASE.states,
        "moving": found.state in ("requested", "running"),
        "may_draft": request.actor.may(Permission.PUBLISH).covers(found.unit.path or ""),
    }
    if found.state == "done":
        shown |= _result(request, found)
    return render(request, "workbench/run.html", shown)


def _result(request: Request, found: Any) -> dict[str, Any]:
    """Return the protected figures of a finished run and what was hidden, in words."""
    cube = runs_of.output(request.actor, found.pk).cube
    log = runs_of.suppression_log(request.actor, found.pk)
    words = cubes.Words(cube, found.dataflow, _on(found))
    filters = cubes.choices(cube, words, request.GET)
    page, lines = cubes.page_of(cube, words, request.GET, filters)
    return {
        "page": page, "lines": lines, "filters": filters, "log": log,
        "breakdowns": [words.breakdown(dim) for dim in words.breakdowns],
        "hidden": cubes.hidden_lines(log, words, _MOST_HIDDEN),
        "hidden_more": max(0, len(log["suppressed"]) - _MOST_HIDDEN),
        "rules": [(_(words_of), log["counts"].get(rule, 0))
                  for rule, words_of in log["rules"].items()],
        "limits": [_(each) for each in log["limits"]],
    }


def _on(found: Any) -> str:
    """Return the day of the year on which a run asked the map, if it was told one."""
    return next((step.get("on", "") for step in found.plan if step.get("step") == "rollup"), "")


@require_POST
def draft(request: Request, pk: UUID) -> HttpResponse:
    """Draft a release from a finished run."""
    require(request.actor, Permission.PUBLISH)
    runs_of.run(request.actor, pk)
    try:
        found = operations.draft(
            actor=request.actor, run=pk, at=request.at,
            notes=request.POST.get("ghi_chu", "").strip()[:2000],
        )
    except Problem as refused:
        messages.error(request, _why(refused))
        return _to_run(pk)
    messages.success(request, _("Đã lập bản công bố {version}, chờ người khác phê duyệt.").format(
        version=found.version))
    return _to_release(found.pk)


def _why(refused: Problem) -> str:
    if refused.code == "conflict":
        return _("Bộ dữ liệu này đang có một bản công bố chưa xong. Hãy phê duyệt hoặc bỏ bản đó "
                 "trước khi lập bản mới.")
    return said(refused)


def _to_release(pk: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("workbench:release", args=[pk]))


class ApproveForm(forms.Form):
    """When an approved release is said in public."""

    ngay = DayField(
        label=gettext_lazy("Công bố vào ngày"), required=False,
        help_text=gettext_lazy(
            "Bỏ trống thì công bố ngay sau khi phê duyệt. Có ngày thì công bố lúc 8 giờ sáng."),
    )


class WhyForm(forms.Form):
    """Why a release is given up or withdrawn."""

    ly_do = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Hãy ghi lý do.")},
    )


@require_GET
def release(request: Request, pk: UUID) -> HttpResponse:
    """Show one release: what it says otherwise than the last, its files, what is next."""
    return _show(request, pk)


def _show(request: Request, pk: UUID, *, approve_form: ApproveForm | None = None,
          why_form: WhyForm | None = None, status: int = 200) -> HttpResponse:
    require(request.actor, Permission.PUBLISH)
    found = queries.review_of(request.actor, pk)
    held = found.release
    words = cubes.Words(found.cube, held.dataflow, _on(held.run))
    mine = request.actor.may(Permission.PUBLISH).covers(held.unit.path or "")
    return render(request, "workbench/release.html", {
        "release": held, "state": _(RELEASE.states[held.state]),
        "files": _files(found.files),
        "changes": [
            {"change": each, "dimension": words.breakdown(each.dimension),
             "label": words.any_code(each.dimension, each.code)}
            for each in found.changes
        ],
        "log": found.suppressed, "rows": len(found.cube),
        "can": {act: mine and RELEASE.allows(held.state, act) for act in RELEASE.actions},
        "own": held.drafted_by == request.actor.id,
        "approve_form": approve_form or ApproveForm(), "why_form": why_form or WhyForm(),
        "address": (address := _address(held)), "steps": address.strip("/").split("/"),
        "undecided": sum(1 for each in found.changes
                         if each.kind == operations.GONE and not each.decided),
    }, status=status)


def _files(files: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the files of a release by format: a release of many indicators has many."""
    kinds: dict[str, list[Any]] = {}
    for each in files:
        kinds.setdefault(each.format, []).append(each)
    return [
        {"format": kind, "number": len(group), "size": sum(each.size for each in group),
         "name": group[0].path if len(group) == 1 else ""}
        for kind, group in kinds.items()
    ]


def _address(held: Any) -> str:
    return Urn.parse(held.urn).address


@require_POST
def decide_gone(request: Request, pk: UUID) -> HttpResponse:
    """Say what became of a code that is gone."""
    require(request.actor, Permission.PUBLISH)
    queries.release_of(request.actor, pk)
    try:
        operations.decide_gone(
            actor=request.actor, release=pk, dimension=request.POST.get("phan_to", ""),
            code=request.POST.get("ma", ""), decided=request.POST.get("thay", "")[:100],
            at=request.at,
        )
    except Problem as refused:
        messages.error(request, said(refused))
    return _to_release(pk)


@require_POST
def approve(request: Request, pk: UUID) -> HttpResponse:
    """Approve a release, to be said at once or on a day."""
    require(request.actor, Permission.PUBLISH)
    queries.release_of(request.actor, pk)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _show(request, pk, approve_form=form, status=422)
    day = form.cleaned_data["ngay"]
    if day and day < request.today:
        form.add_error("ngay", _("Ngày công bố không được ở trước hôm nay."))
        return _show(request, pk, approve_form=form, status=422)
    try:
        operations.approve(
            actor=request.actor, release=pk, at=request.at,
            publish_on=make_aware(datetime.combine(day, _PUBLISHED_AT)) if day else None,
        )
    except Problem as refused:
        messages.error(request, said(refused))
        return _to_release(pk)
    messages.success(request, _(
        "Đã phê duyệt. Bản này được công bố vào ngày {day}.").format(day=date_text(day))
        if day else _("Đã phê duyệt. Bản này được công bố trong vòng một phút."))
    return _to_release(pk)


@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    """Withdraw a published release with a reason that everybody can read."""
    require(request.actor, Permission.PUBLISH)
    queries.release_of(request.actor, pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _show(request, pk, why_form=form, status=422)
    try:
        operations.withdraw(
            actor=request.actor, release=pk, reason=form.cleaned_data["ly_do"], at=request.at,
        )
    except Problem as refused:
        messages.error(request, said(refused))
    else:
        messages.success(request, _("Đã thu hồi. Địa chỉ vẫn còn và nói rõ lý do thu hồi."))
    return _to_release(pk)


@require_POST
def discard(request: Request, pk: UUID) -> HttpResponse:
    """Give up a draft, with a reason."""
    require(request.actor, Permission.PUBLISH)
    held = queries.release_of(request.actor, pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _show(request, pk, why_form=form, status=422)
    try:
        operations.discard(
            actor=request.actor, release=pk, reason=form.cleaned_data["ly_do"], at=request.at,
        )
    except Problem as refused:
        messages.error(request, said(refused))
        return _to_release(pk)
    messages.success(request, _("Đã bỏ bản thảo."))
    return HttpResponseRedirect(reverse("workbench:dataflow", args=[held.dataflow]))


urlpatterns = [
    path("viec/cong-bo/", index, name="releases"),
    path("viec/cong-bo/bo/<str:identifier>/", dataflow, name="dataflow"),
    path("viec/cong-bo/bo/<str:identifier>/tong-hop/", request_run, name="run_request"),
    path("viec/cong-bo/luot/<uuid:pk>/", run, name="run"),
    path("viec/cong-bo/luot/<uuid:pk>/lai/", request_again, name="run_request_again"),
    path("viec/cong-bo/luot/<uuid:pk>/lap/", draft, name="release_draft"),
    path("viec/cong-bo/ban/<uuid:pk>/", release, name="release"),
    path("viec/cong-bo/ban/<uuid:pk>/ma-khong-con/", decide_gone, name="release_decide_gone"),
    path("viec/cong-bo/ban/<uuid:pk>/phe-duyet/", approve, name="release_approve"),
    path("viec/cong-bo/ban/<uuid:pk>/thu-hoi/", withdraw, name="release_withdraw"),
    path("viec/cong-bo/ban/<uuid:pk>/bo/", discard, name="release_discard"),
]
