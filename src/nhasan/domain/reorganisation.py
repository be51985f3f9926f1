"""A reorganisation that is being prepared: its lines, and everything that cannot be right.

A line says which old area goes into which new one. Nothing here touches the map; what stands
on the eve is given, and what would stand on the morning is reckoned from the lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from nhasan.domain.area_classes import full_code
from nhasan.domain.headed_tables import below_head
from nhasan.domain.problems import phrase
from nhasan.domain.words import Words, date_text, normalised

LEVELS = ("province", "commune")
KINDS: Mapping[str, tuple[str, ...]] = {
    "full": ("toan bo", "ca", "full", ""), "partial": ("mot phan", "phan", "partial"),
    "renamed": ("doi ten", "doi loai", "renamed"), "ended": ("cham dut", "ended"),
}
HEADS: Mapping[str, tuple[str, ...]] = {
    "level": ("cap", "level"), "old": ("ma cu", "old code"), "new": ("ma moi", "new code"),
    "kind": ("phan chuyen", "cach", "cach chuyen", "kind"),
    "name": ("ten moi", "new name"), "unit_type": ("loai don vi", "loai", "type"),
    "parent": ("thuoc", "ma cap tren", "parent"), "share": ("ty le", "share"),
    "km2": ("dien tich", "dien tich km2", "km2"),
    "unit": ("don vi phu trach", "ma don vi", "unit"), "note": ("ghi chu", "note"),
}
_NEEDED = ("old", "new")
_LEVEL_NAMES = {"province": ("tinh", "province"), "commune": ("xa", "", "commune")}

ODD_LEVEL = phrase("Cấp “{text}” chưa hiểu. Ghi “xã” hoặc “tỉnh”.")
ODD_KIND = phrase("“{text}” chưa hiểu. Ghi: toàn bộ, một phần, đổi tên hoặc chấm dứt.")
ODD_SHARE = phrase("Tỷ lệ “{text}” chưa đọc được. Ghi số từ 0 đến 1, ví dụ 0,4 hoặc 2/5.")
NO_OLD = phrase("Ngày {day} không có đơn vị mang mã {code}: mã chưa có hoặc đã thôi dùng.")
NO_HEIR = phrase("Thiếu mã mới. Đơn vị không có nơi nhận thì ghi “chấm dứt”.")
HEIR_OF_ENDED = phrase("Đã ghi “chấm dứt” thì không có mã mới.")
TWICE = phrase("Dòng {line} đã ghi {old} vào {new}.")
WHOLE_AND_PART = phrase(
    "{code} đi toàn bộ vào một nơi mà vẫn còn dòng khác. Hãy ghi “một phần” ở mọi dòng của nó.")
LONE_PART = phrase("{code} chỉ có một phần có nơi nhận. Hãy ghi nơi nhận phần còn lại.")
UNEVEN = phrase("Các phần của {code} cộng lại là {sum}, phải bằng 1. Hãy xem lại tỷ lệ.")
HALF_SHARED = phrase("{code} có dòng có tỷ lệ, có dòng không. Hãy ghi đủ hoặc bỏ hết.")
NO_NAME = phrase("Đơn vị mới {code} chưa có tên hoặc chưa có loại (xã, phường, tỉnh…).")
TWO_NAMES = phrase("Đơn vị mới {code} ghi khác nhau ở các dòng: {first} và {second}.")
CODE_TAKEN = phrase(
    "Mã {code} ngày {day} vẫn là của {name}, đơn vị này không có trong bảng. Hãy ghi nó vào bảng "
    "hoặc dùng mã khác.")
NO_PARENT = phrase("Cấp trên {parent} của {code} không có trên bản đồ ngày {day}.")
OWN_ANCESTOR = phrase("{code} nằm trong chính nó. Hãy xem lại cột “Thuộc”.")
ORPHANS = phrase(
    "{name} thôi tồn tại mà {n} đơn vị cấp dưới chưa có trong bảng, ví dụ {example}. Hãy ghi "
    "chúng vào bảng, với “Thuộc” là đơn vị mới.")
UNSHARED = phrase(
    "{code} chia ra nhiều nơi mà chưa có tỷ lệ: số liệu cũ của nó sẽ không chia được, trừ khi "
    "sau này có bảng chia.")
NO_UNIT = phrase("{name} chưa có đơn vị phụ trách số liệu: chưa ai báo cáo cho địa bàn này.")


class Line(NamedTuple):
    """One line: an old area, a new one, how much of it goes, and what the new one is."""

    number: int
    level: str
    old: str
    new: str
    kind: str
    name: str = ""
    unit_type: str = ""
    parent_level: str = ""
    parent: str = ""
    share: str = ""
    km2: str = ""
    unit: str = ""
    note: str = ""
    odd: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return what the new area is called."""
        kind = f"{self.unit_type} "
        return self.name if self.name.startswith(kind) else f"{kind}{self.name}".strip()


