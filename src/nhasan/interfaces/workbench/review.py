"""One report as its reviewer reads it: beside the period before, to approve or to return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nhasan.collection import operations, queries
from nhasan.domain.access import Permission
from nhasan.domain.answers import Answers
from nhasan.domain.checking import answered
from nhasan.domain.figure_levels import FIGURE_LEVELS
from nhasan.domain.lifecycle import SUBMISSION
from nhasan.domain.problems import Problem, phrase
from nhasan.domain.validation import Finding, Severity
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench import board
from nhasan.interfaces.workbench.notes import placed
from nhasan.interfaces.workbench.sayings import where
from nhasan.interfaces.workbench.sheet import Cell, Line, Report, Sheet
from nhasan.interfaces.workbench.stages import level_words, papers_of, steps_of
from nhasan.interfaces.workbench.unusual import picture

KINDS = {
    "cong": phrase("Không khớp phép cộng"),
    "la": phrase("Tăng hoặc giảm khác thường"),
    "don_vi": phrase("Nhầm đơn vị tính"),
}
"""Reasons that are given often; the words for the unit follow them."""
_KEPT = "tra_lai"
_MOST_OPTIONS = 1500
"""More cells than this are chosen in the table, not from a list that slows the page."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell with the row and the table it stands in."""

    table: Sheet
    line: Line
    cell: Cell

    @property
    def label(self) -> str:
        """Return the words that tell people where the cell is."""
        return f"{self.line.label}, {self.cell.column}" if self.line.label else self.cell.column


@require_GET
def report(request: Request, pk: UUID) -> HttpResponse:
    """Show one report as it was sent, beside the period before."""
    return _show(request, pk)


def _show(request: Request, pk: UUID, *, typed: str = "", note: str = "", kind: str = "",
          errors: Sequence[dict[str, str]] = (), cell: str = "",
          status: int = 200) -> HttpResponse:
    found = queries.submission(request.actor, pk)
    row = found.assignment
    previous = queries.previous_submission(row)
    answers = Answers.from_json(found.answers)
    drawn = Report(
        layout=queries.layout_of(row, answers.open_rows), answers=answers,
        now=queries.figures_of(found), before=queries.figures_of(previous),
        findings=_findings(found),
    )
    outside = queries.outside_of(row, drawn.layout, queries.earlier_reports(row))
    sheets = drawn.sheets()
    places = _places(sheets, found)
    kept = {key: text for key, text in _kept(request, pk).items() if key in places}
    chosen = places.get(cell or request.GET.get("o", ""))
    if chosen and not typed:
        typed = kept.get(chosen.cell.id, "")
    may = _may(request, found)
    return render(request, "workbench/review_report.html", {
        "report": found, "assignment": row, "round": row.round, "sheets": sheets,
        "period": period_text(row.round.period), "previous": previous,
        "previous_period": period_text(previous.assignment.round.period)
        if previous else "",
        "findings": [
            {"finding": each, "place": places.get(each.cell), "reason": drawn.reason(each),
             "picture": picture(each, drawn.layout, drawn.now.get(each.cell), outside)}
            for each in drawn.findings
        ],
        "chosen": chosen, "change": drawn.change(chosen.cell.id) if chosen else None,
        "kept": [(places[key], text) for key, text in kept.items()],
        "kept_ids": kept.keys(), "short": request.GET.get("dong") == "co",
        "quiet": sum(1 for table in sheets for line in table.lines if line.quiet),
        "options": _options(places) if len(places) <= _MOST_OPTIONS else [],
        "kinds": [(key, _(words)) for key, words in KINDS.items()], "kind": kind,
        "typed": typed, "note": note, "errors": errors, "known": places.keys(),
        "history": queries.reviews(row), "sent": queries.submissions_of(row),
        "next": _next(request, found), "current": "review", **may, **_beside(found, drawn),
    }, status=status)


def _beside(found: Any, drawn: Report) -> dict[str, Any]:
    """Return what stands beside the figures: stages, corrections, papers, how final they are."""
    row = found.assignment
    changes = queries.corrections_of(found)
    known = list(FIGURE_LEVELS)
    level = queries.level_of(found)
    notes = placed(row)
    return {
        "notes": notes, "noted": {each.cell: each.anchor for each in notes},
        "stages": steps_of(row, found, queries.reviews(row)),
        "corrections": [(where(drawn.layout, each.cell), each) for each in changes],
        "changed": sum(each.changed for each in changes),
        "ignored": sum(each.ignored for each in changes),
        "papers": papers_of(row), "paper_checks": queries.paper_checks(found),
        "level": level_words(found), "level_history": [
            (each, _(FIGURE_LEVELS[each.level])) for each in queries.levels(found)],
        "firmer": [(each, _(FIGURE_LEVELS[each])) for each in known[known.index(level) + 1:]],
        "last_stage": not _passes_on(row),
    }


