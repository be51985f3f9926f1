"""Indicator sets, indicators, code lists and how their codes correspond."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from nhasan.collection import queries as collection
from nhasan.domain.access import Permission
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import Forbidden, NotFound, Problem, phrase
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.workbench.days import DayField, day_of
from nhasan.metadata import operations, queries

VALUE_KINDS = {
    "count": phrase("số đếm"), "amount": phrase("số lượng, số tiền"), "rate": phrase("tỷ lệ"),
    "average": phrase("số bình quân"), "ratio": phrase("tỷ số"), "index": phrase("chỉ số"),
    "yes_no": phrase("có hoặc không"),
}
OVER_AREA = {
    "sum": phrase("cộng được từ các đơn vị cấp dưới"),
    "none": phrase("không cộng được từ các đơn vị cấp dưới"),
}
OVER_TIME = {
    "sum": phrase("cộng được qua các kỳ"), "last": phrase("lấy số của kỳ cuối"),
    "none": phrase("không gộp được qua các kỳ"),
}
LEVELS = {
    "country": phrase("cả nước"), "region": phrase("vùng"), "province": phrase("tỉnh"),
    "district": phrase("huyện"), "commune": phrase("xã"),
}
FIELDS = {
    "key": phrase("mã trong hệ thống"), "value_kind": phrase("loại số"),
    "decimals": phrase("số chữ số thập phân"), "dimensions": phrase("phân tổ"),
    "area_levels": phrase("cấp hành chính"), "adds_over_area": phrase("cách cộng theo cấp"),
    "adds_over_time": phrase("cách gộp theo kỳ"), "unit": phrase("đơn vị tính"),
}

EVIDENCE = {
    "read": phrase("đọc trong văn bản"),
    "inferred": phrase("suy ra, chưa đọc được trong văn bản"),
}


@require_GET
def indicator_sets(request: Request) -> HttpResponse:
    """List the indicator sets, or the indicators that a search finds in all of them."""
    require(request.actor, Permission.READ)
    words = request.GET.get("q", "").strip()
    return render(request, "workbench/indicator_sets.html", {
        "sets": queries.indicator_sets(), "words": words, "states": ARTEFACT.states,
        "found": queries.search_indicators(words, limit=100) if words else [],
    })


def _set(identifier: str, version: str) -> Any:
    found = queries.indicator_set(identifier, version)
    if found is None:
        raise NotFound()
    return found


@require_GET
def indicator_set(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show one set: what it rests on, and its indicators group by group."""
    require(request.actor, Permission.READ)
    found = _set(identifier, version)
    words, group = request.GET.get("q", "").strip(), request.GET.get("nhom", "")
    rows = list(queries.indicators(found, search=words, group=group))
    grouped: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        grouped.setdefault((row.group_code, row.group_name), []).append(row)
    return render(request, "workbench/indicator_set.html", {
        "set": found, "words": words, "group": group, "groups": queries.groups(found),
        "decided": day_of(str(found.decision.get("date", ""))),
        "grouped": list(grouped.items()), "number": len(rows),
        "state": ARTEFACT.states[found.state], "may_settle": _may_settle(request),
        "can": {act: ARTEFACT.allows(found.state, act) for act in ARTEFACT.actions},
    })


def _may_settle(request: Request) -> bool:
    """Tell whether the reader manages the whole house, for sets are everybody's."""
    try:
        request.actor.require_root(Permission.MANAGE)
    except Forbidden:
        return False
    return True


@require_GET
def indicator(request: Request, identifier: str, version: str, key: str) -> HttpResponse:
    """Show one indicator: every field, and where it is used."""
    require(request.actor, Permission.READ)
    owner = _set(identifier, version)
    found = queries.indicator_in(owner, key)
    if found is None:
        raise NotFound()
    return render(request, "workbench/indicator.html", {
        "indicator": found, "set": owner, "facts": _facts(found),
        "state": ARTEFACT.states[owner.state],
        "derived": [_(FIELDS[name]) for name in found.derived if name in FIELDS],
        "forms": collection.forms_bound_to([found.ref]),
        "dataflows": queries.dataflows_with([found.ref]), "citing": queries.citing(found),
        "cited": _cited(found),
    })


