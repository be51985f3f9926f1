"""Rounds: asking units for a report of a period, closing a round, opening it again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from nhasan.areas import queries as areas
from nhasan.collection import operations, queries
from nhasan.domain.access import Actor, Permission
from nhasan.domain.periods import Period
from nhasan.domain.problems import Problem
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.workbench.board import not_asked
from nhasan.interfaces.workbench.days import DayField
from nhasan.organisations import queries as organisations

UNIT_KINDS = {
    "commune": gettext_lazy("Ủy ban nhân dân xã, phường, đặc khu"),
    "focal": gettext_lazy("Cơ quan công tác dân tộc cấp tỉnh"),
    "department": gettext_lazy("Sở, ngành"),
    "board": gettext_lazy("Ban Dân tộc các tỉnh trước ngày 01/7/2025"),
    "ministry": gettext_lazy("Bộ, ngành trung ương"),
}
_RECEIVERS = ("ministry", "focal", "department")
_LONGEST_ID = 64


class RoundForm(forms.Form):
    """What is asked, of whom, about when, until when."""

    bieu = forms.ChoiceField(label=gettext_lazy("Biểu mẫu"))
    ky = forms.CharField(
        label=gettext_lazy("Kỳ số liệu"), max_length=16,
        help_text=gettext_lazy(
            "Năm: 2025. Sáu tháng đầu năm: 2025-S1. Quý III: 2025-Q3. Tháng 4: 2025-M04. "
            "Năm học: 2024-2025."),
    )
    nhan = forms.ChoiceField(label=gettext_lazy("Đơn vị nhận báo cáo"))
    loai = forms.ChoiceField(
        label=gettext_lazy("Đơn vị phải báo cáo"), choices=list(UNIT_KINDS.items()),
        help_text=gettext_lazy(
            "Các đơn vị trực thuộc đơn vị nhận, có địa bàn phụ trách vào ngày của bản đồ. "
            "Bước sau cho chọn bớt."),
    )
    mo = DayField(label=gettext_lazy("Ngày mở kỳ"))
    han = DayField(label=gettext_lazy("Hạn gửi"))
    khoa = DayField(
        label=gettext_lazy("Ngày cuối còn nhận"), required=False,
        help_text=gettext_lazy("Sau ngày này kỳ tự khoá. Bỏ trống thì kỳ mở đến khi bạn khoá."),
    )
    ban_do = DayField(
        label=gettext_lazy("Theo bản đồ hành chính ngày"), required=False,
        help_text=gettext_lazy("Bỏ trống thì lấy ngày cuối của kỳ số liệu."),
    )
    ten = forms.CharField(
        label=gettext_lazy("Tên kỳ báo cáo"), required=False, max_length=300,
        help_text=gettext_lazy("Bỏ trống thì ghép từ tên biểu và kỳ số liệu."),
    )
    minh_hoa = forms.BooleanField(
        label=gettext_lazy("Kỳ tập làm: số nhập vào là số liệu minh hoạ"), required=False,
    )

    def __init__(self, *given: Any, actor: Actor, **wanted: Any) -> None:
        super().__init__(*given, **wanted)
        self.actor = actor
        self.fields["bieu"].choices = _forms()  # type: ignore[attr-defined]
        self.fields["nhan"].choices = [  # type: ignore[attr-defined]
            (unit.code, unit.name) for unit in _receivers(actor)
        ]

    def clean_ky(self) -> Period:
        """Return the period, or say how one is written."""
        try:
            return Period.parse(self.cleaned_data["ky"])
        except Problem as wrong:
            raise forms.ValidationError(_(
                "Kỳ chưa đọc được. Viết như 2025, 2025-S1, 2025-Q3, 2025-M04 hoặc 2024-2025."
            )) from wrong

    def clean(self) -> dict[str, Any]:
        """Check that the days come in their order."""
        given: dict[str, Any] = super().clean() or {}
        opens, due, closes = given.get("mo"), given.get("han"), given.get("khoa")
        if opens and due and due < opens:
            self.add_error("han", _("Hạn gửi phải từ ngày mở kỳ trở đi."))
        if due and closes and closes < due:
            self.add_error("khoa", _("Ngày cuối còn nhận phải từ hạn gửi trở đi."))
        return given

    @property
    def map_day(self) -> date:
        """Return which day's map the figures stand on."""
        chosen: date | None = self.cleaned_data["ban_do"]
        period: Period = self.cleaned_data["ky"]
        return chosen or period.reference_date

    def receiver(self) -> Any:
        """Return the unit that receives the reports."""
        wanted = self.cleaned_data["nhan"]
        return next(unit for unit in _receivers(self.actor) if unit.code == wanted)

    def title(self) -> str:
        """Return the name of the round."""
        given: str = self.cleaned_data["ten"]
        label = self.cleaned_data["ky"].label_vi()
        form = dict(self.fields["bieu"].choices)[self.cleaned_data["bieu"]]  # type: ignore[attr-defined]
        return (given or f"{form}, {label[:1].lower()}{label[1:]}")[:300]


