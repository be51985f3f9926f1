"""A unit's own workbook as it lies in the store, and how it was read before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import models

from nhasan.collection.models import Assignment, Attachment, WorkbookMapping
from nhasan.collection.queries.arrivals import findings_of
from nhasan.collection.queries.drafts import draft, layout_of, typed_rows
from nhasan.collection.queries.workbooks import spellings_of
from nhasan.domain.access import Actor, Permission
from nhasan.domain.answers import Entry
from nhasan.domain.forms import Layout
from nhasan.domain.validation import Finding
from nhasan.formats.forms.mapped import Mapped, read_mapped
from nhasan.formats.forms.mapping import SheetMapping, refound
from nhasan.formats.forms.own import OwnSheet, open_own
from nhasan.formats.forms.suggesting import best_suggestion, suggested
from nhasan.storage.store import Store

Sheets = Mapping[str, OwnSheet]


@dataclass(frozen=True, slots=True)
class Fit:
    """A kept mapping that fits a workbook, and its parts as they stand in it."""

    kept: WorkbookMapping
    parts: tuple[SheetMapping, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """One cell that would be written: what stands in the draft and what the workbook says."""

    cell: str
    before: str
    after: Entry


@dataclass(frozen=True, slots=True)
class Preview:
    """What reading a workbook would write, and what it would leave as it is."""

    mapped: Mapped
    layout: Layout
    changes: tuple[Changed, ...]
    same: int
    findings: tuple[Finding, ...]


def own_sheets(found: Attachment) -> Sheets:
    """Return the sheets of a workbook that was found within the actor's authority."""
    with Store(settings.STORE).open(found.digest) as file:
        return open_own(file.read())


def mappings(actor: Actor, row: Assignment) -> Sequence[WorkbookMapping]:
    """Return the kept ways of reading a workbook into the form, of one's units, own first."""
    return list(
        WorkbookMapping.objects.within(actor.may(Permission.ENTER))
        .filter(form=row.round.form_version.form_id).select_related("unit")
        .annotate(own=models.Case(
            models.When(unit__path=actor.unit_path, then=0), default=1,
            output_field=models.IntegerField()))
        .order_by("own", models.F("used_at").desc(nulls_last=True), "-pk")
    )


def fitting_mapping(actor: Actor, row: Assignment, sheets: Sheets) -> Fit | None:
    """Return the kept mapping whose headers this workbook has, wherever they stand in it now."""
    for kept in mappings(actor, row):
        parts = [refound(SheetMapping.from_json(each), sheets) for each in kept.mapping["parts"]]
        there = tuple(part for part in parts if part is not None)
        if there and len(there) == len(parts):
            return Fit(kept, there)
    return None


def guess_mapping(row: Assignment, sheets: Sheets, *, sheet: str = "", table: str = "",
                  turned: bool = False) -> SheetMapping | None:
    """Return a first guess at how the workbook is read, for the sheet and table if chosen."""
    layout, spellings = layout_of(row), spellings_of(row)
    tables = [each for each in layout.tables if table in ("", each.id)]
    if not sheet:
        return best_suggestion(sheets, tables, spellings)
    chosen = sheets[sheet].turned() if turned else sheets[sheet]
    found = [
        each for each in (
            suggested(chosen, table_, spellings, turned=turned) for table_ in tables) if each
    ]
    return max(found, key=lambda each: len(each.columns), default=None)


def read_own(row: Assignment, sheets: Sheets, parts: Sequence[SheetMapping]) -> Mapped:
    """Return what a workbook says when it is read so."""
    return read_mapped(sheets, parts, layout_of(row), spellings_of(row))


def own_preview(row: Assignment, sheets: Sheets, parts: Sequence[SheetMapping]) -> Preview:
    """Return what would be written into the draft, cell by cell, without writing it."""
    found = read_own(row, sheets, parts)
    held = draft(row).answers.cells
    changes = []
    for cell, entry in found.arrival.answers.cells.items():
        before = held[cell].text if cell in held else ""
        if before != entry.text.strip():
            changes.append(Changed(cell, before, entry))
    total = len(found.arrival.answers.cells)
    layout = layout_of(row, {**typed_rows(row), **found.arrival.answers.open_rows})
    told = findings_of(row, layout, found.arrival)
    return Preview(found, layout, tuple(changes), total - len(changes), told)
