"""What a receiver adjusts in an open round: its due day, and the part of one unit by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.collection import operations, queries
from nhasan.collection.queries import regime
from nhasan.domain.access import Permission
from nhasan.domain.lifecycle import ASSIGNMENT, EXTENSION
from nhasan.domain.problems import NotFound, Problem
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.workbench.days import DayField
from nhasan.interfaces.workbench.sayings import status_of
from nhasan.organisations import queries as organisations

_NAMED = "ngoai_%s"  # two forms of the page ask for a reason


class ReasonForm(forms.Form):
    """Why a part is adjusted; the unit reads it."""

    ly_do = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Đơn vị đọc được lý do này trong thông báo."))


class UntilForm(ReasonForm):
    """Until when one unit may still send, and why."""

    field_order = ("den", "ly_do")
    den = DayField(label=gettext_lazy("Được gửi đến hết ngày"))


class DueForm(ReasonForm):
    """The new due day of a round, and why."""

    field_order = ("han", "giu", "ly_do")
    han = DayField(label=gettext_lazy("Hạn gửi mới"))
    giu = forms.BooleanField(
        label=gettext_lazy("Vẫn lấy ngày nghỉ này làm hạn"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask once more when offices rest on the day."""
        given: dict[str, Any] = super().clean() or {}
        due, office = given.get("han"), organisations.calendar()
        off = office.why_off(due) if due else ""
        if due and off and not given.get("giu"):
            self.add_error("han", _(
                "Ngày {day} là {why}; ngày làm việc tiếp theo là {next}. Hãy ghi ngày đó, hoặc "
                "đánh dấu ô dưới đây để vẫn lấy ngày nghỉ làm hạn.").format(
                    day=date_text(due), why=off, next=date_text(office.moved_on(due))))
        return given


@require_http_methods(["GET", "POST"])
def move_due(request: Request, pk: int) -> HttpResponse:
    """Move the due day of a round for all its units, with a reason."""
    held = queries.round_of(request.actor, pk, Permission.MANAGE)
    form = DueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        due = form.cleaned_data["han"]
        try:
            operations.move_due(
                actor=request.actor, round_id=pk, due=due, reason=form.cleaned_data["ly_do"],
                at=request.at)
        except Problem as refused:
            form.add_error("han", said(refused))
        else:
            messages.success(request, _("Đã chuyển hạn gửi sang ngày {day}.").format(
                day=date_text(due)))
            return HttpResponseRedirect(reverse("workbench:round_board", args=[pk]))
    return render(request, "workbench/round_due.html", {"round": held, "form": form},
                  status=422 if form.errors else 200)


def _received(request: Request, pk: int) -> Any:
    """Return a report whose receiver the person manages; any other is not there."""
    row = queries.assignment(request.actor, pk)
    if not request.actor.may(Permission.MANAGE).covers(row.receiver.path or "-"):
        raise NotFound()
    return row


@require_GET
def part(request: Request, pk: int) -> HttpResponse:
    """Show one unit's part in a round, and what may be adjusted in it."""
    return _show(request, _received(request, pk))


def _show(request: Request, row: Any, **forms_given: Any) -> HttpResponse:
    latest = regime.extension_of(row)
    return render(request, "workbench/round_part.html", {
        "row": row, "status": status_of(row, request.today), "latest": latest,
        "locked": queries.is_locked(row, request.today),
        "extension_state": _(EXTENSION.states[latest.state]) if latest else "",
        "until_form": forms_given.get("until") or UntilForm(auto_id=_NAMED),
        "reason_form": forms_given.get("reason") or ReasonForm(),
        "waits": row.state in queries.WAITING,
        "may_take_back": ASSIGNMENT.allows(row.state, "take_back"),
        "may_give_again": ASSIGNMENT.allows(row.state, "give_again"),
        "errors": forms_given.get("errors", []),
    }, status=422 if forms_given else 200)


@require_POST
def grant_exception(request: Request, pk: int) -> HttpResponse:
    """Let one unit still send after its round was locked."""
    row, form = _received(request, pk), UntilForm(request.POST, auto_id=_NAMED)
    if not form.is_valid():
        return _show(request, row, until=form)
    until = form.cleaned_data["den"]
    return _done(
        request, row, "until", form,
        lambda: operations.grant_exception(
            actor=request.actor, assignment=pk, until=until,
            reason=form.cleaned_data["ly_do"], at=request.at),
        _("Đã cho {unit} gửi đến hết ngày {day}.").format(
            unit=row.unit.name, day=date_text(until)))


@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take a report back from a unit: it need not be sent."""
    row, form = _received(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, row, reason=form)
    return _done(
        request, row, "reason", form,
        lambda: operations.take_back(
            actor=request.actor, assignment=pk, reason=form.cleaned_data["ly_do"],
            at=request.at),
        _("Đã thu hồi báo cáo đã giao cho {unit}. Số đã nhập vẫn giữ.").format(
            unit=row.unit.name))


@require_POST
def give_again(request: Request, pk: int) -> HttpResponse:
    """Give a report that was taken back to its unit again."""
    row = _received(request, pk)
    operations.give_again(actor=request.actor, assignment=pk, at=request.at)
    messages.success(request, _("Đã giao lại báo cáo cho {unit}.").format(unit=row.unit.name))
    return HttpResponseRedirect(reverse("workbench:round_part", args=[pk]))


def _done(request: Request, row: Any, name: str, form: Any, act: Callable[[], Any],
          words: str) -> HttpResponse:
    try:
        act()
    except Problem as refused:
        form.add_error(None, said(refused))
        return _show(request, row, **{name: form})
    messages.success(request, words)
    return HttpResponseRedirect(reverse("workbench:round_board", args=[row.round_id]))


_PART = "viec/ky/phan/<int:pk>/"
urlpatterns = [
    path("viec/ky/<int:pk>/doi-han/", move_due, name="round_move_due"),
    path(_PART, part, name="round_part"),
    path(f"{_PART}ngoai-le/", grant_exception, name="part_exception"),
    path(f"{_PART}thu-hoi/", take_back, name="part_take_back"),
    path(f"{_PART}giao-lai/", give_again, name="part_give_again"),
]
