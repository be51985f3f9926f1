"""A figure and how it came about: its formula with numbers in place, down to the reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nhasan.areas import queries as areas
from nhasan.domain.access import Permission
from nhasan.domain.cube import TOTAL
from nhasan.domain.derived_figures import Part, Place, Told
from nhasan.domain.indicators import LEVELS as NAMED_LEVELS
from nhasan.domain.observations import Figure, Status
from nhasan.domain.periods import Period
from nhasan.domain.problems import NotFound, Problem, phrase
from nhasan.domain.recast import Why
from nhasan.domain.words import date_text
from nhasan.interfaces import map_choice
from nhasan.interfaces.http import Request, require
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench.cubes import Words
from nhasan.interfaces.workbench.navigation import address
from nhasan.metadata import queries as metadata
from nhasan.observations import queries as observations
from nhasan.processing import queries

HOW = {
    "reported": phrase("Một đơn vị đã báo cáo số này."),
    "areas": phrase("Cộng các địa bàn bên dưới."),
    "codes": phrase("Cộng các phân tổ."),
    "formula": phrase("Tính theo công thức; số của từng vế lấy ở chính nơi này."),
    "none": phrase("Chưa có báo cáo nào được duyệt để có số này."),
}
WHY = {
    Why.SPLIT: phrase("nhận phần của đơn vị bị tách mà chưa chọn cách chia"),
    Why.UNSURE: phrase("có thể gồm cả nơi không rõ nhập về đâu"),
    Why.RATE: phrase("đổi địa giới: tỷ lệ, số trung bình không cộng được"),
}
MOST_PARTS = 300
LEVELS = tuple(NAMED_LEVELS)
"""From the country down to the commune."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its words and the page that explains it."""

    name: str
    figure: Figure
    decimals: int
    unit: str
    url: str


@dataclass(frozen=True, slots=True)
class OnMapLine:
    """One figure on another map; `estimated` says by what parts were shared out."""

    name: str
    figure: Figure
    decimals: int
    estimated: str
    remark: str


@require_GET
def figure(request: Request, identifier: str) -> HttpResponse:
    """Explain one figure within the reader's authority."""
    require(request.actor, Permission.READ)
    flow = metadata.dataflow(identifier)
    if flow is None:
        raise NotFound()
    dims = [each.id for each in metadata.dimensions(flow)]
    place = _asked(request, dims)
    indicator = metadata.indicator(place.ref)
    if indicator is None or indicator.indicator_set.state == "draft":
        raise NotFound()  # formulas of a draft need not hold together yet
    found = queries.explain(request.actor, identifier, place)
    told = found.told
    words = Words(dims, found.known.indicators, identifier)
    return render(request, "workbench/figure.html", {
        "flow": flow, "told": told, "how": HOW.get(told.how, ""),
        "name": words.indicator(place.ref), "measured_in": words.unit(place.ref),
        "where": _where(told.place, words), "period": told.place.period,
        "parts": _parts(told, words, identifier),
        "more": max(0, len(told.parts) - MOST_PARTS),
        "series": [
            Line(words.period(each.place.period), each.figure, each.decimals,
                 words.unit(place.ref), _url(identifier, each.place))
            for each in reversed(found.series)
        ],
        "source": _source(request, told), "up_to": queries.up_to(identifier),
        **_on_map(request, identifier, found.told.place),
    })


