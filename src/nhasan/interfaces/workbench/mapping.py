"""A unit's own workbook of any layout: point at its lines and columns once, then it is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from nhasan.collection import operations, queries
from nhasan.collection.queries import Assignment, Attachment, Fit, Preview
from nhasan.domain.forms import Layout
from nhasan.domain.problems import NotFound, Problem
from nhasan.domain.validation import Severity
from nhasan.formats.forms.grid import letters
from nhasan.formats.forms.harvest import moment_text
from nhasan.formats.forms.mapped import LEFT_OUT
from nhasan.formats.forms.mapping import SheetMapping, viewed
from nhasan.formats.forms.own import OwnSheet
from nhasan.formats.forms.suggesting import choices
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.workbench.pointing import Pointed, pointed_in
from nhasan.interfaces.workbench.sayings import receives, where
from nhasan.interfaces.workbench.uploads import limit_megabytes, too_heavy, too_large
from nhasan.interfaces.workbench.workbooks import told_of

SHOWN_LINES, SHOWN_COLUMNS = 60, 40
MOST_SHOWN = 200
Sheets = Mapping[str, OwnSheet]


def own_workbook(request: Request, pk: int) -> HttpResponse:
    """Take a unit's own workbook in, unread, or say gently why it cannot be taken."""
    row = queries.assignment(request.actor, pk)
    if request.method != "POST":
        return _ask(request, row)
    file = request.FILES.get("workbook")
    if too_large(request):
        return _ask(request, row, too_heavy(), status=413)
    if not isinstance(file, UploadedFile):
        return _ask(request, row, _("Bạn chưa chọn tệp. Hãy chọn tệp bảng tính của đơn vị."),
                    status=422)
    try:
        kept = operations.bring_own_workbook(
            actor=request.actor, assignment=pk, name=file.name or "", content=file.read(),
            at=request.at)
    except NotFound:
        raise
    except Problem as refused:
        return _ask(request, row, said(refused), file.name or "", refused.status)
    return redirect("workbench:own_sheet", pk, kept.pk)


