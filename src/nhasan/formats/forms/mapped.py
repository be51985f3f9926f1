"""Read a unit's own workbook through a mapping: every line is a known row, left out, or asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.checking import place
from nhasan.domain.forms import Layout, Row, Table
from nhasan.domain.problems import phrase
from nhasan.domain.readings import name_key
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.alignment import said
from nhasan.formats.forms.grid import a1, shown_code
from nhasan.formats.forms.harvest import Harvest, harvest
from nhasan.formats.forms.mapping import SheetMapping, height, viewed
from nhasan.formats.forms.own import OwnSheet
from nhasan.formats.forms.reader import WHERE, Arrival, Places
from nhasan.formats.forms.rows import Spellings
from nhasan.formats.forms.suggesting import is_total, names_of

LEFT_OUT = ""
_OPEN_ID = "o"
_MOST_ASKED = 300

TWICE = phrase(
    "“{name}” có hai dòng trong trang (dòng {first} và {again}); đã lấy dòng {first}. Nếu phải "
    "cộng hai dòng, hãy cộng trong tệp rồi tải lại.")
NAMELESS_LINE = phrase("Dòng có số liệu nhưng không có tên, nên không được lấy.")
LEFT_OUT_LINE = phrase("Dòng “{name}” được bỏ qua theo cách đọc đã chọn.")
TOTAL_LINE = phrase("Dòng “{name}” là dòng cộng; máy tự cộng nên không lấy.")
TOO_MANY_LINES = phrase(
    "Bảng nhận nhiều nhất {limit} dòng tự đặt tên; dòng “{name}” vượt quá nên chưa được nhận.")
SENTENCES = (TWICE, NAMELESS_LINE, LEFT_OUT_LINE, TOTAL_LINE, TOO_MANY_LINES)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line whose name is not known: where it stands and the rows that come near."""

    table: str
    line: int
    name: str
    near: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the letters by which the answer is kept."""
        return spelling_key(self.name)


@dataclass(slots=True)
class Settled:
    """Which line is which row of one table, which rows are new, and what is still to be asked."""

    of_row: dict[str, int] = field(default_factory=dict)
    named: list[Row] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    told: list[tuple[Finding, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a workbook said through its mapping; nothing is to be written while lines are asked."""

    arrival: Arrival
    asked: tuple[Asked, ...]


def spelling_key(name: str) -> str:
    """Return the letters of a name, by which its meaning is kept."""
    return name_key(name)[:120]


def settled(
    mapping: SheetMapping, sheet: OwnSheet, table: Table, spellings: Spellings,
) -> Settled:
    """Say for every line with figures which row it is."""
    return _Settling(mapping, sheet, table, spellings).done()


class _Settling:
    """Goes down the lines of a sheet."""

    def __init__(
        self, mapping: SheetMapping, sheet: OwnSheet, table: Table, spellings: Spellings,
    ) -> None:
        self._mapping, self._sheet, self._table = mapping, sheet, table
        self._names = names_of(table, spellings)
        self._rows = {row.id: row for row in table.rows if not row.heading}
        self._codes: dict[str, list[str]] = {}
        for row in self._rows.values():
            self._codes.setdefault(_bare(shown_code(row) or row.id), []).append(row.id)
        self._found = Settled()

    def done(self) -> Settled:
        """Return what was settled and what is asked."""
        for line in range(self._mapping.first, height(self._sheet.cells)):
            name = said(self._sheet.cells, line, self._mapping.names)
            if self._has_figures(line):
                self._one(line, name)
        return self._found

    def _has_figures(self, line: int) -> bool:
        cells = self._sheet.cells[line]
        return any(cells[spot] != "" for spot in self._mapping.columns if spot < len(cells))

    def _one(self, line: int, name: str) -> None:
        meant = self._mapping.spelled.get(spelling_key(name)) if name else None
        if not name:
            self._tell("line-nameless", Severity.WARNING, NAMELESS_LINE, line)
        elif meant == LEFT_OUT:
            self._tell("line-left-out", Severity.NOTE, LEFT_OUT_LINE, line, name=name)
        elif meant in self._rows:
            self._take(str(meant), line, name)
        else:
            self._by_name(line, name)

    def _by_name(self, line: int, name: str) -> None:
        """Settle a line by its name and its code; a total is the machine's to fill."""
        if is_total(name):
            self._total(line, name)
            return
        codes = self._names.codes_named(name)
        if len(codes) > 1:
            coded = self._coded(line)
            codes = tuple(code for code in codes if code in coded) or codes
        if len(codes) == 1:
            self._take(codes[0], line, name)
        elif self._table.open_rows:
            self._open(line, name)
        elif len(self._found.asked) < _MOST_ASKED:
            near = codes or (*self._within(name), *self._names.agree("", name).suggestions)
            self._found.asked.append(
                Asked(self._table.id, line, name, tuple(dict.fromkeys(near))))

    def _within(self, name: str) -> list[str]:
        """Return the rows whose names begin this one: Dao in “Dao Tiền”, Nùng in “Nùng An”."""
        words = [name_key(word) for word in name.split()]
        return [
            row.id for row in self._rows.values() if not row.computed
            and (own := [name_key(word) for word in row.label.split()])
            and words[:len(own)] == own
        ]

    def _coded(self, line: int) -> list[str]:
        spot = self._mapping.codes
        return [] if spot is None else self._codes.get(
            _bare(said(self._sheet.cells, line, spot)), [])

    def _total(self, line: int, name: str) -> None:
        """Keep the first total line for the table's own total, to be compared with it."""
        totals = [row.id for row in self._table.rows if row.computed]
        if len(totals) == 1 and totals[0] not in self._found.of_row:
            self._found.of_row[totals[0]] = line
        else:
            self._tell("line-total", Severity.NOTE, TOTAL_LINE, line, name=name)

    def _take(self, row: str, line: int, name: str) -> None:
        if row not in self._found.of_row:
            self._found.of_row[row] = line
            return
        self._tell("line-twice", Severity.ERROR, TWICE, line, name=name,
                   first=self._found.of_row[row] + 1, again=line + 1)

    def _open(self, line: int, name: str) -> None:
        """Name a row of its own for a line of a table whose rows the unit names."""
        known = [row for row in self._table.rows if not row.computed and not row.heading]
        if len(known) + len(self._found.named) >= self._table.open_rows:
            self._tell("rows-too-many", Severity.ERROR, TOO_MANY_LINES, line,
                       limit=self._table.open_rows, name=name)
            return
        same = next((row for row in self._found.named
                     if name_key(row.label) == name_key(name)), None)
        if same is not None:
            self._take(same.id, line, name)
            return
        taken = {row.id for row in (*known, *self._found.named)}
        number = next(n for n in range(1, len(taken) + 2) if f"{_OPEN_ID}{n}" not in taken)
        row = Row(f"{_OPEN_ID}{number}", name)
        self._found.named.append(row)
        self._take(row.id, line, name)

    def _tell(self, code: str, severity: Severity, message: str, line: int,
              **facts: object) -> None:
        self._found.told.append((Finding(code, severity, message.format(**facts)), line))


