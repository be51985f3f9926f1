"""What a sheet of an unknown layout probably means: a first guess, for the user to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nhasan.domain.forms import Column, Row, Table
from nhasan.domain.matching import Names
from nhasan.domain.readings import name_key, plain
from nhasan.formats.forms.alignment import Cells, said
from nhasan.formats.forms.grid import shown_code
from nhasan.formats.forms.mapping import SheetMapping, head_words, height
from nhasan.formats.forms.own import OwnSheet
from nhasan.formats.forms.rows import Spellings

_LINES, _COLUMNS = 400, 60
_MOST_HEADERS = 6
_MOST_TOTALS_ABOVE = 4
_LEAST_ALIKE = 0.34
_CODED = 0.6
_LONGEST = 120
_COUNTING = ("stt", "tt", "sott", "sothutu")
# With their marks: without them, a sum is called as the Cống people are
_TOTALS = ("tổng", "cộng", "toàn tỉnh", "toàn xã", "toàn huyện", "cả nước", "tong so", "tong cong")
# Words that say nothing of which column it is
_EMPTY_WORDS = frozenset({"so", "trong", "do", "chia", "theo", "cua", "va", "la", "co", "cac"})


def is_total(name: str) -> bool:
    """Tell whether a line is called a total."""
    return plain(name).casefold().startswith(_TOTALS)


def names_of(table: Table, spellings: Spellings) -> Names:
    """Return the names of the rows people fill, ready to be looked up by any spelling."""
    return Names(
        {row.id: row.label for row in table.rows if not row.heading and not row.computed},
        spellings.aliases, spellings.numberings)


def suggested(
    sheet: OwnSheet, table: Table, spellings: Spellings, *, turned: bool = False,
) -> SheetMapping | None:
    """Return a guess at how the sheet is read into the table; nothing if nothing is alike.

    The column of names is the one that says most names of the table's rows.
    """
    lines = _named_lines(sheet.cells, table, spellings)
    if not lines:
        return None
    names, found = max(lines.items(), key=lambda each: len(set(each[1].values())))
    first = min(found)
    above = range(max(first - _MOST_TOTALS_ABOVE, 0), first)
    first = next((line for line in above if is_total(said(sheet.cells, line, names))), first)
    header = _header_top(sheet, first, names)
    words = head_words(sheet, header, first)
    counted = {spot for spot, texts in words.items() if name_key(texts[-1]) in _COUNTING}
    codes = _code_column(sheet.cells, table, found, names, counted)
    taken = {names, *(() if codes is None else (codes,))}
    columns = _columns(words, table, taken)
    return SheetMapping(sheet.name, table.id, header, first, names, codes, columns,
                        turned=turned)


def best_suggestion(
    sheets: Mapping[str, OwnSheet], tables: Sequence[Table], spellings: Spellings,
) -> SheetMapping | None:
    """Return the best guess over all sheets and tables, as they stand or turned."""
    found: list[tuple[int, SheetMapping]] = []
    for sheet in sheets.values():
        for table in tables:
            guess = suggested(sheet, table, spellings)
            if guess is not None:
                found.append((len(guess.columns), guess))
    return max(found, key=lambda each: each[0])[1] if found else None


def _named_lines(
    cells: Cells, table: Table, spellings: Spellings,
) -> dict[int, dict[int, str]]:
    """Return column → line → row, for each column that says names of rows."""
    names = names_of(table, spellings)
    known: dict[str, str] = {}
    found: dict[int, dict[int, str]] = {}
    for line in range(min(height(cells), _LINES)):
        for spot in range(min(len(cells[line]), _COLUMNS)):
            value = cells[line][spot]
            if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
                continue
            if is_total(value):
                continue
            if value not in known:
                codes = names.codes_named(value)
                known[value] = codes[0] if codes else ""
            if known[value]:
                found.setdefault(spot, {})[line] = known[value]
    return found


def _header_top(sheet: OwnSheet, first: int, names: int) -> int:
    """Return the first header line: above the figures, below the title or an empty line."""
    top = first
    for line in range(first - 1, max(first - 1 - _MOST_HEADERS, -1), -1):
        texts = {text for text in (
            said(sheet.cells, line, spot) for spot in range(len(sheet.cells[line]))) if text}
        if len(texts) < 2 and not _covered(sheet, line, names):
            break
        top = line
    return top if top < first else max(first - 1, 0)


def _covered(sheet: OwnSheet, line: int, spot: int) -> bool:
    """Tell whether the cell above the names is merged with the line above it."""
    return any(top < line <= bottom and left <= spot <= right
               for top, left, bottom, right in sheet.sheet.merges)


def _code_column(
    cells: Cells, table: Table, found: Mapping[int, str], names: int, counted: set[int],
) -> int | None:
    """Return the column whose texts are the codes of the rows beside most names.

    Columns that only count the lines are none.
    """
    codes = {row.id: _bare(shown_code(row) or row.id) for row in table.rows}
    best, most = None, 0
    for spot in {*range(max(names - 2, 0), names + 3)} - counted:
        same = sum(1 for line, row in found.items()
                   if spot != names and _bare(said(cells, line, spot)) == codes[row])
        if same > most:
            best, most = spot, same
    return best if most > _CODED * len(found) and most > 1 else None


def _bare(code: str) -> str:
    return code.casefold().lstrip("0")


def _columns(
    words: Mapping[int, tuple[str, ...]], table: Table, taken: set[int],
) -> dict[int, str]:
    """Pair sheet columns with questions, the likeliest first."""
    asked = [column for column in table.columns if not column.computed]
    scores = sorted(
        ((alike(texts, column), spot, number)
         for spot, texts in words.items() if spot not in taken
         for number, column in enumerate(asked)),
        key=lambda score: (-score[0], score[1], score[2]),
    )
    found: dict[int, str] = {}
    for score, spot, number in scores:
        name = asked[number].id
        if score >= _LEAST_ALIKE and spot not in found and name not in found.values():
            found[spot] = name
    return dict(sorted(found.items()))


def alike(texts: Sequence[str], column: Column) -> float:
    """Return how much the words above a sheet column are those of a question, from 0 to 1."""
    theirs, ours = _words(texts), _words((*column.path, column.label))
    if not theirs or not ours:
        return 0.0
    shared = 2 * len(theirs & ours) / (len(theirs) + len(ours))
    last = _words(texts[-1:])
    leaf = _words((column.label,))
    closest = 2 * len(last & leaf) / (len(last) + len(leaf)) if last and leaf else 0.0
    return 0.65 * shared + 0.35 * closest


def _words(texts: Sequence[str]) -> frozenset[str]:
    found: set[Any] = {
        name_key(word) for text in texts for word in text.replace("/", " ").split()}
    found.discard("")
    return frozenset(found - _EMPTY_WORDS) or frozenset(found)


def choices(table: Table) -> list[Row]:
    """Return the rows that a line may mean, in the order of the form."""
    return [row for row in table.rows if not row.heading]
