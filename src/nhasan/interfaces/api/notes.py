"""Notes and papers beside the cells of a report, over the API."""

from __future__ import annotations

from typing import Any

from ninja import File, Form, Router, Schema, UploadedFile

from nhasan.collection import operations, queries
from nhasan.collection.operations import Evidence
from nhasan.collection.queries import Assignment, Beside
from nhasan.interfaces.api.reports import REFUSALS, Id
from nhasan.interfaces.api.schemas import CellId, Strict, Text
from nhasan.interfaces.beside import beside_json
from nhasan.interfaces.http import Request

router = Router(tags=["reports"])


class NoteIn(Strict):
    """A note beside a cell; "" takes it back."""

    cell: CellId
    text: Text


class PaperOut(Schema):
    """One paper: its name, and where it is fetched."""

    name: str
    url: str


class BesideOut(Schema):
    """What stands beside a cell now."""

    cell: str
    text: str
    by: str
    papers: list[PaperOut]


@router.put("/{assignment}/notes", response={200: BesideOut, **REFUSALS}, url_name="keep_note")
def keep_note(request: Request, assignment: Id, body: NoteIn) -> dict[str, Any]:
    """Keep a note beside a cell."""
    row = operations.keep_note(
        actor=request.actor, assignment=assignment, cell=body.cell, text=body.text,
        at=request.at)
    return _of(row, body.cell)


@router.post(
    "/{assignment}/evidence", response={200: BesideOut, **REFUSALS}, url_name="keep_paper")
def keep_paper(
    request: Request, assignment: Id, cell: Form[CellId], file: File[UploadedFile],
) -> dict[str, Any]:
    """Keep a paper that shows where the figure of a cell comes from."""
    row = operations.keep_note(
        actor=request.actor, assignment=assignment, cell=cell, at=request.at,
        paper=Evidence(file.name or "", file.read()))
    return _of(row, cell)


def _of(row: Assignment, cell: str) -> dict[str, Any]:
    return beside_json(row, queries.notes_of(row).get(cell) or Beside(cell))
