"""What a person is told: the newest on every page as a count, all of it on a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nhasan.domain.access import Actor
from nhasan.domain.notices import is_urgent, report_page, words_of
from nhasan.domain.words import date_text
from nhasan.interfaces.http import Request
from nhasan.organisations import operations, queries

PAGE = 30
ON_HOME = 3
_LOOKED_AT = 40
_URGING = frozenset({"due_soon", "due_today", "overdue", "still_returned", "report_returned"})


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as a list shows it."""

    pk: int
    words: str
    unit: str
    at: datetime
    seen: bool
    urgent: bool


def lines_of(rows: Iterable[Any]) -> Sequence[Line]:
    """Return notices with their sentences in the reader's language."""
    return [
        Line(row.pk, words_of(row.kind, row.facts).said(_), row.unit.name, row.at, row.is_seen,
             is_urgent(row.kind))
        for row in rows
    ]


def newest(actor: Actor, at: datetime, owed: Iterable[Any] = ()) -> Sequence[Line]:
    """Return the newest notices that the person did not see, for the page of their work.

    What urges to send a report is left out once it is no longer so: the report is sent, came
    back, or has another day. Of one report only the last urging is shown. `owed` are the
    reports that the person's own unit still has to send.
    """
    waiting = {report_page(row.pk): row for row in owed}
    found: list[Any] = []
    for row in queries.unseen_notices(actor, at)[:_LOOKED_AT]:
        own = row.kind in _URGING and row.unit.path == actor.unit_path
        if not own or _still_so(row, waiting.pop(row.path, None)):
            found.append(row)
    return lines_of(found[:ON_HOME])


def _still_so(notice: Any, row: Any) -> bool:
    """Tell whether what urged to send a report is still true of it."""
    if row is None:
        return False
    if notice.kind in ("still_returned", "report_returned"):
        return bool(row.state == "returned")
    return notice.facts.get("due") in (date_text(row.due), date_text(row.exception_until)
                                       if row.exception_until else "")


class MailForm(forms.Form):
    """Where letters go, and whether they are wanted."""

    thu = forms.EmailField(
        label=gettext_lazy("Địa chỉ thư điện tử của bạn"), required=False, max_length=200,
        help_text=gettext_lazy("Ví dụ mai.ht@thainguyen.gov.vn. Bỏ trống thì không gửi thư."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy(
            "Địa chỉ chưa đúng. Hãy viết như mai.ht@thainguyen.gov.vn.")},
    )
    nhan = forms.BooleanField(
        label=gettext_lazy("Gửi thư cho tôi khi có thông báo chưa xem"), required=False,
        help_text=gettext_lazy(
            "Mỗi ngày làm việc nhiều nhất một thư, trong giờ hành chính, gộp mọi thông báo bạn "
            "chưa xem."),
    )


@require_GET
def notices(request: Request) -> HttpResponse:
    """List what the person was told, the newest first."""
    account = request.user
    form = MailForm(initial={
        "thu": getattr(account, "email", ""), "nhan": getattr(account, "wants_mail", True)})
    return _show(request, form)


def _show(request: Request, form: MailForm, status: int = 200) -> HttpResponse:
    page = Paginator(queries.notices(request.actor), PAGE).get_page(request.GET.get("trang"))
    lines = lines_of(page.object_list)
    return render(request, "workbench/notices.html", {
        "page": page, "lines": lines, "form": form,
        "several_units": len({line.unit for line in lines}) > 1,
        "fresh": queries.unseen_notices(request.actor, request.at).count(),
    }, status=status)


@require_GET
def notice(request: Request, pk: int) -> HttpResponse:
    """Go to the work that a notice speaks of; it is seen from then on."""
    found = queries.notices(request.actor).one(pk=pk)
    operations.see_notices(actor=request.actor, notices=[pk], at=request.at)
    return HttpResponseRedirect(found.path)


@require_POST
def see_all(request: Request) -> HttpResponse:
    """Mark everything that the person did not see as seen."""
    fresh = list(queries.unseen_notices(request.actor, request.at).values_list("pk", flat=True))
    operations.see_notices(actor=request.actor, notices=fresh, at=request.at)
    messages.success(request, _("Đã đánh dấu mọi thông báo là đã xem."))
    return HttpResponseRedirect(reverse("workbench:notices"))


@require_POST
def set_mail(request: Request) -> HttpResponse:
    """Keep where letters go, and whether they are wanted."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return _show(request, form, 422)
    address, wanted = form.cleaned_data["thu"], form.cleaned_data["nhan"]
    operations.set_mail(actor=request.actor, email=address, wants_mail=wanted, at=request.at)
    messages.success(
        request, _("Đã lưu. Thư nhắc việc gửi tới {address}.").format(address=address)
        if address and wanted else _("Đã lưu. Bạn không nhận thư nhắc việc."))
    return HttpResponseRedirect(reverse("workbench:notices"))


urlpatterns = [
    path("viec/thong-bao/", notices, name="notices"),
    path("viec/thong-bao/da-xem/", see_all, name="notices_seen"),
    path("viec/thong-bao/thu/", set_mail, name="notices_mail"),
    path("viec/thong-bao/<int:pk>/", notice, name="notice"),
]
