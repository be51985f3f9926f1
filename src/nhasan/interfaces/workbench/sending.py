"""Sending: look once more, explain what is unusual, send, and see that it arrived."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from nhasan.collection import operations, queries
from nhasan.collection.operations import NotReady
from nhasan.collection.queries import Assignment, Examination, Submission
from nhasan.domain.answers import Answers
from nhasan.domain.checking import answered, status_counts
from nhasan.domain.figure_levels import FIGURE_LEVELS, OFFICIAL
from nhasan.domain.lifecycle import SUBMISSION
from nhasan.domain.observations import Status
from nhasan.domain.problems import Invalid, Problem, WrongState, phrase
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench import grid, marks
from nhasan.interfaces.workbench.notes import noted_below, placed
from nhasan.interfaces.workbench.sayings import (
    is_closed,
    may_fill,
    next_reader,
    reasons_in,
    receives,
    where,
)
from nhasan.interfaces.workbench.stages import level_words, papers_of, steps_of
from nhasan.interfaces.workbench.workbooks import file_name, file_response

_COUNTED = (
    (Status.REPORTED, phrase("ô có số")),
    (Status.NOT_REPORTED, phrase("ô ghi “...” (chưa thu thập được)")),
    (Status.NOT_APPLICABLE, phrase("ô ghi “x” (không áp dụng)")),
    (Status.CONFIDENTIAL, phrase("ô ghi “c” (số bảo mật)")),
)


@gzip_page
def check(request: Request, pk: int) -> HttpResponse:
    """Show the whole report once more before it is sent, or lead back to what is wrong."""
    row = queries.assignment(request.actor, pk)
    if request.method == "POST":
        return _send(request, row)
    if not receives(request, row):
        return redirect("workbench:report", pk)
    seen = queries.examine(row, complete=True)
    if any(mark.is_error for mark in marks.of_draft(seen)):
        return redirect(_mend(pk))
    return _page(request, row, seen)


def _mend(pk: int) -> str:
    return f"{reverse('workbench:report', args=[pk])}?kiem-tra=1"


def _page(request: Request, row: Assignment, seen: Examination, problem: str = "",
          status: int = 200) -> HttpResponse:
    found = marks.of_draft(seen)
    earlier = seen.earlier
    label = period_text(earlier.assignment.round.period) if earlier else ""
    notes = placed(row)
    content = grid.Content(
        seen.draft.answers, seen.computed, seen.draft.versions, seen.previous,
        label, noted=noted_below(notes),
    )
    open_warnings = [mark for mark in found if not mark.reason.strip()]
    counts = status_counts(seen.layout, seen.draft.answers)
    return render(request, "workbench/check.html", {
        "row": row, "form": row.round.form_version.form, "marks": found,
        "to_explain": open_warnings, "problem": problem, "submission": uuid4(),
        "tables": grid.tables(seen.layout, content, editable=False),
        "levels": _levels(request), "notes": notes,
        "counts": [(counts[each], _(words)) for each, words in _COUNTED if counts.get(each)],
    }, status=status)


def _levels(request: Request) -> list[tuple[str, str, bool]]:
    """Return how final figures can be said to be: id, words, whether it is chosen."""
    chosen = request.POST.get("muc", OFFICIAL)
    return [(level, _(words), level == chosen) for level, words in FIGURE_LEVELS.items()]


def _send(request: Request, row: Assignment) -> HttpResponse:
    """Send the report under the id that the page was made with, so that twice is once."""
    try:
        submission = UUID(request.POST.get("submission", ""))
    except ValueError:
        raise Invalid(reason=_("trang gửi báo cáo đã cũ, hãy tải lại trang")) from None
    try:
        sent = operations.submit(
            actor=request.actor, assignment=row.pk, submission=submission,
            level=request.POST.get("muc", OFFICIAL), at=request.at)
    except NotReady:
        return redirect(_mend(row.pk))
    except Problem as refused:
        seen = queries.examine(row, complete=True)
        return _page(request, row, seen, said(refused), refused.status)
    return redirect("workbench:submission", sent.pk)


@require_POST
def explain(request: Request, pk: int) -> HttpResponse:
    """Keep the reasons for what is unusual, then look again."""
    operations.explain(
        actor=request.actor, assignment=pk, at=request.at,
        reasons=reasons_in(request),
    )
    return redirect("workbench:check", pk)


@gzip_page
def submission(request: Request, pk: UUID) -> HttpResponse:
    """Show what was sent, whole and unchanged, and where it stands."""
    sent = queries.submission(request.actor, pk)
    row = sent.assignment
    answers = Answers.from_json(sent.answers)
    layout = queries.layout_of(row, answers.open_rows)
    notes = placed(row)
    content = grid.Content(answers, queries.computed_of(sent), noted=noted_below(notes))
    decisions = [each for each in queries.reviews(row) if each.submission_id == sent.pk]
    return render(request, "workbench/submission.html", {
        "sent": sent, "row": row, "form": sent.form_version.form, "reader": next_reader(sent),
        "period": period_text(row.round.period),
        "tables": grid.tables(layout, content, editable=False),
        "decisions": [
            (each, [(where(layout, cell), text) for cell, text in each.reasons.items()])
            for each in decisions
        ],
        "stages": steps_of(row, sent, queries.reviews(row)), "papers": papers_of(row),
        "level": level_words(sent), "notes": notes,
        "others": [each for each in queries.submissions_of(row) if each.pk != sent.pk],
        "explained": _explained(sent, answers), "mend": receives(request, row),
        "may_ask": sent.state == "approved" and may_fill(request.actor, row),
        "may_withdraw": SUBMISSION.allows(sent.state, "withdraw")
        and may_fill(request.actor, row) and not is_closed(row, request.today),
    })


@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    """Take back a report that nobody has decided on, and open it again."""
    row = queries.submission(request.actor, pk).assignment
    try:
        operations.withdraw(
            actor=request.actor, submission=pk, note=request.POST.get("note", ""), at=request.at)
    except WrongState:
        messages.warning(request, _(
            "Không rút lại được: bản này vừa có quyết định. Xem tình trạng của nó dưới đây."))
        return redirect("workbench:submission", pk)
    messages.success(request, _(
        "Đã rút lại báo cáo. {receiver} không còn thấy bản đó trong danh sách chờ; sửa xong, "
        "hãy gửi lại.").format(receiver=row.receiver.name))
    return redirect("workbench:report", row.pk)


@require_POST
def ask_correction(request: Request, pk: UUID) -> HttpResponse:
    """Ask the receiver to open an approved report again."""
    try:
        fresh = operations.ask_correction(
            actor=request.actor, submission=pk, reason=request.POST.get("ly_do", ""),
            at=request.at)
    except Invalid as refused:
        messages.error(request, said(refused))
        return redirect("workbench:submission", pk)
    messages.success(request, _("Đã gửi đề nghị mở lại. Khi được mở, báo cáo hiện ở “Việc của "
                                "tôi”.") if fresh
                     else _("Đề nghị mở lại báo cáo này đã gửi trước đó, đang chờ trả lời."))
    return redirect("workbench:submission", pk)


def sent_workbook(request: Request, pk: UUID) -> HttpResponse:
    """Hand out what was sent as the workbook of its form."""
    sent = queries.submission(request.actor, pk)
    name = f"{file_name(sent.assignment)}-{sent.receipt.lower()}.xlsx"
    return file_response(queries.sent_workbook(sent), name)


def _explained(sent: Submission, answers: Answers) -> list[tuple[str, str, str]]:
    """Return the warnings that were passed with a reason: where, what, why."""
    return [
        (item["where"], answered(item["message"]), reason) for item in sent.findings
        if (reason := answers.reasons.get(f"{item['code']}|{item['cell']}"))
    ]


urlpatterns = [
    path("viec/bao-cao/<int:pk>/gui/", check, name="check"),
    path("viec/bao-cao/<int:pk>/ly-do/", explain, name="explain"),
    path("viec/ban-gui/<uuid:pk>/", submission, name="submission"),
    path("viec/ban-gui/<uuid:pk>/rut-lai/", withdraw, name="withdraw"),
    path("viec/ban-gui/<uuid:pk>/xin-sua/", ask_correction, name="ask_correction"),
    path("viec/ban-gui/<uuid:pk>/tep/", sent_workbook, name="sent_workbook"),
]