def _bare(code: str) -> str:
    return code.casefold().lstrip("0")


def read_mapped(
    sheets: Mapping[str, OwnSheet], parts: Sequence[SheetMapping], layout: Layout,
    spellings: Spellings,
) -> Mapped:
    """Read the sheets as the mappings say. A sheet or table that is gone reads as nothing."""
    into = Harvest()
    findings: list[Finding] = []
    asked: list[Asked] = []
    named: dict[str, tuple[Row, ...]] = {}
    places: dict[str, tuple[str, Mapping[str, int], Mapping[str, int]]] = {}
    for part in parts:
        table = layout.table(part.table)
        if table is None or part.sheet not in sheets:
            continue
        sheet = viewed(sheets[part.sheet], turned=part.turned)
        found = settled(part, sheet, table, spellings)
        asked += found.asked
        columns = _columns(part, table)
        places[table.id] = (part.sheet, found.of_row, columns)
        findings += _read(into, part, sheet, table, found)
        rows = _open_rows(table, found)
        if rows:
            named[table.id] = rows
    answers = Answers(_filled(into.cells), named)
    return Mapped(
        Arrival(answers, into.stated, tuple(findings), Places(places)), tuple(asked))


def _columns(part: SheetMapping, table: Table) -> dict[str, int]:
    known = {column.id for column in table.columns}
    return {name: spot for spot, name in part.columns.items() if name in known}


def _filled(cells: Mapping[str, Entry]) -> dict[str, Entry]:
    return {cell: entry for cell, entry in cells.items() if entry.text.strip()}


def _open_rows(table: Table, found: Settled) -> tuple[Row, ...]:
    """Return the rows the unit named itself, as they stand in the sheet."""
    if not table.open_rows:
        return ()
    known = {row.id: row for row in (*table.rows, *found.named)
             if not row.computed and not row.heading}
    order = sorted((line, name) for name, line in found.of_row.items() if name in known)
    return tuple(Row(name, known[name].label) for _, name in order)


def _read(
    into: Harvest, part: SheetMapping, sheet: OwnSheet, table: Table, found: Settled,
) -> Iterator[Finding]:
    """Take the figures of one table; yield what there is to say, each with its place."""
    for finding, line in found.told:
        yield replace(finding, where=_where(part, line, part.names))
    known = {row.id: row for row in (*table.rows, *found.named)}
    rows = [(known[name], line) for name, line in found.of_row.items()]
    columns = _columns(part, table)
    for finding, address in harvest(into, table, rows, columns, sheet.cells, sheet.sheet):
        spot = WHERE.format(sheet=part.sheet, cell=_turned(part, address))
        words = _words(finding, table, known)
        yield replace(finding, where=f"{spot}: {words}" if words else spot)


def _where(part: SheetMapping, line: int, spot: int) -> str:
    return WHERE.format(sheet=part.sheet, cell=_turned(part, a1(line, spot)))


def _turned(part: SheetMapping, address: str) -> str:
    """Return the address as it is in the file, where the sheet was read turned."""
    if not part.turned:
        return address
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return a1(column - 1, int(address[len(letters):]) - 1)


def _words(finding: Finding, table: Table, rows: Mapping[str, Row]) -> str:
    if finding.cell.count("/") != 2:
        return ""
    _, row, column_id = finding.cell.split("/")
    column = table.column(column_id)
    return place(rows[row], column) if column and row in rows else ""
