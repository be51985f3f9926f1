"""Entry: a draft saved cell by cell. Two people meet at the cell, never over the whole form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.timezone import localtime

from nhasan.collection.models import Assignment, DraftRow, Revision
from nhasan.collection.operations.storing import store_rows
from nhasan.collection.queries import draft, examine, is_locked, layout_of
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.answers import Entry
from nhasan.domain.forms import Column, Layout, cell_id
from nhasan.domain.lifecycle import ASSIGNMENT
from nhasan.domain.numbers import read_tidy
from nhasan.domain.problems import Conflict, Invalid, phrase
from nhasan.domain.validation import Finding
from nhasan.organisations.authority import operation

LONGEST_TEXT = 2000
MOST_REASONS = 1000


class RoundClosed(Conflict):
    """The round no longer receives anything."""

    code = "round-closed"
    message = phrase(
        "Kỳ báo cáo “{round}” đã khoá ngày {day}. Số bạn đã nhập vẫn được giữ. "
        "Hãy hỏi {receiver} để mở lại kỳ."
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One cell as typed; `base` is the version of the cell that the person saw."""

    cell: str
    text: str
    base: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """One cell as kept."""

    cell: str
    text: str
    version: int


@dataclass(frozen=True, slots=True)
class CellConflict:
    """Somebody else changed the cell meanwhile: what stands there now, and by whom."""

    cell: str
    mine: str
    theirs: str
    theirs_by: str
    version: int


@dataclass(slots=True)
class Outcome:
    """What a save kept, where two people met, and what the checks say of the whole form."""

    saved: list[Saved] = field(default_factory=list)
    conflicts: list[CellConflict] = field(default_factory=list)
    findings: Sequence[Finding] = ()
    revision: int = 0


def held_open(actor: Actor, pk: int, at: datetime) -> Assignment:
    """Return an assignment of the actor's, locked, or say that its round is closed."""
    row = (
        Assignment.objects.within(actor.require(Permission.ENTER))
        .select_for_update(of=("self",))
        .select_related("round", "round__form_version", "round__form_version__form",
                        "round__obligation", "receiver__parent", "unit")
        .one(pk=pk)
    )
    held = row.round
    if is_locked(row, localtime(at).date()):
        day = f"{held.closes:%d/%m/%Y}" if held.closes else ""
        raise RoundClosed(round=held.title_vi, day=day, receiver=row.receiver.name)
    return row


def held_for_entry(actor: Actor, pk: int, at: datetime) -> Assignment:
    """Return an assignment locked for entry, or say why it receives nothing now."""
    row = held_open(actor, pk, at)
    row.state = ASSIGNMENT.after(row.state, "enter")
    return row


@operation("draft.save")
def save_cells(*, actor: Actor, assignment: int, changes: Sequence[Change], channel: str,
               at: datetime, reasons: Mapping[str, str] | None = None) -> Outcome:
    """Save changed cells of a draft, and the reasons given for warnings with them.

    A cell that somebody else changed meanwhile is left as it stands and reported as a
    conflict; every other cell is kept. What cannot be read is kept as typed.
    """
    row = held_for_entry(actor, assignment, at)
    if reasons:
        keep_reasons(row, reasons, at)
    outcome = write_cells(actor, row, layout_of(row), changes, channel, at)
    outcome.findings = examine(row).findings
    return outcome


def write_cells(actor: Actor, row: Assignment, layout: Layout, changes: Sequence[Change],
                channel: str, at: datetime) -> Outcome:
    """Write changes into the rows of a draft and leave one revision."""
    kept = _kept_rows(row)
    laid = lay_changes(actor, row, columns_of(layout), kept, changes)
    laid.outcome.revision = _keep_rows(actor, row, kept, laid.touched, laid.log, channel, at)
    return laid.outcome


@dataclass(slots=True)
class Laid:
    """Changes laid into the rows of a draft, and not yet stored."""

    outcome: Outcome = field(default_factory=Outcome)
    touched: list[DraftRow] = field(default_factory=list)
    log: dict[str, list[str]] = field(default_factory=dict)


def lay_changes(actor: Actor, row: Assignment, columns: Mapping[str, Column],
                kept: dict[tuple[str, str], DraftRow], changes: Sequence[Change]) -> Laid:
    """Lay changes into the rows of a draft, each on the version of the cell it was made on."""
    laid = Laid()
    wanted: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        table, line, _ = _parts(change.cell)
        if change.cell not in columns:
            raise Invalid(reason=phrase("không có ô này trong biểu mẫu: ") + change.cell)
        wanted.setdefault((table, line), []).append(change)
    for (table, line), cells in wanted.items():
        target = kept.get((table, line)) or _fresh(row, table, line)
        if _write_row(actor, target, cells, columns, laid.outcome, laid.log):
            kept[table, line] = target
            laid.touched.append(target)
    return laid


