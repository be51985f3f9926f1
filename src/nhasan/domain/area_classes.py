"""Dated classes of areas: a list as an office keeps it, spans of days, totals by class.

A class belongs to a place as it stood, not to a code: codes are used again for other places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from nhasan.domain.headed_tables import below_head
from nhasan.domain.problems import phrase
from nhasan.domain.words import Words, normalised

UNKNOWN = ""
"""The class of a place of which only this is known: that a decision gives it one."""
_LONGEST = 120

CODE, NAME, KIND, PART, SINCE, LAST = "code", "name", "kind", "part", "since", "last"
HEADS: Mapping[str, tuple[str, ...]] = {
    CODE: ("ma", "ma xa", "ma don vi", "ma dia ban", "code"),
    NAME: ("ten", "ten xa", "ten don vi", "don vi", "dia ban", "name"),
    KIND: ("loai", "phan loai", "xep loai", "khu vuc", "class"),
    PART: ("thon", "ten thon", "village"),
    SINCE: ("tu ngay", "hieu luc tu", "from"),
    LAST: ("den het ngay", "den ngay", "until"),
}
_NEEDED = (CODE, KIND)


NO_AREA = phrase("Ngày {day} không có đơn vị nào mang mã {code} ở cấp này.")
NO_KIND = phrase("Không có loại “{kind}”. Ghi một trong: {kinds}.")
OTHER_NAME = phrase("Mã {code} ngày {day} là {name}, không phải “{typed}”. Hãy xem lại mã.")
TWICE = phrase("Địa bàn này đã có ở dòng {line}.")
ODD_DAY = phrase("Ngày “{day}” chưa đọc được. Hãy viết ngày/tháng/năm.")
NO_DAYS = phrase("Ngày kết thúc phải sau ngày bắt đầu.")
ENDS_WITH_AREA = phrase("Thôi từ ngày {day}, khi đơn vị này thôi tồn tại.")


class Span(NamedTuple):
    """The days from one to before another; nothing means without bound."""

    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in the span."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until)

    def both(self, other: Span) -> Span | None:
        """Return the days of two spans, if they share any."""
        since = max((day for day in (self.since, other.since) if day), default=None)
        until = min((day for day in (self.until, other.until) if day), default=None)
        if since is not None and until is not None and since >= until:
            return None
        return Span(since, until)

    def without(self, other: Span) -> list[Span]:
        """Return what is left of a span when another is taken out of it."""
        shared = self.both(other)
        if shared is None:
            return [self]
        left = []
        if shared.since is not None and shared.since != self.since:
            left.append(Span(self.since, shared.since))
        if shared.until is not None and shared.until != self.until:
            left.append(Span(shared.until, self.until))
        return left


class Line(NamedTuple):
    """One line of a list as it was written, with its number in the file; days as texts."""

    number: int
    code: str
    name: str
    kind: str
    part: str
    since: str
    last: str


def lines_of(table: Sequence[Sequence[str]]) -> list[Line]:
    """Return the lines below the head row; refuse a table without one, empty or too long."""
    found = below_head(
        table, HEADS, lambda columns: {*_NEEDED} <= {*columns},
        no_head=phrase("không thấy dòng đầu bảng có cột “Mã” và “Loại”"),
        no_line=phrase("dưới dòng đầu bảng không có địa bàn nào"))
    return [Line(number, *(cell[:_LONGEST] for cell in cells.values()))
            for number, cells in found]


class NewClass(NamedTuple):
    """A class that an area is to have, as given to `classify`; days half-open."""

    level: str
    code: str
    kind: str
    since: date | None
    until: date | None = None
    part: str = ""
    name: str = ""
    basis: str = ""
    number: int = 0
    fault: Words | None = None


_DIGITS = {"province": 2, "district": 3, "commune": 5}


def full_code(level: str, text: str) -> str:
    """Return a code with the leading zeros that a spreadsheet takes away."""
    return text.zfill(_DIGITS.get(level, 0)) if text.isdecimal() else text


class Verdict(StrEnum):
    """What would become of a line."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Kind:
    """One class of a scheme."""

    code: str
    name: str


def kind_of(text: str, kinds: Iterable[Kind]) -> Kind | None:
    """Return the class that a text means: by its code or by its name."""
    wanted = normalised(text)
    return next((kind for kind in kinds
                 if wanted in (normalised(kind.code), normalised(kind.name))), None)


class Total(NamedTuple):
    """A sum over the areas of one class, and what is missing in it.

    `whole` is false as soon as one part is missing, hidden or may belong elsewhere: then
    there is no sum, only the count of the parts that were there.
    """

    kind: str
    areas: int
    told: int
    hidden: int
    value: Decimal | None
    whole: bool


def totals(kinds: Iterable[str], classes: Mapping[str, str], figures: Mapping[str, Decimal],
           hidden: Collection[str], unsure: int) -> list[Total]:
    """Return the sums by class.

    `classes` says the class of each area, `figures` what was reported, `hidden` whose figure
    is confidential, `unsure` how many areas there are of which nobody knows the class: while
    there are any, no class is known to be whole.
    """
    found = []
    for kind in kinds:
        areas = [area for area, held in classes.items() if held == kind]
        told = [figures[area] for area in areas if area in figures]
        masked = sum(area in hidden for area in areas)
        whole = not unsure and bool(areas) and len(told) == len(areas)
        found.append(Total(kind, len(areas), len(told), masked,
                           sum(told, Decimal(0)) if whole else None, whole))
    return found
