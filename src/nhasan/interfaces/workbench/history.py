"""The story of one report: saves, files, sendings and decisions, and taking a save back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nhasan.collection import operations, queries
from nhasan.collection.queries import Assignment, Revision
from nhasan.domain.forms import Layout
from nhasan.domain.problems import Invalid, phrase
from nhasan.interfaces.http import Request
from nhasan.interfaces.workbench.cell_story import CHANNELS
from nhasan.interfaces.workbench.navigation import address
from nhasan.interfaces.workbench.sayings import receives, where

MOST_CHANGES = 30
_DECISIONS = {
    "approved": phrase("{who} duyệt"), "passed_on": phrase("{who} duyệt một bước"),
    "returned": phrase("{who} trả lại để sửa"),
    "reopened": phrase("{who} mở lại để sửa"), "withdrawn": phrase("{who} rút lại để sửa"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a report."""

    at: datetime
    text: str
    url: str = ""
    note: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    more: int = 0
    undo: int = 0


def history(request: Request, pk: int) -> HttpResponse:
    """Show what happened to a report, the newest first."""
    row = queries.assignment(request.actor, pk)
    open_now = receives(request, row)
    return render(request, "workbench/history.html", {
        "row": row, "open_now": open_now, "events": _events(row, undo=open_now),
    })


def _events(row: Assignment, *, undo: bool) -> list[Event]:
    layout = queries.layout_of(row)
    events = [_saved(each, layout, undo=undo) for each in queries.revisions(row)]
    files = queries.attachments(row)
    senders = queries.bundled_by(files)
    events += [
        Event(each.uploaded_at, _received(each.name, senders.get(each.pk, "")),
              address("uploaded", row.pk, each.pk))
        for each in files
    ]
    events += [
        Event(each.submitted_at, _("{who} gửi báo cáo, mã nhận {receipt}").format(
            who=each.submitted_by.name if each.submitted_by else _("Hệ thống"),
            receipt=each.receipt), address("submission", each.pk))
        for each in queries.submissions_of(row)
    ]
    events += [
        Event(each.at, _(_DECISIONS[each.decision]).format(who=each.by_name),
              address("submission", each.submission_id), each.note)
        for each in queries.reviews(row)
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _received(name: str, sender: str) -> str:
    """Say that a file came; if as a part of a workbook with several forms, then from whom."""
    if sender:
        return _("{unit} nộp trong tệp nhiều biểu “{name}”").format(unit=sender, name=name)
    return _("Nhận tệp “{name}”").format(name=name)


def _saved(revision: Revision, layout: Layout, *, undo: bool) -> Event:
    changes: Mapping[str, Sequence[str]] = revision.changes
    shown = list(changes.items())[:MOST_CHANGES]
    return Event(
        revision.at,
        _("{who} lưu {count} ô {how}").format(
            who=revision.by_name, count=len(changes), how=_(CHANNELS[revision.channel])),
        changes=tuple((where(layout, cell), old, new) for cell, (old, new) in shown),
        more=len(changes) - len(shown), undo=revision.number if undo else 0,
    )


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take one save back; cells that were changed since are left alone."""
    text = request.POST.get("number", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(reason=_("không có lần lưu này"))
    outcome = operations.undo_revision(
        actor=request.actor, assignment=pk, number=int(text), at=request.at)
    count = len(outcome.saved)
    if count:
        messages.success(request, _("Đã trả {count} ô về như trước lần lưu đó.").format(
            count=count))
    else:
        messages.warning(request, _(
            "Không còn ô nào của lần lưu đó để trả về: các ô đã được sửa sau đó."))
    back = "workbench:report" if request.POST.get("ve") == "bang" else "workbench:history"
    return redirect(back, pk)


urlpatterns = [
    path("viec/bao-cao/<int:pk>/lich-su/", history, name="history"),
    path("viec/bao-cao/<int:pk>/hoan-tac/", undo, name="undo"),
]