def _facts(found: Any) -> list[tuple[str, Any]]:
    """Return the fields of an indicator with words, those that say something."""
    levels = ", ".join(_(LEVELS.get(level, level)) for level in found.area_levels)
    return [(name, value) for name, value in (
        (_("Mã trong văn bản"), found.official_code),
        (_("Nhóm"), f"{found.group_code} {found.group_name}".strip()),
        (_("Tên tiếng Anh"), found.name_en),
        (_("Đơn vị tính"), found.unit),
        (_("Loại số"), _(VALUE_KINDS.get(found.value_kind, found.value_kind))),
        (_("Số chữ số thập phân"), str(found.decimals)),
        (_("Phân tổ"), found.disaggregation_text or ", ".join(found.dimensions)),
        (_("Cấp hành chính"), levels),
        (_("Kỳ báo cáo"), found.period),
        (_("Cơ quan chịu trách nhiệm"), found.agency),
        (_("Nguồn số liệu"), found.source),
        (_("Cộng theo cấp hành chính"), _(OVER_AREA[found.adds_over_area])),
        (_("Gộp theo thời gian"), _(OVER_TIME[found.adds_over_time])),
        (_("Mã chỉ tiêu quốc gia"), found.national_code),
        (_("Hiệu lực ghi trong nguồn"), found.status_text),
        (_("Ghi chú"), found.notes),
    ) if value]


def _cited(found: Any) -> dict[str, Any] | None:
    """Return the indicator of another set that this one was taken from."""
    if not found.cites:
        return None
    other = queries.indicator(f"{found.cites.get('set', '')}:{found.cites.get('key', '')}")
    return {"set": found.cites.get("set", ""), "key": found.cites.get("key", ""), "row": other}


class SettleForm(forms.Form):
    """From which day a set is in force, or no longer."""

    ngay = DayField(
        label=gettext_lazy("Kể từ ngày"),
        help_text=gettext_lazy("Viết ngày/tháng/năm, ví dụ 01/01/2026."),
    )


@require_http_methods(["GET", "POST"])
def put_in_force(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show what a set touches, then put it in force."""
    return _settle(request, identifier, version, "put_in_force")


@require_http_methods(["GET", "POST"])
def retire(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show what a set touches, then retire it."""
    return _settle(request, identifier, version, "retire")


def _settle(request: Request, identifier: str, version: str, action: str) -> HttpResponse:
    request.actor.require_root(Permission.MANAGE)
    found = _set(identifier, version)
    ARTEFACT.after(found.state, action)
    form = SettleForm(request.POST or None, initial={"ngay": request.today})
    if request.method == "POST" and form.is_valid():
        done = {"put_in_force": operations.put_in_force, "retire": operations.retire}[action]
        try:
            done(actor=request.actor, kind="indicator_set", identifier=identifier,
                 version=version, on=form.cleaned_data["ngay"], at=request.at)
        except Problem as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _settled(action, form.cleaned_data["ngay"]))
            return HttpResponseRedirect(
                reverse("workbench:indicator_set", args=[identifier, version]))
    refs = [row.ref for row in queries.indicators(found)]
    return render(request, "workbench/indicator_set_settle.html", {
        "set": found, "form": form, "action": action, "difference": queries.difference(found),
        "forms": collection.forms_bound_to(refs), "dataflows": queries.dataflows_with(refs),
        "number": len(refs),
    }, status=422 if form.errors else 200)


def _settled(action: str, day: Any) -> str:
    words = (
        _("Bộ chỉ tiêu được áp dụng từ ngày {day}. Từ giờ nội dung của bộ không sửa được nữa.")
        if action == "put_in_force" else _("Bộ chỉ tiêu thôi áp dụng từ ngày {day}.")
    )
    return words.format(day=date_text(day))


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
    path("viec/chi-tieu/<str:identifier>/<str:version>/ap-dung/", put_in_force,
         name="indicator_set_put_in_force"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/thoi-ap-dung/", retire,
         name="indicator_set_retire"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/ma/<str:key>/", indicator,
         name="indicator"),
    path("viec/danh-muc-ma/", code_lists, name="code_lists"),
    path("viec/danh-muc-ma/doi-chieu/<str:identifier>/<str:version>/", correspondence,
         name="correspondence"),
    path("viec/danh-muc-ma/<str:identifier>/<str:version>/", code_list, name="code_list"),
]
