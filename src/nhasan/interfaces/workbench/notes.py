"""Notes and papers beside the cells of a report: read them all, write one, fetch a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from nhasan.collection import operations, queries
from nhasan.collection.operations import Evidence
from nhasan.collection.operations.notes import EVIDENCE_LIMIT
from nhasan.collection.queries import Assignment, Beside
from nhasan.domain.problems import Problem
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.workbench.cells import anchor
from nhasan.interfaces.workbench.sayings import receives, where
from nhasan.interfaces.workbench.uploads import too_large
from nhasan.storage.store import Store


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands beside a cell, with the words of the cell and where it is on the page."""

    cell: str
    where: str
    anchor: str
    beside: Beside


def placed(row: Assignment) -> Sequence[Placed]:
    """Return the notes and papers of a report in the order of its form."""
    found = queries.notes_of(row)
    if not found:
        return []
    layout = queries.layout_of(row)
    order = {
        table.id + "/" + line.id: (spot, number)
        for spot, table in enumerate(layout.tables) for number, line in enumerate(table.rows)
    }
    last = (len(layout.tables), 0)
    cells = sorted(found, key=lambda cell: order.get(cell.rpartition("/")[0], last))
    return [Placed(cell, where(layout, cell), anchor(cell), found[cell]) for cell in cells]


def noted_below(listed: Sequence[Placed]) -> dict[str, str]:
    """Return cell → where its note stands in the list below the tables."""
    return {each.cell: f"#ghi-chu-{each.anchor}" for each in listed}


def notes(request: Request, pk: int) -> HttpResponse:
    """Show every note of a report, and the fields for one cell (`o`)."""
    row = queries.assignment(request.actor, pk)
    if request.method == "POST":
        return _take(request, row)
    return _page(request, row, request.GET.get("o", ""))


def _take(request: Request, row: Assignment) -> HttpResponse:
    cell, text = request.POST.get("o", ""), request.POST.get("ghi_chu", "")
    if too_large(request):
        limit = EVIDENCE_LIMIT // (1024 * 1024)
        problem = _("Tệp nặng quá {limit} MB nên không được nhận.").format(limit=limit)
        return _page(request, row, cell, problem, text, 413)
    file = request.FILES.get("tep")
    paper = Evidence(file.name or "", file.read()) if isinstance(file, UploadedFile) else None
    try:
        operations.keep_note(
            actor=request.actor, assignment=row.pk, cell=cell, text=text, paper=paper,
            at=request.at)
    except Problem as refused:
        return _page(request, row, cell, said(refused), text, refused.status)
    return redirect(f"{reverse('workbench:notes', args=[row.pk])}#ghi-chu-{anchor(cell)}")


def _page(request: Request, row: Assignment, cell: str, problem: str = "",
          text: str | None = None, status: int = 200) -> HttpResponse:
    listed = placed(row)
    kept = next((each.beside.note for each in listed if each.cell == cell), None)
    before = kept.text if kept else ""
    return render(request, "workbench/notes.html", {
        "row": row, "notes": listed, "cell": cell, "problem": problem,
        "where": where(queries.layout_of(row), cell) if cell else "",
        "text": before if text is None else text, "open_now": receives(request, row),
        "limit": EVIDENCE_LIMIT // (1024 * 1024),
    }, status=status)


def evidence(request: Request, pk: int, file: int) -> HttpResponseBase:
    """Hand out a paper to be kept, never to be shown: a browser runs nothing of it."""
    row = queries.assignment(request.actor, pk)
    found = queries.evidence(row, file)
    return FileResponse(
        Store(settings.STORE).open(found.digest), as_attachment=True, filename=found.name,
        content_type="application/octet-stream")


urlpatterns = [
    path("viec/bao-cao/<int:pk>/ghi-chu/", notes, name="notes"),
    path("viec/bao-cao/<int:pk>/tai-lieu/<int:file>/", evidence, name="evidence"),
]
