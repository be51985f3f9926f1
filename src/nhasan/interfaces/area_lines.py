"""The line of an area as a drawing: time goes from left to right, each place is a bar.

Whole and partial, sure and doubtful are told by the stroke and by a mark, never by colour
alone. What the drawing says stands in a table beside it, with every document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import wrap

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhasan.domain.area_lines import AreaLine, Place, Stand, Strand
from nhasan.domain.problems import phrase
from nhasan.interfaces.notation import date_text, number_text

LINKS = {
    "full": phrase("toàn bộ"), "partial": phrase("một phần"), "renamed": phrase("đổi tên"),
    "ended": phrase("chấm dứt"),
}
READINGS = {
    "both": phrase("hai nguồn khớp nhau"),
    "office": phrase("chỉ có trong bảng chuyển đổi của Cục Thống kê"),
    "resolutions": phrase("chỉ có trong lời văn các nghị quyết"),
    "resolutions; old unit not in office table": phrase(
        "chỉ có trong lời văn các nghị quyết; bảng của Cục Thống kê không có xã cũ này"),
}
_COLUMN, _GAP, _EDGE = 208, 150, 4
_LETTERS, _LETTERS_OF_GAP = 24, 17
_TEXT = 19  # from one line of text to the next
_STUB = 44
_SAID = 12  # links that the description tells; the table has all

Address = Callable[[Stand, date | None], str]


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link in the table: what it was called, its code, where it leads."""

    title: str
    code: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """One link in the table beside the drawing."""

    on: date
    old: End
    new: End | None
    kind: str
    decree: str
    reading: str
    note: str
    doubtful: bool


@dataclass(frozen=True, slots=True)
class LineDrawing:
    """A drawn line: what it finds, the drawing, its key, and the same as a table."""

    name: str
    finding: str
    svg: SafeString
    key: tuple[tuple[SafeString, str], ...]
    rows: tuple[Row, ...]
    cut: bool


def drawn(lines: Iterable[AreaLine], address: Address) -> list[LineDrawing]:
    """Return the drawings of lines; `address` says where a place on a day leads to."""
    return [_drawn(line, f"dd-{at}", address) for at, line in enumerate(lines)]


def _drawn(line: AreaLine, name: str, address: Address) -> LineDrawing:
    finding = _finding(line)
    return LineDrawing(
        name, finding, _Sheet(line, name, address).svg(finding), tuple(_key(line)),
        tuple(_row(line, strand, address) for strand in line.strands), line.cut,
    )


def _finding(line: AreaLine) -> str:
    said = [*_came(line), *_went(line)]
    return f"{_title(line.stands[line.focus])}: {'; '.join(said)}"


def _came(line: AreaLine) -> Iterable[str]:
    if len(line.origins) == 1:
        [strand] = line.origins
        words = _("đổi tên, đổi loại từ {name}") if strand.kind == "renamed" else _(
            "lập từ {name}")
        yield words.format(name=_title(line.stands[strand.old]))
    elif line.origins:
        count = len(line.origins)
        yield ngettext("lập từ {n} đơn vị cũ", "lập từ {n} đơn vị cũ", count).format(
            n=number_text(count))


def _went(line: AreaLine) -> Iterable[str]:
    heirs = [strand for strand in line.heirs if strand.new]
    if len(heirs) == 1:
        yield _("sau đó thành {name}").format(name=_title(line.stands[heirs[0].new]))
    elif heirs:
        yield ngettext("sau đó thành {n} đơn vị", "sau đó thành {n} đơn vị", len(heirs)).format(
            n=number_text(len(heirs)))
    elif line.heirs:
        yield _("chấm dứt, không ghi nơi kế thừa")


def _title(stand: Stand) -> str:
    return stand.title or _("đơn vị mã {code}, bản đồ không ghi tên").format(code=stand.code)


def _row(line: AreaLine, strand: Strand, address: Address) -> Row:
    eve = strand.on - timedelta(days=1)
    new = line.stands.get(strand.new)
    return Row(
        strand.on, _end(line.stands[strand.old], eve, address),
        _end(new, strand.on, address) if new else None, _(LINKS[strand.kind]), strand.decree,
        _(READINGS.get(strand.agreement, strand.agreement)) if strand.agreement else "",
        strand.note, strand.doubtful,
    )


