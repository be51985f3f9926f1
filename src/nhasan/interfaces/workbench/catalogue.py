"""The catalogue of datasets: what is listed, and in which state."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nhasan.catalogue import operations, queries
from nhasan.domain.access import Permission
from nhasan.domain.lifecycle import RECORD
from nhasan.domain.problems import NotFound
from nhasan.interfaces.http import Request, require


@require_GET
def records(request: Request) -> HttpResponse:
    """List the records within one's reading, with their states."""
    require(request.actor, Permission.READ)
    scope = request.actor.may(Permission.MANAGE)
    return render(request, "workbench/catalogue.html", {
        "records": [
            {"record": each, "state": RECORD.states[each.state],
             "can": {act: scope.covers(each.unit.path or "") and RECORD.allows(each.state, act)
                     for act in RECORD.actions}}
            for each in queries.records(request.actor)
        ],
    })


def _known(request: Request, identifier: str) -> None:
    """Refuse a record outside of one's reading as not found."""
    if identifier not in {each.dataset.identifier for each in queries.records(request.actor)}:
        raise NotFound()


@require_POST
def issue(request: Request, identifier: str) -> HttpResponse:
    """Issue a proposed record: from then on the dataset is listed."""
    _known(request, identifier)
    operations.issue(actor=request.actor, identifier=identifier, at=request.at)
    messages.success(request, _("Đã ban hành mục ghi. Bộ dữ liệu có trong danh mục từ bây giờ."))
    return _back()


class WhyForm(forms.Form):
    """Why a record is taken from the list."""

    ly_do = forms.CharField(
        max_length=500, error_messages={"required": gettext_lazy(
            "Chưa rút mục ghi: hãy ghi lý do trước.")},
    )


@require_POST
def withdraw(request: Request, identifier: str) -> HttpResponse:
    """Take a record from the list, with a reason; what was released stays released."""
    _known(request, identifier)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(each) for each in form.errors["ly_do"]))
        return _back()
    operations.withdraw(
        actor=request.actor, identifier=identifier, reason=form.cleaned_data["ly_do"],
        at=request.at,
    )
    messages.success(request, _("Đã rút mục ghi khỏi danh mục. Những bản đã công bố vẫn còn."))
    return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("workbench:catalogue"))


urlpatterns = [
    path("viec/danh-muc/", records, name="catalogue"),
    path("viec/danh-muc/<str:identifier>/ban-hanh/", issue, name="record_issue"),
    path("viec/danh-muc/<str:identifier>/rut/", withdraw, name="record_withdraw"),
]
