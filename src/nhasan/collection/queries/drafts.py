"""What a form asks of a unit, what was typed into it, and what that says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nhasan.areas import queries as areas
from nhasan.collection.models import (
    Assignment,
    CollectionRound,
    DraftRow,
    FormVersion,
    Submission,
)
from nhasan.collection.queries.lineage import Place, newest_by_place, own_first, sent_for
from nhasan.domain.access import EVERYTHING
from nhasan.domain.answers import Answers, Entry
from nhasan.domain.forms import Expansion, FormDefinition, Layout, Row, cell_id
from nhasan.domain.periods import Period
from nhasan.metadata import queries as metadata


def definition_of(version: FormVersion) -> FormDefinition:
    """Return the definition of a form version as a value."""
    return FormDefinition.parse(version.definition)


def forms_bound_to(refs: Iterable[str]) -> Sequence[FormVersion]:
    """Return the versions of forms, drafts too, that ask for any of these indicators."""
    wanted = set(refs)
    rows = FormVersion.objects.select_related("form").order_by("form__identifier", "id")
    return [row for row in rows if wanted & definition_of(row).indicators()]


def layout_of(row: Assignment, open_rows: Mapping[str, Sequence[Row]] | None = None) -> Layout:
    """Return the form of an assignment expanded for its area, on the round's map day."""
    version = row.round.form_version
    typed = typed_rows(row) if open_rows is None else open_rows
    return expanded(version, row.area_level, row.area_code, row.round.map_day, typed)


def expanded(version: FormVersion, level: str, code: str, on: date,
             open_rows: Mapping[str, Sequence[Row]]) -> Layout:
    """Return a form version expanded for an area as it stood on a day."""
    definition = definition_of(version)
    below = {
        wanted: tuple(
            Row(id=found.code, label=found.name, code=found.unit_type)
            for found in areas.within(wanted, level, code, on=on)
        )
        for wanted in definition.area_levels()
    }
    return definition.layout(
        Expansion(metadata.code_rows(definition.code_lists()), below, open_rows)
    )


def typed_rows(row: Assignment) -> dict[str, tuple[Row, ...]]:
    """Return the rows a unit named itself in its draft."""
    return {
        table: tuple(Row(id=item["id"], label=item["label"]) for item in items)
        for table, items in row.open_rows.items()
    }


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: its answers, and the version of each cell (0 = never saved)."""

    answers: Answers
    versions: Mapping[str, int]


def draft(row: Assignment) -> Draft:
    """Return the draft of an assignment found within the actor's authority."""
    cells: dict[str, Entry] = {}
    versions: dict[str, int] = {}
    rows = DraftRow.objects.within(EVERYTHING).filter(assignment=row)
    for table, line, saved in rows.values_list("table", "row", "cells"):
        for column, (text, value, status, version, *_) in saved.items():
            key = cell_id(table, line, column)
            versions[key] = version
            if text:
                cells[key] = Entry.from_json([text, value, status])
    return Draft(Answers(cells, typed_rows(row), row.reasons), versions)


def previous_submission(row: Assignment) -> Submission | None:
    """Return the unit's approved report of the period before, for the same form and area."""
    return (
        sent_for(row, Submission.objects.within(EVERYTHING))
        .filter(
            state="approved",
            assignment__round__form_version__form=row.round.form_version.form_id,
            assignment__round__period__lt=row.round.period,
        )
        .select_related("assignment__round")
        .order_by("-assignment__round__period", own_first(row)).first()
    )


def earlier_submissions(held: CollectionRound) -> Mapping[Place, Submission]:
    """Return area and unit → its approved report of the period before, for a round.

    The round was found within the actor's authority; what its units sent before goes with it.
    """
    codes = Assignment.objects.within(EVERYTHING).filter(round=held).values("area_code")
    sent = Submission.objects.within(EVERYTHING).filter(
        state="approved", assignment__area_code__in=codes,
        assignment__round__form_version__form=held.form_version.form_id,
        assignment__round__period__lt=held.period,
    )
    newest = newest_by_place(sent)
    rows = Submission.objects.within(EVERYTHING).select_related("assignment__round").in_bulk(
        {each.submission for each in newest.values()})
    return {place: rows[each.submission] for place, each in newest.items()}


def period_words(period: str) -> str:
    """Return a period as people say it: “năm 2025”, “quý III năm 2025”."""
    return Period.parse(period).label_vi()


def computed_of(found: Submission) -> dict[str, Decimal | None]:
    """Return what the machine added up when a submission was sent, by cell."""
    return {
        cell: None if value is None else Decimal(value)
        for cell, value in found.computed.items()
    }


def figures_of(found: Submission | None) -> dict[str, Decimal]:
    """Return the reported and computed numbers of a submission, by cell."""
    if found is None:
        return {}
    numbers = {
        cell: Decimal(value)
        for cell, (_, value, status) in found.answers.get("cells", {}).items()
        if status == "A" and value is not None
    }
    return numbers | {
        cell: Decimal(value) for cell, value in found.computed.items() if value is not None
    }
