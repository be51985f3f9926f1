"""Figures by class: an approved indicator summed over the areas of each class of a day.

Only what adds is summed. A class of which a part is missing, hidden, beyond the reader's
branch, or perhaps sorted elsewhere, has no sum: it says how many parts there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nhasan.areas import queries
from nhasan.domain.access import Actor, Permission
from nhasan.domain.area_classes import Total, totals
from nhasan.domain.observations import Status, breakdown_parts
from nhasan.domain.plan import map_day
from nhasan.domain.problems import NotFound
from nhasan.interfaces.http import Request, require
from nhasan.interfaces.notation import number_text, period_text
from nhasan.interfaces.workbench.cubes import Words
from nhasan.metadata import queries as metadata
from nhasan.observations import queries as observations

_LEVEL = "commune"
_COUNTRY = "country:VN"


@dataclass(frozen=True, slots=True)
class Offered:
    """One list to choose from: the name of its field, its words, its options, the chosen one."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


def _offered(name: str, label: str, options: list[tuple[str, str]], wanted: str) -> Offered:
    codes = [code for code, _label in options]
    return Offered(name, label, options, wanted if wanted in codes else (
        codes[0] if codes else ""))


@require_GET
def figures(request: Request, code: str) -> HttpResponse:
    """Show an indicator by the classes of a scheme, as on the day of its period."""
    require(request.actor, Permission.READ)
    found = queries.scheme(code)
    if found is None:
        raise NotFound()
    what = _offered("so", _("Chỉ tiêu"), _additive(), request.GET.get("so", ""))
    flow, _bar, ref = what.chosen.partition("|")
    keys = observations.keys_of(request.actor, flow, ref, _LEVEL) if ref else []
    words = Words([], [ref], flow)
    when = _offered("ky", _("Kỳ"), [(each, period_text(each)) for each in
                                    dict.fromkeys(period for period, _part in keys)],
                    request.GET.get("ky", ""))
    part = _offered("pt", _("Phân tổ"), [
        (text, _part_words(words, text)) for period, text in keys if period == when.chosen],
        request.GET.get("pt", ""))
    day = map_day(when.chosen, "") if when.chosen else request.today
    where = _offered("noi", _("Trong"), _places(day), request.GET.get("noi", ""))
    return render(request, "workbench/class_figures.html", {
        "scheme": found, "fields": [what, when, part, where], "day": day,
        "told": _told(request.actor, found, (flow, ref, when.chosen, part.chosen),
                      where.chosen, day) if when.chosen else None,
        "measured": words.unit(ref), "title": words.indicator(ref) if ref else "",
    })


def _additive() -> list[tuple[str, str]]:
    """Return the indicators that add over areas, each with the dataflow it is told in."""
    flows = metadata.dataflows()
    known = metadata.indicators_by_ref({ref for flow in flows for ref in flow.indicators})
    return [
        (f"{flow.identifier}|{ref}", f"{flow.name_vi}: {known[ref].name_vi}")
        for flow in flows for ref in flow.indicators
        if ref in known and known[ref].adds_over_area == "sum"
    ]


def _part_words(words: Words, text: str) -> str:
    parts = breakdown_parts(text)
    return ", ".join(words.code(dim, code) for dim, code in parts.items()) or _("Tổng số")


def _places(day: date) -> list[tuple[str, str]]:
    return [(_COUNTRY, _("Cả nước")), *(
        (f"province:{each.code}", each.title)
        for each in queries.areas(on=day, level="province"))]


def _told(actor: Actor, found: Any, key: tuple[str, str, str, str], place: str,
          day: date) -> dict[str, Any]:
    """Return the sums by class, and what stands in the way of their being whole."""
    level, _colon, code = place.partition(":")
    sorted_then = queries.sorted_areas(found, on=day, beneath=(level, code))
    held = observations.of_areas(actor, key[0], key[1], _LEVEL, key[2], key[3])
    kinds = queries.kinds_of(found)
    places = max((each.decimals for each in held.values()), default=0)
    sums = totals([kind.code for kind in kinds], sorted_then.classes, {
        area: each.value for area, each in held.items() if each.value is not None}, {
        area for area, each in held.items() if each.status is Status.CONFIDENTIAL},
        len(sorted_then.unknown))
    names = {kind.code: kind.name for kind in kinds}
    return {
        "lines": [(names[each.kind], each, _shown(each, places)) for each in sums],
        "unknown": len(sorted_then.unknown), "outside": len(sorted_then.outside),
        "sorted": len(sorted_then.classes),
        "illustrative": any(each.illustrative for each in held.values()),
    }


def _shown(total: Total, decimals: int) -> str:
    if total.whole and total.value is not None:
        return number_text(Decimal(total.value), decimals)
    if not total.areas:
        return "–"
    if total.hidden:
        return _("có phần bảo mật")
    if total.told == total.areas:
        return _("chưa chắc đủ")
    return _("chưa đủ: {had}/{wanted}").format(
        had=number_text(total.told), wanted=number_text(total.areas))


urlpatterns = [
    path("viec/phan-loai-dia-ban/<str:code>/so-lieu/", figures, name="class_figures"),
]
