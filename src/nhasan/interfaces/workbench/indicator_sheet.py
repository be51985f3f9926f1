"""The full sheet of an indicator in a draft: added, changed, dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import digits
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from nhasan.domain.dependencies import CircularFormula
from nhasan.domain.derived import Meaningless
from nhasan.domain.indicators import CHOICES, FIELDS, LEVELS, LONGEST, MOST_DECIMALS, faults
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import NotFound, Problem
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.workbench.indicator_settling import found_set, require_keeping
from nhasan.metadata import operations, queries

_LONG = ("name_vi", "name_en", "concept", "method", "disaggregation_text", "data_source",
         "source", "notes", "break_words")
_REQUIRED = ("key", "name_vi")
_NEEDED = ("name_vi", "key", "unit", "group_code", "group_name", "value_kind", "decimals",
           "adds_over_area")
_FOLDED: Mapping[Any, tuple[str, ...]] = {
    gettext_lazy("Khái niệm và cách tính"): ("concept", "method", "formula"),
    gettext_lazy("Phân tổ, cấp và kỳ"): (
        "breakdowns", "disaggregation_text", "dimensions", "area_levels", "period",
        "adds_over_time"),
    gettext_lazy("Nguồn số liệu và cơ quan"): (
        "data_source", "lead_agency", "coordinating", "agency", "source"),
    gettext_lazy("Mã và tên khác, ghi chú"): (
        "official_code", "national_code", "name_en", "notes"),
    gettext_lazy("Nối với phiên bản trước"): ("replaces", "correspondence", "break_words"),
}
"""What may be left for later, folded away group by group."""
_HELP = {
    "key": gettext_lazy("Mã là chữ, giữ nguyên số 0 ở đầu. Ví dụ 0102 hoặc 1.2.1."),
    "breakdowns": gettext_lazy(
        "Mỗi dòng một phân tổ. Nếu phân tổ có kỳ công bố riêng, viết kỳ sau dấu gạch đứng, ví "
        "dụ: Dân tộc | 5 năm"),
    "dimensions": gettext_lazy(
        "Để máy biết biểu chia theo danh mục nào. Mã các chiều, cách nhau bằng dấu chấm phẩy, "
        "ví dụ ETHNIC_GROUP là chia theo dân tộc."),
    "unit": gettext_lazy("Ví dụ hộ, người, %."),
    "value_kind": gettext_lazy("Đếm được, tính ra hay là lời: máy làm tròn và kiểm tra theo đó."),
    "adds_over_area": gettext_lazy(
        "Số của tỉnh có phải là tổng số của các xã không? Tỷ lệ thì không cộng được."),
    "adds_over_time": gettext_lazy(
        "Số cả năm có phải là tổng của các quý, hay là số của kỳ cuối?"),
    "official_code": gettext_lazy("Số thứ tự hoặc mã ghi trong văn bản, nếu khác mã ở trên."),
    "formula": gettext_lazy(
        "Chỉ khi chỉ tiêu tính từ chỉ tiêu khác. Viết mã trong ngoặc vuông: "
        "[0301] / [0101] * 100. Kỳ trước: [0301 @previous]; cùng kỳ năm trước: "
        "[0301 @last_year]. Tổng các dân tộc trừ mã 01: [0301 | ETHNIC_GROUP <> 01]. Bình quân "
        "có quyền số: [0405 weighted 0101]."),
    "replaces": gettext_lazy(
        "Khi chỉ tiêu này tiếp nối một chỉ tiêu của phiên bản trước dưới mã khác."),
    "break_words": gettext_lazy(
        "Nói với người đọc vì sao số trước và sau không so được, và nên đọc thế nào."),
    "correspondence": gettext_lazy("Bảng chuyển mã cũ sang mã mới, nếu có."),
}


class SheetForm(forms.Form):
    """Every field of a sheet: what is needed first, the rest in groups to unfold."""

    def __init__(self, *given: Any, **wanted: Any) -> None:
        super().__init__(*given, **wanted)
        for name in FIELDS:
            self.fields[name] = _field(name)

    @property
    def needed(self) -> list[Any]:
        """Return the fields without which an indicator says nothing."""
        return [self[name] for name in _NEEDED]

    @property
    def folded(self) -> list[tuple[Any, list[Any], int, bool]]:
        """Return the other groups: words, fields, how many say something, whether one is wrong."""
        return [
            (words, [self[name] for name in names], sum(map(self._says, names)),
             any(self[name].errors for name in names))
            for words, names in _FOLDED.items()
        ]

    def _says(self, name: str) -> bool:
        value = self[name].value()
        return bool(value) and value != self.fields[name].initial and value != "none"

    def clean(self) -> dict[str, Any]:
        """Check the sheet by the rules that imports are checked by."""
        given = super().clean() or {}
        for field, words in faults(self.sheet()):
            if field not in self.errors:
                self.add_error(field, words.said(_).capitalize() + ".")
        return given

    def sheet(self) -> dict[str, Any]:
        """Return the sheet as it is kept."""
        given = dict(self.cleaned_data)
        given["breakdowns"] = breakdowns_of(given.get("breakdowns", ""))
        given["dimensions"] = [
            part.strip() for part in given.get("dimensions", "").split(";") if part.strip()]
        given["decimals"] = given.get("decimals") or 0
        return given


def _field(name: str) -> forms.Field:
    about: dict[str, Any] = {
        "label": _(FIELDS[name]), "required": name in _REQUIRED,
        "help_text": _HELP.get(name, ""),
    }
    if name in CHOICES:
        return forms.ChoiceField(
            choices=[(value, _(words)) for value, words in CHOICES[name].items()], **about)
    if name == "area_levels":
        return forms.MultipleChoiceField(
            choices=[(value, _(words)) for value, words in LEVELS.items()],
            widget=forms.CheckboxSelectMultiple, **about)
    if name == "decimals":
        return forms.IntegerField(min_value=0, max_value=MOST_DECIMALS, **about)
    if name == "correspondence":
        return forms.ChoiceField(choices=[("", _("không có")), *(
            (each.identifier, each.name_vi) for each in queries.correspondences()
            if each.state == "in_force")], **about)
    if name == "breakdowns" or name in _LONG:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **about)
    return forms.CharField(max_length=LONGEST.get(name), **about)


def breakdowns_of(text: str) -> list[dict[str, str]]:
    """Return the breakdowns that lines of `name | period` say."""
    found = []
    for line in text.splitlines():
        name, _bar, period = line.partition("|")
        if name.strip():
            found.append({"name": name.strip(), "period": period.strip()})
    return found


def breakdowns_text(breakdowns: list[dict[str, str]]) -> str:
    """Return breakdowns as lines of `name | period`."""
    return "\n".join(
        f"{each['name']} | {each['period']}" if each.get("period") else each["name"]
        for each in breakdowns
    )


def following_key(keys: Sequence[str]) -> str:
    """Return the code that a next indicator would bear: the last one, counted on."""
    last = keys[-1] if keys else "00"
    stem = last.rstrip(digits)
    counted = last[len(stem):]
    number, width = int(counted or 0) + 1, len(counted) or 1
    while f"{stem}{number:0{width}}" in keys:
        number += 1
    return f"{stem}{number:0{width}}"


@require_http_methods(["GET", "POST"])
def add(request: Request, identifier: str, version: str) -> HttpResponse:
    """Add an indicator to a draft."""
    found = _draft(request, identifier, version)
    keys = [each["key"] for each in queries.sheets(found)]
    first = {"key": following_key(keys), "decimals": 0, "value_kind": "count",
             "adds_over_area": "none", "adds_over_time": "none"}
    return _put(request, found, "", first)


@require_http_methods(["GET", "POST"])
def edit(request: Request, identifier: str, version: str, key: str) -> HttpResponse:
    """Change an indicator of a draft."""
    found = _draft(request, identifier, version)
    row = queries.indicator_in(found, key)
    if row is None:
        raise NotFound()
    held = queries.sheet_of(row)
    return _put(request, found, key, {
        **held, "breakdowns": breakdowns_text(held["breakdowns"]),
        "dimensions": "; ".join(held["dimensions"]),
    }, queries.digest_of(row))


def _draft(request: Request, identifier: str, version: str) -> Any:
    found = found_set(request.actor, identifier, version)
    require_keeping(request.actor, found)
    ARTEFACT.after(found.state, "edit")
    return found


def _put(request: Request, found: Any, was: str, initial: dict[str, Any],
         digest: str = "") -> HttpResponse:
    form = SheetForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.put_indicator(
                actor=request.actor, identifier=found.identifier, version=found.version,
                was=was, sheet=form.sheet(), seen=request.POST.get("da_doc", ""), at=request.at)
        except Problem as refused:
            form.add_error(_field_of(refused), said(refused))
        else:
            messages.success(request, _("Đã ghi chỉ tiêu {key} vào bản thảo.").format(key=row.key))
            return redirect("workbench:indicator_set", found.identifier, found.version)
    return render(request, "workbench/indicator_edit.html", {
        "set": found, "form": form, "was": was, "name": initial.get("name_vi", ""),
        "seen": request.POST.get("da_doc", digest),
    }, status=422 if form.errors else 200)


def _field_of(refused: Problem) -> str:
    """Return the field that a refusal is about, so that it is said beside it."""
    return "formula" if isinstance(refused, Meaningless | CircularFormula) else "key"


@require_POST
def drop(request: Request, identifier: str, version: str, key: str) -> HttpResponse:
    """Take an indicator out of a draft."""
    found = _draft(request, identifier, version)
    row = operations.drop_indicator(
        actor=request.actor, identifier=found.identifier, version=found.version, key=key,
        at=request.at)
    messages.success(request, _(
        "Đã bỏ chỉ tiêu {key} khỏi bản thảo. Bộ đang áp dụng không đổi.").format(key=row.key))
    return redirect("workbench:indicator_set", identifier, version)


urlpatterns = [
    path("viec/chi-tieu/<str:identifier>/<str:version>/them/", add, name="indicator_add"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/ma/<str:key>/sua/", edit,
         name="indicator_edit"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/ma/<str:key>/bo/", drop,
         name="indicator_drop"),
]
