"""How a sheet of a unit's own workbook is read into a table of a form, and how it is known again.

The user points once at the headers, the first line of figures, the names and the columns. What
is kept is where these stood and what the headers said: next time the sheet is recognised by its
words, also when lines or columns were put in before it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nhasan.domain.readings import name_key
from nhasan.formats.forms.alignment import Cells, said
from nhasan.formats.forms.own import OwnSheet

_DIGITS = re.compile(r"[0-9]+")
_MOST_MOVED = 40
_WIDEST = 200


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """One sheet read into one table. Lines and columns count from 0.

    `header` is the first line of the headers, `first` the first line with figures, `names` the
    column of names. `columns` gives the question of each sheet column, `heads` what stands above
    it (and above the names). `spelled` gives, by the letters of a name, the row that was meant;
    "" leaves the line out. `turned` reads the sheet with lines and columns changed over.
    """

    sheet: str
    table: str
    header: int
    first: int
    names: int
    codes: int | None = None
    columns: Mapping[int, str] = field(default_factory=dict)
    heads: Mapping[int, str] = field(default_factory=dict)
    spelled: Mapping[str, str] = field(default_factory=dict)
    turned: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the mapping as it is kept."""
        return {
            "sheet": self.sheet, "table": self.table, "header": self.header,
            "first": self.first, "names": self.names, "codes": self.codes,
            "columns": [[spot, name] for spot, name in self.columns.items()],
            "heads": [[spot, head] for spot, head in self.heads.items()],
            "spelled": dict(self.spelled), "turned": self.turned,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SheetMapping:
        """Return the mapping that `as_json` wrote."""
        return cls(
            data["sheet"], data["table"], data["header"], data["first"], data["names"],
            data["codes"], dict(data["columns"]),
            dict(data["heads"]), data["spelled"], data["turned"],
        )


def viewed(sheet: OwnSheet, *, turned: bool) -> OwnSheet:
    """Return the sheet as it is to be read."""
    return sheet.turned() if turned else sheet


def head_words(sheet: OwnSheet, header: int, first: int) -> dict[int, tuple[str, ...]]:
    """Return what the header lines say above each column, outermost first.

    What a merged cell says holds for every column under it. In headers without merged cells,
    what a group says holds for the empty cells beside it.
    """
    lines = [_spread(sheet, line) for line in range(header, first)]
    lines = [line for line in lines if not _is_numbering(line)]
    merged = any(header <= top < first for top, _, _, _ in sheet.sheet.merges)
    if not merged:
        _carry_groups(lines)
    width = min(max((len(line) for line in lines), default=0), _WIDEST)
    found = {}
    for spot in range(width):
        texts = [line[spot] if spot < len(line) else "" for line in lines]
        words = tuple(dict.fromkeys(text for text in texts if text))
        if words:
            found[spot] = words
    return found


def _spread(sheet: OwnSheet, line: int) -> list[str]:
    """Return what a line of headers says in each column, merged cells filled."""
    cells = sheet.cells
    width = min(max((len(each) for each in cells[:line + 1]), default=0), _WIDEST)
    texts = [said(cells, line, spot) for spot in range(width)]
    for top, left, bottom, right in sheet.sheet.merges:
        if top <= line <= bottom and left < width:
            text = said(cells, top, left)
            for spot in range(left, min(right, width - 1) + 1):
                texts[spot] = text
    return texts


def _carry_groups(lines: list[list[str]]) -> None:
    """Let a group's words hold for the empty cells beside it that have words below."""
    for number, line in enumerate(lines[:-1]):
        for spot in range(1, len(line)):
            below = any(spot < len(each) and each[spot] for each in lines[number + 1:])
            before = any(spot <= len(each) and each[spot - 1] for each in lines[number + 1:])
            if not line[spot] and below and before:
                line[spot] = line[spot - 1]


def _is_numbering(texts: Sequence[str]) -> bool:
    """Tell the line of column numbers: A, B, 1, 2, (3)=(1)+(2)."""
    given = [text.strip("()[] ") for text in texts if text]
    named = any(len(text) == 1 and text.isalpha() for text in given)
    short = [text for text in given if len(text) == 1 or _DIGITS.match(text)]
    counted = [text for text in given if text.isdecimal()] == [
        str(n) for n in range(1, len(given) + 1)]
    return len(given) > 1 and len(short) == len(given) and (named or counted)


def signature(words: Iterable[str]) -> str:
    """Return header words as they are compared: letters alone, every number alike."""
    return "|".join(name_key(_DIGITS.sub("0", text)) for text in words)


def pointed(mapping: SheetMapping, sheet: OwnSheet) -> SheetMapping:
    """Return the mapping with what stands above its columns written into it."""
    words = head_words(sheet, mapping.header, mapping.first)
    spots = sorted({*mapping.columns, mapping.names})
    heads = {spot: signature(words.get(spot, ())) for spot in spots}
    return replace(mapping, heads=heads)


def fingerprint(parts: Sequence[SheetMapping]) -> str:
    """Return what the layout of a workbook is recognised by."""
    shape = sorted(
        [part.table, part.turned, sorted([part.columns.get(spot, ""), head]
                                         for spot, head in part.heads.items())]
        for part in parts
    )
    return hashlib.sha256(json.dumps(shape, ensure_ascii=False).encode()).hexdigest()


def refound(mapping: SheetMapping, sheets: Mapping[str, OwnSheet]) -> SheetMapping | None:
    """Return the mapping as it fits these sheets; nothing when none says the same words."""
    named = [mapping.sheet] if mapping.sheet in sheets else []
    for name in (*named, *(each for each in sheets if each != mapping.sheet)):
        sheet = viewed(sheets[name], turned=mapping.turned)
        found = _within(mapping, sheet)
        if found is not None:
            return replace(found, sheet=name)
    return None


def _within(mapping: SheetMapping, sheet: OwnSheet) -> SheetMapping | None:
    """Look for the headers where they stood, then above and below."""
    if not any(mapping.heads.values()):
        return None
    for shift in sorted(range(-mapping.header, _MOST_MOVED), key=abs):
        header, first = mapping.header + shift, mapping.first + shift
        if not _begins_and_ends_there(sheet, header, first):
            continue
        spots = _spots(mapping, head_words(sheet, header, first))
        if spots is not None:
            return replace(
                mapping, header=header, first=first, names=spots[mapping.names],
                codes=_moved(mapping, spots),
                columns={spots[spot]: name for spot, name in mapping.columns.items()},
                heads={spots[spot]: head for spot, head in mapping.heads.items()},
            )
    return None


def _begins_and_ends_there(sheet: OwnSheet, header: int, first: int) -> bool:
    """Tell whether the headers begin with words and are not followed by column numbers."""
    if first >= len(sheet.cells):
        return False
    return any(_spread(sheet, header)) and not _is_numbering(_spread(sheet, first))


def _spots(
    mapping: SheetMapping, words: Mapping[int, tuple[str, ...]],
) -> dict[int, int] | None:
    """Return where each column of the mapping stands now; nothing if one is not to be found."""
    said_now = {spot: signature(texts) for spot, texts in words.items()}
    found: dict[int, int] = {}
    for spot, head in mapping.heads.items():
        if said_now.get(spot, "") == head:
            found[spot] = spot
            continue
        same = [place for place, text in said_now.items() if text == head]
        if len(same) != 1:
            return None
        found[spot] = same[0]
    return found if len(set(found.values())) == len(found) else None


def _moved(mapping: SheetMapping, spots: Mapping[int, int]) -> int | None:
    """Return the column of codes, as far from the names as it was."""
    if mapping.codes is None:
        return None
    moved = mapping.codes + spots[mapping.names] - mapping.names
    return moved if moved >= 0 else None


def height(cells: Cells) -> int:
    """Return how many lines hold anything."""
    return next((n for n in range(len(cells), 0, -1)
                 if any(value != "" for value in cells[n - 1])), 0)
