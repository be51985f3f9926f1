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
from nhasan.collection.queries import regime
from nhasan.domain.access import Actor, Permission
from nhasan.domain.periods import Period
from nhasan.domain.problems import Problem
from nhasan.domain.schedule import OFTEN, Often
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.workbench.asking import UNIT_KINDS, published_forms, receivers
from nhasan.interfaces.workbench.board import not_asked
from nhasan.interfaces.workbench.days import DayField
from nhasan.interfaces.workbench.period_choice import PeriodField, periods_offered
from nhasan.organisations import queries as organisations

_LONGEST_ID = 64


class RoundForm(forms.Form):
    """What is asked, of whom, about when, until when."""

    bieu = forms.ChoiceField(label=gettext_lazy("Biểu mẫu"))
    ky = PeriodField(
        label=gettext_lazy("Kỳ số liệu"), help_text=gettext_lazy(
            "Chọn kỳ đúng loại của biểu: biểu hằng năm chọn một năm, biểu quý chọn một quý."))
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

    def __init__(self, *given: Any, actor: Actor, today: date, **wanted: Any) -> None:
        """Offer the forms in force, the periods that fit them and the units managed."""
        super().__init__(*given, **wanted)
        self.actor = actor
        self.published = {each.identifier: each for each in published_forms()}
        often = {each.frequency for each in self.published.values()}
        offered: Any = self.fields
        offered["bieu"].choices = [
            (each.identifier, each.title) for each in self.published.values()]
        offered["ky"].offer(periods_offered(today, often))
        offered["nhan"].choices = [(unit.code, unit.name) for unit in receivers(actor)]

    def clean_ky(self) -> Period:
        """Return the period."""
        return Period.parse(self.cleaned_data["ky"])

    def clean(self) -> dict[str, Any]:
        """Check that the period fits the form, and that the days come in their order."""
        given: dict[str, Any] = super().clean() or {}
        often = self.published[given["bieu"]].frequency if given.get("bieu") else ""
        if given.get("ky") and often in OFTEN and given["ky"].frequency.value != often:
            self.add_error("ky", _("Biểu này lập {often}. Hãy chọn kỳ cùng loại.").format(
                often=_(OFTEN[Often(often)])))
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
        return next(unit for unit in receivers(self.actor) if unit.code == wanted)

    def title(self) -> str:
        """Return the name of the round."""
        given: str = self.cleaned_data["ten"]
        label = self.cleaned_data["ky"].label_vi()
        form = dict(self.fields["bieu"].choices)[self.cleaned_data["bieu"]]  # type: ignore[attr-defined]
        return (given or f"{form}, {label[:1].lower()}{label[1:]}")[:300]


def _cautions(request: Request, form: RoundForm) -> list[str]:
    """Return what to think of before the round is opened."""
    given, found = form.cleaned_data, []
    same = [
        held for held in queries.rounds(request.actor)
        if held.form_version.form.identifier == given["bieu"] and held.period == str(given["ky"])
    ]
    if same:
        found.append(_("Đã có kỳ của biểu này cho cùng kỳ số liệu: {title}.").format(
            title=same[0].title_vi))
    off = organisations.calendar().why_off(given["han"])
    if off:
        found.append(_("Hạn gửi {day} là {why}.").format(day=date_text(given["han"]), why=off))
    if given["han"] < given["ky"].reference_date:
        found.append(_("Hạn gửi {day} trước ngày cuối của kỳ số liệu, {last}.").format(
            day=date_text(given["han"]), last=date_text(given["ky"].reference_date)))
    standing = [
        each for each in regime.obligations(request.actor)
        if each.form.identifier == given["bieu"] and each.state == "in_force"
    ]
    if standing:
        found.append(_("Biểu này có chế độ báo cáo đang áp dụng, kỳ tự mở: {title}.").format(
            title=standing[0].title_vi))
    return found


@require_http_methods(["GET", "POST"])
def open_round(request: Request) -> HttpResponse:
    """Ask for a report: first what and when, then which units, then open the round."""
    require(request.actor, Permission.MANAGE)
    given = request.POST if request.method == "POST" else request.GET
    if not given:
        return _ask(request, RoundForm(
            actor=request.actor, today=request.today, initial=_initial(request)))
    form = RoundForm(given, actor=request.actor, today=request.today)
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
    offered = {unit.path: unit.code for unit in receivers(request.actor)}
    own = offered.get(request.actor.unit_path) or next(iter(offered.values()), "")
    return {"mo": request.today, "nhan": own, "loai": "commune", "ky": str(request.today.year),
            "bieu": request.GET.get("bieu", "")}


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
        "cautions": _cautions(request, form),
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
    later = queries.excepted(request.actor, pk, on=request.today)
    messages.success(request, _(
        "Đã khoá kỳ báo cáo. Chỉ còn nhận của đơn vị có hạn riêng: {units}.",
    ).format(units="; ".join(later)) if later else _(
        "Đã khoá kỳ báo cáo. Từ giờ không nhận thêm báo cáo nào."))
    return _to_board(pk)


@require_POST
def remind_now(request: Request, pk: int) -> HttpResponse:
    """Tell the late units of a round now, each at most once a day."""
    queries.round_of(request.actor, pk)
    urged = operations.remind_now(actor=request.actor, round_id=pk, at=request.at)
    if urged.told and urged.already:
        messages.success(request, _(
            "Đã nhắc {told} đơn vị; {already} đơn vị đã được nhắc hôm nay.").format(
                told=urged.told, already=urged.already))
    elif urged.told:
        messages.success(request, _("Đã nhắc {told} đơn vị.").format(told=urged.told))
    elif urged.already:
        messages.info(request, _("Các đơn vị này đều đã được nhắc hôm nay."))
    else:
        messages.info(request, _("Không có đơn vị nào quá hạn."))
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
    path("viec/ky/<int:pk>/nhac/", remind_now, name="round_remind_now"),
    path("viec/ky/<int:pk>/mo-lai/", open_again, name="round_open_again"),
]