def _end(stand: Stand, day: date, address: Address) -> End:
    return End(_title(stand), stand.code, address(stand, day) if stand.known else "")


def _description(line: AreaLine) -> str:
    """Return the links in words, for whoever does not see the drawing."""
    said = []
    for strand in line.strands[:_SAID]:
        new = line.stands.get(strand.new)
        facts = {"day": date_text(strand.on), "old": _title(line.stands[strand.old]),
                 "kind": _(LINKS[strand.kind]), "new": _title(new) if new else ""}
        said.append((_("Ngày {day}: {old} ({kind}) thành {new}.") if new else
                     _("Ngày {day}: {old} chấm dứt.")).format(**facts))
    if len(line.strands) > _SAID:
        said.append(_("Các liên kết khác có trong bảng dưới hình."))
    return " ".join(said)


def _key(line: AreaLine) -> Iterable[tuple[SafeString, str]]:
    """Return what the strokes mean, only those that are there."""
    kinds = {strand.kind for strand in line.strands}
    if "full" in kinds:
        yield _stroke("dd-net"), _("toàn bộ")
    if "partial" in kinds:
        yield _stroke("dd-net dd-phan"), _("một phần")
    if "renamed" in kinds:
        yield _stroke("dd-net dd-ten"), _("đổi tên, đổi loại")
    if any(strand.doubtful for strand in line.strands):
        yield _framed(_doubt(15, 10)), _("còn nghi vấn: hai nguồn đọc khác nhau")
    if any(not strand.new for strand in line.strands):
        yield _framed(_stop(4, 10, 22)), _("không ghi nơi kế thừa")
    yield _framed('<rect class="dd-o dd-chinh" x="2" y="2" width="26" height="16"/>'), _(
        "đơn vị đang xem")


def _stroke(look: str) -> SafeString:
    return _framed(f'<path class="{look}" d="M0 10H30"/>')


def _framed(inner: str) -> SafeString:
    return mark_safe(  # noqa: S308
        '<svg class="dong-doi" width="30" height="20" aria-hidden="true" focusable="false">'
        f"{inner}</svg>")


def _doubt(x: float, y: float) -> str:
    return (f'<circle class="dd-nghi" cx="{x:g}" cy="{y:g}" r="9"/>'
            f'<text class="dd-hoi" x="{x:g}" y="{y + 5:g}" text-anchor="middle">?</text>')


def _stop(x: float, y: float, wide: float) -> str:
    return (f'<path class="dd-net" d="M{x:g} {y:g}h{wide:g}"/>'
            f'<path class="dd-net" d="M{x + wide:g} {y - 8:g}v16"/>')


