"""One workbook for several reports, as it goes out and as it is given back marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings

from nhasan.collection.models import Assignment, Attachment, WorkbookUpload
from nhasan.collection.queries.arrivals import read_report, told_of
from nhasan.collection.queries.drafts import draft, layout_of
from nhasan.collection.queries.reports import receives_still
from nhasan.collection.queries.workbooks import workbook_context
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.lifecycle import ASSIGNMENT
from nhasan.domain.problems import NotFound, Problem
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.reader import WHERE
from nhasan.formats.forms.workbook import Filled, Part, annotate, write_bundle
from nhasan.storage.store import Store

_LOOKED_THROUGH = 5


def to_fill_together(
    actor: Actor, only: Iterable[int] = (), *, on: date, round_id: int = 0,
) -> Sequence[Assignment]:
    """Return the reports that the actor may fill on a day, own units first.

    `only` picks some, `round_id` those of one round.
    """
    found = Assignment.objects.within(actor.may(Permission.ENTER)).filter(receives_still(on))
    if round_id:
        found = found.filter(round__pk=round_id)
    wanted = list(only)
    if wanted:
        found = found.filter(pk__in=wanted)
    rows = found.select_related(
        "round__form_version__form", "round__receiver", "unit", "receiver",
    ).order_by("due", "round_id", "unit__path", "area_code")
    return sorted(
        (row for row in rows if ASSIGNMENT.allows(row.state, "enter")),
        key=lambda row: row.unit.path != actor.unit_path)


def bundle(rows: Sequence[Assignment]) -> bytes:
    """Return one workbook for these reports, found within the actor's authority."""
    return write_bundle([
        Part(layout_of(row), workbook_context(row), draft(row).answers) for row in rows])


def workbook_upload(actor: Actor, pk: int) -> WorkbookUpload:
    """Return what became of a workbook, for those who may enter every form that is in it."""
    found = WorkbookUpload.objects.within(actor.may(Permission.ENTER)).filter(pk=pk)
    for each in _wholly_entered(actor, found):
        return each
    raise NotFound()


def workbook_uploads(actor: Actor, *, limit: int = 10) -> Sequence[WorkbookUpload]:
    """Return the workbooks all of whose forms one may enter, the newest first."""
    found = (
        WorkbookUpload.objects.within(actor.may(Permission.ENTER))
        .order_by("-uploaded_at", "-pk")[:limit * _LOOKED_THROUGH])
    return _wholly_entered(actor, found)[:limit]


def _wholly_entered(
    actor: Actor, found: Iterable[WorkbookUpload],
) -> list[WorkbookUpload]:
    """Leave out what holds a form that the actor may not enter.

    Whoever sent a workbook in knows the forms that were refused in it.
    """
    inside = {
        each: {
            str(part["assignment"]) for part in each.parts
            if part["state"] == "taken" or each.uploaded_by != actor.id}
        for each in found
    }
    asked = {int(number) for numbers in inside.values() for number in numbers if _is_key(number)}
    mine = {
        str(key) for key in Assignment.objects.within(actor.may(Permission.ENTER))
        .filter(pk__in=asked).values_list("pk", flat=True)}
    return [each for each, numbers in inside.items() if numbers <= mine]


def _is_key(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 19


def bundled_by(files: Sequence[Attachment]) -> Mapping[int, str]:
    """Return the unit that sent each file in as a part of a workbook with several forms."""
    parts = [file for file in files if file.kind == "workbook" and not file.digest]
    if not parts:
        return {}
    uploads = (
        WorkbookUpload.objects.within(EVERYTHING)
        .filter(uploaded_at__in={file.uploaded_at for file in parts},
                uploaded_by__in={file.uploaded_by for file in parts})
        .select_related("unit"))
    return {
        part["file"]: upload.unit.name
        for upload in uploads for part in upload.parts if part.get("file")
    }


def marked_bundle(actor: Actor, found: WorkbookUpload) -> bytes:
    """Return the workbook with what was said of every form written into its cells and a list.

    The cells of a form are told from those of another by the number of its report.
    """
    with Store(settings.STORE).open(found.digest) as stored:
        content = stored.read()
    filled = Filled(content)
    files = _files(actor, found.parts)
    findings: list[Finding] = []
    places: dict[str, tuple[str, str]] = {}
    reasons: dict[str, str] = {}
    for part in found.parts:
        file = files.get(part.get("file") or 0)
        if part["state"] == "empty":
            continue
        if file is None:
            findings.append(_refused(filled, part))
            continue
        row = file.assignment
        mark = f"{row.pk}:"
        findings += [
            replace(each, cell=f"{mark}{each.cell}" if each.cell else "")
            for each in told_of(file)]
        places |= {f"{mark}{cell}": spot for cell, spot in _places(filled, row).items()}
        reasons |= {
            f"{code}|{mark}{cell}": text for code, _, cell, text in (
                (*name.partition("|"), text) for name, text in row.reasons.items())}
    return annotate(content, findings, places, reasons)


def _files(actor: Actor, parts: Sequence[Mapping[str, Any]]) -> dict[int, Attachment]:
    wanted = [part["file"] for part in parts if part.get("file")]
    rows = Attachment.objects.within(actor.may(Permission.ENTER)).filter(pk__in=wanted)
    return {
        row.pk: row for row in rows.select_related(
            "assignment__round__form_version__form", "assignment__unit", "assignment__receiver")
    }


def _places(filled: Filled, row: Assignment) -> Mapping[str, tuple[str, str]]:
    try:
        return read_report(filled, row, older=True).places
    except Problem:  # the report went on to another form meanwhile
        return {}


def _refused(filled: Filled, part: Mapping[str, Any]) -> Finding:
    """Return the refusal of a form, written at the head of its first sheet."""
    identity = next(
        (each for each in filled.identities if each.assignment == part["assignment"]), None)
    sheets = [place.sheet for place in identity.tables.values()] if identity else []
    where = WHERE.format(sheet=sheets[0], cell="A1") if sheets else part["title"]
    return Finding("form-refused", Severity.ERROR, part["message"], where=where)
