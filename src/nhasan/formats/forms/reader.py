"""Read a workbook that came back: nothing is guessed in silence and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from nhasan.domain.answers import Answers
from nhasan.domain.checking import place
from nhasan.domain.forms import Layout, Row, Table
from nhasan.domain.problems import phrase
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.alignment import Cells, best_sheets, frame, key
from nhasan.formats.forms.contents import Contents, sheet_paths
from nhasan.formats.forms.error_list import read_reasons
from nhasan.formats.forms.grid import TableGrid, a1, grids, letters
from nhasan.formats.forms.harvest import Harvest, harvest
from nhasan.formats.forms.identity import Identity, WorkbookContext, identities_from
from nhasan.formats.forms.names import (
    ERROR_SHEET,
    GUIDE_SHEET,
    IDENTITY_SHEET,
    OWN_SHEETS,
    PREVIOUS_PREFIX,
)
from nhasan.formats.forms.package import Package, opened
from nhasan.formats.forms.refusals import (
    OtherForm,
    OtherPeriod,
    OtherUnit,
    OtherVersion,
)
from nhasan.formats.forms.rows import RowFinder, Spellings
from nhasan.formats.forms.seen import refuse_contradiction, seen
from nhasan.formats.forms.sheets import Sheet
from nhasan.formats.forms.tags import tags

WHERE = phrase("Trang “{sheet}”, ô {cell}")
NO_SHEET = phrase(
    "Không tìm thấy trang của bảng “{table}” trong tệp. Hãy tải lại mẫu và chép số liệu sang.")
RENAMED = phrase(
    "Trang “{usual}” đã đổi tên thành “{sheet}”; số liệu vẫn được nhận theo nội dung.")
UNREAD = phrase("Trang “{sheet}” không thuộc biểu nên không được đọc.")
NO_IDENTITY = phrase(
    "Tệp không còn thông tin nhận dạng của mẫu (có thể đã chép sang tệp mới). Số liệu được nhận "
    "theo tên dòng và tên cột; hãy xem lại đơn vị và kỳ báo cáo.")
EMPTY = phrase("Tệp chưa có số liệu nào. Hãy điền biểu, lưu lại rồi nộp.")
STRAYS = phrase(
    "Trang “{sheet}” có nội dung ở rất xa bảng (ô {cell}) nên không được đọc. Nếu cần, hãy đưa "
    "về đúng ô trong bảng.")
NO_COLUMN = phrase("Không tìm thấy cột “{column}” trong trang. Hãy chép lại cột từ mẫu.")
MOVED_COLUMNS = phrase(
    "Cột đã đổi chỗ so với mẫu ({names}). Số liệu được nhận theo tên cột.")
REWORDED = phrase("Tên cột “{column}” đã bị sửa; số liệu được nhận theo số thứ tự của cột.")
STRANGE = phrase(
    "Cột {letter} có số liệu nhưng không thuộc biểu nên chưa được nhận. Hãy chép số sang đúng "
    "cột, hoặc xoá cột này.")
COLUMN = phrase("Cột {letter}")
LOST_REASON = phrase(
    "Lý do “{reason}” chưa được nhận vì dòng này không phải là dòng nhắc. Hãy sửa số, hoặc ghi "
    "lý do tại ô đó trên trang báo cáo.")


@dataclass(frozen=True, slots=True)
class Places(Mapping[str, tuple[str, str]]):
    """Sheet and address of every cell of the form, by cell id; addresses are made when asked."""

    tables: Mapping[str, tuple[str, Mapping[str, int], Mapping[str, int]]]

    def __getitem__(self, cell: str) -> tuple[str, str]:
        """Return sheet and address, such as `("Biểu 01", "C12")`."""
        table, _, rest = cell.partition("/")
        row, _, column = rest.rpartition("/")
        sheet, lines, columns = self.tables[table]
        return sheet, a1(lines[row], columns[column])

    def __iter__(self) -> Iterator[str]:
        """Yield every cell id."""
        for table, (_, lines, columns) in self.tables.items():
            for row in lines:
                for column in columns:
                    yield f"{table}/{row}/{column}"

    def __len__(self) -> int:
        """Return how many cells have a place."""
        return sum(len(lines) * len(columns) for _, lines, columns in self.tables.values())


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a workbook said: answers, totals it states, what to look at, and where all stands."""

    answers: Answers
    stated: Mapping[str, Decimal]
    findings: tuple[Finding, ...]
    places: Places


