"""Workbooks: what was uploaded is kept as it is; what it says goes into the draft."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from nhasan.collection.models import Assignment, Attachment
from nhasan.collection.operations.entry import (
    explain,
    fixed_rows,
    held_for_entry,
    write_entries,
)
from nhasan.collection.queries import findings_of, layout_of, read_report, typed_rows
from nhasan.domain.access import Actor, Permission
from nhasan.domain.checking import reason_key
from nhasan.domain.forms import Layout
from nhasan.domain.problems import Conflict
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.workbook import Arrival, Filled
from nhasan.organisations.authority import operation
from nhasan.storage.store import Store


@dataclass(frozen=True, slots=True)
class Upload:
    """What came of an uploaded workbook: the kept file, what was said, how many cells."""

    attachment: Attachment
    findings: Sequence[Finding]
    cells: int


def receive_workbook(*, actor: Actor, assignment: int, name: str, content: bytes,
                     at: datetime, older: bool = False) -> Upload:
    """Read an uploaded workbook into the draft of a report.

    It is read before anything is locked, for reading may take seconds.

    A file that is not this report's workbook is refused as a `Problem` and changes nothing.
    Otherwise every filled cell replaces the draft's cell, errors and all, so that they can be
    mended on screen or in the workbook; an empty cell of the workbook erases nothing. A reason
    written into a marked workbook is kept where it explains a warning. An `older` workbook may
    be the form of another period: the sender says that it was filled for this one.
    """
    with undisturbed():
        row = to_fill(actor, assignment)
        arrival = read_report(Filled(content), row, older=older)
        return take_arrival(
            actor=actor, assignment=assignment, name=name, content=content, arrival=arrival,
            rows=row.open_rows, at=at,
        )


def to_fill(actor: Actor, assignment: int) -> Assignment:
    """Return a report that the actor fills, with all that its workbook needs."""
    return (
        Assignment.objects.within(actor.require(Permission.ENTER))
        .select_related("round__form_version__form", "receiver", "unit").one(pk=assignment)
    )


@operation("workbook.receive")
def take_arrival(*, actor: Actor, assignment: int, name: str, content: bytes,
                 arrival: Arrival, rows: Mapping[str, Any], at: datetime) -> Upload:
    """Take what a workbook said into the draft, unless its rows were renamed meanwhile.

    Without `content` no file is kept with the report: it came in one that holds others, too.
    """
    row = held_for_entry(actor, assignment, at)
    if row.open_rows != rows:
        raise Conflict()
    return _taken(actor, row, name, content, arrival, at)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let the collector of garbage rest: it would walk a workbook's cells again and again."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if awake:
            gc.enable()


def _taken(actor: Actor, row: Assignment, name: str, content: bytes, arrival: Arrival,
           at: datetime) -> Upload:
    digest = Store(settings.STORE).put(content) if content else ""
    cells, findings = write_arrival(actor, row, arrival, "workbook", at)
    kept = Attachment.objects.create(
        assignment=row, name=name[:200], digest=digest, size=len(content), uploaded_at=at,
        uploaded_by=actor.id, cells=cells,
        findings=[finding.as_json() for finding in findings],
    )
    return Upload(kept, findings, cells)


def write_arrival(actor: Actor, row: Assignment, arrival: Arrival, channel: str,
                  at: datetime) -> tuple[int, tuple[Finding, ...]]:
    """Write what a workbook said into a draft; return how many cells, and what is to be said."""
    layout = with_new_rows(row, layout_of(row), arrival)
    cells = write_entries(actor, row, arrival.answers.cells, channel, at)
    row.save(update_fields=["state", "open_rows"])
    findings = findings_of(row, layout, arrival)
    _keep_reasons(actor, row, arrival, findings, at)
    return cells, findings


def with_new_rows(row: Assignment, layout: Layout, arrival: Arrival) -> Layout:
    """Keep the rows that the workbook names itself, and expand the form with them.

    A row of the draft that the workbook leaves out stays, after those it names.
    """
    if not arrival.answers.open_rows:
        return layout
    named, fixed = typed_rows(row), fixed_rows(row)
    for table, read in arrival.answers.open_rows.items():
        lines = tuple(line for line in read if line.id not in fixed[table])
        ids = {line.id for line in lines}
        left_out = tuple(line for line in named.get(table, ()) if line.id not in ids)
        named[table] = (*lines, *left_out)
    row.open_rows = {
        table: [{"id": line.id, "label": line.label} for line in lines]
        for table, lines in named.items()
    }
    return layout_of(row, named)


def _keep_reasons(actor: Actor, row: Assignment, arrival: Arrival,
                  findings: Sequence[Finding], at: datetime) -> None:
    """Keep the new reasons for what is unusual now; one for a figure since mended is let go."""
    asked = {
        reason_key(each) for each in findings
        if each.severity is Severity.WARNING and each.cell
    }
    given = {
        key: text for key, text in arrival.answers.reasons.items()
        if key in asked and text != row.reasons.get(key)
    }
    if given:
        row.reasons = explain(actor=actor, assignment=row.pk, reasons=given, at=at).reasons
