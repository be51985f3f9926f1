"""A document's table of how split areas were shared out, read and held against the map.

A line names an old area, a new one, and what went over: a share (0,4, 2/5 or 40 %), or a number
of people, of which the shares of that old area are then exact fractions. Every heir of an area
has its line; nothing is guessed for one that is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from nhasan.domain.area_classes import full_code
from nhasan.domain.headed_tables import below_head
from nhasan.domain.problems import phrase
from nhasan.domain.reorganisation import HALF_SHARED, TWICE, UNEVEN
from nhasan.domain.words import Words

HEADS: Mapping[str, tuple[str, ...]] = {
    "old": ("ma cu", "old code"), "new": ("ma moi", "new code"),
    "share": ("ty le", "ti le", "share"),
    "people": ("so dan", "dan so", "so nguoi", "population"),
}

ODD_SHARE = phrase(
    "Tỷ lệ “{text}” chưa đọc được. Ghi số từ 0 đến 1 hoặc phần trăm, ví dụ 0,4, 2/5 hoặc 40 %.")
ODD_PEOPLE = phrase("Số dân “{text}” chưa đọc được. Ghi một số nguyên, ví dụ 1.250.")
NEITHER = phrase("Dòng này chưa có tỷ lệ hoặc số dân.")
NOBODY = phrase("Cộng số dân các phần của {code} là 0, nên không chia được.")
NOT_LINKED = phrase(
    "Ngày này {old} không tách sang {new}. Hãy xem lại mã, hoặc ngày của bảng.")
LEFT_OUT = phrase("{code} còn phần sang {heirs} chưa có dòng. Hãy ghi đủ; phần không có gì ghi 0.")


class Line(NamedTuple):
    """One line as it was written."""

    number: int
    old: str
    new: str
    share: str = ""
    people: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A line with its share, or with what is wrong with it."""

    line: Line
    share: Fraction | None
    words: list[Words] = field(default_factory=list)


def lines_of(table: Sequence[Sequence[str]], level: str) -> list[Line]:
    """Return the lines below the head row; refuse a table without one, empty or too long."""
    return [
        Line(number, full_code(level, cells["old"]), full_code(level, cells["new"]),
             cells["share"], cells["people"])
        for number, cells in below_head(table, HEADS, _is_head, no_head=phrase(
            "không thấy dòng đầu bảng có cột “Mã cũ”, “Mã mới” và “Tỷ lệ” hoặc “Số dân”"))
    ]


def _is_head(columns: Collection[str]) -> bool:
    return {"old", "new"} <= {*columns} and bool({"share", "people"} & {*columns})


def read(lines: Iterable[Line], heirs: Mapping[str, Collection[str]]) -> list[Read]:
    """Return every line with its exact share or its faults.

    `heirs` says into which areas each area was split on that day.
    """
    by_old: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_old[line.old].append(line)
    found = [each for old, group in by_old.items() for each in _area(old, group, heirs)]
    return sorted(found, key=lambda each: each.line.number)


def _area(old: str, group: Sequence[Line], heirs: Mapping[str, Collection[str]]) -> list[Read]:
    """Return the lines of one old area; what is wrong with it as a whole stands at its first."""
    first: dict[str, int] = {}
    found = []
    for line in group:
        words = []
        if line.new not in heirs.get(old, ()):
            words.append(Words(NOT_LINKED, {"old": old, "new": line.new}))
        if line.new in first:
            words.append(Words(TWICE, {"line": str(first[line.new]), "old": old,
                                       "new": line.new}))
        first.setdefault(line.new, line.number)
        amount, odd = _amount(line)
        found.append((line, amount, [*words, *odd]))
    whole = [] if any(words for _, _, words in found) else _whole(old, found, heirs)
    total = sum((amount for _, amount, _ in found if amount is not None), Fraction(0))
    counted = bool(group[0].people and not group[0].share)
    return [
        Read(line, None if amount is None or whole or words
             else amount / total if counted else amount,
             [*words, *(whole if number == 0 else [])])
        for number, (line, amount, words) in enumerate(found)
    ]


def _whole(old: str, found: Sequence[tuple[Line, Fraction | None, list[Words]]],
           heirs: Mapping[str, Collection[str]]) -> list[Words]:
    missing = sorted(set(heirs[old]) - {line.new for line, _, _ in found})
    if missing:
        return [Words(LEFT_OUT, {"code": old, "heirs": ", ".join(missing)})]
    if len({bool(line.share) for line, _, _ in found}) > 1:
        return [Words(HALF_SHARED, {"code": old})]
    total = sum((amount or Fraction(0) for _, amount, _ in found), Fraction(0))
    if not found[0][0].share:
        return [] if total else [Words(NOBODY, {"code": old})]
    return [] if total == 1 else [Words(UNEVEN, {"code": old, "sum": str(total)})]


def _amount(line: Line) -> tuple[Fraction | None, list[Words]]:
    """Return what a line says went over: a share, or people; a share goes first."""
    if line.share:
        share = _share(line.share)
        return share, [] if share is not None else [Words(ODD_SHARE, {"text": line.share})]
    if line.people:
        digits = line.people.replace(".", "").replace(" ", "")
        if digits.isascii() and digits.isdigit():
            return Fraction(int(digits)), []
        return None, [Words(ODD_PEOPLE, {"text": line.people})]
    return None, [Words(NEITHER, {})]


def _share(text: str) -> Fraction | None:
    """Return a share written as 0,4, as 2/5 or as 40 %; nothing when it is none."""
    plain = text.replace(",", ".").replace(" ", "")
    try:
        found = Fraction(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 <= found <= 1 else None
