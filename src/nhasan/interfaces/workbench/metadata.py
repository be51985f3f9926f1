"""Indicator sets, indicators, code lists and how their codes correspond."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nhasan.collection import queries as collection
from nhasan.domain.access import Permission
from nhasan.domain.indicators import BREAK_KINDS, FIELDS
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import NotFound, phrase
from nhasan.interfaces.http import Request, require
from nhasan.interfaces.workbench.days import day_of
from nhasan.interfaces.workbench.indicator_settling import (
    changed_lines,
    found_set,
    may_keep,
    value_words,
)
from nhasan.metadata import queries

EVIDENCE = {
    "read": phrase("đọc trong văn bản"),
    "inferred": phrase("suy ra, chưa đọc được trong văn bản"),
}

_ORDER = ("in_force", "draft", "retired")  # what counts stands before what is over


@require_GET
def indicator_sets(request: Request) -> HttpResponse:
    """List the indicator sets, or the indicators that a search finds in all of them."""
    require(request.actor, Permission.READ)
    words = request.GET.get("q", "").strip()
    return render(request, "workbench/indicator_sets.html", {
        "sets": sorted(
            queries.indicator_sets(request.actor), key=lambda each: _ORDER.index(each.state)),
        "words": words, "states": ARTEFACT.states,
        "found": queries.search_indicators(
            words, limit=100, actor=request.actor) if words else [],
        "may_draft": request.actor.can(Permission.MANAGE),
    })


@require_GET
def indicator_set(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show one set: what it rests on, and its indicators group by group."""
    require(request.actor, Permission.READ)
    found = found_set(request.actor, identifier, version)
    words, group = request.GET.get("q", "").strip(), request.GET.get("nhom", "")
    rows = list(queries.indicators(found, search=words, group=group))
    grouped: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        grouped.setdefault((row.group_code, row.group_name), []).append(row)
    keeps = may_keep(request.actor, found)
    return render(request, "workbench/indicator_set.html", {
        "set": found, "words": words, "group": group, "groups": queries.groups(found),
        "decided": day_of(str(found.decision.get("date", ""))),
        "grouped": list(grouped.items()), "number": len(rows),
        "state": ARTEFACT.states[found.state], "may_keep": keeps,
        "can": {act: ARTEFACT.allows(found.state, act) for act in ARTEFACT.actions},
        "versions": queries.versions(identifier, request.actor), **_change(found, keeps),
    })


def _change(found: Any, keeps: bool) -> dict[str, Any]:
    """Return what the version changed, and for a set in force what that was seen to touch.

    What it touches was seen with the authority of who settled the set, so rounds, obligations
    and records are named only to those who `keeps` it; others are told how much there is of
    what is open to everybody.
    """
    change = queries.difference(found)
    touched = {name: len(found.impact.get(name, ())) for name in ("forms", "dataflows")}
    return {
        "difference": change, "changed": changed_lines(change),
        "impact": found.impact if keeps else {}, "touched": touched,
        "breaks": sum(1 for each in change.changed if each.break_kind),
    }


@require_GET
def indicator(request: Request, identifier: str, version: str, key: str) -> HttpResponse:
    """Show one indicator: every field, and where it is used."""
    require(request.actor, Permission.READ)
    owner = found_set(request.actor, identifier, version)
    found = queries.indicator_in(owner, key)
    if found is None:
        raise NotFound()
    return render(request, "workbench/indicator.html", {
        "indicator": found, "set": owner, "facts": _facts(found),
        "state": ARTEFACT.states[owner.state], "breakdowns": _breakdowns(found),
        "breaks": _breaks(found), "may_edit": owner.state == "draft" and may_keep(
            request.actor, owner),
        "derived": [_(FIELDS[name]) for name in found.derived if name in FIELDS],
        "forms": collection.forms_bound_to([found.ref]),
        "dataflows": queries.dataflows_with({
            found.ref, *queries.known_indicators([found.ref]).indicators}),
        "citing": queries.citing(found, request.actor), "cited": _cited(found),
    })


_SHOWN_ELSEWHERE = ("key", "name_vi", "group_code", "breakdowns", "break_words")


