"""Carrying over: the figures of the period before, into the cells that are still empty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from nhasan.collection.models import Assignment
from nhasan.collection.operations.entry import (
    Change,
    Outcome,
    columns_of,
    fixed_rows,
    held_for_entry,
    write_cells,
)
from nhasan.collection.queries import draft, examine, layout_of, previous_submission
from nhasan.domain.access import Actor
from nhasan.domain.answers import Answers, Entry
from nhasan.domain.forms import Column
from nhasan.domain.observations import Status
from nhasan.domain.problems import Conflict, phrase
from nhasan.organisations.authority import operation

# That something could not be collected last time says nothing of this time.
_CARRIED = frozenset({Status.REPORTED, Status.NOT_APPLICABLE})


class NothingBefore(Conflict):
    """There is no approved report of an earlier period to carry figures over from."""

    code = "nothing-before"
    message = phrase("Chưa có báo cáo kỳ trước đã duyệt để lấy số.")


@operation("draft.carry_over")
def carry_over(*, actor: Actor, assignment: int, at: datetime) -> Outcome:
    """Write the figures of the period before into the empty cells, as one save.

    What was typed stays. A table whose rows the unit names itself gets their names too, if it
    has none. The save is taken back like any other.
    """
    row = held_for_entry(actor, assignment, at)
    earlier = previous_submission(row)
    if earlier is None:
        raise NothingBefore()
    before = Answers.from_json(earlier.answers)
    _name_rows(row, before)
    layout, held = layout_of(row), draft(row)
    changes = [
        Change(cell, entry.text, held.versions.get(cell, 0))
        for cell, entry in _figures(before, columns_of(layout)).items()
        if cell not in held.answers.cells
    ]
    outcome = write_cells(actor, row, layout, changes, "carried", at)
    outcome.findings = examine(row).findings
    return outcome


def _name_rows(row: Assignment, before: Answers) -> None:
    fixed = fixed_rows(row)
    named = {
        table: [{"id": line.id, "label": line.label} for line in lines
                if line.id not in fixed.get(table, ())]
        for table, lines in before.open_rows.items() if not row.open_rows.get(table)
    }
    if named:
        row.open_rows = {**row.open_rows, **named}
        row.save(update_fields=["state", "open_rows"])


def _figures(before: Answers, columns: Mapping[str, Column]) -> Mapping[str, Entry]:
    """Return what can be carried over: figures in cells that the form still has."""
    return {
        cell: entry for cell, entry in before.cells.items()
        if cell in columns and entry.figure and entry.figure.status in _CARRIED
    }
