"""The official letter that urges late units: looked over on a page, taken away as DOCX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from nhasan.collection import queries
from nhasan.domain.lifecycle import ASSIGNMENT
from nhasan.formats.documents.reminder_letter import (
    LateUnit,
    Reminder,
    above,
    letter,
    reach,
)
from nhasan.interfaces.http import Request
from nhasan.interfaces.workbench.days import DayField
from nhasan.organisations.queries import calendar, entering_accounts

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MORE_DAYS = 3
"""So many working days a letter gives by default."""


class LetterForm(forms.Form):
    """What the letter says that the house cannot know: who writes it, who signs it, by when."""

    han_moi = DayField(label=gettext_lazy("Đề nghị gửi trước ngày"))
    co_quan = forms.CharField(
        label=gettext_lazy("Cơ quan ban hành"), max_length=200,
        error_messages={"required": gettext_lazy("Hãy ghi tên cơ quan ban hành công văn.")})
    cap_tren = forms.CharField(
        label=gettext_lazy("Cơ quan chủ quản"), max_length=200, required=False,
        help_text=gettext_lazy("Dòng trên tên cơ quan. Bộ và cơ quan ngang bộ thì bỏ trống."))
    dia_danh = forms.CharField(
        label=gettext_lazy("Địa danh"), max_length=100, required=False,
        help_text=gettext_lazy("Ghi trước ngày, tháng, năm; ví dụ Thái Nguyên."))
    chuc_vu = forms.CharField(
        label=gettext_lazy("Quyền hạn, chức vụ của người ký"), max_length=120, required=False,
        help_text=gettext_lazy("Ví dụ KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC. Bỏ trống thì văn thư điền."))
    nguoi_ky = forms.CharField(
        label=gettext_lazy("Họ tên người ký"), max_length=120, required=False)
    lien_he = forms.CharField(
        label=gettext_lazy("Liên hệ khi cần hướng dẫn"), max_length=200, required=False,
        help_text=gettext_lazy("Ví dụ điện thoại 0208 3 857 xxx."))


def _late(request: Request, held: Any) -> tuple[list[Any], list[LateUnit], int]:
    """Return the late reports of a round, as the letter tells them, and how many were sent."""
    found = queries.progress(request.actor, held.pk, on=request.today)
    office = calendar()
    rows = [row for row in found.assignments if queries.is_overdue(row, request.today)]
    rows.sort(key=lambda row: (row.due, row.unit.name))
    late = [
        LateUnit(row.unit.name, row.due, office.working_between(row.due, request.today),
                 str(ASSIGNMENT.states[row.state]), row.state == "returned")
        for row in rows
    ]
    return rows, late, found.counts["submitted"] + found.counts["approved"]


def _initial(request: Request, held: Any) -> dict[str, Any]:
    receiver = held.receiver
    parent, agency, place = above(receiver.name, receiver.kind)
    return {
        "han_moi": calendar().plus_working(request.today, _MORE_DAYS), "co_quan": agency,
        "cap_tren": parent, "dia_danh": place, "lien_he": reach(receiver.phone, receiver.email),
    }


@require_GET
def round_letter(request: Request, pk: int) -> HttpResponse:
    """Show what the letter will say: which units are late, who writes, who signs."""
    held = queries.round_of(request.actor, pk)
    return _show(request, held, LetterForm(initial=_initial(request, held)))


def _show(request: Request, held: Any, form: LetterForm, status: int = 200) -> HttpResponse:
    rows, late, sent = _late(request, held)
    accounts = entering_accounts(request.today, {row.unit_id for row in rows})
    return render(request, "workbench/round_letter.html", {
        "round": held, "form": form, "sent": sent, "current": "review",
        "lines": [
            (row, each, accounts.get(row.unit_id, 0)) for row, each in zip(rows, late, strict=True)
        ],
    }, status=status)


@require_GET
def round_letter_file(request: Request, pk: int) -> HttpResponse:
    """Hand out the letter as a DOCX file."""
    held = queries.round_of(request.actor, pk)
    form = LetterForm(request.GET)
    _rows, late, sent = _late(request, held)
    if not form.is_valid() or not late:
        return _show(request, held, form, 422)
    response = HttpResponse(
        letter(_reminder(request, held, form.cleaned_data, late, sent)), content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(
        True, f"cong-van-don-doc-{held.pk}-{request.today:%Y%m%d}.docx")
    return response


def _reminder(request: Request, held: Any, given: dict[str, Any], late: Sequence[LateUnit],
              sent: int) -> Reminder:
    duty = held.obligation
    basis = duty.legal_basis if duty else ""
    return Reminder(
        agency=given["co_quan"], parent=given["cap_tren"], place=given["dia_danh"],
        report=held.title_vi, legal_basis=basis or held.form_version.form.legal_basis,
        due=held.due, sent=sent, late=late, today=request.today, until=given["han_moi"],
        contact=given["lien_he"], signer_role=given["chuc_vu"], signer=given["nguoi_ky"],
    )


urlpatterns = [
    path("viec/ky/<int:pk>/cong-van/", round_letter, name="round_letter"),
    path("viec/ky/<int:pk>/cong-van.docx", round_letter_file, name="round_letter_file"),
]