def read_identity(data: bytes) -> Identity | None:
    """Return which form, version, unit and period an upload is for, if it still says so."""
    return next(iter(Filled(data).identities), None)


def read_form(
    data: bytes, layout: Layout, context: WorkbookContext, spellings: Spellings | None = None, *,
    older: bool = False,
) -> Arrival:
    """Read an upload as the answers of this layout; see `Filled.read`."""
    return Filled(data).read(layout, context, spellings, older=older)


class Filled:
    """An upload that was looked through and opened, with the forms it says it holds."""

    def __init__(self, data: bytes) -> None:
        """Open the upload; raises a `Problem` when it is no workbook or is unsafe."""
        self._package = opened(data)
        self._sheets = Contents(self._package.for_reader())
        properties = {
            tag.attributes.get("name", ""): tag.text.strip()
            for tag in tags(self._package.parts.get("docProps/custom.xml", b""))
            if tag.name == "property"
        }
        self.identities = identities_from(self._sheets.get(IDENTITY_SHEET, []), properties)

    def identity_for(self, context: WorkbookContext) -> Identity | None:
        """Return the identity of that report, or of the first form; nothing if none is left."""
        mine = [each for each in self.identities if each.assignment == context.assignment]
        return next(iter((*mine, *self.identities)), None)

    def read(
        self, layout: Layout, context: WorkbookContext, spellings: Spellings | None = None, *,
        older: bool = False,
    ) -> Arrival:
        """Read the form of one report.

        Raises a `Problem` when the file is another form, version, unit or period, or when its
        face contradicts what is filled; an `older` one may be of another period. Everything
        else that is wrong or strange becomes a finding.
        """
        identity = self.identity_for(context)
        reading = _Reading(layout, self._package, self._sheets, spellings or Spellings())
        if identity is None:
            reading.tell("identity-missing", Severity.WARNING, NO_IDENTITY)
        else:
            _refuse_other(identity, layout, context, older=older)
        others = [each for each in self.identities if each is not identity]
        return reading.arrival(identity, context, others, older=older)


def _refuse_other(
    identity: Identity, layout: Layout, context: WorkbookContext, *, older: bool,
) -> None:
    if identity.form != layout.form:
        raise OtherForm(found=identity.form, wanted=context.code or layout.form)
    if identity.version != layout.version:
        raise OtherVersion(found=identity.version, wanted=layout.version)
    if identity.unit and identity.unit != context.unit:
        raise OtherUnit(
            found=identity.unit_name or identity.unit, wanted=context.reporting_unit)
    if identity.period and identity.period != context.period and not older:
        raise OtherPeriod(
            found=identity.period_label or identity.period, wanted=context.period_label)


