"""Filling a report: the grid, and a plain form of the same cells for a browser without scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from nhasan.collection import operations, queries
from nhasan.collection.operations import Change, Outcome
from nhasan.collection.operations.notes import EVIDENCE_LIMIT
from nhasan.collection.queries import Assignment, Examination
from nhasan.domain.answers import Answers, Entry
from nhasan.domain.grids import grid_json
from nhasan.domain.problems import Problem
from nhasan.domain.validation import Finding, Severity
from nhasan.interfaces.findings import told_finding
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench import around, grid, marks
from nhasan.interfaces.workbench.indicators_of import definitions
from nhasan.interfaces.workbench.island_words import island_words
from nhasan.interfaces.workbench.paging import split
from nhasan.interfaces.workbench.sayings import (
    Reason,
    is_closed,
    may_fill,
    reasons_in,
    reasons_of,
    receives,
    saved_words,
    status_of,
    where,
)
from nhasan.interfaces.workbench.unusual import outside_json

LONGEST_SEEN = 2_000_000
MOST_LISTED = 10  # in the summary; each stands at its cell, too


@dataclass(frozen=True, slots=True)
class Said:
    """What a save has to tell at the top of the page, with what was typed meanwhile."""

    title: str = ""
    lines: tuple[str, ...] = ()
    typed: Mapping[str, str] | None = None
    status: int = 200


@gzip_page
def report(request: Request, pk: int) -> HttpResponse:
    """Show a report to be filled; what was sent is shown as it was sent."""
    row = queries.assignment(request.actor, pk)
    if request.method == "POST":
        return _take(request, row)
    if row.state in ("submitted", "approved"):
        sent = queries.submissions_of(row)
        return redirect("workbench:submission", sent[0].pk)
    return _page(request, row, Said())


def _take(request: Request, row: Assignment) -> HttpResponse:
    """Save what a browser without scripts sent, then go on to checking."""
    follow = redirect("workbench:check", row.pk)
    if request.POST.get("saved") == "1":
        return follow
    if "save" in request.POST:
        follow = redirect(request.get_full_path())
    typed = {cell: str(text) for cell, text in request.POST.items() if cell.count("/") == 2}
    changes = _changes(typed, request.POST.get("seen", ""))
    try:
        outcome = operations.save_cells(
            actor=request.actor, assignment=row.pk, changes=changes, channel="screen",
            at=request.at, reasons=reasons_in(request),
        )
    except Problem as refused:
        kept = _("Những gì bạn vừa nhập vẫn ở trong bảng dưới đây, nhưng chưa được lưu.")
        return _page(request, row, Said(said(refused), (kept,), typed, refused.status))
    if outcome.conflicts:
        fresh = queries.assignment(request.actor, row.pk)
        return _page(request, fresh, _conflicts(fresh, outcome))
    return follow


def _changes(typed: Mapping[str, str], seen: str) -> list[Change]:
    """Return the cells that the person changed; `seen` says what the page showed."""
    shown = _shown(seen)
    changes = []
    for cell, text in typed.items():
        version, before = shown.get(cell, (0, ""))
        if text.strip() != before:
            changes.append(Change(cell, text, version))
    return changes


def _shown(seen: str) -> dict[str, tuple[int, str]]:
    """Return cell → version and text as the page showed them; what is broken counts as empty."""
    try:
        given = json.loads(seen[:LONGEST_SEEN] or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(given, dict):
        return {}
    return {
        cell: (item[0], item[1]) for cell, item in given.items()
        if isinstance(item, list) and [type(part) for part in item] == [int, str]
    }


def _conflicts(row: Assignment, outcome: Outcome) -> Said:
    layout = queries.layout_of(row)
    lines = tuple(
        _("{where}: trong lúc bạn nhập “{mine}”, {who} đã lưu “{theirs}”. Ô đang giữ số của "
          "{who}; muốn dùng số của bạn, hãy nhập lại.").format(
            where=where(layout, each.cell), mine=each.mine, theirs=each.theirs,
            who=each.theirs_by)
        for each in outcome.conflicts
    )
    title = _("Có {count} ô người khác vừa sửa. Các ô còn lại đã được lưu.").format(
        count=len(lines))
    return Said(title, lines, None, 409)


def _page(request: Request, row: Assignment, told: Said) -> HttpResponse:
    complete = request.GET.get("kiem-tra") == "1"
    seen = queries.examine(row, complete=complete)
    returned = queries.return_reasons(row)
    reasons = reasons_of(row, returned) if returned else ()
    open_now = receives(request, row)
    found = marks.of_draft(seen)
    parts = split(seen.layout)
    number = _number(request, len(parts))
    layout = parts[number - 1]
    beside = queries.notes_of(row)
    helps = around.columns_help(layout, row.round.opens)
    carried = around.carried(row, request.GET.get("lay", "")) if open_now else None
    content = replace(
        _content(seen, told, marks.by_cell(found)),
        noted=around.noted(row, beside), fresh=carried.changes if carried else ())
    views = grid.tables(layout, content, editable=True, readonly=not open_now)
    context: dict[str, Any] = {
        "row": row, "form": row.round.form_version.form, "status": status_of(row, request.today),
        "period": period_text(row.round.period),
        "tables": [(view, helps[view.id]) for view in views],
        "marks": found, "marks_more": max(0, len(found) - MOST_LISTED),
        "title": marks.heading(found) if found else "", "told": told,
        "returned": returned, "reasons": reasons, "open_now": open_now,
        "closed": is_closed(row, request.today), "fills": may_fill(request.actor, row),
        "earlier": seen.earlier, "page_number": number, "page_count": len(parts),
        "pages": [] if len(parts) == 1 else _page_titles(parts),
        "saved_words": saved_words(row, seen.layout.cell_count(), request.today),
        "seen": _seen(content), "definitions": around.left_untold(
            definitions(views, row.round.opens), helps),
        "total": seen.layout.cell_count(), "complete": complete,
        "sign_in_url": f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}",
        "save_url": reverse("api-1:save_cells", args=[row.pk]),
        "draft_key": f"{request.actor.id}:{row.pk}",
        "last_revision": queries.last_revision(row),
        "layout_json": grid_json(layout),
        "findings_json": [
            told_finding(each).as_json() for each in (*seen.findings, *_came_back(reasons))],
        "previous_json": {cell: str(value) for cell, value in seen.previous.items()},
        "outside_json": outside_json(seen),
        "reasons_json": dict(seen.draft.answers.reasons), "words_json": island_words(),
        "about_json": around.helps_json(helps, layout),
        "earlier_json": around.earlier_json(row, seen),
        "notes_json": around.notes_json(row, beside), "noted": len(beside),
        "carries": open_now and around.carries(row, seen),
        "carried": carried,
        "together_url": reverse("workbench:together", args=[row.round_id])
        if queries.enters_several(request.actor, row) else "",
        "evidence_limit": EVIDENCE_LIMIT // (1024 * 1024),
    }
    return render(request, "workbench/report.html", context, status=told.status)


def _content(seen: Examination, told: Said, found: Mapping[str, Sequence[marks.Mark]]
             ) -> grid.Content:
    """Return what stands in the cells: the draft, under what was typed and not yet kept."""
    answers = seen.draft.answers
    if told.typed is not None:
        typed = {cell: Entry(text) for cell, text in told.typed.items() if text.strip()}
        answers = replace(answers, cells=_laid_over(answers, told.typed, typed))
    earlier = seen.earlier
    label = period_text(earlier.assignment.round.period) if earlier else ""
    return grid.Content(
        answers, seen.computed, seen.draft.versions, seen.previous,
        label, found,
    )


def _laid_over(answers: Answers, given: Mapping[str, str],
               typed: Mapping[str, Entry]) -> dict[str, Entry]:
    kept = {cell: entry for cell, entry in answers.cells.items() if cell not in given}
    return {**kept, **typed}


def _number(request: Request, pages: int) -> int:
    text = request.GET.get("trang", "1")
    known = text.isascii() and text.isdigit() and len(text) < 7
    return min(max(int(text), 1), pages) if known else 1


def _page_titles(parts: Sequence[Any]) -> list[str]:
    """Return the words of each part: its table, and from which row to which."""
    titles = []
    for part in parts:
        table = part.tables[0]
        rows = [row for row in table.rows if not row.heading]
        titles.append(f"{table.title}: {rows[0].label} – {rows[-1].label}" if rows
                      else table.title)
    return titles


def _seen(content: grid.Content) -> str:
    """Return what the page shows, for a browser without scripts to send back."""
    return json.dumps(
        {cell: [version, entry.text if (entry := content.answers.cells.get(cell)) else ""]
         for cell, version in content.versions.items() if version},
        ensure_ascii=False, separators=(",", ":"),
    )


def _came_back(reasons: Sequence[Reason]) -> list[Finding]:
    """Return the reviewer's reasons as notes beside their cells."""
    return [
        Finding("returned", Severity.NOTE, reason.text, reason.cell, reason.where)
        for reason in reasons
    ]


@require_POST
def carry_over(request: Request, pk: int) -> HttpResponse:
    """Write the figures of the period before into the empty cells, and show which they are."""
    outcome = operations.carry_over(actor=request.actor, assignment=pk, at=request.at)
    more = f"?lay={outcome.revision}" if outcome.revision else ""
    return redirect(reverse("workbench:report", args=[pk]) + more)


urlpatterns = [
    path("viec/bao-cao/<int:pk>/", report, name="report"),
    path("viec/bao-cao/<int:pk>/lay-ky-truoc/", carry_over, name="carry_over"),
]