def _ask(request: Request, row: Assignment, problem: str = "", name: str = "",
         status: int = 200) -> HttpResponse:
    return render(request, "workbench/own_workbook.html", {
        "row": row, "problem": problem, "name": name, "open_now": receives(request, row),
        "limit": limit_megabytes(), "limit_bytes": settings.WORKBOOK_LIMIT,
        "too_heavy": too_heavy(), "kept": queries.mappings(request.actor, row)[:10],
    }, status=status)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies on the table while a workbook is pointed at."""

    row: Assignment
    file: Attachment
    sheets: Sheets
    layout: Layout


def own_sheet(request: Request, pk: int, file: int) -> HttpResponse:
    """Show a workbook as a table to point at, or what reading it as before would write."""
    desk = _desk(request, pk, file)
    if request.method == "POST":
        return _answered(request, desk)
    given = request.GET
    if not given and (fit := queries.fitting_mapping(request.actor, desk.row, desk.sheets)):
        return _look(request, desk, fit.parts, fit=fit)
    sheet = given.get("trang", "") if given.get("trang", "") in desk.sheets else ""
    table = given.get("bang", "") if desk.layout.table(given.get("bang", "")) else ""
    turned = given.get("xoay") == "1"
    guess = queries.guess_mapping(
        desk.row, desk.sheets, sheet=sheet, table=table, turned=turned)
    first = sheet or next(iter(desk.sheets))
    guess = guess or SheetMapping(
        first, table or desk.layout.tables[0].id, 0, 1, 0, turned=turned)
    return _point(request, desk, Pointed.of(guess))


def _desk(request: Request, pk: int, file: int) -> _Desk:
    row = queries.assignment(request.actor, pk)
    kept = queries.attachment(request.actor, file)
    if kept.assignment_id != row.pk or kept.kind != "own":
        raise NotFound()
    return _Desk(row, kept, queries.own_sheets(kept), queries.layout_of(row))


def _answered(request: Request, desk: _Desk) -> HttpResponse:
    """Take one step further with what was pointed at so far."""
    given = request.POST
    parts = _parts(given, desk)
    if parts is None:
        return _lost(request, desk)
    if "so_lieu" in given:
        pointed = pointed_in(given, desk.sheets, desk.layout)
        if pointed.problems:
            return _point(request, desk, pointed, parts, status=422)
        parts = [*(each for each in parts if each.table != pointed.table), pointed.mapping()]
    parts = [_spelled(each, given) for each in parts]
    if given.get("buoc") == "them":
        return _next_table(request, desk, parts)
    if given.get("buoc") == "ghi" and parts:
        return _write(request, desk, parts)
    return _look(request, desk, parts)


def _lost(request: Request, desk: _Desk) -> HttpResponse:
    """Say that what was pointed at before cannot be read; what is on the page now stays."""
    words = _("Cách đọc các bảng trước đã mất giữa chừng. Hãy chỉ lại.")
    if "so_lieu" not in request.POST:
        return _look(request, desk, [], problem=words, status=422)
    pointed = pointed_in(request.POST, desk.sheets, desk.layout)
    pointed.problems.insert(0, {"href": "#cot-0", "text": words})
    return _point(request, desk, pointed, status=422)


def _parts(given: QueryDict, desk: _Desk) -> list[SheetMapping] | None:
    """Return the tables that were pointed at before, nothing when they do not fit the file."""
    try:
        data = json.loads(given.get("cach_doc", "[]"))
        text = json.dumps(data, ensure_ascii=False).encode()  # half a sign cannot be encoded
        found = [SheetMapping.from_json(each) for each in data]
        whole = isinstance(data, list) and all(_holds(each, desk) for each in found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return found if whole and b"\\u0000" not in text else None


def _holds(part: SheetMapping, desk: _Desk) -> bool:
    table = desk.layout.table(part.table)
    numbers = [part.header, part.first, part.names, *part.columns, *part.heads]
    numbers += [] if part.codes is None else [part.codes]
    texts = [*part.heads.values(), *part.spelled, *part.spelled.values()]
    return (
        table is not None and part.sheet in desk.sheets and isinstance(part.turned, bool)
        and all(type(each) is int and 0 <= each < 100_000 for each in numbers)
        and all(table.column(name) is not None for name in part.columns.values())
        and all(isinstance(each, str) for each in texts)
    )


def _spelled(part: SheetMapping, given: QueryDict) -> SheetMapping:
    """Add what was answered to the lines that were asked; "-" leaves a line out."""
    prefix = f"ten:{part.table}:"
    answers = {
        name.removeprefix(prefix): LEFT_OUT if meant == "-" else str(meant)
        for name, meant in given.items() if name.startswith(prefix) and meant
    }
    return replace(part, spelled={**part.spelled, **answers})


def _next_table(request: Request, desk: _Desk, parts: Sequence[SheetMapping]) -> HttpResponse:
    """Go on with a table of the form that nothing was pointed at for."""
    done = {part.table for part in parts}
    rest = [table.id for table in desk.layout.tables if table.id not in done]
    if not rest:
        return _look(request, desk, parts)
    guesses = [
        guess for table in rest
        if (guess := queries.guess_mapping(desk.row, desk.sheets, table=table)) is not None
    ]
    guess = max(guesses, key=lambda each: len(each.columns), default=None)
    first = next(iter(desk.sheets))
    return _point(
        request, desk, Pointed.of(guess or SheetMapping(first, rest[0], 0, 1, 0)), parts)


def _write(request: Request, desk: _Desk, parts: Sequence[SheetMapping]) -> HttpResponse:
    try:
        operations.take_own_workbook(
            actor=request.actor, assignment=desk.row.pk, file=desk.file.pk, parts=parts,
            at=request.at)
    except NotFound:
        raise
    except Problem as refused:
        return _look(request, desk, parts, problem=said(refused), status=refused.status)
    return redirect("workbench:uploaded", desk.row.pk, desk.file.pk)


def _point(request: Request, desk: _Desk, pointed: Pointed,
           parts: Sequence[SheetMapping] = (), status: int = 200) -> HttpResponse:
    table = desk.layout.table(pointed.table) or desk.layout.tables[0]
    sheet = viewed(desk.sheets[pointed.sheet], turned=pointed.turned)
    width = min(max((len(line) for line in sheet.cells), default=0), SHOWN_COLUMNS)
    lines = [_line(sheet, number, width) for number in range(
        min(len(sheet.cells), max(SHOWN_LINES, pointed.first + 5)))]
    return render(request, "workbench/own_sheet.html", {
        "row": desk.row, "file": desk.file, "pointed": pointed, "table": table,
        "tables": desk.layout.tables, "sheets": list(desk.sheets), "lines": lines,
        "columns": [_column(pointed, spot) for spot in range(width)],
        "questions": [
            {"value": f"q:{column.id}", "label": column.full_label}
            for column in table.columns if not column.computed
        ],
        "more": max(0, len(sheet.cells) - len(lines)), "parts": parts,
        "cach_doc": _as_text(parts), "open_now": receives(request, desk.row),
        "known": queries.fitting_mapping(request.actor, desk.row, desk.sheets),
    }, status=status)


def _line(sheet: OwnSheet, number: int, width: int) -> dict[str, Any]:
    cells = sheet.cells[number]
    return {"number": number + 1, "value": number, "cells": [
        _shown(cells[spot]) if spot < len(cells) else "" for spot in range(width)]}


def _shown(value: Any) -> str:
    """Return what stands in a cell as people here write it, cut where it is long."""
    if isinstance(value, float):
        text = format(value, ".15g").replace(".", ",")
    else:
        text = value if isinstance(value, str) else moment_text(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _column(pointed: Pointed, spot: int) -> dict[str, Any]:
    return {"spot": spot, "letter": letters(spot), "meaning": pointed.meaning(spot)}


def _as_text(parts: Sequence[SheetMapping]) -> str:
    return json.dumps([part.as_json() for part in parts], ensure_ascii=False)


def _look(request: Request, desk: _Desk, parts: Sequence[SheetMapping], *,
          fit: Fit | None = None, problem: str = "", status: int = 200) -> HttpResponse:
    """Show what would be written, and ask about the lines whose names are not known."""
    found = queries.own_preview(desk.row, desk.sheets, parts)
    told = told_of([each.as_json() for each in found.findings], desk.row.reasons)
    left = [t for t in desk.layout.tables if t.id not in {part.table for part in parts}]
    return render(request, "workbench/own_preview.html", {
        "row": desk.row, "file": desk.file, "parts": parts, "cach_doc": _as_text(parts),
        "fit": fit, "problem": problem, "asked": _asked(found, parts, desk.layout),
        "changes": [
            {"where": where(found.layout, each.cell), "before": each.before,
             "after": each.after.text.strip(), "unread": _unread(found, each.cell)}
            for each in found.changes[:MOST_SHOWN]
        ],
        "count": len(found.changes), "same": found.same,
        "more": max(0, len(found.changes) - MOST_SHOWN), "told": told[:MOST_SHOWN],
        "left": left, "open_now": receives(request, desk.row),
    }, status=status)


def _unread(found: Preview, cell: str) -> bool:
    return any(each.cell == cell and each.severity is Severity.ERROR
               for each in found.mapped.arrival.findings)


def _asked(found: Preview, parts: Sequence[SheetMapping], layout: Layout) -> list[dict[str, Any]]:
    """Return the lines to be settled, each with the rows it may mean, the likely ones first."""
    tables = [layout.table(part.table) for part in parts]
    lines: dict[str, dict[str, Any]] = {}
    for table, each in ((t, a) for t in tables if t for a in found.mapped.asked):
        if each.table == table.id:
            lines.setdefault(each.key, {
                "name": each.name, "line": each.line + 1, "field": f"ten:{table.id}:{each.key}",
                "near": [row for row in choices(table) if row.id in each.near],
                "rows": [row for row in choices(table) if row.id not in each.near],
            })
    return list(lines.values())


urlpatterns = [
    path("viec/bao-cao/<int:pk>/bang-rieng/", own_workbook, name="own_workbook"),
    path("viec/bao-cao/<int:pk>/bang-rieng/<int:file>/", own_sheet, name="own_sheet"),
]
