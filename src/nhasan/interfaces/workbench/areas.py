"""The map as it stood on a chosen day, and the line of each area through its changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from nhasan.areas import queries
from nhasan.domain.access import Actor, Permission
from nhasan.domain.area_lines import Stand
from nhasan.domain.problems import NotFound
from nhasan.domain.words import normalised
from nhasan.interfaces.area_lines import LINKS, READINGS, drawn
from nhasan.interfaces.http import Request, require
from nhasan.interfaces.workbench.days import day_of

LEVELS = ("region", "province", "district", "commune")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """The day that was asked for: the text as typed, the day, or what is wrong with it."""

    text: str
    day: date
    error: str = ""


def asked_day(request: Request) -> Asked:
    """Return the day that a page is asked about: today unless another can be read."""
    text = request.GET.get("ngay", "").strip()
    if not text:
        return Asked(f"{request.today:%d/%m/%Y}", request.today)
    found = day_of(text)
    if found is None:
        return Asked(text, request.today, _(
            "Ngày “{text}” chưa đọc được. Hãy viết ngày/tháng/năm, ví dụ 30/06/2025. "
            "Trang đang theo ngày hôm nay.").format(text=text[:40]))
    return Asked(f"{found:%d/%m/%Y}", found)


def keeps_the_map(actor: Actor) -> bool:
    """Tell whether somebody may write to the map of the whole house."""
    return any(path.count("/") <= 2 for path in actor.may(Permission.MANAGE).paths)


def _level(level: str, count: int = 1) -> str:
    """Return what so many units of a level are called."""
    return {
        "region": ngettext("vùng", "vùng", count),
        "province": ngettext("tỉnh, thành phố", "tỉnh, thành phố", count),
        "district": ngettext("đơn vị cấp huyện", "đơn vị cấp huyện", count),
        "commune": ngettext("đơn vị cấp xã", "đơn vị cấp xã", count),
    }.get(level, level)


@require_GET
def index(request: Request) -> HttpResponse:
    """Show the map of a day: counts, the tree of provinces, or what a search finds."""
    require(request.actor, Permission.READ)
    asked, words = asked_day(request), request.GET.get("q", "").strip()
    counted = queries.tally(asked.day)
    return render(request, "workbench/areas.html", {
        "asked": asked, "words": words, "quick": _quick(request), **_unknown(asked.day),
        "keeps": keeps_the_map(request.actor),
        "errors": [{"href": "#ngay", "text": asked.error}] if asked.error else [],
        "counts": [(_level(level, count), count) for level in LEVELS
                   if (count := counted.levels.get(level, 0))],
        **(_found(words, asked.day) if words else {"regions": _regions(asked.day, counted)}),
    })


def _quick(request: Request) -> list[tuple[str, str]]:
    return [
        (_("trước khi sắp xếp, 30/06/2025"), f"{queries.DAY_BEFORE_MERGER:%d/%m/%Y}"),
        (_("từ khi sắp xếp, 01/07/2025"), f"{queries.DAY_OF_MERGER:%d/%m/%Y}"),
        (_("hôm nay"), f"{request.today:%d/%m/%Y}"),
    ]


def _unknown(day: date) -> dict[str, Any]:
    """Return what to say of a day of which the whole map is not known."""
    reach = queries.reach()
    if reach.whole is None or day >= reach.whole:
        return {"whole_since": None}
    return {
        "whole_since": reach.whole,
        "known_longer": reach.earlier,
        "known_then": [province for province, since in reach.earlier if since <= day],
    }


def _found(words: str, day: date) -> dict[str, Any]:
    """Return what stood on that day under these words, and what had stood before.

    What follows a comma names what the place lies in: “xã Hà Hiệu, Bắc Kạn”.
    """
    name, *places = [normalised(each) for each in words.split(",")]
    places = [each for each in places if each]
    standing = list(queries.areas(on=day, search=name)[: None if places else _MOST + 1])
    above = queries.parents_of(standing, on=day)
    standing = [each for each in standing if _lies_in(above[each.pk], places)][: _MOST + 1]
    former = [
        {"area": each, "heirs": queries.successors(each)}
        for each in queries.former(name, on=day)
        if not places or _lies_in(queries.parents(each, on=_eve(each)), places)
    ]
    return {
        "more": len(standing) > _MOST, "former": former,
        "rows": [{"area": each, "above": _line(above[each.pk])} for each in standing[:_MOST]],
    }


def _eve(area: Any) -> date:
    last: date = area.valid_to
    return last - timedelta(days=1)


def _lies_in(parents: Sequence[Any], places: Sequence[str]) -> bool:
    """Tell whether every named place is among what lies above an area."""
    titles = [normalised(each.title) for each in parents]
    return all(any(place in title for title in titles) for place in places)


def _line(parents: Sequence[Any]) -> str:
    above = [each for each in parents if each.level != "country"]
    return ", ".join(each.title for each in reversed(above))


def _regions(day: date, counted: queries.Tally) -> list[dict[str, Any]]:
    """Return the provinces of a day under their regions, if there are any on that day."""
    names = {area.code: area for area in queries.areas(on=day, level="region")}
    groups: dict[str, list[dict[str, Any]]] = {}
    for province in queries.areas(on=day, level="province"):
        region = province.parent_code if province.parent_level == "region" else ""
        below = counted.below.get(province.code) or Counter()
        groups.setdefault(region, []).append({
            "area": province,
            "below": [(below[level], _level(level, below[level]))
                      for level in ("district", "commune") if below.get(level)],
        })
    return [
        {"region": names.get(code), "provinces": provinces}
        for code, provinces in sorted(groups.items())
    ]


@require_GET
def area(request: Request, level: str, code: str) -> HttpResponse:
    """Show one area on a day: what lies above and below, and every dated version of its code."""
    require(request.actor, Permission.READ)
    asked = asked_day(request)
    versions = queries.versions(level, code)
    if not versions:
        raise NotFound()
    now = next((each for each in versions if _stands(each, asked.day)), None)
    return render(request, "workbench/area.html", {
        "since": _doubted(now, asked.day) if now else None,
        "asked": asked, "now": now, "shown": now or versions[-1], "level": level, "code": code,
        "errors": [{"href": "#ngay", "text": asked.error}] if asked.error else [],
        "parents": queries.parents(now, on=asked.day) if now else [],
        "children": _children(now, asked.day) if now else [],
        "responsible": queries.responsible(level, code, on=asked.day) if now else None,
        "versions": [
            {"area": each, "now": each == now, "before": _kin(queries.predecessors(each), 1),
             "after": _kin(queries.successors(each))}
            for each in reversed(versions)
        ],
        "places": len({each.name for each in versions}), "quick": _quick(request),
        "level_name": _level(level),
        "classes": _classes(now or versions[-1]),
        "lines": drawn(queries.lines(level, code, first=now or versions[-1]), _page_of),
    })


def _classes(found: Any) -> list[tuple[Any, str]]:
    """Return the classes of a place with their words."""
    return [
        (row, next((each.name for each in queries.kinds_of(row.scheme)
                    if each.code == row.kind), _("chưa đọc được loại")))
        for row in queries.classes_of(found)
    ]


def _page_of(stand: Stand, day: date | None) -> str:
    """Return the page of a place on a day on which it stood."""
    address = reverse("workbench:area", args=[stand.level, stand.code])
    return f"{address}?{urlencode({'ngay': f'{day:%d/%m/%Y}'})}" if day else address


def _doubted(area: Any, day: date) -> date | None:
    """Return since when an area is known, when the day asked for lies before."""
    since = queries.known_since(area)
    return since if since and day < since else None


def _stands(area: Any, day: date) -> bool:
    return (
        (area.valid_from is None or area.valid_from <= day)
        and (area.valid_to is None or area.valid_to > day)
    )


def _children(found: Any, day: date) -> list[dict[str, Any]]:
    """Return what lies beneath an area, two levels deep at most."""
    below = list(queries.areas(on=day, parent=(found.level, found.code)))
    if found.level != "province" or not below or below[0].level != "district":
        return [{"area": each, "children": []} for each in below]
    communes: dict[str, list[Any]] = {}
    for each in queries.within("commune", found.level, found.code, on=day):
        communes.setdefault(each.parent_code, []).append(each)
    return [{"area": each, "children": communes.get(each.code, [])} for each in below]


def _kin(found: Sequence[queries.Kin], eve: int = 0) -> list[dict[str, Any]]:
    """Return the links with their words, and a day on which the other area stood."""
    return [
        {"kin": each, "day": f"{each.link.change.on - timedelta(days=eve):%d/%m/%Y}",
         "kind": _(LINKS[each.link.kind]),
         "reading": _(READINGS.get(each.link.agreement, each.link.agreement))
         if each.link.agreement else ""}
        for each in found
    ]


urlpatterns = [
    path("viec/dia-gioi/", index, name="areas"),
    path("viec/dia-gioi/<str:level>/<str:code>/", area, name="area"),
]
