"""The board of new indicators: who was asked for them, and who has not filled them in yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from nhasan.collection.queries.newcomers import Filling, fillings
from nhasan.domain.access import Permission
from nhasan.interfaces.http import Request, require
from nhasan.interfaces.workbench.indicator_settling import may_keep
from nhasan.interfaces.workbench.navigation import address
from nhasan.interfaces.workbench.sayings import status_of
from nhasan.metadata import queries as metadata

PAGE = 100


@dataclass(frozen=True, slots=True)
class Brought:
    """A set in force with the indicators that its version brought."""

    found: Any
    indicators: tuple[Any, ...]

    @property
    def name(self) -> str:
        """Return what stands for it in an address."""
        return str(self.found.identifier)


@dataclass(frozen=True, slots=True)
class Shown:
    """One report as the page shows it."""

    filling: Filling
    status: str


@require_GET
def newcomers(request: Request) -> HttpResponse:
    """Show who has not filled in what an amended set brought, those first."""
    require(request.actor, Permission.READ)
    sets = [
        Brought(each, new) for each in metadata.indicator_sets(request.actor)
        if each.state == "in_force" and (new := tuple(metadata.new_indicators(each)))
    ]
    wanted = request.GET.get("bo", "")
    chosen = next((each for each in sets if each.name == wanted), sets[0] if sets else None)
    rows = fillings(
        request.actor, {row.ref for row in chosen.indicators}) if chosen else []
    page: Any = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    page.object_list = [
        Shown(each, status_of(each.report, request.today)) for each in page.object_list]
    return render(request, "workbench/newcomers.html", {
        "sets": sets, "chosen": chosen, "page": page, "all": len(rows),
        "next": _next(request, chosen), "empty": sum(1 for each in rows if not each.filled),
    })


def _next(request: Request, chosen: Brought | None) -> str:
    """Return where the person makes somebody answer for new indicators, "" if nowhere."""
    if chosen is None:
        return ""
    if may_keep(request.actor, chosen.found):
        return address(
            "indicator_set_new_indicators", chosen.found.identifier, chosen.found.version)
    return address("ad_hoc") if request.actor.can(Permission.MANAGE) else ""


urlpatterns = [path("viec/tien-do/chi-tieu-moi/", newcomers, name="newcomers")]
