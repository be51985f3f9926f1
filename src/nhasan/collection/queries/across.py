"""The reports of many units of one round, side by side: who they are and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from nhasan.collection.models import Assignment, DraftRow, Submission
from nhasan.collection.queries.drafts import figures_of
from nhasan.collection.queries.lineage import newest_by_place, place_of
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.answers import Entry
from nhasan.domain.forms import cell_id
from nhasan.domain.problems import NotFound
from nhasan.domain.slices import Slice


def entered_together(actor: Actor, round_id: int) -> Sequence[Assignment]:
    """Return the reports of a round that the actor may enter, by area; none is not found."""
    rows = list(
        Assignment.objects.within(actor.may(Permission.ENTER)).filter(round__pk=round_id)
        .exclude(state="taken_back")
        .select_related("round", "round__form_version", "round__form_version__form",
                        "round__obligation", "receiver__parent", "unit")
        .order_by("area_code", "unit__path")
    )
    if not rows:
        raise NotFound()
    return rows


def enters_several(actor: Actor, row: Assignment) -> bool:
    """Tell whether the actor enters other reports of the same round, too."""
    return (
        Assignment.objects.within(actor.may(Permission.ENTER)).filter(round=row.round_id)
        .exclude(state="taken_back").exclude(pk=row.pk).exists()
    )


@dataclass(slots=True)
class Content:
    """What the reports say in a slice, by the cell `table/assignment/column` of the slice."""

    cells: dict[str, Entry] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    previous: dict[str, Decimal] = field(default_factory=dict)
    previous_period: str = ""


def slice_of(rows: Sequence[Assignment], part: Slice) -> Content:
    """Return what the drafts of reports say in a slice, and their approved reports before.

    The reports were found within the actor's authority; what they hold goes with them.
    """
    found = Content()
    drafts = DraftRow.objects.within(EVERYTHING).filter(assignment__in=rows, table=part.table)
    if part.row:
        drafts = drafts.filter(row=part.row)
    for key, line, cells in drafts.values_list("assignment", "row", "cells"):
        for column, (text, value, status, version, *_) in cells.items():
            name = part.name(cell_id(part.table, line, column))
            if not name:
                continue
            cell = cell_id(part.table, str(key), name)
            found.versions[cell] = version
            if text:
                found.cells[cell] = Entry.from_json([text, value, status])
    _look_back(rows, part, found)
    return found


def _look_back(rows: Sequence[Assignment], part: Slice, found: Content) -> None:
    held = rows[0].round
    before = Submission.objects.within(EVERYTHING).filter(
        state="approved", assignment__area_code__in={row.area_code for row in rows},
        assignment__round__form_version__form=held.form_version.form_id,
        assignment__round__period__lt=held.period,
    )
    newest = newest_by_place(before)
    mine = {row.pk: newest[place_of(row)] for row in rows if place_of(row) in newest}
    last = found.previous_period = max((each.period for each in mine.values()), default="")
    wanted = {key: each.submission for key, each in mine.items() if each.period == last}
    reports = Submission.objects.within(EVERYTHING).in_bulk(set(wanted.values()))
    for key, submission in wanted.items():
        for cell, number in figures_of(reports[submission]).items():
            if name := part.name(cell):
                found.previous[cell_id(part.table, str(key), name)] = number
