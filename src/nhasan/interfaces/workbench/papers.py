"""Signed papers: brought by the unit, read beside the figures by the reviewer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.collection import operations, queries
from nhasan.collection.queries import Assignment, Attachment
from nhasan.domain.access import Permission
from nhasan.domain.answers import Answers
from nhasan.domain.figure_levels import FIGURE_LEVELS
from nhasan.domain.problems import NotFound, Problem
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench import grid
from nhasan.interfaces.workbench.sayings import may_fill
from nhasan.interfaces.workbench.stages import papers_of
from nhasan.interfaces.workbench.uploads import limit_megabytes, too_large


@require_http_methods(["GET", "POST"])
def attach(request: Request, pk: int) -> HttpResponse:
    """Take in the signed paper of a report."""
    row = queries.assignment(request.actor, pk)
    if not may_fill(request.actor, row):
        raise NotFound()
    if request.method != "POST":
        return _ask(request, row)
    file = request.FILES.get("ban_ky")
    if too_large(request):
        return _ask(request, row, _(
            "Tệp nặng quá {limit} MB nên không được nhận. Hãy quét lại ở mức đen trắng, 200 "
            "điểm.").format(limit=limit_megabytes()), status=413)
    if not isinstance(file, UploadedFile):
        return _ask(request, row, _("Bạn chưa chọn tệp."), status=422)
    try:
        operations.attach_signed(
            actor=request.actor, assignment=pk, name=file.name or "", content=file.read(),
            at=request.at)
    except Problem as refused:
        return _ask(request, row, said(refused), status=refused.status)
    messages.success(request, _(
        "Đã giữ bản ký. Người duyệt xem bản này bên cạnh số liệu bạn gửi."))
    return redirect("workbench:paper_attach", pk)


def _ask(request: Request, row: Assignment, problem: str = "", status: int = 200) -> HttpResponse:
    sent = queries.submissions_of(row)
    return render(request, "workbench/paper_attach.html", {
        "row": row, "problem": problem, "papers": papers_of(row), "limit": limit_megabytes(),
        "sent": sent[0] if sent else None, "period": period_text(row.round.period),
    }, status=status)


def _paper(request: Request, pk: int) -> Attachment:
    kept = queries.attachment(request.actor, pk)
    if kept.kind != "signed":
        raise NotFound()
    return kept


@csp_update({"frame-ancestors": ["'self'"]})  # type: ignore[arg-type]
@xframe_options_sameorigin
@require_GET
def paper(request: Request, pk: int) -> HttpResponse:
    """Hand out a signed paper, to be looked at in a frame of our own page or in a tab."""
    kept = _paper(request, pk)
    found, content = queries.paper_of(kept)
    response = HttpResponse(content, content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(False, kept.name) or "inline"
    return response


@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_http_methods(["GET", "POST"])
def compare(request: Request, pk: UUID, file: int) -> HttpResponse:
    """Show a signed paper beside the figures that were sent, and keep whether they agree."""
    found = queries.submission(request.actor, pk)
    kept = _paper(request, file)
    if kept.assignment_id != found.assignment_id:
        raise NotFound()
    if request.method != "POST":
        return _beside(request, found, kept)
    try:
        operations.compare_paper(
            actor=request.actor, submission=pk, attachment=file, at=request.at,
            agrees=request.POST.get("khop") == "co", note=request.POST.get("ghi_chu", ""))
    except Problem as refused:
        return _beside(request, found, kept, said(refused), refused.status)
    messages.success(request, _("Đã ghi kết quả đối chiếu bản ký với số liệu đã gửi."))
    return redirect("workbench:review_report", pk)


def _beside(request: Request, found: Any, kept: Attachment, problem: str = "",
            status: int = 200) -> HttpResponse:
    row = found.assignment
    answers = Answers.from_json(found.answers)
    content = grid.Content(answers, queries.computed_of(found))
    return render(request, "workbench/paper_compare.html", {
        "report": found, "row": row, "kept": kept, "paper": queries.paper_of(kept)[0],
        "problem": problem,
        "period": period_text(row.round.period), "may": queries.decides(request.actor, row),
        "tables": grid.tables(queries.layout_of(row, answers.open_rows), content,
                              editable=False),
        "checks": [each for each in queries.paper_checks(found) if each.attachment_id == kept.pk],
        "note": request.POST.get("ghi_chu", ""), "agrees": request.POST.get("khop", ""),
    }, status=status)


@require_POST
def declare(request: Request, pk: UUID) -> HttpResponse:
    """Say that figures have become firmer: provisional, then official."""
    queries.submission(request.actor, pk, Permission.REVIEW)
    level = request.POST.get("muc", "")
    try:
        operations.declare_level(
            actor=request.actor, submission=pk, level=level,
            note=request.POST.get("ghi_chu", ""), at=request.at)
    except Problem as refused:
        messages.error(request, said(refused))
    else:
        messages.success(request, _("Từ nay đây là {level}.").format(
            level=_(FIGURE_LEVELS[level])))
    return redirect("workbench:review_report", pk)


urlpatterns = [
    path("viec/bao-cao/<int:pk>/ban-ky/", attach, name="paper_attach"),
    path("viec/ban-ky/<int:pk>/", paper, name="paper"),
    path("viec/duyet/<uuid:pk>/ban-ky/<int:file>/", compare, name="paper_compare"),
    path("viec/duyet/<uuid:pk>/muc/", declare, name="declare_level"),
]
