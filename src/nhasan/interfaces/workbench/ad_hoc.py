"""A request in a minute: a small table of a few columns, for chosen units, by a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from nhasan.collection import operations, queries
from nhasan.domain.access import Actor, Permission
from nhasan.domain.ad_hoc import KINDS, MOST_COLUMNS, AskedColumn
from nhasan.domain.problems import Problem
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.workbench.asking import WhoForm, receivers
from nhasan.interfaces.workbench.days import DayField
from nhasan.organisations import queries as organisations

_AT_FIRST, _MORE = 3, 3
_FRIDAY, _SOONEST = 4, 2


class AskingForm(WhoForm):
    """What is asked, of whom, by when."""

    field_order = ("ten", "nhan", "ai", "don_vi", "han", "dong", "van_ban")
    ten = forms.CharField(
        label=gettext_lazy("Cần biết gì"), max_length=300,
        help_text=gettext_lazy("Tên bảng, ví dụ: Nhà văn hoá thôn bị hư hỏng do bão."))
    nhan = forms.ChoiceField(label=gettext_lazy("Đơn vị nhận"))
    han = DayField(label=gettext_lazy("Hạn gửi"))
    dong = forms.CharField(
        label=gettext_lazy("Các dòng của bảng"), required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Mỗi dòng một tên. Bỏ trống thì mỗi đơn vị điền một dòng."))
    van_ban = forms.CharField(
        label=gettext_lazy("Văn bản yêu cầu"), required=False, max_length=400,
        help_text=gettext_lazy("Số, ký hiệu và trích yếu, nếu có."))

    def __init__(self, *given: Any, actor: Actor, **wanted: Any) -> None:
        """Offer the units that reports can be sent to."""
        super().__init__(*given, **wanted)
        self.actor = actor
        offered: Any = self.fields
        offered["nhan"].choices = [(unit.code, unit.name) for unit in receivers(actor)]


class ColumnForm(forms.Form):
    """One column: its name, what is written in it, its unit of measure."""

    ten = forms.CharField(label=gettext_lazy("Tên cột"), required=False, max_length=120)
    loai = forms.ChoiceField(label=gettext_lazy("Điền"), required=False)
    dvt = forms.CharField(label=gettext_lazy("Đơn vị tính"), required=False, max_length=40)

    def __init__(self, *given: Any, **wanted: Any) -> None:
        """Offer the kinds of columns in the reader's language."""
        super().__init__(*given, **wanted)
        offered: Any = self.fields
        offered["loai"].choices = [(kind, _(words)) for kind, words in KINDS.items()]

    def column(self) -> AskedColumn | None:
        """Return the column, unless the line was left empty."""
        given = self.cleaned_data
        if not given["ten"].strip():
            return None
        return AskedColumn(given["ten"], given["loai"] or "integer", given["dvt"])


def _columns(request: Request) -> list[ColumnForm]:
    """Return a form for each column that the page has, and some more when they are asked for."""
    if request.method != "POST":
        return [ColumnForm(prefix=f"cot{at}") for at in range(_AT_FIRST)]
    count = sum(1 for name in request.POST if name.startswith("cot") and name.endswith("-ten"))
    found = [
        ColumnForm(request.POST, prefix=f"cot{at}") for at in range(min(count, MOST_COLUMNS))]
    if request.POST.get("buoc") == "them":
        more = range(count, min(count + _MORE, MOST_COLUMNS))
        found += [ColumnForm(prefix=f"cot{at}") for at in more]
    return found


@require_http_methods(["GET", "POST"])
def ask(request: Request) -> HttpResponse:
    """Ask chosen units for a few figures by a day."""
    require(request.actor, Permission.MANAGE)
    columns = _columns(request)
    if request.method == "GET":
        return _page(request, AskingForm(
            actor=request.actor, initial=_initial(request)), columns)
    form = AskingForm(request.POST, actor=request.actor)
    if request.POST.get("buoc") == "them":
        return _page(request, _untold(form), columns)
    valid = [form.is_valid(), *(each.is_valid() for each in columns)]
    asked = [column for each in columns if each.is_valid() and (column := each.column())]
    if not asked:
        form.add_error(None, _("Hãy ghi ít nhất một cột."))
    if not all(valid) or form.errors:
        return _page(request, form, columns, status=422)
    return _send(request, form, columns, asked)


def _untold(form: AskingForm) -> AskingForm:
    """Return the page with what was typed and no complaints: it is not finished yet."""
    typed = {name: form.data.get(name, "") for name in form.fields}
    return AskingForm(actor=form.actor, initial=typed)


def _send(request: Request, form: AskingForm, columns: Sequence[ColumnForm],
          asked: Sequence[AskedColumn]) -> HttpResponse:
    given = form.cleaned_data
    try:
        held = operations.ask_ad_hoc(
            actor=request.actor, receiver=given["nhan"], title=given["ten"], columns=asked,
            reporters=form.reporters(), due=given["han"], document=given["van_ban"],
            rows=[line.strip() for line in given["dong"].splitlines() if line.strip()],
            at=request.at)
    except Problem as refused:
        form.add_error(None, said(refused))
        return _page(request, form, columns, status=refused.status)
    number = len(queries.progress(request.actor, held.pk, on=request.today).assignments)
    messages.success(request, ngettext(
        "Đã gửi yêu cầu đến {number} đơn vị, hạn {day}.",
        "Đã gửi yêu cầu đến {number} đơn vị, hạn {day}.", number,
    ).format(number=number, day=date_text(held.due)))
    off = organisations.calendar().why_off(held.due)
    if off:
        messages.warning(request, _("Lưu ý: ngày {day} là {why}.").format(
            day=date_text(held.due), why=off))
    return HttpResponseRedirect(reverse("workbench:round_board", args=[held.pk]))


def _initial(request: Request) -> dict[str, Any]:
    offered = receivers(request.actor)
    own = next((unit.code for unit in offered if unit.path == request.actor.unit_path), "")
    return {"nhan": own, "ai": "commune", "han": _friday(request.today)}


def _friday(today: date) -> date:
    """Return the Friday that leaves people two days at least."""
    soonest = today + timedelta(days=_SOONEST)
    return soonest + timedelta(days=(_FRIDAY - soonest.weekday()) % 7)


def _page(request: Request, form: AskingForm, columns: Sequence[ColumnForm],
          status: int = 200) -> HttpResponse:
    return render(request, "workbench/ad_hoc.html", {
        "form": form, "columns": columns, "more": len(columns) < MOST_COLUMNS,
        "errors": [
            {"href": f"#{field.id_for_label}", "text": f"{field.label}: {error}"}
            for each in columns for field in each for error in field.errors
        ],
    }, status=status)


urlpatterns = [path("viec/yeu-cau-dot-xuat/", ask, name="ad_hoc")]