class Standing(NamedTuple):
    """An area as it stands on the eve."""

    level: str
    code: str
    title: str
    parent_level: str = ""
    parent: str = ""


class Flaw(NamedTuple):
    """Something wrong, at some lines; without weight it only warns."""

    words: Words
    lines: tuple[int, ...] = ()
    stops: bool = True


def lines_of(table: Sequence[Sequence[str]]) -> list[Line]:
    """Return the lines below the head row; refuse a table without one, empty or too long."""
    return [_line(number, cells) for number, cells in below_head(
        table, HEADS, lambda columns: {*_NEEDED} <= {*columns},
        no_head=phrase("không thấy dòng đầu bảng có cột “Mã cũ” và “Mã mới”"))]


def _meant(text: str, known: Mapping[str, tuple[str, ...]]) -> str:
    return next((name for name, words in known.items() if normalised(text) in words), "")


def _line(number: int, cells: Mapping[str, str]) -> Line:
    def cell(name: str) -> str:
        return cells.get(name, "")

    level, kind = _meant(cell("level"), _LEVEL_NAMES), _meant(cell("kind"), KINDS)
    odd = [] if level else [str(Words(ODD_LEVEL, {"text": cell("level")}))]
    odd += [] if kind else [str(Words(ODD_KIND, {"text": cell("kind")}))]
    if cell("share") and _share(cell("share")) is None:
        odd.append(str(Words(ODD_SHARE, {"text": cell("share")})))
    level = level or "commune"
    above = _above(level)
    return Line(
        number, level, full_code(level, cell("old")), full_code(level, cell("new")),
        kind or "full", cell("name"), cell("unit_type"), above,
        full_code(above, cell("parent")), cell("share"),
        cell("km2").replace(",", "."), cell("unit"), cell("note"), tuple(odd))


def _above(level: str) -> str:
    return "country" if level == "province" else "province"


