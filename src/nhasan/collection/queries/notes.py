"""What a unit wants read beside its cells: notes, and the papers behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nhasan.collection.models import Assignment, Attachment, CellNote
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import NotFound


@dataclass(slots=True)
class Beside:
    """What stands beside one cell: its note, if there is one, and its papers, oldest first."""

    cell: str
    note: CellNote | None = None
    papers: list[Attachment] = field(default_factory=list)


def notes_of(row: Assignment) -> dict[str, Beside]:
    """Return cell → what stands beside it.

    The assignment was found within the actor's authority; its notes go with it.
    """
    found: dict[str, Beside] = {}
    for note in CellNote.objects.within(EVERYTHING).filter(assignment=row).order_by("at"):
        found.setdefault(note.cell, Beside(note.cell)).note = note
    for paper in evidence_of(row):
        found.setdefault(paper.cell, Beside(paper.cell)).papers.append(paper)
    return found


def evidence_of(row: Assignment) -> Sequence[Attachment]:
    """Return the papers that came with a report for its cells, oldest first."""
    return list(
        Attachment.objects.within(EVERYTHING).filter(assignment=row, kind="evidence")
        .order_by("uploaded_at", "pk")
    )


def evidence(row: Assignment, pk: int) -> Attachment:
    """Return one paper of a report that was found within the actor's authority."""
    found = (
        Attachment.objects.within(EVERYTHING)
        .filter(assignment=row, kind="evidence", pk=pk).first()
    )
    if found is None:
        raise NotFound()
    return found