def _forms() -> list[tuple[str, str]]:
    return [
        (form.identifier, form.title_vi) for form in queries.forms()
        if queries.form_version(form.identifier).state == "in_force"
    ]


def _receivers(actor: Actor) -> list[Any]:
    return list(
        organisations.units(actor, permission=Permission.MANAGE)
        .filter(kind__in=_RECEIVERS, closed__isnull=True)
    )


@require_http_methods(["GET", "POST"])
def open_round(request: Request) -> HttpResponse:
    """Ask for a report: first what and when, then which units, then open the round."""
    require(request.actor, Permission.MANAGE)
    given = request.POST if request.method == "POST" else request.GET
    if not given:
        return _ask(request, RoundForm(actor=request.actor, initial=_initial(request)))
    form = RoundForm(given, actor=request.actor)
    if not form.is_valid() or given.get("buoc") == "sua":
        return _ask(request, form, status=200 if form.is_valid() else 422)
    parts = areas.answering(
        request.actor, form.receiver(), kind=form.cleaned_data["loai"], on=form.map_day,
    )
    if not parts:
        form.add_error("loai", _(
            "Ngày {day} không có đơn vị nào thuộc loại này có địa bàn phụ trách. Hãy chọn loại "
            "khác, đơn vị nhận khác hoặc ngày bản đồ khác."
        ).format(day=date_text(form.map_day)))
        return _ask(request, form, status=422)
    if request.method == "GET":
        return _choose(request, form, parts)
    return _open(request, form, parts)


def _initial(request: Request) -> dict[str, Any]:
    receivers = {unit.path: unit.code for unit in _receivers(request.actor)}
    own = receivers.get(request.actor.unit_path) or next(iter(receivers.values()), "")
    return {"mo": request.today, "nhan": own, "loai": "commune", "ky": str(request.today.year)}


def _ask(request: Request, form: RoundForm, status: int = 200) -> HttpResponse:
    return render(
        request, "workbench/round_open.html", {"form": form, "current": "rounds"}, status=status,
    )


def _choose(request: Request, form: RoundForm, parts: Any, *, error: str = "",
            chosen: set[str] | None = None, status: int = 200) -> HttpResponse:
    names = areas.names([(part.level, part.code) for part in parts], on=form.map_day)
    return render(request, "workbench/round_units.html", {
        "form": form, "receiver": form.receiver(), "title": form.title(),
        "map_day": form.map_day, "current": "rounds", "error": error,
        "errors": [{"href": "#cac-don-vi", "text": error}] if error else [],
        "parts": [
            {"value": _value(part), "unit": part.unit, "code": part.code,
             "area": names.get((part.level, part.code), ""),
             "on": chosen is None or _value(part) in chosen}
            for part in parts
        ],
    }, status=status)