class _Reading:
    """One upload being read: gathers answers, findings and places table by table."""

    def __init__(
        self, layout: Layout, package: Package, sheets: Contents, spellings: Spellings,
    ) -> None:
        self._placed = grids(layout)
        self._package = package
        self._sheets = sheets
        self._spellings = spellings
        self._paths = sheet_paths(package)
        self._findings: list[Finding] = []
        self._harvest = Harvest()
        self._open_rows: dict[str, tuple[Row, ...]] = {}
        self._tables: dict[str, tuple[str, Mapping[str, int], Mapping[str, int]]] = {}

    def tell(
        self, code: str, severity: Severity, message: str, where: str = "", **facts: object,
    ) -> None:
        """Keep a finding about the file or a sheet."""
        self._findings.append(Finding(code, severity, message.format(**facts), "", where))

    def arrival(
        self, identity: Identity | None, context: WorkbookContext, others: Sequence[Identity], *,
        older: bool,
    ) -> Arrival:
        """Read every table and return all that the workbook said.

        Sheets that belong to `others`, forms in the same workbook, are left to them.
        """
        candidates = self._candidates(identity, context, others)
        named = {
            table: place.sheet for table, place in (identity.tables if identity else {}).items()
        }
        found = best_sheets(candidates, self._placed, named)
        for grid in self._placed:
            sheet = found.get(grid.table.id)
            if sheet is None:
                self.tell(
                    "sheet-missing", Severity.ERROR, NO_SHEET, grid.table.title,
                    table=grid.table.title)
                continue
            usual = named.get(grid.table.id) or grid.sheet
            if sheet != usual:
                self.tell(
                    "sheet-renamed", Severity.NOTE, RENAMED, self._where(sheet, "A1"),
                    usual=usual, sheet=sheet)
            refuse_contradiction(
                candidates[sheet], sheet, context, identity, older=older)
            self._table(grid, sheet)
        if not others:
            self._tell_unread(candidates, set(found.values()))
        if not self._harvest.cells and not self._open_rows:
            self.tell("workbook-empty", Severity.WARNING, EMPTY)
        alone = all(each.unit == context.unit for each in others)
        reasons = own_reasons(self._reasons(told=alone), context.assignment)
        answers = Answers(self._harvest.cells, self._open_rows, reasons)
        return Arrival(
            answers, self._harvest.stated, tuple(self._findings), Places(self._tables))

    def _candidates(
        self, identity: Identity | None, context: WorkbookContext, others: Sequence[Identity],
    ) -> dict[str, Cells]:
        """Return the sheets that may hold this form: not our own, and not another form's.

        Among several forms, a sheet that was renamed is known by the unit on its face.
        """
        own = {name.casefold() for name in OWN_SHEETS}
        mine = {each.sheet for each in identity.tables.values()} if identity else set()
        taken = {place.sheet for each in others for place in each.tables.values()} - mine
        found = {
            name: self._sheets[name] for name in self._sheets
            if name.casefold() not in own and not name.startswith(PREVIOUS_PREFIX)
            and name not in taken
        }
        if not others:
            return found
        return {
            name: cells for name, cells in found.items()
            if name in mine or key(seen(cells).unit) == key(context.reporting_unit)
        }

    def _reasons(self, *, told: bool) -> dict[str, str]:
        """Return the reasons written into the list of an earlier check, by their keys.

        One that belongs nowhere is `told`, unless it may be that of another unit.
        """
        found = {}
        for name, reason, line, spot in read_reasons(self._sheets.get(ERROR_SHEET, [])):
            if name:
                found[name] = reason
            elif told:
                shown = reason if len(reason) <= 40 else reason[:39] + "…"
                self.tell(
                    "reason-unplaced", Severity.WARNING, LOST_REASON,
                    self._where(ERROR_SHEET, a1(line, spot)), reason=shown)
        return found

    def _tell_unread(self, candidates: Mapping[str, Cells], used: set[str]) -> None:
        for sheet, cells in candidates.items():
            if sheet not in used and any(value != "" for line in cells for value in line):
                self.tell(
                    "sheet-unread", Severity.NOTE, UNREAD, self._where(sheet, "A1"), sheet=sheet)

    def _table(self, grid: TableGrid, sheet: str) -> None:
        cells = self._sheets[sheet]
        path = self._paths.get(sheet, "")
        there = frame(cells, grid)
        if there is None:
            self.tell(
                "sheet-missing", Severity.ERROR, NO_SHEET, self._where(sheet, "A1"),
                table=grid.table.title)
            return
        self._tell_columns(grid, sheet, there.missing, there.moved, there.renamed)
        lines = RowFinder(cells, grid, there, self._spellings).lines()
        for finding, line, spot in lines.told:
            where = self._where(sheet, a1(line, spot), finding.where)
            self._findings.append(replace(finding, where=where))
        self._tell_strange(sheet, cells, lines.of_row, there.columns, there.label_column)
        for stray in self._package.strays.get(path, ())[:1]:
            self.tell(
                "cells-astray", Severity.WARNING, STRAYS, self._where(sheet, stray),
                sheet=sheet, cell=stray)
        self._tables[grid.table.id] = (sheet, lines.of_row, there.columns)
        known = {row.id: row for row in (*grid.rows, *lines.named)}
        open_rows = self._named(grid, known, lines.of_row)
        if open_rows:
            self._open_rows[grid.table.id] = open_rows
        rows = [(known[name], line) for name, line in lines.of_row.items()]
        self._findings += [
            replace(finding, where=self._where(
                sheet, address, _cell_words(finding, grid.table, known)))
            for finding, address in harvest(
                self._harvest, grid.table, rows, there.columns, cells,
                self._package.sheets.get(path, Sheet()))
        ]

    def _named(
        self, grid: TableGrid, known: Mapping[str, Row], of_row: Mapping[str, int],
    ) -> tuple[Row, ...]:
        """Return the rows the unit named itself, in the order they stand in the sheet."""
        if not grid.table.open_rows:
            return ()
        new = {name for name in known if grid.table.row(name) is None}
        mine = [
            (line, Row(name, known[name].label)) for name, line in of_row.items()
            if name in new or known[name].label in known[name].bind.values()
        ]
        return tuple(row for _, row in sorted(mine, key=lambda each: each[0]))

    def _tell_columns(
        self, grid: TableGrid, sheet: str, missing: Any, moved: Any, renamed: Any,
    ) -> None:
        corner = a1(grid.header_top, grid.data_left)
        for column in missing:
            self.tell(
                "column-missing", Severity.ERROR, NO_COLUMN,
                self._where(sheet, corner, column.full_label), column=column.full_label)
        if moved and not missing:
            names = ", ".join(column.full_label for column in moved[:5])
            self.tell(
                "columns-moved", Severity.NOTE, MOVED_COLUMNS,
                self._where(sheet, corner, names), names=names)
        for column, spot in renamed:
            where = self._where(sheet, a1(grid.header_top, spot), column.full_label)
            self.tell(
                "column-reworded", Severity.NOTE, REWORDED, where, column=column.full_label)

    def _tell_strange(
        self, sheet: str, cells: Cells, of_row: Mapping[str, int], columns: Mapping[str, int],
        label_column: int,
    ) -> None:
        """Name columns with content beside the rows that belong to no column of the form."""
        known = set(columns.values())
        told = set()
        for line in of_row.values():
            for spot in range(label_column + 1, len(cells[line])):
                if spot not in known and spot not in told and cells[line][spot] != "":
                    told.add(spot)
                    letter = letters(spot)
                    where = self._where(sheet, a1(line, spot), COLUMN.format(letter=letter))
                    self.tell(
                        "column-unknown", Severity.WARNING, STRANGE, where, letter=letter)

    def _where(self, sheet: str, cell: str, words: str = "") -> str:
        spot = WHERE.format(sheet=sheet, cell=cell)
        return f"{spot}: {words}" if words else spot


def own_reasons(reasons: Mapping[str, str], assignment: str) -> dict[str, str]:
    """Return the reasons of one report: in a list of several, its cells begin with its number."""
    found = {}
    for name, reason in reasons.items():
        code, _, cell = name.partition("|")
        number, colon, rest = cell.partition(":")
        if not colon:
            found[name] = reason
        elif number == assignment:
            found[f"{code}|{rest}"] = reason
    return found


def _cell_words(finding: Finding, table: Table, rows: Mapping[str, Row]) -> str:
    """Return the names of row and column for a finding about one cell."""
    if not finding.cell:
        return finding.where
    _, _, rest = finding.cell.partition("/")
    row, _, name = rest.rpartition("/")
    column = table.column(name)
    return place(rows[row], column) if column else ""


__all__ = ["GUIDE_SHEET", "Arrival", "Places", "Spellings", "read_form", "read_identity"]
