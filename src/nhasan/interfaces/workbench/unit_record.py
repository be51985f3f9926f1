"""The record of one unit: what it was asked for, when each report came, how often it went back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from nhasan.collection.queries import timeliness
from nhasan.collection.queries.timeliness import Kept, Tally
from nhasan.domain.access import Permission
from nhasan.domain.problems import NotFound
from nhasan.interfaces.http import Request, local_day, require
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench.board_pictures import key_of, stacked
from nhasan.interfaces.workbench.sayings import status_of
from nhasan.organisations import queries as organisations

PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One report of the record as the page shows it."""

    kept: Kept
    status: str
    period: str


@require_GET
def unit_record(request: Request, pk: int) -> HttpResponse:
    """Show the record of a unit to itself and to who receives its reports."""
    require(request.actor, Permission.READ)
    try:
        rows = timeliness.record(request.actor, pk, on=request.today, local=local_day)
    except NotFound:
        rows = []
    body = rows[0].report.unit if rows else _unit(request, pk)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    total = timeliness.tally_of(rows, on=request.today)
    return render(request, "workbench/unit_record.html", {
        "body": body.name, "total": total, "key": key_of(total), "bars": _bars(request, rows),
        "page": _page_of(request, page), "receives": bool(
            timeliness.offer(request.actor).receivers),
    })


def _unit(request: Request, pk: int) -> Any:
    """Return a unit that was asked for nothing yet, within what the person reads."""
    found = organisations.units(request.actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def _page_of(request: Request, page: Any) -> Any:
    """Return the page with its reports as it shows them."""
    page.object_list = [
        Shown(kept, status_of(kept.report, request.today),
              period_text(kept.report.round.period))
        for kept in page.object_list
    ]
    return page


def _bars(request: Request, rows: Any) -> Any:
    years: dict[int, Tally] = {}
    for kept in rows:
        year = kept.report.due.year
        years[year] = years.get(year, Tally()) + timeliness.tally_of(
            [kept], on=request.today)
    return stacked([(str(year), "", tally) for year, tally in years.items()])


urlpatterns = [
    path("viec/tien-do/don-vi/<int:pk>/", unit_record, name="unit_record"),
]
