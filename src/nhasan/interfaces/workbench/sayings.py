"""Words about one report that several pages say alike: its state, its reasons, its reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from nhasan.collection import queries
from nhasan.collection.queries import Assignment, Review, Submission
from nhasan.domain.access import Actor, Permission
from nhasan.domain.checking import place
from nhasan.domain.forms import Layout
from nhasan.domain.lifecycle import ASSIGNMENT
from nhasan.interfaces.http import Request
from nhasan.interfaces.notation import moment_text


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for which a report came back, with the words of its cell."""

    cell: str
    where: str
    text: str

    @property
    def anchor(self) -> str:
        """Return the part of an address that leads to the cell."""
        return "o-" + self.cell.replace("/", "-")


def reasons_of(row: Assignment, review: Review) -> tuple[Reason, ...]:
    """Return the reasons of a decision, each with the row and the column it speaks of."""
    layout = queries.layout_of(row)
    return tuple(
        Reason(cell, where(layout, cell), text) for cell, text in review.reasons.items()
    )


def where(layout: Layout, cell: str) -> str:
    """Return the words that tell where a cell is; the id itself when the form lost it."""
    table_id, _slash, rest = cell.partition("/")
    row_id, _slash, column_id = rest.partition("/")
    table = layout.table(table_id)
    row, column = (table.row(row_id), table.column(column_id)) if table else (None, None)
    return place(row, column) if row and column else cell


def status_of(row: Assignment, today: date) -> str:
    """Return the word of state a page shows: what came back says so even when it is late."""
    if row.state != "returned" and queries.is_overdue(row, today):
        return "overdue"
    return row.state


def next_reader(row: Submission) -> str:
    """Return who looks at a submission next."""
    if row.state == "submitted":
        return queries.reader(row.assignment).name
    if row.state == "approved":
        return _("Xong, không phải làm gì thêm")
    return _("Đơn vị mình sửa rồi gửi lại")


def may_fill(actor: Actor, row: Assignment) -> bool:
    """Tell whether the person enters figures for the unit of this report."""
    return actor.may(Permission.ENTER).covers(row.unit.path or "-")


def is_closed(row: Assignment, today: date) -> bool:
    """Tell whether the round of a report receives nothing any more."""
    return queries.is_locked(row, today)


def receives(request: Request, row: Assignment) -> bool:
    """Tell whether figures can be entered now, by this person."""
    return (
        may_fill(request.actor, row) and ASSIGNMENT.allows(row.state, "enter")
        and not is_closed(row, request.today)
    )


def saved_words(row: Assignment, total: int, today: date) -> str:
    """Return the line of the save bar: when it was saved, and how much is filled."""
    filled = _("Đã nhập {filled} trên {total} ô.").format(filled=row.filled, total=total)
    if row.changed_at is None:
        return filled
    moment = localtime(row.changed_at)
    when = f"{moment:%H:%M}" if moment.date() == today else moment_text(moment, today)
    saved = _("Đã lưu lúc {time}.").format(time=when)
    return f"{saved} {filled}"


def reasons_in(request: Request) -> dict[str, str]:
    """Return the reasons for warnings that a page sent, by `finding code|cell`."""
    prefix = "reason:"
    return {
        name.removeprefix(prefix): str(text) for name, text in request.POST.items()
        if name.startswith(prefix)
    }
