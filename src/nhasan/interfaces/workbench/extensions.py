"""Later days: a unit asks for one from its report, the receiver grants it or refuses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.collection import operations, queries
from nhasan.collection.queries import regime
from nhasan.domain.access import Permission
from nhasan.domain.lifecycle import EXTENSION
from nhasan.domain.problems import NotFound, Problem
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.workbench.days import DayField
from nhasan.interfaces.workbench.sayings import may_fill

PAGE = 50


class AskForm(forms.Form):
    """Until when, and why."""

    den = DayField(label=gettext_lazy("Xin gửi đến hết ngày"))
    ly_do = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=1000, widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Đơn vị nhận báo cáo đọc lý do này để quyết định."))


class DecideForm(forms.Form):
    """Which day is granted, and a word to the unit."""

    den = DayField(label=gettext_lazy("Cho gửi đến hết ngày"), required=False)
    ghi_chu = forms.CharField(
        label=gettext_lazy("Trả lời đơn vị"), required=False, max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Bắt buộc khi không cho gia hạn."))


@require_http_methods(["GET", "POST"])
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask for a later day for one's own report; what was answered stands on the same page."""
    row = queries.assignment(request.actor, pk)
    if not may_fill(request.actor, row):
        raise NotFound()
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask_extension(
                actor=request.actor, assignment=pk, until=form.cleaned_data["den"],
                reason=form.cleaned_data["ly_do"], at=request.at)
        except Problem as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _(
                "Đã gửi đề nghị gia hạn đến {receiver}. Hạn cũ vẫn tính cho đến khi có trả lời."
            ).format(receiver=row.receiver.name))
            return HttpResponseRedirect(reverse("workbench:extension_ask", args=[pk]))
    latest = regime.extension_of(row)
    waits = latest is not None and latest.state == "asked"
    return render(request, "workbench/extension_ask.html", {
        "row": row, "form": form, "latest": latest, "waits": waits,
        "state": _(EXTENSION.states[latest.state]) if latest else "",
        "may_ask": row.state in queries.WAITING and not waits,
    }, status=422 if form.errors else 200)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back a request that nobody has answered yet."""
    row = queries.assignment(request.actor, pk)
    latest = regime.extension_of(row)
    if latest is None or not may_fill(request.actor, row):
        raise NotFound()
    operations.withdraw_extension(actor=request.actor, extension=latest.pk, at=request.at)
    messages.success(request, _("Đã rút lại đề nghị gia hạn."))
    return HttpResponseRedirect(reverse("workbench:extension_ask", args=[pk]))


@require_GET
def extensions(request: Request) -> HttpResponse:
    """List the later days that were asked of one's units, those that wait first."""
    require(request.actor, Permission.READ)
    found = regime.extensions(request.actor)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    return render(request, "workbench/extensions.html", {
        "page": page, "waiting": sum(1 for each in found if each.state == "asked"),
        "decides": any(_may_decide(request, each) for each in found),
        "lines": [{"asked": each, "state": _(EXTENSION.states[each.state]),
                   "may_decide": _may_decide(request, each)} for each in page.object_list],
    })


def _may_decide(request: Request, asked: Any) -> bool:
    receives = asked.assignment.receiver.path or "-"
    return asked.state == "asked" and request.actor.may(Permission.REVIEW).covers(receives)


@require_GET
def extension(request: Request, pk: int) -> HttpResponse:
    """Show one request with its reason, to be decided on."""
    return _decide_page(request, regime.extension(request.actor, pk))


def _decide_page(request: Request, asked: Any, form: Any = None) -> HttpResponse:
    return render(request, "workbench/extension.html", {
        "asked": asked, "row": asked.assignment, "state": _(EXTENSION.states[asked.state]),
        "form": form or DecideForm(initial={"den": asked.until}),
        "may_decide": _may_decide(request, asked),
    }, status=422 if form is not None else 200)


@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Grant a later day or refuse it with a word; the due day of the report follows."""
    asked = regime.extension(request.actor, pk)
    grants = request.POST.get("viec") == "cho"
    form = DecideForm(request.POST)
    if form.is_valid() and grants and form.cleaned_data["den"] is None:
        form.add_error("den", _("Hãy ghi ngày được gửi đến."))
    if not form.is_valid():
        return _decide_page(request, asked, form)
    until = form.cleaned_data["den"] if grants else None
    try:
        operations.decide_extension(
            actor=request.actor, extension=pk, until=until,
            note=form.cleaned_data["ghi_chu"], at=request.at)
    except Problem as refused:
        if refused.status in (NotFound.status, 403):
            raise
        form.add_error("den" if grants else "ghi_chu", said(refused))
        return _decide_page(request, asked, form)
    unit = asked.assignment.unit.name
    messages.success(request, _("Đã cho {unit} gửi đến hết ngày {day}.").format(
        unit=unit, day=date_text(until)) if until else
        _("Đã trả lời {unit}: không gia hạn.").format(unit=unit))
    return HttpResponseRedirect(reverse("workbench:extensions"))


urlpatterns = [
    path("viec/bao-cao/<int:pk>/gia-han/", ask, name="extension_ask"),
    path("viec/bao-cao/<int:pk>/gia-han/rut/", withdraw, name="extension_withdraw"),
    path("viec/gia-han/", extensions, name="extensions"),
    path("viec/gia-han/<int:pk>/", extension, name="extension"),
    path("viec/gia-han/<int:pk>/tra-loi/", decide, name="extension_decide"),
]