class _Sheet:
    """A drawing in the making: whole numbers of pixels, so that words keep their size."""

    def __init__(self, line: AreaLine, name: str, address: Address) -> None:
        self.line, self.name, self.address = line, name, address
        self.places = line.laid_out()
        self.names = {key: wrap(_title(stand), _LETTERS, max_lines=2, placeholder="…")
                      for key, stand in line.stands.items()}
        self.heads = {day: self._head_words(day) for day in line.days}
        self.bar = 12 + _TEXT * (1 + max(map(len, self.names.values())))
        self.top = 8 + _TEXT * max(map(len, self.heads.values()), default=0)

    def svg(self, title: str) -> SafeString:
        """Return the drawing with its title and its description."""
        last = max(place.last for place in self.places.values())
        stubs = _STUB if any(not strand.new for strand in self.line.strands) else 0
        wide = 2 * _EDGE + (last + 1) * _COLUMN + last * _GAP + stubs
        tall = self._y(max(place.row for place in self.places.values())) + self.bar + 2 * _EDGE
        inner = "".join([
            *(self._day(at, day, tall) for at, day in enumerate(self.line.days) if at < last),
            *map(self._link, self.line.strands),
            *(self._bar(key, stand) for key, stand in self.line.stands.items()),
        ])
        return mark_safe(  # noqa: S308
            f'<svg class="dong-doi" width="{wide:g}" height="{tall:g}" '
            f'viewBox="0 0 {wide:g} {tall:g}" role="group" '
            f'aria-labelledby="{self.name}-ten" aria-describedby="{self.name}-ta">'
            f'<title id="{self.name}-ten">{escape(title)}</title>'
            f'<desc id="{self.name}-ta">{escape(_description(self.line))}</desc>{inner}</svg>')

    def _head_words(self, day: date) -> Sequence[str]:
        decrees = "; ".join(self.line.decrees(day))
        return [date_text(day), *wrap(
            decrees, _LETTERS_OF_GAP, max_lines=2, placeholder="…", break_on_hyphens=False)]

    def _x(self, column: int) -> float:
        return _EDGE + column * (_COLUMN + _GAP)

    def _y(self, row: float) -> float:
        return self.top + _EDGE + row * (self.bar + 10)

    def _middle(self, place: Place) -> float:
        return self._y(place.row) + self.bar / 2

    def _day(self, at: int, day: date, tall: float) -> str:
        """Return a day of change: its words above the gap, and a line down through it."""
        x = self._x(at) + _COLUMN + _GAP / 2
        words = "".join(
            f'<text class="{"dd-ngay" if not number else "dd-van"}" x="{x:g}" '
            f'y="{16 + number * _TEXT}" text-anchor="middle">{escape(text)}</text>'
            for number, text in enumerate(self.heads[day]))
        return words + f'<path class="dd-vach" d="M{x:g} {self.top:g}V{tall:g}"/>'

    def _link(self, strand: Strand) -> str:
        here = self.places[strand.old]
        x, y = self._x(here.last) + _COLUMN, self._middle(here)
        if strand.new not in self.places:
            return _stop(x, y, _STUB - 6)
        there = self.places[strand.new]
        end, down = self._x(there.first), self._middle(there)
        look = {"partial": " dd-phan", "renamed": " dd-ten"}.get(strand.kind, "")
        half = (end - x) / 2
        return (
            f'<path class="dd-net{look}" d="M{x:g} {y:g}C{x + half:g} {y:g} {end - half:g} '
            f'{down:g} {end - 8:g} {down:g}"/>'
            f'<path class="dd-mui" d="M{end - 9:g} {down - 6:g}L{end:g} {down:g}'
            f'L{end - 9:g} {down + 6:g}z"/>'
            + (_doubt((x + end) / 2, (y + down) / 2) if strand.doubtful else ""))

    def _bar(self, key: str, stand: Stand) -> str:
        place = self.places[key]
        x, y = self._x(place.first), self._y(place.row)
        wide = self._x(place.last) - x + _COLUMN
        look = "".join([
            " dd-chinh" if key == self.line.focus else "", " dd-het" if stand.until else "",
            "" if stand.known else " dd-la"])
        words = "".join(
            f'<text class="dd-chu" x="{x + 10:g}" y="{y + 20 + number * _TEXT:g}">'
            f"{escape(text)}</text>" for number, text in enumerate(self.names[key]))
        box = (
            f'<rect class="dd-o{look}" x="{x:g}" y="{y:g}" width="{wide:g}" '
            f'height="{self.bar:g}"/>{words}<text class="dd-phu" x="{x + 10:g}" '
            f'y="{y + 20 + len(self.names[key]) * _TEXT:g}">{escape(_days(stand))}</text>')
        leads = key != self.line.focus and stand.known
        if not leads:
            return f"<g>{box}</g>"
        address = self.address(stand, _day_of(stand))
        # The table beside has the same links for who does without a mouse.
        return f'<a href="{escape(address)}" tabindex="-1" aria-hidden="true">{box}</a>'


def _day_of(stand: Stand) -> date | None:
    """Return a day on which a place stood."""
    return stand.until - timedelta(days=1) if stand.until else stand.since


def _days(stand: Stand) -> str:
    """Return the code and until when it was borne, or since when."""
    if stand.until:
        return _("{code} · đến {day}").format(
            code=stand.code, day=date_text(stand.until - timedelta(days=1)))
    if stand.since:
        return _("{code} · từ {day}").format(code=stand.code, day=date_text(stand.since))
    return stand.code