def _facts(found: Any) -> list[tuple[str, Any]]:
    """Return the fields of an indicator with words, those that say something."""
    sheet = queries.sheet_of(found)
    if found.lead_agency:
        sheet["agency"] = ""
    if found.disaggregation_text and not found.breakdowns:
        sheet["dimensions"] = ""
    told = [
        (_(FIELDS[name]), value_words(name, value)) for name, value in sheet.items()
        if name not in _SHOWN_ELSEWHERE and value not in ("", [], None)
    ]
    if found.status_text:
        told.append((_("Hiệu lực ghi trong nguồn"), found.status_text))
    return told


def _breakdowns(found: Any) -> list[dict[str, Any]]:
    """Return the breakdowns with their periods; `own` marks one that is not the indicator's."""
    return [
        {"name": each.get("name", ""), "period": each.get("period", ""),
         "own": not found.period.startswith(each.get("period", ""))}
        for each in found.breakdowns
    ]


def _breaks(found: Any) -> list[dict[str, Any]]:
    """Return the breaks in the series of an indicator with their words."""
    return [
        {"row": each, "kind": _(BREAK_KINDS[each.kind]),
         "fields": [_(FIELDS[name]) for name in each.changed]}
        for each in queries.breaks(found.ref)
    ]


def _cited(found: Any) -> dict[str, Any] | None:
    """Return the indicator of another set that this one was taken from."""
    if not found.cites:
        return None
    other = queries.indicator(f"{found.cites.get('set', '')}:{found.cites.get('key', '')}")
    return {"set": found.cites.get("set", ""), "key": found.cites.get("key", ""), "row": other}


@require_GET
def code_lists(request: Request) -> HttpResponse:
    """List the code lists and the tables that lead from one to another."""
    require(request.actor, Permission.READ)
    return render(request, "workbench/code_lists.html", {
        "lists": queries.code_lists(), "correspondences": queries.correspondences(),
        "states": ARTEFACT.states,
    })


@require_GET
def code_list(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show one code list with its codes, aliases and other names."""
    require(request.actor, Permission.READ)
    found = queries.code_list_version(identifier, version)
    if found is None:
        raise NotFound()
    words = request.GET.get("q", "").strip()
    codes = queries.codes_of(found, search=words)
    return render(request, "workbench/code_list.html", {
        "list": found, "codes": codes, "words": words, "state": ARTEFACT.states[found.state],
        "has": {name: any(getattr(code, name) for code in codes)
                for name in ("aliases", "other_names", "parent", "name_en")},
        "correspondences": [
            each for each in queries.correspondences()
            if found.pk in (each.from_list_id, each.to_list_id)
        ],
    })


@require_GET
def correspondence(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show which code of one list is which of the other."""
    require(request.actor, Permission.READ)
    found = next((
        each for each in queries.correspondences()
        if (each.identifier, each.version) == (identifier, version)
    ), None)
    if found is None:
        raise NotFound()
    items = queries.correspondence_items(identifier, version)
    return render(request, "workbench/correspondence.html", {
        "correspondence": found, "state": ARTEFACT.states[found.state],
        "rows": _rows(found, items), "same": sum(1 for each in items
                                                 if each.from_code == each.to_code),
    })


def _rows(found: Any, items: Sequence[Any]) -> list[dict[str, Any]]:
    old = {code.code: code.name_vi for code in queries.codes_of(found.from_list)}
    new = {code.code: code.name_vi for code in queries.codes_of(found.to_list)}
    return [
        {"item": each, "from_name": old.get(each.from_code, ""),
         "to_name": new.get(each.to_code, ""), "differs": each.from_code != each.to_code,
         "evidence": _(EVIDENCE[each.note]) if each.note in EVIDENCE else each.note}
        for each in items
    ]


urlpatterns = [
    path("viec/chi-tieu/", indicator_sets, name="indicator_sets"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/", indicator_set, name="indicator_set"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/ma/<str:key>/", indicator,
         name="indicator"),
    path("viec/danh-muc-ma/", code_lists, name="code_lists"),
    path("viec/danh-muc-ma/doi-chieu/<str:identifier>/<str:version>/", correspondence,
         name="correspondence"),
    path("viec/danh-muc-ma/<str:identifier>/<str:version>/", code_list, name="code_list"),
]
