"""A unit's own workbook of any layout: kept as it is, read through a mapping into the draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from nhasan.collection.models import Assignment, Attachment, WorkbookMapping
from nhasan.collection.operations.entry import held_for_entry
from nhasan.collection.operations.workbooks import Upload, write_arrival
from nhasan.collection.queries import assignment as assignment_of
from nhasan.collection.queries import attachment as attachment_of
from nhasan.collection.queries import own_sheets, read_own
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.problems import Conflict, Invalid, NotFound, phrase
from nhasan.formats.forms.mapped import Mapped
from nhasan.formats.forms.mapping import SheetMapping, fingerprint, pointed, viewed
from nhasan.formats.forms.own import open_own
from nhasan.organisations.authority import operation
from nhasan.organisations.queries import units
from nhasan.storage.store import Store

_MOST_SPELLED = 2_000


class EmptyWorkbook(Invalid):
    """No sheet of the workbook holds anything."""

    code = "workbook-nothing"
    message = phrase("Tệp này không có trang nào có số liệu. Hãy chọn đúng tệp rồi tải lại.")


class LinesUnsettled(Invalid):
    """Some lines have names that are not known yet."""

    code = "workbook-lines-unsettled"
    message = phrase(
        "Còn {count} dòng chưa rõ là dòng nào của biểu. Hãy chọn cho từng dòng, hoặc chọn “Bỏ "
        "qua dòng này”.")


class NothingMapped(Invalid):
    """Read so, the workbook gives no figure."""

    code = "workbook-nothing-mapped"
    message = phrase(
        "Theo cách đọc này thì tệp không có số nào. Hãy xem lại dòng đầu tiên có số liệu, cột "
        "tên và các cột đã chọn.")


def bring_own_workbook(*, actor: Actor, assignment: int, name: str, content: bytes,
                       at: datetime) -> Attachment:
    """Keep a unit's own workbook beside its report, unread, once it proved safe to open."""
    assignment_of(actor, assignment, Permission.ENTER)
    if not open_own(content):
        raise EmptyWorkbook
    return _bring(actor=actor, assignment=assignment, name=name, content=content, at=at)


@operation("workbook.bring")
def _bring(*, actor: Actor, assignment: int, name: str, content: bytes,
           at: datetime) -> Attachment:
    """Keep the bytes of a unit's own workbook; the report itself is not touched."""
    row = held_for_entry(actor, assignment, at)
    return Attachment.objects.create(
        assignment=row, name=name[:200], digest=Store(settings.STORE).put(content),
        size=len(content), uploaded_at=at, uploaded_by=actor.id, kind="own",
    )


def take_own_workbook(*, actor: Actor, assignment: int, file: int,
                      parts: Sequence[SheetMapping], at: datetime) -> Upload:
    """Write what a unit's own workbook says into the draft, and keep how it was read.

    The workbook is read before anything is locked. Every cell with a figure replaces the
    draft's cell; an empty one erases nothing; all of it is one save that can be taken back.
    Lines whose names nobody settled refuse the whole: nothing is written by a guess.
    """
    row = assignment_of(actor, assignment, Permission.ENTER)
    found = attachment_of(actor, file)
    if found.assignment_id != row.pk or found.kind != "own":
        raise NotFound()
    sheets = own_sheets(found)
    read = read_own(row, sheets, parts)
    if read.asked:
        raise LinesUnsettled(count=len(read.asked))
    if not read.arrival.answers.cells:
        raise NothingMapped()
    pointed_at = [
        pointed(part, viewed(sheets[part.sheet], turned=part.turned)) for part in parts]
    return _take_mapped(
        actor=actor, assignment=assignment, file=file, read=read, rows=row.open_rows,
        parts=pointed_at, at=at)


@operation("workbook.map")
def _take_mapped(*, actor: Actor, assignment: int, file: int, read: Mapped, rows: object,
                 parts: Sequence[SheetMapping], at: datetime) -> Upload:
    """Take what was read into the draft, unless its rows were renamed meanwhile."""
    row = held_for_entry(actor, assignment, at)
    if row.open_rows != rows:
        raise Conflict()
    cells, findings = write_arrival(actor, row, read.arrival, "mapped", at)
    kept = Attachment.objects.within(EVERYTHING).one(pk=file)
    kept.cells = cells
    kept.findings = [finding.as_json() for finding in findings]
    kept.save(update_fields=["cells", "findings"])
    _keep_mapping(actor, row, kept, parts, at)
    return Upload(kept, findings, cells)


def _keep_mapping(actor: Actor, row: Assignment, file: Attachment,
                  parts: Sequence[SheetMapping], at: datetime) -> None:
    """Keep how a layout is read, under the unit of who pointed; a later answer replaces it."""
    if any(len(part.spelled) > _MOST_SPELLED for part in parts):
        raise Invalid(reason=phrase("bảng tính có quá nhiều tên dòng lạ"))
    own = units(actor, permission=Permission.ENTER).filter(path=actor.unit_path).first()
    WorkbookMapping.objects.within(EVERYTHING).update_or_create(
        unit=own or row.unit, form=row.round.form_version.form, fingerprint=fingerprint(parts),
        defaults={
            "name": file.name, "mapping": {"parts": [part.as_json() for part in parts]},
            "used_at": at,
        },
        create_defaults={
            "name": file.name, "mapping": {"parts": [part.as_json() for part in parts]},
            "made_at": at, "made_by_name": actor.name, "used_at": at,
        },
    )
