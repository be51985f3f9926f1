"""The same form as a workbook: take it away, bring it back filled, see what was said of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from nhasan.collection import operations, queries
from nhasan.collection.queries import Assignment, Attachment
from nhasan.collection.queries.arrivals import SPOT
from nhasan.domain.problems import NotFound, Problem
from nhasan.domain.sentences import Sentences
from nhasan.domain.words import normalised
from nhasan.formats.forms.reader import WHERE
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.workbench.sayings import receives
from nhasan.interfaces.workbench.uploads import limit_megabytes, too_heavy, too_large

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LISTED = 200


_WHERE = Sentences((SPOT, WHERE))


@dataclass(frozen=True, slots=True)
class Told:
    """One thing said of an uploaded workbook, and where it stands on sheet and screen.

    `place` names row and column, `sheet` and `spot` the cell of the workbook. `asks` tells
    whether it may be passed with a reason, and `reason` is the one given.
    """

    severity: str
    place: str
    sheet: str
    spot: str
    message: str
    anchor: str
    asks: bool
    reason: str


def workbook(request: Request, pk: int) -> HttpResponse:
    """Hand out the form as a workbook, filled with the draft."""
    row = queries.assignment(request.actor, pk)
    return file_response(queries.workbook(row), f"{file_name(row)}.xlsx")


def file_response(content: bytes, name: str) -> HttpResponse:
    """Return a workbook to be kept under that name."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def file_name(row: Assignment) -> str:
    """Return a file name that says which form, unit and period; plain letters travel best."""
    words = f"{row.round.form_version.form.code} {row.unit.short_name} {row.round.period}"
    return re.sub(r"[^a-z0-9]+", "-", normalised(words)).strip("-")[:100] or "bieu-mau"


def upload(request: Request, pk: int) -> HttpResponse:
    """Take a filled workbook in, or say gently why it cannot be taken."""
    row = queries.assignment(request.actor, pk)
    if request.method != "POST":
        return _ask(request, row)
    file = request.FILES.get("workbook")
    if too_large(request):
        return _ask(request, row, too_heavy(), status=413)
    if not isinstance(file, UploadedFile):
        return _ask(request, row, _(
            "Bạn chưa chọn tệp. Hãy bấm vào ô chọn tệp, tìm tệp Excel đã điền, rồi bấm “Nộp "
            "tệp”."), status=422)
    try:
        got = operations.receive_workbook(
            actor=request.actor, assignment=pk, name=file.name or "", content=file.read(),
            older=request.POST.get("mau_cu") == "1", at=request.at,
        )
    except Problem as refused:
        return _ask(request, row, said(refused), file.name or "", refused.status)
    return redirect("workbench:uploaded", pk, got.attachment.pk)


def _ask(request: Request, row: Assignment, problem: str = "", name: str = "",
         status: int = 200) -> HttpResponse:
    return render(request, "workbench/upload.html", {
        "row": row, "problem": problem, "name": name, "open_now": receives(request, row),
        "limit": limit_megabytes(), "limit_bytes": settings.WORKBOOK_LIMIT,
        "too_heavy": too_heavy(), "files": _read_files(row)[:10],
    }, status=status)


def _read_files(row: Assignment) -> list[Attachment]:
    """Return the workbooks that were read into a report, the newest first."""
    return [
        each for each in queries.attachments(row)
        if each.kind == "workbook" or (each.kind == "own" and each.cells is not None)
    ]


def uploaded(request: Request, pk: int, file: int) -> HttpResponse:
    """Show what came of an uploaded workbook: how much was read, and what is to mend."""
    row = queries.assignment(request.actor, pk)
    kept = _kept(request, row, file)
    if kept.kind == "own" and kept.cells is None:
        return redirect("workbench:own_sheet", pk, file)
    told = told_of(kept.findings, row.reasons)
    counts = {
        severity: sum(1 for each in told if each.severity == severity)
        for severity in ("error", "warning", "note")
    }
    shown = told[:MOST_LISTED] if _held(kept) else told
    return render(request, "workbench/uploaded.html", {
        "row": row, "kept": kept, "told": shown, "to_mark": _held(kept),
        "more": len(told) - len(shown), "errors": counts["error"],
        "warnings": counts["warning"], "notes": counts["note"],
        "unexplained": sum(1 for each in told if each.asks and not each.reason),
        "several": len({each.sheet for each in told if each.sheet}) > 1,
        "open_now": receives(request, row), "undo": _to_undo(row, kept),
    })


def _to_undo(row: Assignment, kept: Attachment) -> int:
    """Return the save that a mapped workbook made, if nothing was saved since; else 0."""
    newest = next(iter(queries.revisions(row, limit=1)), None)
    mapped = kept.kind == "own" and newest is not None and newest.channel == "mapped"
    return newest.number if mapped and newest is not None else 0


def _kept(request: Request, row: Assignment, file: int) -> Attachment:
    kept = queries.attachment(request.actor, file)
    if kept.assignment_id != row.pk or kept.kind not in ("workbook", "own"):
        raise NotFound()
    return kept


def _held(kept: Attachment) -> bool:
    """Tell whether the workbook is the report's alone; a part of a larger one is not kept."""
    return kept.kind == "workbook" and bool(kept.digest)


def told_of(findings: Sequence[dict[str, Any]], reasons: Mapping[str, str]) -> list[Told]:
    """Return what was said of a workbook, what must be mended first."""
    order = ("error", "warning", "note")
    return [
        _one(item, reasons)
        for item in sorted(findings, key=lambda each: order.index(each["severity"]))
    ]


def _one(item: Mapping[str, Any], reasons: Mapping[str, str]) -> Told:
    cell = item["cell"]
    where = _WHERE.words_of(item["where"])
    spot = {name: str(fact) for name, fact in where.facts.items()} if where else {}
    asks = item["severity"] == "warning" and bool(cell)
    return Told(
        severity=item["severity"], message=item["message"],
        place=spot.get("place", "") if spot else item["where"],
        sheet=spot.get("sheet", ""), spot=spot.get("cell", ""),
        anchor="o-" + cell.replace("/", "-") if cell.count("/") == 2 else "",
        asks=asks, reason=reasons.get(f"{item['code']}|{cell}", "") if asks else "",
    )


def marked(request: Request, pk: int, file: int) -> HttpResponse:
    """Hand the uploaded workbook back with what was said of it written into its cells."""
    row = queries.assignment(request.actor, pk)
    kept = _kept(request, row, file)
    if not _held(kept):
        raise NotFound()
    name = re.sub(r"\.xlsx$", "", kept.name, flags=re.IGNORECASE)
    return file_response(
        queries.marked_workbook(row, kept), _("{name} - đã đánh dấu lỗi.xlsx").format(name=name))


urlpatterns = [
    path("viec/bao-cao/<int:pk>/bieu-mau.xlsx", workbook, name="workbook"),
    path("viec/bao-cao/<int:pk>/nop-tep/", upload, name="upload"),
    path("viec/bao-cao/<int:pk>/tep/<int:file>/", uploaded, name="uploaded"),
    path("viec/bao-cao/<int:pk>/tep/<int:file>/danh-dau.xlsx", marked, name="marked"),
]
