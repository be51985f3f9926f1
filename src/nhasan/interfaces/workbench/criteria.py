"""Criteria of decrees: the rules in words, every place sorted by its figures, and trying out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nhasan.areas import queries as areas
from nhasan.domain.access import Permission
from nhasan.domain.criteria import Criteria, Judgement, Outcome, judge
from nhasan.domain.forms import Kind
from nhasan.domain.numbers import notation, read_text
from nhasan.domain.observations import breakdown_parts
from nhasan.domain.problems import NotFound, phrase
from nhasan.formats.tables import MEDIA, Sheet, written
from nhasan.interfaces.http import Request, require
from nhasan.interfaces.notation import period_text
from nhasan.metadata import queries
from nhasan.observations import queries as observations

SUBJECTS = {
    "commune": phrase("xã, phường, đặc khu"), "village": phrase("thôn"),
    "province": phrase("tỉnh, thành phố"), "ethnic_group": phrase("dân tộc"),
}
_LEVELS = {"commune": ("commune", ""), "village": ("commune", "VILLAGE"),
           "province": ("province", "")}
_COUNTED, _MEASURED = Kind("integer"), Kind("decimal", decimals=4)
_AT_A_GLANCE = 4
# As `domain/area_classes.py` reads them: in Vietnamese for every reader.
_LIST_HEADS = (phrase("Mã"), phrase("Thôn"), phrase("Loại"), phrase("Tên loại"))


@dataclass(frozen=True, slots=True)
class Line:
    """One branch of a reason, as a page shows it."""

    label: str
    met: bool | None
    figures: list[tuple[str, str]]
    parts: list[Line]
    counted: str

    @property
    def many(self) -> bool:
        """Tell whether the branch has more parts than are read at a glance."""
        return len(self.parts) > _AT_A_GLANCE


@dataclass(frozen=True, slots=True)
class Sorted:
    """One place and what it was sorted as."""

    code: str
    name: str
    judgement: Judgement
    label: str
    illustrative: bool


@require_GET
def criteria_sets(request: Request) -> HttpResponse:
    """List the criteria of decrees."""
    require(request.actor, Permission.READ)
    return render(request, "workbench/criteria_sets.html", {
        "sets": [(each, _(SUBJECTS[each.about])) for each in queries.criteria_sets()]})


@require_GET
def criteria(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show the rules, the places that have figures, and what typed figures would give."""
    require(request.actor, Permission.READ)
    found = queries.criteria_set(identifier, version)
    if found is None:
        raise NotFound()
    rules = Criteria.parse(found.rules)
    region = request.GET.get("vung", "")
    region = region if region in rules.regions else ""
    fields, typed = _typed(request, rules)
    tried = judge(rules, typed, region) if typed else None
    held = _figures(request, found, rules)
    period = request.GET.get("ky", "")
    period = period if period in held else max(held, default="")
    level = _LEVELS.get(found.about, ("", ""))[0]
    places = _sorted(request, rules, level, held.get(period, {}), region)
    if "bang" in request.GET:
        return _table(identifier, places)
    return render(request, "workbench/criteria.html", {
        "set": found, "subject": _(SUBJECTS[found.about]), "region": region,
        "regions": rules.regions.items(), "classes": [
            (ruling.label, [_asked(rules, ruling.when)] if ruling.when else [])
            for ruling in rules.classes],
        "fields": fields, "tried": _told(rules, tried) if tried else None,
        "periods": [(each, period_text(each), each == period) for each in sorted(held)],
        "period": period, "places": places, "one": _one(request, rules, places),
        "counts": _counts(rules, places), "form": found.form,
    })


def _typed(request: Request, rules: Criteria) -> tuple[list[dict[str, Any]],
                                                       dict[str, Decimal | None]]:
    """Return the boxes of the trial with what was typed, and the figures that could be read."""
    fields: list[dict[str, Any]] = []
    values: dict[str, Decimal | None] = {}
    for fact in rules.facts:
        text = request.GET.get(f"so-{fact.id}", "").strip()[:40]
        reading = read_text(text, _COUNTED if fact.counted else _MEASURED)
        figure = reading.entry.figure
        wrong = reading.finding.message if reading.finding and figure is None else ""
        fields.append({"fact": fact, "text": text, "wrong": wrong})
        if figure is not None and figure.value is not None:
            values[fact.id] = figure.value
    return fields, values


def _figures(request: Request, found: Any, rules: Criteria,
             ) -> Mapping[str, Mapping[tuple[str, str], observations.Place]]:
    refs = [fact.indicator for fact in rules.facts if fact.indicator]
    if not refs or found.about not in _LEVELS:
        return {}
    return observations.figures_by_place(request.actor, refs, *_LEVELS[found.about])


