"""Publishing: adding up a dataflow, looking at what came of it, drafting a release of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nhasan.domain.access import Permission
from nhasan.domain.cube import INDICATOR
from nhasan.domain.lifecycle import RELEASE, RUN
from nhasan.domain.problems import NotFound, Problem
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.workbench import cubes, deciding
from nhasan.metadata import queries as metadata
from nhasan.processing import operations as processing
from nhasan.processing import queries as runs_of
from nhasan.releases import operations, queries

_MOST_HIDDEN = 200


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
        "may_decide": deciding.may_decide(request), "plan": runs_of.plan(identifier),
        "adding_up": deciding.adding_up(flow),
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
    response = render(request, "workbench/run.html", shown)
    if request.headers.get("HX-Request") and not shown["moving"]:
        # The waiting page asked for its steps alone; what can be done now is the whole page.
        response["HX-Refresh"] = "true"
    return response


def _result(request: Request, found: Any) -> dict[str, Any]:
    """Return the protected figures of a finished run and what was hidden, in words."""
    cube = runs_of.output(request.actor, found.pk).cube
    log = runs_of.suppression_log(request.actor, found.pk)
    words = cubes.Words(
        cube.dims, cube.column(INDICATOR), found.dataflow, cubes.map_rule(found.plan),
    )
    filters = cubes.choices(cube, words, cubes.opening(cube, request.GET.dict()))
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
    return HttpResponseRedirect(reverse("workbench:release", args=[found.pk]))


def _why(refused: Problem) -> str:
    if refused.code == "conflict":
        return _("Bộ dữ liệu này đang có một bản công bố chưa xong. Hãy phê duyệt hoặc bỏ bản đó "
                 "trước khi lập bản mới.")
    return said(refused)


urlpatterns = [
    path("viec/cong-bo/", index, name="releases"),
    path("viec/cong-bo/bo/<str:identifier>/", dataflow, name="dataflow"),
    path("viec/cong-bo/bo/<str:identifier>/tong-hop/", request_run, name="run_request"),
    path("viec/cong-bo/luot/<uuid:pk>/", run, name="run"),
    path("viec/cong-bo/luot/<uuid:pk>/lai/", request_again, name="run_request_again"),
    path("viec/cong-bo/luot/<uuid:pk>/lap/", draft, name="release_draft"),
]
