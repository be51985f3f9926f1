"""What every file of an indicator set has: fields as text and back, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nhasan.domain.indicators import CHOICES, FIELDS, LEVELS, Sheet, faults
from nhasan.domain.problems import phrase
from nhasan.domain.words import Words, normalised

LISTS = ("dimensions", "area_levels")
NEEDED = ("key", "name_vi")
MOST_ROWS = 5_000
MOST_FAULTS = 200
_LONG_NUMBER = 10  # digits: no number of decimals has so many


@dataclass(frozen=True, slots=True)
class SetFile:
    """An indicator set on its way: its name, what it rests on, its sheets in official order."""

    agency: str
    identifier: str
    version: str
    name_vi: str
    sheets: Sequence[Sheet]
    decision: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file: where it stands as people count, and a sentence."""

    words: Words
    sheet: str = ""
    row: int = 0
    column: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says; with faults in it, nothing of it may be used."""

    sheets: Sequence[dict[str, Any]] = ()
    faults: Sequence[Fault] = ()


@dataclass(frozen=True, slots=True)
class StructureFormat:
    """One way in which a set travels."""

    id: str
    media_type: str
    extension: str
    write: Callable[[SetFile], bytes]
    read: Callable[[bytes], Reading]


def text_of(name: str, value: Any) -> str:
    """Return a field as a line of text that `value_of` reads back."""
    if name == "breakdowns":
        return "\n".join(
            f"{each.get('name', '')} | {each['period']}" if each.get("period")
            else str(each.get("name", "")) for each in value or ()
        )
    if name in LISTS:
        return "; ".join(str(each) for each in value or ())
    return "" if value is None else str(value)


def value_of(name: str, text: str) -> Any:
    """Return the value of a field from its text; what is no number stays text, to be told."""
    text = text.strip()
    if name == "breakdowns":
        pairs = (line.partition("|") for line in text.splitlines() if line.strip())
        return [{"name": first.strip(), "period": rest.strip()} for first, _bar, rest in pairs]
    if name == "area_levels":
        return [_coded(LEVELS, part) for part in _parts(text)]
    if name in LISTS:
        return _parts(text)
    if name == "decimals":
        return int(text) if text.isdecimal() and len(text) < _LONG_NUMBER else (text or 0)
    if name in CHOICES:
        return _coded(CHOICES[name], text) if text else _FIRST[name]
    return text


_FIRST = {"value_kind": "count", "adds_over_area": "none", "adds_over_time": "none"}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


def _coded(choices: Mapping[str, str], text: str) -> str:
    """Return the code of a choice that was written by its code or in words."""
    wanted = normalised(text)
    return next(
        (code for code, words in choices.items() if wanted in (normalised(words), code)), text)


_NAMES = {normalised(words): name for name, words in FIELDS.items()} | {
    name: name for name in FIELDS}


def field_named(head: str) -> str:
    """Return the field that a head of a column names, "" when it names none."""
    return _NAMES.get(head.strip()) or _NAMES.get(normalised(head.strip()), "")


def table(lines: Sequence[Sequence[str]], sheet: str, *, first: int,
          cell_of: Callable[[int, int], str] = lambda row, place: "") -> Reading:
    """Read a table whose first line names the fields; `first` is that line's number.

    A blank line is passed over. Every fault is told where it stands, not only the first.
    """
    if not lines:
        return Reading(faults=[Fault(Words(phrase("không có dòng nào")), sheet)])
    places = [field_named(head) for head in lines[0]]
    missing = _heads_wrong(lines[0], places, sheet, first, cell_of)
    if missing:
        return Reading(faults=missing)
    found: list[dict[str, Any]] = []
    wrong: list[Fault] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[1:], first + 1):
        if not any(text.strip() for text in line):
            continue
        said = {
            name: value_of(name, text) for name, text in zip(places, line, strict=False) if name}
        spot = _Spot(sheet, number, places, cell_of)
        wrong += spot.faults(said, seen)
        seen.setdefault(str(said["key"]), number)
        found.append(said)
    if not found and not wrong:
        wrong.append(Fault(Words(phrase("không có chỉ tiêu nào")), sheet))
    if len(found) > MOST_ROWS:
        wrong.append(Fault(Words(phrase("có hơn {most} chỉ tiêu"), {"most": MOST_ROWS}), sheet))
    return Reading(found if not wrong else (), wrong[:MOST_FAULTS])


def _heads_wrong(heads: Sequence[str], places: Sequence[str], sheet: str, first: int,
                 cell_of: Callable[[int, int], str]) -> list[Fault]:
    wrong = [
        Fault(Words(phrase("không có cột “{name}”"), {"name": Words(FIELDS[name])}), sheet, first)
        for name in NEEDED if name not in places
    ]
    for place, (head, name) in enumerate(zip(heads, places, strict=True)):
        if head.strip() and not name:
            wrong.append(Fault(
                Words(phrase("không biết cột “{head}”"), {"head": head.strip()}), sheet, first,
                head.strip(), cell_of(first, place)))
        elif name and name in places[:place]:
            wrong.append(Fault(
                Words(phrase("có hai cột “{name}”"), {"name": Words(FIELDS[name])}), sheet,
                first, head.strip(), cell_of(first, place)))
    return wrong


@dataclass(frozen=True, slots=True)
class _Spot:
    """One line of a table, which knows how to say where its faults are."""

    sheet: str
    row: int
    places: Sequence[str]
    cell_of: Callable[[int, int], str]

    def faults(self, said: Sheet, seen: Mapping[str, int]) -> list[Fault]:
        found = [self._at(name, words) for name, words in faults(said)]
        if said["key"] in seen:
            found.append(self._at("key", Words(
                phrase("mã “{key}” đã có ở dòng {row}"),
                {"key": said["key"], "row": seen[said["key"]]})))
        return found

    def _at(self, name: str, words: Words) -> Fault:
        place = self.places.index(name) if name in self.places else -1
        cell = self.cell_of(self.row, place) if place >= 0 else ""
        return Fault(words, self.sheet, self.row, FIELDS[name], cell)