def _sorted(request: Request, rules: Criteria, level: str,
            held: Mapping[tuple[str, str], observations.Place], region: str) -> list[Sorted]:
    keys = {(level, area) for area, _part in held}
    names = {code: name for (_l, code), name in areas.names(keys, on=request.today).items()}
    labels = {ruling.code: ruling.label for ruling in rules.classes}
    found = []
    for (area, part), place in sorted(held.items()):
        values = {fact.id: place.values.get(fact.indicator) for fact in rules.facts}
        judgement = judge(rules, values, region)
        village = next(iter(breakdown_parts(part).values()), "")
        name = f"{village}, {names.get(area, area)}" if village else names.get(area, area)
        found.append(Sorted(f"{area}|{part}", name, judgement,
                            labels.get(judgement.code, ""), place.illustrative))
    return found


def _table(identifier: str, places: list[Sorted]) -> HttpResponse:
    """Return the places that were sorted as a list that `class_import` reads.

    A person takes it in, with the document that decides: a reckoning decides nothing.
    """
    rows = []
    for each in places:
        area, _bar, part = each.code.partition("|")
        village = next(iter(breakdown_parts(part).values()), "") if part else ""
        if each.label:
            rows.append([area, village, each.judgement.code, each.label])
    sheet = Sheet(_("Kết quả xếp loại"), list(_LIST_HEADS), rows)
    response = HttpResponse(written(sheet, "csv"), content_type=MEDIA["csv"])
    name = re.sub(r"[^a-z0-9]+", "-", identifier.lower())
    response["Content-Disposition"] = content_disposition_header(True, f"xep-loai-{name}.csv")
    return response


def _counts(rules: Criteria, places: list[Sorted]) -> list[tuple[str, int]]:
    """Return how many places each class has, and how many are still open."""
    counts = [
        (ruling.label, sum(1 for each in places if each.judgement.code == ruling.code))
        for ruling in rules.classes]
    left = sum(1 for each in places if not each.judgement.code)
    return [*counts, (_("Chưa đủ số liệu"), left)] if left else counts


def _one(request: Request, rules: Criteria, places: list[Sorted]) -> dict[str, Any] | None:
    wanted = request.GET.get("noi", "")
    chosen = next((each for each in places if each.code == wanted), None)
    return {"place": chosen, **_told(rules, chosen.judgement)} if chosen else None


def _told(rules: Criteria, judgement: Judgement) -> dict[str, Any]:
    """Return a judgement in words: the class, or those it may be, with the reasons."""
    labels = {ruling.code: ruling.label for ruling in rules.classes}
    names = {fact.id: fact.label for fact in rules.facts}
    return {
        "label": labels.get(judgement.code, ""),
        "possible": [labels[code] for code in judgement.possible],
        "missing": [names[name] for name in judgement.missing if name in names],
        "reasons": [
            (ruling.label, [_line(rules, outcome)] if outcome else [])
            for ruling, outcome in judgement.outcomes],
    }


def _line(rules: Criteria, outcome: Outcome) -> Line:
    facts = {fact.id: fact for fact in rules.facts}
    figures = [
        (facts[name].label, _figure(value, facts[name].unit))
        for name, value in outcome.values if name in facts]
    parts = [_line(rules, part) for part in outcome.parts]
    needs = _needs(outcome.least, outcome.most, len(parts))
    if len(parts) > 1:
        needs = _("cần {needs}; ở đây đạt {met}").format(needs=needs, met=outcome.met_parts)
    return Line(outcome.label, outcome.met, figures, parts, needs)


def _figure(value: Decimal | None, unit: str) -> str:
    if value is None:
        return _("chưa có")
    return f"{notation(value)} {unit}".strip()


def _needs(least: int, most: int, parts: int) -> str:
    """Return in words how many parts of a branch have to be met."""
    if not parts:
        return ""
    if most == 0:
        return _("không đạt điều nào trong số này")
    if most < parts:
        return _("đạt từ {least} đến {most} trong {parts}").format(
            least=least, most=most, parts=parts)
    if least == parts:
        return _("đạt tất cả") if parts > 1 else ""
    if least == 1:
        return _("đạt ít nhất một")
    return _("đạt từ {least} trong {parts}").format(least=least, parts=parts)


def _asked(rules: Criteria, node: Any) -> Line:
    """Return a rule in words, with nothing decided yet."""
    parts = [_asked(rules, part) for part in getattr(node, "parts", ())]
    return Line(node.label, None, [], parts,
                _needs(getattr(node, "least", 0), getattr(node, "most", 0), len(parts)))


urlpatterns = [
    path("viec/tieu-chi/", criteria_sets, name="criteria_sets"),
    path("viec/tieu-chi/<str:identifier>/<str:version>/", criteria, name="criteria"),
]
