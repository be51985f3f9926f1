"""Which line of a sheet is which row: by code and name, never by place alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nhasan.domain.forms import Row
from nhasan.domain.matching import Names
from nhasan.domain.problems import phrase
from nhasan.domain.readings import name_key
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.alignment import Cells, Frame, key, said
from nhasan.formats.forms.grid import TableGrid, is_blank_row, is_open, shown_code

_MOST_NAMED = 5
_OPEN_ID = "o"

DUPLICATE = phrase(
    "Dòng “{name}” có hai lần trong trang (dòng {first} và {again}). Hãy giữ một dòng; số liệu "
    "ở dòng {again} chưa được nhận.")
UNKNOWN = phrase(
    "Dòng “{name}” không có trong biểu nên số liệu của dòng chưa được nhận. {hint} Hãy chép số "
    "sang đúng dòng, hoặc xoá dòng này.")
NAMELESS = phrase(
    "Dòng có số liệu nhưng không có tên, nên chưa được nhận. Hãy ghi tên dòng, hoặc xoá số.")
TOO_MANY = phrase(
    "Bảng nhận nhiều nhất {limit} dòng tự đặt tên; dòng “{name}” vượt quá nên chưa được nhận.")
MISSING = phrase(
    "Không còn dòng “{name}” trong trang; các ô của dòng coi như chưa điền. Nếu có số liệu, hãy "
    "chép lại dòng này từ mẫu.")
MOVED = phrase(
    "{count} dòng đã đổi chỗ so với mẫu ({names}). Số liệu được nhận theo mã và tên dòng.")
SHIFTED = phrase(
    "Các dòng không còn đứng ở vị trí của mẫu (có dòng hoặc cột chèn thêm hay bị xoá). Số liệu "
    "được nhận theo mã và tên dòng.")


@dataclass(slots=True)
class Lines:
    """The line of each row, the rows that the unit named itself, and what there is to say.

    A finding is paired with the line and the sheet column it speaks of; its `where` names the
    row as far as it has a name.
    """

    of_row: dict[str, int] = field(default_factory=dict)
    named: list[Row] = field(default_factory=list)
    told: list[tuple[Finding, int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spellings:
    """Other names of codes, and other official numberings, for telling what was meant."""

    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numberings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class RowFinder:
    """Matches the lines of one sheet with the rows of one table."""

    def __init__(
        self, cells: Cells, grid: TableGrid, frame: Frame, spellings: Spellings,
    ) -> None:
        self._cells = cells
        self._grid = grid
        self._frame = frame
        self._spellings = spellings
        self._found = Lines()
        self._excused: set[str] = set()
        self._rows = [row for row in grid.rows if not is_blank_row(row)]
        self._by_code: dict[str, Row] = {}
        self._names: Names | None = None

    def lines(self) -> Lines:
        """Return where every row stands."""
        rest = self._exact()
        self._loose(rest)
        self._tell_missing()
        self._tell_moved()
        return self._found

    def _pair(self, line: int) -> tuple[str, str]:
        code = said(self._cells, line, self._frame.code_column) if self._grid.coded else ""
        return code, said(self._cells, line, self._frame.label_column)

    def _exact(self) -> list[int]:
        """Match every line whose code and name are those of a row; return the others."""
        waiting: dict[tuple[str, str], list[Row]] = {}
        for row in self._rows:
            waiting.setdefault((key(shown_code(row)), key(row.label)), []).append(row)
        expected = {self._frame.data_top + n: row for n, row in enumerate(self._grid.rows)}
        rest = []
        for line in range(self._frame.data_top, len(self._cells)):
            code, label = self._pair(line)
            same = waiting.get((key(code), key(label)))
            if same:
                usual = expected.get(line)
                row = usual if usual in same else same[0]
                same.remove(row)
                self._take(row, line)
            else:
                rest.append(line)
        return rest

    def _take(self, row: Row, line: int) -> None:
        self._found.of_row[row.id] = line

    def _prepared_names(self) -> Names:
        """Look rows up by their printed code, or by their id where none is printed."""
        codes = Counter(shown_code(row) for row in self._rows)
        for row in self._rows:
            code = shown_code(row)
            alone = self._grid.coded and code and codes[code] == 1
            self._by_code.setdefault(code if alone else row.id, row)
        return Names(
            {code: row.label for code, row in self._by_code.items()},
            self._spellings.aliases, self._spellings.numberings)

    def _loose(self, rest: Sequence[int]) -> None:
        last = max(self._found.of_row.values(), default=self._frame.data_top)
        if self._grid.table.open_rows:
            last = max(last, self._frame.data_top + len(self._grid.rows) - 1)
        for line in rest:
            code, label = self._pair(line)
            filled = self._has_figures(line)
            if not code and not label:
                if filled and line <= last:
                    self._tell("row-nameless", Severity.ERROR, NAMELESS, line)
            elif line <= last or filled:
                self._one(line, code, label, filled)

    def _one(self, line: int, code: str, label: str, filled: bool) -> None:
        """Match a line whose words are not exactly those of a row."""
        if self._names is None:
            self._names = self._prepared_names()
        verdict = self._names.agree(code, label)
        row = self._by_code.get(verdict.code or "")
        if row is not None and row.id not in self._found.of_row:
            self._take(row, line)
            if verdict.finding:
                self._tell_verdict(verdict.finding, line, code, label)
        elif row is not None:
            first = self._found.of_row[row.id] + 1
            self._tell(
                "row-duplicate", Severity.ERROR if filled else Severity.NOTE, DUPLICATE, line,
                name=row.label, first=first, again=line + 1)
        elif self._grid.table.open_rows and label and not code:
            self._open(line, label)
        elif code in self._by_code and label and verdict.finding:
            self._excused.update((code, *verdict.suggestions))
            self._tell_verdict(verdict.finding, line, code, label)
        else:
            hint = _hint([self._by_code[each].label for each in verdict.suggestions])
            self._tell(
                "row-unknown", Severity.ERROR if filled else Severity.NOTE, UNKNOWN, line,
                name=f"{code} {label}".strip(), hint=hint)

    def _open(self, line: int, label: str) -> None:
        """Keep a row that the unit named itself, under an id that stays its own."""
        table = self._grid.table
        known = [row for row in self._rows if is_open(table, row)]
        if len(known) + len(self._found.named) >= table.open_rows:
            self._tell(
                "rows-too-many", Severity.ERROR, TOO_MANY, line,
                limit=table.open_rows, name=label)
            return
        taken = {row.id for row in (*self._rows, *self._found.named)}
        if any(name_key(row.label) == name_key(label) for row in self._found.named):
            first = next(
                self._found.of_row[row.id] for row in self._found.named
                if name_key(row.label) == name_key(label))
            self._tell(
                "row-duplicate", Severity.ERROR, DUPLICATE, line,
                name=label, first=first + 1, again=line + 1)
            return
        number = next(n for n in range(1, len(taken) + 2) if f"{_OPEN_ID}{n}" not in taken)
        row = Row(id=f"{_OPEN_ID}{number}", label=label)
        self._found.named.append(row)
        self._take(row, line)

    def _has_figures(self, line: int) -> bool:
        cells = self._cells[line]
        return any(
            _like_figure(cells[spot]) for spot in self._frame.columns.values()
            if spot < len(cells))

    def _tell_missing(self) -> None:
        for row in self._rows:
            if row.id in self._found.of_row or row.heading or is_open(self._grid.table, row):
                continue
            if shown_code(row) in self._excused or row.id in self._excused:
                continue
            severity = Severity.NOTE if row.computed else Severity.WARNING
            self._tell(
                "row-missing", severity, MISSING, self._frame.data_top,
                name=f"{shown_code(row)} {row.label}".strip())

    def _tell_moved(self) -> None:
        order = [row.id for row in self._rows if row.id in self._found.of_row]
        lines = [self._found.of_row[name] for name in order]
        kept = set(_increasing(lines))
        moved = [name for name, line in zip(order, lines, strict=True) if line not in kept]
        labels = {row.id: row.label for row in self._rows}
        if moved:
            names = ", ".join(labels[name] for name in moved[:_MOST_NAMED])
            names += "…" if len(moved) > _MOST_NAMED else ""
            line = self._found.of_row[moved[0]]
            self._tell("rows-moved", Severity.NOTE, MOVED, line, count=len(moved), names=names)
        elif any(line != usual for line, usual in self._usual(order)):
            self._tell("rows-shifted", Severity.NOTE, SHIFTED, self._frame.data_top)

    def _usual(self, order: Sequence[str]) -> Iterator[tuple[int, int]]:
        places = {row.id: self._grid.data_top + n for n, row in enumerate(self._grid.rows)}
        return ((self._found.of_row[name], places[name]) for name in order)

    def _tell_verdict(self, finding: Finding, line: int, code: str, label: str) -> None:
        where = f"{code} {label}".strip()
        self._found.told.append((replace(finding, where=where), line, self._frame.label_column))

    def _tell(
        self, code: str, severity: Severity, message: str, line: int, **facts: object,
    ) -> None:
        where = str(facts.get("name") or facts.get("names") or "")
        finding = Finding(
            code, severity, " ".join(message.format(**facts).split()), where=where)
        self._found.told.append((finding, line, self._frame.label_column))


def _like_figure(value: object) -> bool:
    """Tell a figure from the words of a signature or a note below the table."""
    if isinstance(value, str):
        return value.strip()[:1].isdigit()
    return value is not None


def _hint(names: Sequence[str]) -> str:
    if not names:
        return ""
    return phrase("Có phải {0}?").format(phrase(" hay ").join(f"“{name}”" for name in names))


def _increasing(numbers: Sequence[int]) -> list[int]:
    """Return the longest increasing run of numbers: what stayed when the others moved."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for number, value in enumerate(numbers):
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if tails[middle] < value else (low, middle)
        before.append(at[low - 1] if low else -1)
        tails[low:low + 1] = [value]
        at[low:low + 1] = [number]
    found = []
    number = at[-1] if at else -1
    while number >= 0:
        found.append(numbers[number])
        number = before[number]
    return found[::-1]
