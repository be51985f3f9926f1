"""The draft of a report over the API: read it, save cells, name rows, explain, take back."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from ninja import Path, Router

from nhasan.collection import operations, queries
from nhasan.collection.operations import Arrival, Change, Delivered, Outcome
from nhasan.domain.access import Permission
from nhasan.domain.answers import Entry
from nhasan.interfaces.api.schemas import (
    ChangesIn,
    DeliveryIn,
    DeliveryOut,
    DraftOut,
    OutcomeOut,
    ProblemOut,
    ReasonsIn,
    ReasonsOut,
    RowsIn,
    RowsOut,
    UndoIn,
)
from nhasan.interfaces.findings import told_finding
from nhasan.interfaces.http import Request

router = Router(tags=["reports"])
Id = Annotated[int, Path(ge=1, le=9_223_372_036_854_775_807)]
TableId = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 422), ProblemOut)


@router.get("/{assignment}", response={200: DraftOut, **REFUSALS}, url_name="draft")
def draft(request: Request, assignment: Id) -> dict[str, Any]:
    """Return the draft of a report, with what it adds up to and what is to look at."""
    row = queries.assignment(request.actor, assignment, Permission.READ)
    seen = queries.examine(row)
    cells = seen.draft.answers.cells
    return {
        "id": row.pk, "form": seen.layout.form, "form_version": seen.layout.version,
        "period": row.round.period, "unit": row.unit.code, "area": row.area,
        "due": row.due.isoformat(), "state": row.state,
        "cells": [
            _cell(name, entry, seen.draft.versions.get(name, 0))
            for name, entry in sorted(cells.items())
        ],
        "computed": {
            cell: None if value is None else str(value) for cell, value in seen.computed.items()
        },
        "open_rows": row.open_rows, "reasons": row.reasons,
        "findings": [told_finding(each).as_json() for each in seen.findings],
    }


def _cell(name: str, entry: Entry, version: int) -> dict[str, Any]:
    text, value, status = entry.as_json()
    return {"cell": name, "text": text, "value": value, "status": status, "version": version}


@router.patch(
    "/{assignment}/cells", response={200: OutcomeOut, **REFUSALS}, url_name="save_cells")
def save_cells(request: Request, assignment: Id, body: ChangesIn) -> dict[str, Any]:
    """Save changed cells; cells that somebody else changed meanwhile come back as conflicts.

    A change carries the version of the cell it was made on. Sending the same change again is
    harmless.
    """
    outcome = operations.save_cells(
        actor=request.actor, assignment=assignment, channel="screen", at=request.at,
        changes=[Change(each.cell, each.text, each.base) for each in body.changes],
        reasons=body.reasons,
    )
    return _outcome(request, outcome)


def _outcome(request: Request, outcome: Outcome) -> dict[str, Any]:
    return {
        "saved": outcome.saved, "conflicts": outcome.conflicts,
        "findings": [told_finding(each).as_json() for each in outcome.findings],
        "at": localtime(request.at),
    }


@router.put(
    "/{assignment}/deliveries/{delivery}", response={200: DeliveryOut, **REFUSALS},
    url_name="deliver")
def deliver(request: Request, assignment: Id, delivery: UUID, body: DeliveryIn
            ) -> dict[str, Any]:
    """Keep what was filled without a network and send the report under that id.

    The same delivery again, from whichever computer, is answered with the same submission.
    """
    done = operations.deliver(
        actor=request.actor, assignment=assignment, delivery=delivery, person=body.person,
        changes=[Change(each.cell, each.text, each.base) for each in body.changes],
        reasons=body.reasons, seen=body.seen, send=body.send, at=request.at,
    )
    sent = done.submission
    return {
        "arrival": done.arrival, "message": _told(done), "saved": done.saved,
        "conflicts": done.conflicts,
        "findings": [told_finding(each).as_json() for each in done.findings],
        "submission": str(sent.pk) if sent else "", "receipt": sent.receipt if sent else "",
        "at": localtime(request.at),
    }


def _told(done: Delivered) -> str:
    """Return what a delivery came to, in a sentence."""
    if done.arrival is Arrival.SENT:
        return _("Đã gửi.")
    if done.arrival is Arrival.SAVED:
        return _("Đã lưu vào báo cáo.")
    if done.arrival is Arrival.MET:
        return _("Có {count} ô người khác cũng vừa sửa. Hãy mở báo cáo, chọn số đúng rồi "
                 "gửi lại.").format(count=len(done.conflicts))
    if done.arrival is Arrival.CHANGED:
        return _("Trong lúc máy này không có mạng, {who} đã sửa báo cáo. Số của bạn đã được "
                 "lưu; hãy mở báo cáo, xem lại rồi gửi.").format(who=", ".join(done.others))
    return _("Còn {count} chỗ phải sửa hoặc giải thích. Số của bạn đã được lưu; hãy mở báo cáo, "
             "sửa rồi gửi lại.").format(count=len(done.findings))


@router.put(
    "/{assignment}/reasons", response={200: ReasonsOut, **REFUSALS}, url_name="save_reasons")
def save_reasons(request: Request, assignment: Id, body: ReasonsIn) -> dict[str, Any]:
    """Keep the unit's reasons for warnings."""
    row = operations.explain(
        actor=request.actor, assignment=assignment, reasons=body.reasons, at=request.at)
    return {"reasons": row.reasons}


@router.put(
    "/{assignment}/rows/{table}", response={200: RowsOut, **REFUSALS}, url_name="save_rows")
def save_rows(request: Request, assignment: Id, table: TableId, body: RowsIn) -> dict[str, Any]:
    """Keep the rows that the unit names itself; a row left out is taken away with its cells."""
    row = operations.save_open_rows(
        actor=request.actor, assignment=assignment, table=table, at=request.at,
        rows=[{"id": each.id, "label": each.label} for each in body.rows],
    )
    return {"rows": row.open_rows[table]}


@router.post("/{assignment}/undo", response={200: OutcomeOut, **REFUSALS}, url_name="undo")
def undo(request: Request, assignment: Id, body: UndoIn) -> dict[str, Any]:
    """Take one save back; cells that were changed since are left alone."""
    outcome = operations.undo_revision(
        actor=request.actor, assignment=assignment, number=body.revision, at=request.at)
    return _outcome(request, outcome)