def _share(text: str) -> Fraction | None:
    """Return a share written as 0,4 or 2/5; nothing when it is none."""
    try:
        found = Fraction(text.replace(",", ".").replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 < found <= 1 else None


def share_of(line: Line) -> Fraction | None:
    """Return the share that a line gives, if it gives one."""
    return _share(line.share) if line.share else None


def packed(lines: Iterable[Line]) -> list[list[Any]]:
    """Return lines as they are kept."""
    return [[*line[:-1], list(line.odd)] for line in lines]


def unpacked(kept: Iterable[Sequence[Any]]) -> list[Line]:
    """Return lines that were kept."""
    return [Line(*each)._replace(odd=tuple(each[-1])) for each in kept]


@dataclass(frozen=True)
class Draft:
    """Lines held against the map of the eve."""

    on: date
    lines: Sequence[Line]
    eve: Mapping[tuple[str, str], Standing]
    children: Mapping[tuple[str, str], Sequence[Standing]] = field(default_factory=dict)

    @property
    def olds(self) -> dict[tuple[str, str], list[Line]]:
        """Return the lines of every old area."""
        found: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.level, line.old].append(line)
        return found

    @property
    def news(self) -> dict[tuple[str, str], list[Line]]:
        """Return the lines of every new area."""
        found: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.lines:
            if line.new:
                found[line.level, line.new].append(line)
        return found

    def told(self) -> dict[tuple[str, str], Line]:
        """Return the line that tells of each new area: the first with a name, or the first."""
        return {key: next((line for line in lines if line.name), lines[0])
                for key, lines in self.news.items()}

    def flaws(self) -> list[Flaw]:
        """Return everything that cannot be right, then what one ought to know."""
        found = [*self._lines(), *self._olds(), *self._news(), *self._orphans()]
        return sorted(found, key=lambda flaw: (not flaw.stops, flaw.lines))

    def _lines(self) -> Iterator[Flaw]:
        met: dict[tuple[str, str, str], int] = {}
        for line in self.lines:
            at = (line.number,)
            yield from (Flaw(Words("{said}", {"said": words}), at) for words in line.odd)
            if (line.level, line.old) not in self.eve:
                yield Flaw(Words(NO_OLD, {"day": date_text(self.on), "code": line.old or "–"}), at)
            if line.kind == "ended" and line.new:
                yield Flaw(Words(HEIR_OF_ENDED), at)
            if line.kind != "ended" and not line.new:
                yield Flaw(Words(NO_HEIR), at)
            first = met.setdefault((line.level, line.old, line.new), line.number)
            if first != line.number:
                yield Flaw(Words(TWICE, {
                    "line": str(first), "old": line.old, "new": line.new}), at)

    def _olds(self) -> Iterator[Flaw]:
        for (_level, code), lines in self.olds.items():
            at = tuple(line.number for line in lines)
            parts = [line for line in lines if line.kind == "partial"]
            if len(lines) > 1 and len(parts) < len(lines):
                yield Flaw(Words(WHOLE_AND_PART, {"code": code}), at)
            elif len(lines) == 1 and parts:
                yield Flaw(Words(LONE_PART, {"code": code}), at)
            elif len(parts) > 1:
                yield from self._shares(code, parts, at)

    def _shares(self, code: str, parts: Sequence[Line], at: tuple[int, ...]) -> Iterator[Flaw]:
        shares = [share for line in parts if (share := share_of(line)) is not None]
        if not shares:
            yield Flaw(Words(UNSHARED, {"code": code}), at, stops=False)
        elif len(shares) < len(parts):
            yield Flaw(Words(HALF_SHARED, {"code": code}), at)
        elif sum(shares) != 1:
            yield Flaw(Words(UNEVEN, {"code": code, "sum": str(sum(shares))}), at)

    def _news(self) -> Iterator[Flaw]:
        gone, parents = set(self.olds), self._parents()
        for key, line in self.told().items():
            at = tuple(each.number for each in self.news[key])
            if not line.name or not line.unit_type:
                yield Flaw(Words(NO_NAME, {"code": line.new}), at)
            other = next((each for each in self.news[key] if each.name
                          and (each.title, each.parent) != (line.title, line.parent)), None)
            if other is not None:
                yield Flaw(Words(TWO_NAMES, {
                    "code": line.new, "first": f"{line.title} ({line.parent})",
                    "second": f"{other.title} ({other.parent})"}), at)
            if key in self.eve and key not in gone:
                yield Flaw(Words(CODE_TAKEN, {
                    "code": line.new, "day": date_text(self.on), "name": self.eve[key].title}), at)
            yield from self._above(key, line, at, parents)
            if not any(each.unit for each in self.news[key]):
                yield Flaw(Words(NO_UNIT, {"name": line.title or line.new}), at, stops=False)

    def _parents(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Return what every area would lie in on the morning."""
        gone = set(self.olds)
        found = {key: (each.parent_level, each.parent) for key, each in self.eve.items()
                 if key not in gone}
        return found | {key: (line.parent_level, line.parent)
                        for key, line in self.told().items()}

    def _above(self, key: tuple[str, str], line: Line, at: tuple[int, ...],
               parents: Mapping[tuple[str, str], tuple[str, str]]) -> Iterator[Flaw]:
        upper = parents[key]
        if upper == key or (line.parent == line.new and line.parent_level == line.level):
            yield Flaw(Words(OWN_ANCESTOR, {"code": line.new}), at)
        elif upper not in parents:
            yield Flaw(Words(NO_PARENT, {
                "parent": line.parent or "–", "code": line.new, "day": date_text(self.on)}), at)
        else:
            met = {key}
            while upper in parents and upper not in met:
                met.add(upper)
                upper = parents[upper]
            if upper in met:
                yield Flaw(Words(OWN_ANCESTOR, {"code": line.new}), at)

    def _orphans(self) -> Iterator[Flaw]:
        """Yield the areas that end while something that stays lies in them."""
        gone, come = set(self.olds), set(self.news)
        for key in sorted(gone - come):
            left = [each for each in self.children.get(key, ())
                    if (each.level, each.code) not in gone]
            if left and key in self.eve:
                yield Flaw(Words(ORPHANS, {
                    "name": self.eve[key].title, "n": str(len(left)),
                    "example": left[0].title}),
                    tuple(line.number for line in self.olds[key]))
