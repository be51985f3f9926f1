"""What a filled workbook says to its report, and what the rules say to that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.conf import settings

from nhasan.collection.models import Assignment, Attachment, FormVersion
from nhasan.collection.queries.drafts import expanded, layout_of, typed_rows
from nhasan.collection.queries.outside import earlier_reports, outside_of
from nhasan.collection.queries.workbooks import spellings_of, workbook_context
from nhasan.domain.answers import Answers
from nhasan.domain.checking import check_arrival
from nhasan.domain.forms import Layout
from nhasan.domain.problems import phrase
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.workbook import Arrival, Filled, Identity, annotate, carried
from nhasan.storage.store import Store

SPOT = phrase("Trang “{sheet}”, ô {cell}: {place}")


def read_report(filled: Filled, row: Assignment, *, older: bool = False) -> Arrival:
    """Return what an opened workbook says to a report, or refuse it as not this report's.

    A workbook of an older version of the form is read as that version, and what the version
    of the report still asks for is carried over by the ids of its cells. One of another period
    is taken only when the sender said that it is an `older` form filled for this period.
    """
    layout, context = layout_of(row), workbook_context(row)
    version = _other_version(row, filled.identity_for(context))
    if version is None:
        return filled.read(layout, context, spellings_of(row), older=older)
    was = expanded(
        version, row.area_level, row.area_code, row.round.map_day, typed_rows(row))
    return carried(
        filled.read(was, context, spellings_of(row), older=older), was, layout)


def _other_version(row: Assignment, identity: Identity | None) -> FormVersion | None:
    """Return the other version of the same form that a workbook was made of, if it is known."""
    current = row.round.form_version
    if identity is None or identity.form != current.form.identifier:
        return None
    if identity.version == current.version:
        return None
    return FormVersion.objects.filter(form=current.form_id, version=identity.version).first()


def findings_of(row: Assignment, layout: Layout, arrival: Arrival) -> tuple[Finding, ...]:
    """Return what the reader said and what the rules say, each cell's error once."""
    said = list(arrival.findings)
    spoken = {finding.cell for finding in said if finding.cell}
    answers = Answers(arrival.answers.cells, arrival.answers.open_rows, row.reasons)
    more = check_arrival(
        layout, answers, arrival.stated, outside_of(row, layout, earlier_reports(row)),
    )
    return (*said, *_placed((each for each in more if each.cell not in spoken), arrival))


def _placed(findings: Iterator[Finding], arrival: Arrival) -> Iterator[Finding]:
    """Tell by sheet and cell, too, what a rule says of a cell of the workbook."""
    for finding in findings:
        spot = arrival.places.get(finding.cell) if finding.cell else None
        if spot is None:
            yield finding
        else:
            where = SPOT.format(sheet=spot[0], cell=spot[1], place=finding.where)
            yield replace(finding, where=where)


def marked_workbook(row: Assignment, found: Attachment) -> bytes:
    """Return an uploaded workbook with what was said of it written into its cells."""
    with Store(settings.STORE).open(found.digest) as file:
        content = file.read()
    return annotate(
        content, told_of(found), read_report(Filled(content), row, older=True).places,
        row.reasons)


def told_of(found: Attachment) -> list[Finding]:
    """Return what was said of an uploaded workbook."""
    return [
        Finding(item["code"], Severity(item["severity"]), item["message"], item["cell"],
                item["where"])
        for item in found.findings
    ]