def write_entries(actor: Actor, row: Assignment, entries: Mapping[str, Entry], channel: str,
                  at: datetime) -> int:
    """Write cells that a reader already understood, each in place of the draft's.

    Returns how many there are. The cells are known to stand in the form.
    """
    kept = _kept_rows(row)
    known = {f"{table}/{line}": target for (table, line), target in kept.items()}
    log: dict[str, list[str]] = {}
    touched: dict[str, DraftRow] = {}
    count = 0
    for cell, entry in entries.items():
        if not entry.text:
            continue
        count += 1
        head, _, column = cell.rpartition("/")
        target = known.get(head)
        if target is None:
            table, _, line = head.partition("/")
            target = known[head] = kept[table, line] = _fresh(row, table, line)
        if _put(target.cells, column, entry, actor.name, log, cell):
            touched[head] = target
    _keep_rows(actor, row, kept, tuple(touched.values()), log, channel, at)
    return count


def _put(cells: dict[str, list[Any]], column: str, entry: Entry, by: str,
         log: dict[str, list[str]], cell: str) -> bool:
    """Put an entry into the cells of a row and note what it was; tell whether it is new."""
    figure = entry.figure
    text = kept_text(entry.text) if figure is None else entry.text.strip()
    old = cells.get(column)
    before, version = (old[0], old[3]) if old else ("", 0)
    if before == text:
        return False
    if figure is None:
        cells[column] = [text, None, "", version + 1, by]
    else:
        value = None if figure.value is None else str(figure.value)
        cells[column] = [text, value, str(figure.status), version + 1, by]
    log[cell] = [before, text]
    return True


def kept_text(text: str) -> str:
    """Return the text as a draft keeps it: trimmed, and without a sign no database can hold."""
    held = text.encode("utf-8", "ignore").decode()  # half of a surrogate pair is no letter
    return held.replace("\x00", "").strip()[:LONGEST_TEXT]


def _fresh(row: Assignment, table: str, line: str) -> DraftRow:
    return DraftRow(assignment_id=row.pk, table=table, row=line, cells={})


def _kept_rows(row: Assignment) -> dict[tuple[str, str], DraftRow]:
    return {
        (found.table, found.row): found
        for found in DraftRow.objects.within(EVERYTHING).filter(assignment=row)
    }


def _keep_rows(actor: Actor, row: Assignment, kept: Mapping[tuple[str, str], DraftRow],
               touched: Sequence[DraftRow], log: dict[str, list[str]], channel: str,
               at: datetime) -> int:
    """Store the rows that were touched and leave one revision; return its number, or 0."""
    if not log:
        return 0
    store_rows(row, touched)
    row.filled = filled_in(kept.values())
    row.changed_at = at
    row.save(update_fields=["state", "filled", "changed_at"])
    return _note(actor, row, log, channel, at)


def filled_in(rows: Iterable[DraftRow]) -> int:
    """Return how many cells of a draft say something."""
    return sum(1 for each in rows for cell in each.cells.values() if cell[0])


def _write_row(actor: Actor, target: DraftRow, cells: Sequence[Change],
               columns: Mapping[str, Column], outcome: Outcome,
               log: dict[str, list[str]]) -> bool:
    touched = False
    for change in cells:
        column_id = _parts(change.cell)[2]
        old: list[Any] = target.cells.get(column_id) or ["", None, "", 0, ""]
        column = columns[change.cell]
        entry = read_tidy(kept_text(change.text), column.kind, column.unit)
        text = entry.text
        if old[0] == text:
            outcome.saved.append(Saved(change.cell, text, old[3]))
            continue
        if change.base != old[3]:
            outcome.conflicts.append(
                CellConflict(change.cell, text, old[0], old[4], old[3])
            )
            continue
        _put(target.cells, column_id, entry, actor.name, log, change.cell)
        outcome.saved.append(Saved(change.cell, text, old[3] + 1))
        touched = True
    return touched


def columns_of(layout: Layout) -> dict[str, Column]:
    """Return the column of every cell that people fill."""
    return {
        cell_id(table.id, line.id, column.id): column
        for table in layout.tables for line, column in table.cells()
    }


def _parts(cell: str) -> tuple[str, str, str]:
    parts = cell.split("/")
    if len(parts) != 3:
        raise Invalid(reason=phrase("không có ô này trong biểu mẫu: ") + cell[:80])
    return parts[0], parts[1], parts[2]


