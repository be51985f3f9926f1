"""Sets that travel: handed out as workbook, CSV or SDMX, and taken in from a file.

What a file says is shown first, as its difference; nothing is written until the reader says
so. Between the two pages the sheets travel signed in the page itself.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nhasan.domain.access import Permission
from nhasan.domain.indicators import compare
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import NotFound, Problem
from nhasan.domain.words import normalised
from nhasan.formats.structure import STRUCTURES, Fault, Reading, SetFile
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.workbench.indicator_settling import (
    changed_lines,
    found_set,
    require_keeping,
)
from nhasan.interfaces.workbench.uploads import too_large
from nhasan.metadata import operations, queries

_SALT = "indicator-set-import"
_KEPT_FOR = 3600  # seconds between looking and saying yes


@require_GET
def export(request: Request, identifier: str, version: str, kind: str) -> HttpResponse:
    """Hand a set out as a file."""
    require(request.actor, Permission.READ)
    found = found_set(request.actor, identifier, version)
    written = next((each for each in STRUCTURES if each.id == kind), None)
    if written is None:
        raise NotFound()
    content = written.write(SetFile(
        found.agency, found.identifier, found.version, found.name_vi, queries.sheets(found),
        {name: str(text) for name, text in found.decision.items()}, found.source,
        found.illustrative,
    ))
    name = re.sub(r"[^a-z0-9.]+", "-", normalised(f"{identifier} {version}")).strip("-")
    response = HttpResponse(content, content_type=written.media_type)
    response["Content-Disposition"] = content_disposition_header(
        True, f"{name}.{written.extension}")
    return response


@require_http_methods(["GET", "POST"])
def take_in(request: Request, identifier: str, version: str) -> HttpResponse:
    """Take a set in from a file: first its difference, then, when told so, its sheets."""
    found = found_set(request.actor, identifier, version)
    require_keeping(request.actor, found)
    ARTEFACT.after(found.state, "edit")
    if request.method != "POST":
        return _page(request, found)
    if request.POST.get("so_lieu"):
        return _written(request, found)
    file = request.FILES.get("tep")
    if too_large(request):
        return _page(request, found, problem=_(
            "Tệp nặng quá {limit} MB nên không được nhận.").format(
                limit=int(settings.WORKBOOK_LIMIT) // (1024 * 1024)))
    if not isinstance(file, UploadedFile):
        return _page(request, found, problem=_("Bạn chưa chọn tệp."))
    return _shown(request, found, str(file.name or ""), file.read())


def _read(name: str, data: bytes) -> Reading | None:
    """Return what a file of one of the known kinds says."""
    extension = name.rpartition(".")[2].lower()
    kind = next((each for each in STRUCTURES if each.extension == extension), None)
    return kind.read(data) if kind else None


def _shown(request: Request, found: Any, name: str, data: bytes) -> HttpResponse:
    read = _read(name, data)
    if read is None:
        return _page(request, found, problem=_(
            "Chỉ nhận tệp Excel (.xlsx), CSV (.csv) hoặc SDMX (.xml)."))
    if read.faults:
        return _page(request, found, name=name, faults=[_told(each) for each in read.faults])
    held = {sheet["key"]: sheet for sheet in queries.sheets(found)}
    sheets = [{**held.get(sheet["key"], {}), **sheet} for sheet in read.sheets]
    change = compare(queries.sheets(found), sheets, name=found.urn)
    return _page(request, found, name=name, more={
        "read": True, "difference": change, "changed": changed_lines(change),
        "foreign": len(change.dropped) if 2 * len(change.dropped) > len(held) else 0,
        "number": len(sheets), "warning": _formulas(found.identifier, sheets),
        "kept": signing.dumps(
            [found.urn, queries.digest_of_set(found), sheets], salt=_SALT, compress=True),
    })


def _formulas(owner: str, sheets: list[dict[str, Any]]) -> str:
    """Return why the formulas would not hold together, "" when they do."""
    try:
        queries.check_formulas(owner, sheets)
    except Problem as refused:
        return said(refused)
    return ""


def _told(fault: Fault) -> dict[str, str]:
    place = [
        _("trang “{sheet}”").format(sheet=fault.sheet) if fault.sheet else "",
        _("dòng {row}").format(row=fault.row) if fault.row else "",
        _("cột “{column}”").format(column=_(fault.column)) if fault.column else "",
        _("ô {cell}").format(cell=fault.cell) if fault.cell else "",
    ]
    where = ", ".join(part for part in place if part)
    return {"where": where[:1].upper() + where[1:], "words": fault.words.said(_)}


def _written(request: Request, found: Any) -> HttpResponse:
    try:
        urn, seen, sheets = signing.loads(
            request.POST["so_lieu"], salt=_SALT, max_age=_KEPT_FOR)
    except (signing.BadSignature, ValueError):  # or signed by an earlier version of the house
        return _page(request, found, problem=_("Trang đã cũ. Hãy chọn lại tệp."))
    if urn != found.urn:
        raise NotFound()
    try:
        operations.replace_indicators(
            actor=request.actor, identifier=found.identifier, version=found.version,
            rows=sheets, seen=seen, at=request.at)
    except Problem as refused:
        return _page(request, found, problem=said(refused))
    messages.success(request, _("Đã nhập {n} chỉ tiêu vào bản thảo.").format(n=len(sheets)))
    return redirect("workbench:indicator_set", found.identifier, found.version)


def _page(request: Request, found: Any, *, problem: str = "", name: str = "",
          faults: list[dict[str, str]] | None = None,
          more: dict[str, Any] | None = None) -> HttpResponse:
    return render(request, "workbench/indicator_set_import.html", {
        "set": found, "problem": problem, "name": name, "faults": faults or [], **(more or {}),
    }, status=422 if problem or faults else 200)


urlpatterns = [
    path("viec/chi-tieu/<str:identifier>/<str:version>/tep/<str:kind>/", export,
         name="indicator_set_export"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/nhap/", take_in,
         name="indicator_set_import"),
]