def _value(part: Any) -> str:
    return f"{part.unit.code}|{part.level}|{part.code}"


def _open(request: Request, form: RoundForm, parts: Any) -> HttpResponse:
    chosen = set(request.POST.getlist("don_vi"))
    wanted = [part for part in parts if _value(part) in chosen]
    given, receiver = form.cleaned_data, form.receiver()
    try:
        held = operations.ask(
            actor=request.actor,
            identifier=f"{given['bieu']}-{given['ky']}-{receiver.code}"[:_LONGEST_ID],
            form=given["bieu"], version="", receiver=receiver.code, title_vi=form.title(),
            period=str(given["ky"]), map_day=form.map_day, opens=given["mo"], due=given["han"],
            closes=given["khoa"], illustrative=given["minh_hoa"],
            parts=[(part.unit.code, part.level, part.code) for part in wanted], at=request.at,
        )
    except Problem as refused:
        return _choose(request, form, parts, error=said(refused), chosen=chosen,
                       status=refused.status)
    messages.success(request, _(
        "Đã mở kỳ báo cáo và giao cho {number} đơn vị. Các đơn vị thấy việc này ngay khi đăng "
        "nhập.").format(number=len(wanted)))
    return _to_board(held.pk)


@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """Close a round: nothing more is received."""
    queries.round_of(request.actor, pk, Permission.MANAGE)
    operations.close_round(actor=request.actor, round_id=pk, at=request.at)
    messages.success(request, _("Đã khoá kỳ báo cáo. Từ giờ không nhận thêm báo cáo nào."))
    return _to_board(pk)


class AgainForm(forms.Form):
    """Until which day a round is open again."""

    khoa = DayField(
        label=gettext_lazy("Ngày cuối còn nhận"), required=False,
        help_text=gettext_lazy("Bỏ trống thì kỳ mở đến khi bạn khoá lại."),
    )


@require_POST
def open_again(request: Request, pk: int) -> HttpResponse:
    """Open a closed round again, until another last day."""
    held = queries.round_of(request.actor, pk, Permission.MANAGE)
    form = AgainForm(request.POST)
    closes = form.cleaned_data["khoa"] if form.is_valid() else None
    if not form.is_valid():
        messages.error(request, " ".join(str(each) for each in form.errors["khoa"]))
    elif closes and closes < max(held.due, request.today):
        messages.error(request, _(
            "Ngày cuối còn nhận phải từ hôm nay và từ hạn gửi trở đi. Kỳ vẫn đang khoá."))
    else:
        operations.open_round_again(
            actor=request.actor, round_id=pk, closes=closes, at=request.at,
        )
        messages.success(request, _("Đã mở lại kỳ báo cáo."))
    return _to_board(pk)


@require_POST
def give(request: Request, pk: int) -> HttpResponse:
    """Give one more unit its part in a round."""
    held = queries.round_of(request.actor, pk, Permission.MANAGE)
    wanted = request.POST.get("don_vi", "")
    names = dict(not_asked(request, held))
    if wanted not in names:
        messages.error(request, _("Đơn vị này đã được giao, hoặc không nhận được kỳ này."))
        return _to_board(pk)
    unit, level, code = wanted.split("|")
    operations.assign(
        actor=request.actor, round_id=pk, unit=unit, level=level, code=code, at=request.at,
    )
    messages.success(request, _("Đã giao báo cáo cho {unit}.").format(unit=names[wanted]))
    return _to_board(pk)


def _to_board(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("workbench:round_board", args=[pk]))


urlpatterns = [
    path("viec/ky/mo/", open_round, name="round_open"),
    path("viec/ky/<int:pk>/giao/", give, name="round_give"),
    path("viec/ky/<int:pk>/khoa/", close, name="round_close"),
    path("viec/ky/<int:pk>/mo-lai/", open_again, name="round_open_again"),
]