def _note(actor: Actor, row: Assignment, log: dict[str, list[str]], channel: str,
          at: datetime) -> int:
    last = Revision.objects.within(EVERYTHING).filter(assignment=row).aggregate(n=Max("number"))
    number = (last["n"] or 0) + 1
    Revision.objects.create(
        assignment=row, number=number, at=at, by=actor.id, by_name=actor.name,
        channel=channel, changes=log,
    )
    return number


@operation("draft.name_rows")
def save_open_rows(*, actor: Actor, assignment: int, table: str,
                   rows: Sequence[Mapping[str, str]], at: datetime) -> Assignment:
    """Keep the rows that a unit names itself (villages, say): each with an id and a label."""
    row = held_for_entry(actor, assignment, at)
    found = layout_of(row, {}).table(table)
    if found is None or not found.open_rows:
        raise Invalid(reason=phrase("bảng này không nhận thêm dòng"))
    labels = [kept_text(str(item["label"])) for item in rows]
    if len(rows) > found.open_rows:
        raise Invalid(reason=phrase("bảng này nhận nhiều nhất {most} dòng").format(
            most=found.open_rows))
    if any(not label or len(label) > 120 for label in labels):
        raise Invalid(reason=phrase("mỗi dòng cần một tên, không quá 120 chữ"))
    if len({label.casefold() for label in labels}) != len(labels):
        raise Invalid(reason=phrase("có hai dòng trùng tên; hãy ghi rõ để phân biệt"))
    named = [
        {"id": kept_text(str(item["id"]))[:64].replace("/", "-"), "label": label}
        for item, label in zip(rows, labels, strict=True)
    ]
    ids = {item["id"] for item in named}
    if len(ids) != len(named) or not ids.isdisjoint({"", *(line.id for line in found.rows)}):
        raise Invalid(reason=phrase("mỗi dòng cần một mã riêng"))
    gone = {item["id"] for item in row.open_rows.get(table, ())} - ids
    row.open_rows = {**row.open_rows, table: named}
    row.changed_at = at
    _clear_rows(actor, row, table, gone, at)
    row.save(update_fields=["state", "open_rows", "filled", "changed_at"])
    return row


def fixed_rows(row: Assignment) -> dict[str, frozenset[str]]:
    """Return the ids of the rows that stand in each table by themselves, named by no unit."""
    return {
        table.id: frozenset(line.id for line in table.rows)
        for table in layout_of(row, {}).tables
    }


def _clear_rows(actor: Actor, row: Assignment, table: str, gone: set[str],
                at: datetime) -> None:
    """Take the cells of removed rows out of the draft; a revision keeps what they held."""
    removed = DraftRow.objects.within(EVERYTHING).filter(
        assignment=row, table=table, row__in=gone,
    )
    log = {
        cell_id(table, found.row, column): [cell[0], ""]
        for found in removed for column, cell in found.cells.items() if cell[0]
    }
    removed.delete()
    if log:
        _note(actor, row, log, "screen", at)
        row.filled = max(0, row.filled - len(log))


@operation("draft.explain")
def explain(*, actor: Actor, assignment: int, reasons: Mapping[str, str],
            at: datetime) -> Assignment:
    """Keep the unit's explanation of warnings, by `finding code|cell`; "" takes one back."""
    row = held_for_entry(actor, assignment, at)
    keep_reasons(row, reasons, at)
    return row


def keep_reasons(row: Assignment, reasons: Mapping[str, str], at: datetime) -> None:
    """Keep the unit's explanation of warnings in a report that is locked."""
    said = {kept_text(key)[:200]: kept_text(text)[:1000] for key, text in reasons.items()}
    kept = {key: text for key, text in {**row.reasons, **said}.items() if text}
    if len(kept) > MOST_REASONS:
        raise Invalid(reason=phrase("báo cáo này đã có quá nhiều lời giải thích"))
    row.reasons = kept
    row.changed_at = at
    row.save(update_fields=["state", "reasons", "changed_at"])


@operation("draft.undo")
def undo_revision(*, actor: Actor, assignment: int, number: int, at: datetime) -> Outcome:
    """Take back one save: each of its cells that nobody changed since gets its old words."""
    row = held_for_entry(actor, assignment, at)
    saved = (
        Revision.objects.within(EVERYTHING).filter(assignment=row, number=number)
        .values_list("changes", flat=True).first()
    )
    if saved is None:
        raise Invalid(reason=phrase("không có lần lưu này"))
    held = draft(row)
    layout = layout_of(row)
    present = columns_of(layout)
    changes = [
        Change(cell, old, held.versions.get(cell, 0))
        for cell, (old, new) in saved.items()
        if cell in present and _text(held.answers.cells.get(cell)) == new
    ]
    outcome = write_cells(actor, row, layout, changes, "undo", at)
    outcome.findings = examine(row).findings
    return outcome


def _text(entry: Entry | None) -> str:
    return entry.text if entry else ""