def _passes_on(row: Any) -> bool:
    """Tell whether approving leads to another stage, not to the store of figures."""
    stages = queries.stages(row)
    return row.state == "submitted" and row.stage != stages[-1].id and len(stages) > 1


def _may(request: Request, found: Any) -> dict[str, bool]:
    """Return what the reader may do with the report now, and why not."""
    reviews = queries.decides(request.actor, found.assignment)
    own = bool(queries.written_by(request.actor, [found.assignment]))
    return {
        "reviews": reviews, "own": own, "at_receiver": _at_receiver(request, found),
        "may_decide": reviews and not own and SUBMISSION.allows(found.state, "approve"),
        "may_reopen": reviews and not own and SUBMISSION.allows(found.state, "reopen"),
    }


def _findings(found: Any) -> tuple[Finding, ...]:
    return tuple(
        Finding(each["code"], Severity(each["severity"]), answered(each["message"]),
                each["cell"], each["where"])
        for each in found.findings
    )


def _places(sheets: Sequence[Sheet], found: Any) -> dict[str, Place]:
    """Return the cells that a reason may point at: those that were answered or computed."""
    known = {*found.answers.get("cells", {}), *found.computed}
    return {
        cell.id: Place(table, line, cell)
        for table in sheets for line in table.lines for cell in line.cells
        if cell.id in known and cell.text
    }


def _options(places: dict[str, Place]) -> list[tuple[str, list[Place]]]:
    """Return the cells grouped by row, for a list to choose from."""
    groups: dict[tuple[str, str], list[Place]] = {}
    for place in places.values():
        groups.setdefault((place.table.title, place.line.label), []).append(place)
    return [(line or table, members) for (table, line), members in groups.items()]


def _next(request: Request, found: Any) -> Any:
    """Return another report of the round that waits for this reviewer."""
    waiting = queries.to_review(request.actor, round_id=found.assignment.round_id)
    others = [
        each for each in waiting
        if each.pk != found.pk and str(each.submitted_by_id) != request.actor.id
    ]
    return others[0] if others else None


def _kept(request: Request, pk: UUID) -> dict[str, str]:
    """Return the reasons written so far for a report, kept with the reviewer's session."""
    kept: dict[str, str] = request.session.get(_KEPT, {}).get(str(pk), {})
    return kept


def _keep(request: Request, pk: UUID, reasons: dict[str, str]) -> None:
    everything = dict(request.session.get(_KEPT, {}))
    everything.pop(str(pk), None)
    if reasons:
        everything[str(pk)] = reasons
    request.session[_KEPT] = everything


@require_POST
def send_back(request: Request, pk: UUID) -> HttpResponse:
    """Keep a reason for a cell, take one back, or return the report with all of them."""
    found = queries.submission(request.actor, pk, Permission.REVIEW)
    kept = dict(_kept(request, pk))
    dropped = request.POST.get("bo", "")
    if dropped:
        kept.pop(dropped, None)
        _keep(request, pk, kept)
        return _back_to(pk)
    cell, words = request.POST.get("o", ""), _reason(request)
    sending = request.POST.get("viec") == "tra"
    trouble = _trouble(found, cell, words, sending=sending)
    if trouble:
        return _again(request, pk, trouble)
    if words:
        kept[cell] = words
        _keep(request, pk, kept)
    if not sending:
        return _back_to(pk)
    note = request.POST.get("ghi_chung", "").strip()
    if not kept and not note:
        return _again(request, pk, {"href": "#ghi-chung", "text": _(
            "Chưa có lý do. Hãy ghi lời nhắn cho ô cần sửa, hoặc lời nhắn chung.")})
    return _return(request, found, kept, note)


def _return(request: Request, found: Any, kept: dict[str, str], note: str) -> HttpResponse:
    try:
        operations.send_back(
            actor=request.actor, submission=found.pk, reasons=kept, note=note, at=request.at,
        )
    except Problem as refused:
        return _again(request, found.pk, {"text": said(refused)}, status=refused.status)
    _keep(request, found.pk, {})
    messages.success(request, _(
        "Đã trả lại báo cáo của {unit}. Đơn vị thấy lời nhắn ngay cạnh ô cần sửa."
    ).format(unit=found.assignment.unit.name))
    return _to_board(request, found)


