"""What a unit wants read beside a cell: a note, and the papers that its figure comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.conf import settings

from nhasan.collection.models import Assignment, Attachment, CellNote
from nhasan.collection.operations.entry import held_for_entry, kept_text
from nhasan.collection.queries import layout_of
from nhasan.domain.access import EVERYTHING, Actor
from nhasan.domain.forms import Layout
from nhasan.domain.problems import Invalid, phrase
from nhasan.formats.documents.papers import SIGNATURES
from nhasan.organisations.authority import operation
from nhasan.storage.store import Store

LONGEST_NOTE = 2000
EVIDENCE_LIMIT = 10 * 1024 * 1024
MOST_EVIDENCE = 100
"""So many papers a report; more than that is an archive."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file to be kept as evidence: its name and its bytes."""

    name: str
    content: bytes


@operation("note.keep")
def keep_note(*, actor: Actor, assignment: int, cell: str, at: datetime,
              text: str | None = None, paper: Evidence | None = None) -> Assignment:
    """Keep a note beside a cell, a paper that shows where its figure comes from, or both.

    Text "" takes the note back; without a text the note stays as it is. A paper stays: it was
    handed in.
    """
    row = held_for_entry(actor, assignment, at)
    _refuse_strange(layout_of(row), cell)
    if text is not None:
        _keep_text(actor, row, cell, kept_text(text)[:LONGEST_NOTE], at)
    if paper is not None:
        _keep_paper(actor, row, cell, paper, at)
    row.changed_at = at
    row.save(update_fields=["state", "changed_at"])
    return row


def _refuse_strange(layout: Layout, cell: str) -> None:
    """Refuse a cell that the form does not have; one that the machine fills may have a note."""
    table_id, _slash, rest = cell.partition("/")
    row_id, _slash, column_id = rest.partition("/")
    table = layout.table(table_id)
    if table is None or table.row(row_id) is None or table.column(column_id) is None:
        raise Invalid(reason=phrase("không có ô này trong biểu mẫu: ") + cell[:80])


def _keep_text(actor: Actor, row: Assignment, cell: str, text: str, at: datetime) -> None:
    notes = CellNote.objects.within(EVERYTHING).filter(assignment=row, cell=cell)
    if not text:
        notes.delete()
        return
    said = {"text": text, "at": at, "by": actor.id, "by_name": actor.name}
    if not notes.update(**said):
        CellNote.objects.create(assignment=row, cell=cell, **said)


def _keep_paper(actor: Actor, row: Assignment, cell: str, paper: Evidence, at: datetime) -> None:
    _refuse_unfit(paper)
    papers = Attachment.objects.within(EVERYTHING).filter(assignment=row, kind="evidence")
    if papers.count() >= MOST_EVIDENCE:
        raise Invalid(reason=phrase("báo cáo này đã có {most} tệp đính kèm").format(
            most=MOST_EVIDENCE))
    digest = Store(settings.STORE).put(paper.content)
    if papers.filter(cell=cell, digest=digest).exists():
        return  # the same paper again, after an answer that was lost
    Attachment.objects.create(
        assignment=row, name=PurePath(paper.name).name[-200:], digest=digest,
        size=len(paper.content), uploaded_at=at, uploaded_by=actor.id, kind="evidence", cell=cell,
    )


def _refuse_unfit(paper: Evidence) -> None:
    """Refuse a file that is too heavy, or not what its name says."""
    if len(paper.content) > EVIDENCE_LIMIT:
        raise Invalid(reason=phrase("tệp nặng quá {limit} MB").format(
            limit=EVIDENCE_LIMIT // (1024 * 1024)))
    begins = SIGNATURES.get(PurePath(paper.name).suffix.lower())
    if begins is None:
        raise Invalid(reason=phrase("chỉ nhận tệp PDF, ảnh PNG hoặc JPG, Word, Excel"))
    if not paper.content.startswith(begins):
        raise Invalid(reason=phrase(
            "tệp không đúng loại như tên của nó; hãy mở tệp, lưu lại rồi đính kèm lần nữa"))
