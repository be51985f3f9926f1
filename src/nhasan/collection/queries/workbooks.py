"""The workbook of a report, as it goes out and as it is given back marked."""

from __future__ import annotations

from collections.abc import Sequence

from nhasan.collection.models import Assignment, Submission
from nhasan.collection.queries.drafts import (
    definition_of,
    draft,
    layout_of,
    period_words,
    previous_submission,
)
from nhasan.domain.answers import Answers
from nhasan.formats.forms.workbook import (
    Spellings,
    WorkbookContext,
    write_form,
)
from nhasan.metadata import queries as metadata


def workbook_context(row: Assignment) -> WorkbookContext:
    """Return the words and the identity that the workbook of an assignment carries."""
    held = row.round
    definition = held.form_version.definition
    return WorkbookContext(
        code=definition.get("code", ""), title=definition["title"],
        legal_basis=definition.get("legal_basis", ""), reporting_unit=row.unit.name,
        receiving_unit=row.receiver.name, deadline=f"{row.due:%d/%m/%Y}",
        unit=f"{row.unit.code}|{row.area}", period=held.period,
        period_label=held.title_vi, assignment=str(row.pk), illustrative=held.illustrative,
    )


def workbook(row: Assignment) -> bytes:
    """Return the workbook of an assignment, filled with its draft and the period before."""
    earlier = previous_submission(row)
    return write_form(
        layout_of(row), workbook_context(row), draft(row).answers,
        previous=Answers.from_json(earlier.answers) if earlier else None,
        previous_label=period_words(earlier.assignment.round.period) if earlier else "",
    )


def sent_workbook(sent: Submission) -> bytes:
    """Return the workbook of a report, filled with what was sent."""
    answers = Answers.from_json(sent.answers)
    row = sent.assignment
    return write_form(layout_of(row, answers.open_rows), workbook_context(row), answers)


def spellings_of(row: Assignment) -> Spellings:
    """Return other names and numberings of the codes of a form, to tell what was meant."""
    aliases: dict[str, Sequence[str]] = {}
    numberings: dict[str, dict[str, str]] = {}
    for listed in definition_of(row.round.form_version).code_lists():
        aliases |= metadata.aliases(listed)
        numberings |= metadata.other_numberings(listed)
    return Spellings(aliases, numberings)