def _reason(request: Request) -> str:
    """Return the words for the unit: the reason that was ticked, then what was written."""
    kind = KINDS.get(request.POST.get("ly", ""), "")
    words = request.POST.get("loi_nhan", "").strip()
    if kind and words.startswith(_(kind)):
        kind = ""
    return ". ".join(part for part in (_(kind) if kind else "", words) if part)


def _trouble(found: Any, cell: str, words: str, *, sending: bool) -> dict[str, str] | None:
    known = {*found.answers.get("cells", {}), *found.computed}
    if words and not cell:
        return {"href": "#o", "text": _("Hãy chọn ô mà lời nhắn nói đến.")}
    if words and cell not in known:
        return {"href": "#o", "text": _("Ô đã chọn không có trong báo cáo. Hãy chọn lại ô.")}
    if not words and not sending:
        return {"href": "#loi-nhan", "text": _("Hãy ghi lời nhắn cho ô này.")}
    return None


def _again(request: Request, pk: UUID, trouble: dict[str, str], status: int = 422) -> HttpResponse:
    """Show the report again with what was typed and what is to be mended."""
    return _show(
        request, pk, typed=request.POST.get("loi_nhan", ""), kind=request.POST.get("ly", ""),
        note=request.POST.get("ghi_chung", ""), errors=[trouble],
        cell=request.POST.get("o", ""), status=status,
    )


@require_POST
def approve(request: Request, pk: UUID) -> HttpResponse:
    """Approve one report."""
    found = queries.submission(request.actor, pk, Permission.REVIEW)
    try:
        operations.approve(actor=request.actor, submission=pk, at=request.at)
    except Problem as refused:
        return _again(request, pk, {"text": said(refused)}, status=refused.status)
    _keep(request, pk, {})
    messages.success(request, _approved(queries.submission(request.actor, pk)))
    return _to_board(request, found)


def _approved(found: Any) -> str:
    row = found.assignment
    if found.state == "submitted":
        return _("Đã duyệt bước của bạn. Báo cáo của {unit} chuyển tới {next}.").format(
            unit=row.unit.name, next=queries.reader(row).name)
    return _("Đã duyệt báo cáo của {unit}.").format(unit=row.unit.name)


@require_POST
def reopen(request: Request, pk: UUID) -> HttpResponse:
    """Open an approved report again, for the unit to correct it."""
    found = queries.submission(request.actor, pk, Permission.REVIEW)
    note = request.POST.get("ly_do", "").strip()
    if not note:
        return _again(request, pk, {"href": "#ly-do", "text": _(
            "Hãy ghi vì sao mở lại; đơn vị sẽ đọc lời này.")})
    try:
        operations.reopen(actor=request.actor, submission=pk, note=note, at=request.at)
    except Problem as refused:
        return _again(request, pk, {"text": said(refused)}, status=refused.status)
    messages.success(request, _(
        "Đã mở lại báo cáo của {unit}. Số của báo cáo này tạm rút khỏi số liệu tổng hợp, cho "
        "đến khi bản mới được duyệt."
    ).format(unit=found.assignment.unit.name))
    return _to_board(request, found)


def _back_to(pk: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('workbench:review_report', args=[pk])}#to-tra")


def _at_receiver(request: Request, found: Any) -> bool:
    return request.actor.may(Permission.READ).covers(found.assignment.receiver.path or "-")


def _to_board(request: Request, found: Any) -> HttpResponse:
    """Lead to where it says what was done: the board of the round, for who sees it."""
    if not _at_receiver(request, found):
        return HttpResponseRedirect(reverse("workbench:waiting"))
    return HttpResponseRedirect(reverse("workbench:round_board", args=[found.assignment.round_id]))


urlpatterns = [
    *board.urlpatterns,
    path("viec/duyet/<uuid:pk>/", report, name="review_report"),
    path("viec/duyet/<uuid:pk>/tra-lai/", send_back, name="review_send_back"),
    path("viec/duyet/<uuid:pk>/phe-duyet/", approve, name="review_approve"),
    path("viec/duyet/<uuid:pk>/mo-lai/", reopen, name="review_reopen"),
]