def _on_map(request: Request, dataflow: str, place: Place) -> dict[str, Any]:
    """Return the periods of a figure on the map of a day, when one is asked for."""
    asked = map_choice.wanted(request.GET.dict())
    rest = [(name, value) for name, value in request.GET.items()
            if name not in (map_choice.MAP_DAY, map_choice.SPLIT_BY)]
    shown: dict[str, Any] = {
        "asked_map": asked, "rest": rest,
        "maps": map_choice.ways(asked, lambda way: urlencode([*rest, *way.said])),
    }
    if asked.day is None:
        return shown
    found = queries.explain_on_map(request.actor, dataflow, place, asked.day, asked.kind)
    if not found.stands:
        wrong = _("Nơi này không có trên bản đồ ngày {day}. Hãy chọn một ngày khác.").format(
            day=date_text(asked.day))
        return {**shown, "asked_map": replace(asked, wrong=wrong)}
    if not place.period:
        key = (place.level, place.area)
        shown["where"] = areas.names([key], on=asked.day).get(key, place.area)
    return {
        **shown, "asked_map": map_choice.fitting(asked, found.keys),
        "keys": map_choice.options(found.keys, found.documents, asked),
        "on_map": [
            OnMapLine(period_text(each.period), each.figure, each.decimals,
                      map_choice.key_words(each.by), _remark(each))
            for each in reversed(found.figures)
        ],
    }


def _remark(each: Any) -> str:
    """Return what is to be said of a figure on another map: how, or why there is none."""
    had, _slash, wanted = each.coverage.partition("/")
    if each.why is not None:
        return _(WHY.get(each.why, ""))
    if each.again:
        return _("tỷ lệ tính lại từ các số đã quy đổi")
    if each.figure.status is Status.NOT_REPORTED and wanted:
        return _("chưa đủ: {had}/{wanted}").format(had=had, wanted=wanted)
    if wanted and wanted != "1":
        return _("cộng {n} nơi").format(n=wanted)
    return ""


def _asked(request: Request, dims: list[str]) -> Place:
    given = request.GET
    period = given.get("ky", "")
    try:
        if period:
            Period.parse(period)
    except Problem as unknown:
        raise NotFound() from unknown
    level, area = given.get("cap", ""), given.get("dia_ban", "")
    if not level:
        level, area = _own_area(request)
    if level not in LEVELS:
        raise NotFound()
    return Place(
        given.get("chi_tieu", ""), level, area, period,
        tuple(sorted((dim, given[dim]) for dim in dims
                     if given.get(dim) and given[dim] != TOTAL)))


def _own_area(request: Request) -> tuple[str, str]:
    """Return the highest area that the reader's units answer for, else the country."""
    held = areas.jurisdictions(request.actor, on=request.today)
    return min(((each.level, each.code) for each in held),
               key=lambda pair: LEVELS.index(pair[0]), default=(LEVELS[0], "VN"))


def _url(dataflow: str, place: Place) -> str:
    asked = {"chi_tieu": place.ref, "cap": place.level, "dia_ban": place.area,
             "ky": place.period, **dict(place.codes)}
    return f"{address('figure', dataflow)}?{urlencode(asked)}"


def _where(place: Place, words: Words) -> str:
    if not place.period:
        return place.area
    key = (place.level, place.area, place.period)
    named = [words.code(dim, code) for dim, code in place.codes]
    return ", ".join([words.places([key])[key], *named])


def _parts(told: Told, words: Words, dataflow: str) -> list[Line]:
    shown = told.parts[:MOST_PARTS]
    places = words.places((each.place.level, each.place.area, each.place.period)
                          for each in shown)
    return [
        Line(_called(told, each, words, places), each.figure,
             told.decimals if told.how != "formula" else _decimals(each.figure),
             words.unit(each.place.ref), _url(dataflow, each.place))
        for each in shown
    ]


def _decimals(found: Figure) -> int:
    exponent = found.value.as_tuple().exponent if found.value is not None else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _called(told: Told, part: Part, words: Words, places: dict[Any, str]) -> str:
    if told.how == "formula":
        return f"[{part.name}] {words.indicator(part.place.ref)}"
    if told.how == "areas":
        return places[part.place.level, part.place.area, part.place.period]
    mine = set(told.place.codes)
    return ", ".join(words.code(*pair) for pair in part.place.codes if pair not in mine)


def _source(request: Request, told: Told) -> Any:
    if told.origin < 0:
        return None
    return observations.sources(request.actor, {told.origin}).get(told.origin)


urlpatterns = [path("viec/so-lieu/<str:identifier>/", figure, name="figure")]
