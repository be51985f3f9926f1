"""The story of one cell: every value it had, who wrote it, when, by which way, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nhasan.collection.models import Assignment, CellNote, Review, Revision, Submission
from nhasan.domain.access import EVERYTHING


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a cell.

    `kind` is `saved`, `sent`, `asked` (a reviewer gave a reason), `explained` or `noted`;
    `channel` says by which way a value was saved.
    """

    at: datetime
    kind: str
    by: str
    before: str = ""
    after: str = ""
    words: str = ""
    channel: str = ""
    submission: UUID | None = None


def story_of(row: Assignment, cell: str) -> list[Happening]:
    """Return what happened to a cell of a report, the newest first.

    The report was found within the actor's authority; its cells go with it.
    """
    found = [*_saves(row, cell), *_sendings(row, cell), *_reasons(row, cell), *_notes(row, cell)]
    # Of what happened at one moment, what was said last is the newest
    return sorted(found, key=lambda each: each.at)[::-1]


def _saves(row: Assignment, cell: str) -> list[Happening]:
    saves = Revision.objects.within(EVERYTHING).filter(assignment=row, changes__has_key=cell)
    return [
        Happening(each.at, "saved", each.by_name, str(old), str(new), channel=each.channel)
        for each in saves for old, new in [each.changes[cell][:2]]
    ]


def _sendings(row: Assignment, cell: str) -> list[Happening]:
    found = []
    sent = Submission.objects.within(EVERYTHING).filter(assignment=row)
    for each in sent.select_related("submitted_by"):
        entry = each.answers.get("cells", {}).get(cell)
        value = entry[0] if entry else each.computed.get(cell)
        if value is None:
            continue
        who = each.submitted_by.name if each.submitted_by else ""
        why = " ".join(
            text for key, text in each.answers.get("reasons", {}).items()
            if key.endswith(f"|{cell}")
        )
        found.append(Happening(
            each.submitted_at, "sent", who, after=str(value), words=why, submission=each.pk))
    return found


def _reasons(row: Assignment, cell: str) -> list[Happening]:
    decided = Review.objects.within(EVERYTHING).filter(
        submission__assignment=row, reasons__has_key=cell)
    return [
        Happening(each.at, "asked", each.by_name, words=each.reasons[cell],
                  submission=each.submission_id)
        for each in decided
    ]


def _notes(row: Assignment, cell: str) -> list[Happening]:
    return [
        Happening(each.at, "noted", each.by_name, words=each.text)
        for each in CellNote.objects.within(EVERYTHING).filter(assignment=row, cell=cell)
    ]
