"""Cells of many reports of one round over the API: one row or one column of their form."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from ninja import Field, Router

from nhasan.collection import operations
from nhasan.collection.operations import Change, Outcome
from nhasan.collection.operations.across import NOT_OPEN
from nhasan.domain.forms import cell_id
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.slices import Slice
from nhasan.interfaces.api.reports import REFUSALS, Id, TableId
from nhasan.interfaces.api.schemas import ChangesIn, OutcomeOut
from nhasan.interfaces.http import Request

router = Router(tags=["reports"])
Part = Annotated[str, Field(max_length=64)]


@router.patch(
    "/{round}/tables/{table}/cells", response={200: OutcomeOut, **REFUSALS},
    url_name="save_across")
def save_across(request: Request, round: Id, table: TableId, body: ChangesIn,
                row: Part = "", column: Part = "") -> dict[str, Any]:
    """Save changed cells of many reports, by `table/report/column` of the slice.

    The slice is one `row` of the table, whose columns are asked of each unit, or one `column`,
    whose rows are. Each report is saved as if its own unit had.
    """
    part = Slice(table, row, column)
    changes: dict[int, list[Change]] = {}
    for each in body.changes:
        report, name = _taken_apart(table, each.cell)
        changes.setdefault(report, []).append(Change(part.cell(name), each.text, each.base))
    outcomes = operations.save_across(
        actor=request.actor, round_id=round, changes=changes, channel="screen", at=request.at,
        reasons=_reasons(part, body.reasons))
    return {
        **_told(part, outcomes), "findings": [], "at": localtime(request.at),
    }


def _reasons(part: Slice, given: dict[str, str]) -> dict[int, dict[str, str]]:
    """Return the reasons by report, each under the cell of the report's own form."""
    found: dict[int, dict[str, str]] = {}
    for key, text in given.items():
        code, _bar, cell = key.partition("|")
        if cell.count("/") != 2:
            continue  # a reason speaks of a cell here: the rules of a whole form are not asked
        report, name = _taken_apart(part.table, cell)
        found.setdefault(report, {})[f"{code}|{part.cell(name)}"] = text
    return found


def _taken_apart(table: str, cell: str) -> tuple[int, str]:
    """Return the report and the column of a cell of the slice."""
    own, report, name = cell.split("/")
    if own != table or not report.isascii() or not report.isdigit() or len(report) > 18:
        raise Invalid(reason=phrase("không có ô này trong biểu mẫu: ") + cell[:80])
    return int(report), name


def _by(who: str) -> str:
    """Return who wrote a cell; a report that is closed says so in the reader's language."""
    return _(who) if who == NOT_OPEN else who


def _told(part: Slice, outcomes: dict[int, Outcome]) -> dict[str, list[dict[str, Any]]]:
    saved, conflicts = [], []
    for report, outcome in outcomes.items():
        for kept in outcome.saved:
            name = cell_id(part.table, str(report), part.name(kept.cell))
            saved.append({"cell": name, "text": kept.text, "version": kept.version})
        for each in outcome.conflicts:
            name = cell_id(part.table, str(report), part.name(each.cell))
            conflicts.append({
                "cell": name, "theirs": each.theirs, "theirs_by": _by(each.theirs_by),
                "version": each.version})
    return {"saved": saved, "conflicts": conflicts}
