"""Several forms in one workbook: take them away together, bring them back in one file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from nhasan.collection import operations, queries
from nhasan.collection.queries import Assignment
from nhasan.domain.access import Permission
from nhasan.domain.problems import Problem
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.workbench.sayings import status_of
from nhasan.interfaces.workbench.uploads import limit_megabytes, too_heavy, too_large
from nhasan.interfaces.workbench.workbooks import file_response

_MOST_ASKED = 500


def bundle(request: Request) -> HttpResponse:
    """Show what can be filled in one workbook, and take a filled one in."""
    require(request.actor, Permission.ENTER)
    if request.method != "POST":
        return _page(request)
    file = request.FILES.get("workbook")
    if too_large(request):
        return _page(request, too_heavy(), status=413)
    if not isinstance(file, UploadedFile):
        return _page(request, _("Bạn chưa chọn tệp. Hãy chọn tệp nhiều biểu đã điền."),
                     status=422)
    try:
        kept = operations.receive_bundle(
            actor=request.actor, name=file.name or "", content=file.read(), at=request.at)
    except Problem as refused:
        return _page(request, said(refused), file.name or "", refused.status)
    return redirect("workbench:bundle_result", kept.pk)


def _page(request: Request, problem: str = "", name: str = "", status: int = 200) -> HttpResponse:
    rows = queries.to_fill_together(request.actor, on=request.today)
    return render(request, "workbench/bundle.html", {
        "groups": _groups(rows, request), "count": len(rows), "problem": problem, "name": name,
        "limit": limit_megabytes(), "limit_bytes": settings.WORKBOOK_LIMIT,
        "too_heavy": too_heavy(), "files": queries.workbook_uploads(request.actor),
    }, status=status)


def _groups(rows: Sequence[Assignment], request: Request) -> list[dict[str, Any]]:
    """Return the reports by round; those of one's own unit are ticked."""
    ordered = sorted(rows, key=lambda row: (row.due, row.round_id))
    return [
        {"round": held[0], "title": held[1], "rows": [
            {"row": row, "status": status_of(row, request.today),
             "own": row.unit.path == request.actor.unit_path}
            for row in group]}
        for held, group in groupby(ordered, key=lambda row: (row.round_id, row.round.title_vi))
    ]


def bundle_file(request: Request) -> HttpResponse:
    """Hand out the chosen reports as one workbook, each filled with its draft."""
    require(request.actor, Permission.ENTER)
    chosen = _numbers(request.GET.getlist("b"))
    held = next(iter(_numbers([request.GET.get("ky", "")])), 0)
    rows = (
        queries.to_fill_together(request.actor, chosen, on=request.today, round_id=held)
        if chosen or held else [])
    if not rows:
        return _page(request, _("Chưa chọn biểu nào. Hãy đánh dấu ít nhất một biểu."))
    try:
        content = queries.bundle(rows)
    except Problem as refused:
        return _page(request, said(refused), status=refused.status)
    return file_response(content, _("nhieu-bieu-{day}.xlsx").format(
        day=f"{request.today:%Y-%m-%d}"))


def _numbers(texts: Sequence[str]) -> list[int]:
    return [
        int(text) for text in texts[:_MOST_ASKED]
        if text.isascii() and text.isdigit() and len(text) < 19
    ]


def bundle_result(request: Request, pk: int) -> HttpResponse:
    """Show what became of each form of a workbook."""
    found = queries.workbook_upload(request.actor, pk)
    parts = [_part(part) for part in found.parts]
    count = {state: sum(1 for part in parts if part["state"] == state)
             for state in ("taken", "refused", "empty")}
    return render(request, "workbench/bundle_result.html", {
        "found": found, "parts": parts, "count": count,
        "errors": sum(part.get("errors", 0) for part in parts),
        "to_mark": any(part.get("errors") or part.get("warnings") or part["state"] == "refused"
                       for part in parts),
    })


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form with its refusal in the reader's language."""
    sentence = part.get("template")
    if not sentence:
        return dict(part)
    try:
        words = _(sentence).format_map(part["facts"])
    except (KeyError, IndexError, ValueError):
        words = part["message"]
    return {**part, "message": words}


def bundle_marked(request: Request, pk: int) -> HttpResponse:
    """Hand the workbook back with what was said of every form written into its cells."""
    found = queries.workbook_upload(request.actor, pk)
    name = re.sub(r"\.xlsx$", "", found.name, flags=re.IGNORECASE)
    return file_response(
        queries.marked_bundle(request.actor, found),
        _("{name} - đã đánh dấu lỗi.xlsx").format(name=name))


urlpatterns = [
    path("viec/nhieu-bieu/", bundle, name="bundle"),
    path("viec/nhieu-bieu/tep.xlsx", bundle_file, name="bundle_file"),
    path("viec/nhieu-bieu/<int:pk>/", bundle_result, name="bundle_result"),
    path("viec/nhieu-bieu/<int:pk>/danh-dau.xlsx", bundle_marked, name="bundle_marked"),
]
