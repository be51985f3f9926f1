"""Many units in one table: what a department enters for its communes, one row a unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from nhasan.collection import queries
from nhasan.collection.queries import Assignment, Content
from nhasan.domain.answers import Answers
from nhasan.domain.checking import check
from nhasan.domain.forms import Layout, Row, Table
from nhasan.domain.grids import grid_json
from nhasan.domain.problems import NotFound
from nhasan.domain.references import PREVIOUS, Outside
from nhasan.domain.slices import Slice, across, sliceable
from nhasan.domain.totals import compute
from nhasan.interfaces.findings import told_finding
from nhasan.interfaces.http import Request
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench import grid, marks
from nhasan.interfaces.workbench.around import columns_help
from nhasan.interfaces.workbench.island_words import island_words
from nhasan.interfaces.workbench.sayings import receives, status_of

MOST_CELLS = 6000  # at once, so that no browser chokes


@dataclass(frozen=True, slots=True)
class Choice:
    """One slice that can be chosen: what is sent, what is read."""

    value: str
    label: str


@gzip_page
def together(request: Request, pk: int) -> HttpResponse:
    """Show one row or one column of a form for every unit that the person enters for."""
    rows = queries.entered_together(request.actor, pk)
    whole = queries.layout_of(rows[0])
    tables = sliceable(whole)
    if not tables:
        raise NotFound()
    part = _part(request.GET.get("lat", ""), tables)
    open_only = request.GET.get("con") == "1"
    if open_only:
        rows = [row for row in rows if receives(request, row)] or rows
    pages = Paginator(rows, max(1, MOST_CELLS // _width(tables, part)))
    page = pages.get_page(request.GET.get("trang"))
    total = _("Cộng") if pages.num_pages == 1 else _("Cộng các đơn vị ở trang này")
    layout = across(
        whole, part, [Row(str(row.pk), row.unit.name) for row in page], _("Đơn vị"), total)
    return _page(request, list(page), layout, part, {
        "choices": list(_choices(tables)), "open_only": open_only, "page": page})


def _part(text: str, tables: Sequence[Table]) -> Slice:
    """Return the slice that an address names, else the first row that is asked."""
    table_id, _slash, rest = text.partition("/")
    row, _slash, column = rest.partition("/")
    if table_id:
        return Slice(table_id, row, "" if row else column)
    table = tables[0]
    first = next((each for each in table.rows if not each.heading and not each.computed), None)
    return Slice(table.id, first.id if first else "")


def _width(tables: Sequence[Table], part: Slice) -> int:
    table = next((each for each in tables if each.id == part.table), None)
    if table is None:
        raise NotFound()
    return max(1, len(table.columns if part.row else table.rows))


def _choices(tables: Sequence[Table]) -> Iterator[tuple[str, list[Choice]]]:
    """Yield what can be chosen: a row of a table for every unit, or a column."""
    for table in tables:
        lines = [row for row in table.rows if not row.heading and not row.computed]
        asked = [column for column in table.columns if not column.computed]
        yield table.title, [
            *(Choice(f"{table.id}/{row.id}/", row.label) for row in lines),
            *(Choice(f"{table.id}//{column.id}", _("Cả cột: {column}").format(
                column=column.full_label)) for column in asked if len(lines) > 1),
        ]


def _page(request: Request, rows: Sequence[Assignment], layout: Layout, part: Slice,
          more: dict[str, Any]) -> HttpResponse:
    held = rows[0].round
    found = queries.slice_of(rows, part)
    answers = Answers(found.cells)
    outside = Outside({f"@{PREVIOUS}": found.previous})
    findings = check(layout, answers, outside)
    reasons = _reasons(rows, part)
    numbered = marks.numbered(findings, reasons)
    closed = {str(row.pk) for row in rows if not receives(request, row)}
    [view] = grid.tables(layout, _content(layout, found, numbered, closed), editable=True)
    earlier = {"previous": {"label": period_text(found.previous_period)}} if found.previous else {}
    context: dict[str, Any] = {
        "held": held, "form": held.form_version.form, "table": view, **more,
        "chosen": f"{part.table}/{part.row}/{part.column}", "marks": numbered,
        "title": marks.heading(numbered) if numbered else "",
        "states": [(row, status_of(row, request.today)) for row in rows],
        "closed": len(closed), "total": layout.cell_count(), "filled": len(found.cells),
        "columns": columns_help(layout, held.opens)[part.table] if part.row else (),
        "save_url": _save_address(held.pk, part), "earlier_json": earlier,
        "draft_key": f"{request.actor.id}:ky-{held.pk}:{part.table}/{part.row}/{part.column}",
        "sign_in_url": f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}",
        "layout_json": grid_json(layout), "words_json": island_words(),
        "findings_json": [told_finding(each).as_json() for each in findings],
        "previous_json": {cell: str(number) for cell, number in found.previous.items()},
        "outside_json": outside.as_json([]), "reasons_json": reasons,
    }
    return render(request, "workbench/together.html", context)


def _reasons(rows: Sequence[Assignment], part: Slice) -> dict[str, str]:
    """Return the reasons that the reports keep, under the cells of the slice."""
    found = {}
    for row in rows:
        for key, text in row.reasons.items():
            code, _bar, cell = key.partition("|")
            if name := part.name(cell):
                found[f"{code}|{part.table}/{row.pk}/{name}"] = text
    return found


def _content(layout: Layout, found: Content, numbered: Sequence[marks.Mark],
             closed: set[str]) -> grid.Content:
    answers = Answers(found.cells)
    return grid.Content(
        answers, compute(layout, answers), found.versions, marks=marks.by_cell(numbered),
        closed=closed,
    )


def _save_address(round_id: int, part: Slice) -> str:
    address = reverse("api-1:save_across", args=[round_id, part.table])
    asked = {"row": part.row} if part.row else {"column": part.column}
    return f"{address}?{urlencode(asked)}"


urlpatterns = [path("viec/ky/<int:pk>/nhap-chung/", together, name="together")]
