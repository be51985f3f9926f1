"""One save over the reports of many units of a round, as a department enters them side by side.

Each report is written as if its own unit had saved it: cell by cell, with a revision of its own.
Everything is asked and stored at once, for a pasted block may touch a hundred reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils.timezone import localtime

from nhasan.collection.models import Assignment, DraftRow, Revision
from nhasan.collection.operations.entry import (
    CellConflict,
    Change,
    Laid,
    Outcome,
    columns_of,
    filled_in,
    keep_reasons,
    lay_changes,
)
from nhasan.collection.queries import is_locked, layout_of
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.forms import Layout
from nhasan.domain.lifecycle import ASSIGNMENT
from nhasan.domain.problems import NotFound, phrase
from nhasan.domain.slices import sliceable
from nhasan.organisations.authority import operation

Kept = dict[tuple[str, str], DraftRow]
NOT_OPEN = phrase("báo cáo không còn nhận số")


@operation("draft.save_across")
def save_across(*, actor: Actor, round_id: int, changes: Mapping[int, Sequence[Change]],
                channel: str, at: datetime,
                reasons: Mapping[int, Mapping[str, str]] | None = None) -> dict[int, Outcome]:
    """Save changed cells of many reports of one round; return what became of each report.

    `reasons` are those for warnings, by report.

    A report that was sent or locked meanwhile keeps what it has: its cells come back as
    conflicts. Only tables without rows of a unit's own are written this way.
    """
    said = reasons or {}
    rows = _held(actor, round_id, sorted({*changes, *said}))
    if not rows:
        return {}
    columns = columns_of(_shared(layout_of(rows[0])))
    kept = _kept(rows)
    laid: list[tuple[Assignment, Laid]] = []
    outcomes: dict[int, Outcome] = {}
    for row in rows:
        mine = kept[row.pk]
        if not _receives(row, localtime(at).date()):
            outcomes[row.pk] = _left(mine, changes.get(row.pk, ()))
            continue
        row.state = ASSIGNMENT.after(row.state, "enter")
        if row.pk in said:
            keep_reasons(row, said[row.pk], at)
        found = lay_changes(actor, row, columns, mine, changes.get(row.pk, ()))
        outcomes[row.pk] = found.outcome
        if found.log:
            row.filled, row.changed_at = filled_in(mine.values()), at
            laid.append((row, found))
    _store(actor, laid, channel, at)
    return outcomes


def _held(actor: Actor, round_id: int, keys: Sequence[int]) -> list[Assignment]:
    """Return the reports, locked in one order; one that is not the actor's is not there."""
    rows = list(
        Assignment.objects.within(actor.require(Permission.ENTER))
        .select_for_update(of=("self",))
        .select_related("round", "round__form_version", "round__form_version__form",
                        "round__obligation", "receiver__parent", "unit")
        .filter(round__pk=round_id, pk__in=keys).order_by("pk")
    )
    if len(rows) != len(keys):
        raise NotFound()
    return rows


def _shared(layout: Layout) -> Layout:
    return Layout(layout.form, layout.version, sliceable(layout))


def _receives(row: Assignment, today: date) -> bool:
    return ASSIGNMENT.allows(row.state, "enter") and not is_locked(row, today)


def _kept(rows: Sequence[Assignment]) -> dict[int, Kept]:
    kept: dict[int, Kept] = {row.pk: {} for row in rows}
    for each in DraftRow.objects.within(EVERYTHING).filter(assignment__in=kept):
        kept[each.assignment_id][each.table, each.row] = each
    return kept


def _left(kept: Kept, changes: Sequence[Change]) -> Outcome:
    """Return what stands in the cells of a report that receives nothing any more."""
    outcome = Outcome()
    for change in changes:
        table, _slash, rest = change.cell.partition("/")
        line, _slash, column = rest.partition("/")
        target = kept.get((table, line))
        text, _value, _status, version, *_by = (
            target.cells.get(column) if target else None) or ["", None, "", 0]
        outcome.conflicts.append(
            CellConflict(change.cell, change.text, text, NOT_OPEN, version))
    return outcome


def _store(actor: Actor, laid: Sequence[tuple[Assignment, Laid]], channel: str,
           at: datetime) -> None:
    """Store every row that was touched, and one revision a report."""
    touched = [each for _row, found in laid for each in found.touched]
    for each in touched:
        each.pk = None
    DraftRow.objects.bulk_create(
        touched, batch_size=500, update_conflicts=True, update_fields=["cells"],
        unique_fields=["assignment", "table", "row"],
    )
    rows = [row for row, _found in laid]
    Assignment.objects.within(EVERYTHING).bulk_update(
        rows, ["state", "filled", "changed_at"], batch_size=200)
    last = dict(
        Revision.objects.within(EVERYTHING).filter(assignment__in=rows)
        .values_list("assignment").annotate(n=Max("number"))
    )
    for row, found in laid:
        found.outcome.revision = last.get(row.pk, 0) + 1
    Revision.objects.bulk_create(
        Revision(
            assignment=row, number=found.outcome.revision, at=at, by=actor.id,
            by_name=actor.name, channel=channel, changes=found.log,
        )
        for row, found in laid
    )
