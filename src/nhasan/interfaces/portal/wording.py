"""Sentences about a table: its title, what it finds, and how to cite it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.observations import Status
from nhasan.domain.words import normalised
from nhasan.interfaces.http import local_day
from nhasan.interfaces.maps import Drawing
from nhasan.interfaces.notation import date_text, number_text
from nhasan.interfaces.portal.choice import Choice
from nhasan.interfaces.portal.grids import Grid, Line
from nhasan.interfaces.portal.holdings import Cell, Holding

_LEADERS = 4
_ETHNIC_GROUP = "ETHNIC_GROUP"
_ALL = 100  # percent: that a whole is all of itself need not be said
_PART = 40  # letters of one part of a file's name
_UNPLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Ranked:
    """The lines that have a number in the leading column, largest first, and the whole."""

    lines: tuple[tuple[str, Cell], ...]
    whole: tuple[str, Cell] | None
    unit: str
    noun: str = ""

    @property
    def top(self) -> tuple[str, Cell] | None:
        """Return the line with the largest number."""
        return self.lines[0] if self.lines else None


def level_word(level: str, count: int = 1) -> str:
    """Return what so many areas of a level are called in a sentence."""
    return {
        "province": ngettext("tỉnh", "tỉnh", count), "district": ngettext("huyện", "huyện", count),
        "commune": ngettext("xã", "xã", count), "region": ngettext("vùng", "vùng", count),
        "country": _("cả nước"),
    }.get(level, level)


def ranked(holding: Holding, grid: Grid) -> Ranked:
    """Return the lines of a table in the order of its leading column."""
    held = [(name_of(line), cell) for line in grid.lines if (cell := _shown(line, grid.leading))]
    held.sort(key=lambda pair: _number(pair[1]), reverse=True)
    wholes = [
        (name_of(line), cell) for line in grid.sums
        if (line.level == "country" or line.codes[0] == TOTAL)
        and len(line.codes) == 1 and (cell := _shown(line, grid.leading))
    ]
    return Ranked(tuple(held), wholes[0] if wholes else None, unit_of(holding, grid),
                  noun(holding, grid, len(held)))


def noun(holding: Holding, grid: Grid, count: int) -> str:
    """Return what so many lines of a table are called: provinces, ethnic groups."""
    if len(grid.axes) > 1 or not grid.lines:
        return ngettext("dòng", "dòng", count)
    if grid.down == REF_AREA:
        return level_word(grid.lines[0].level, count)
    if grid.down == _ETHNIC_GROUP:
        return ngettext("dân tộc", "dân tộc", count)
    return lower(holding.dim_name(grid.down))


def name_of(line: Line) -> str:
    """Return the heads of a line as one name."""
    return " · ".join(line.heads)


def unit_of(holding: Holding, grid: Grid) -> str:
    """Return the unit of the leading column; nothing when it is not one."""
    if grid.columns[grid.leading].unit:
        return grid.columns[grid.leading].unit
    ref = grid.fixed.get(INDICATOR, "")
    return holding.unit(ref) if ref else ""


def title(holding: Holding, choice: Choice, grid: Grid) -> str:
    """Return what the table says: indicator, what is fixed, what it is laid out by, when."""
    ref = grid.fixed.get(INDICATOR, "")
    subject = str(holding.indicators[ref]["label"]) if ref else holding.page.card.title
    fixed = [
        _total_of(holding, dim) if grid.fixed[dim] == TOTAL
        else holding.label(dim, grid.fixed[dim])
        for dim in holding.stock.breakdowns
        if dim in grid.fixed and _is_telling(holding, grid, dim)
    ]
    if REF_AREA in grid.fixed:
        fixed.append(holding.label(REF_AREA, grid.fixed[REF_AREA], grid.fixed[AREA_LEVEL]))
    parts = [f"{subject}: {', '.join(fixed)}" if fixed else subject]
    if grid.down not in grid.fixed:
        parts.append(_("theo {axis}").format(axis=_axis(holding, choice, grid.down)))
    return ", ".join([*parts, when(holding, grid)])


def _is_telling(holding: Holding, grid: Grid, dim: str) -> bool:
    """Tell whether the indicator could also have been looked at with another code."""
    ref = grid.fixed.get(INDICATOR, "")
    fit = holding.stock.with_codes({INDICATOR: ref} if ref else {})
    return len({one.codes[dim] for one in fit}) > 1


def _total_of(holding: Holding, dim: str) -> str:
    return _("tổng số, mọi {dimension}").format(dimension=lower(holding.dim_name(dim)))


def _axis(holding: Holding, choice: Choice, dim: str) -> str:
    return level_word(choice.level) if dim == REF_AREA else lower(holding.dim_name(dim))


def lower(text: str) -> str:
    """Return a name as it stands within a sentence."""
    return text[:1].lower() + text[1:]


def upper(text: str) -> str:
    """Return words as they begin a line."""
    return text[:1].upper() + text[1:]


def when(holding: Holding, grid: Grid) -> str:
    """Return the period, or the first and the last."""
    if TIME_PERIOD in grid.fixed:
        return holding.label(TIME_PERIOD, grid.fixed[TIME_PERIOD])
    periods = _periods(grid)
    if not periods:
        return ""
    first, last = (holding.label(TIME_PERIOD, code) for code in (periods[0], periods[-1]))
    return f"{first}–{last}"


def _periods(grid: Grid) -> Sequence[str]:
    if grid.across.code == TIME_PERIOD:
        return [column.code for column in grid.columns]
    at = next((at for at, axis in enumerate(grid.axes) if axis.code == TIME_PERIOD), None)
    return sorted({line.codes[at] for line in grid.lines}) if at is not None else []


def leading_when(holding: Holding, grid: Grid) -> str:
    """Return the period that the leading column speaks of."""
    if grid.across.code == TIME_PERIOD:
        return holding.label(TIME_PERIOD, grid.columns[grid.leading].code)
    return when(holding, grid)


def lead(holding: Holding, grid: Grid, order: Ranked) -> str:
    """Return the table in one or two sentences, with numbers."""
    said = []
    several = len(grid.columns) > 1
    if order.whole and not (order.unit == "%" and _number(order.whole[1]) == _ALL):
        said.append(_("{name}: {number}.").format(
            name=order.whole[0], number=quantity(order.whole[1], order.unit)))
    if order.top and len(order.lines) > 1:
        said.append(_extremes(grid, order, order.top))
    elif order.top and not order.whole:
        said.append(_("{name}: {number}.").format(
            name=order.top[0], number=quantity(order.top[1], order.unit)))
    if said and several:
        column = grid.columns[grid.leading]
        said.insert(0, _("{column}:").format(column=column.label))
    return " ".join([*said, *_gaps(grid)])


def _extremes(grid: Grid, order: Ranked, top: tuple[str, Cell]) -> str:
    """Return which lines have the most and the least; many that share the least are counted."""
    name, low = order.lines[-1]
    same = sum(_number(cell) == _number(low) for _name, cell in order.lines)
    facts = {
        "top": top[0], "most": _brief(top[1], order.unit), "least": _brief(low, order.unit),
        "bottom": name if same == 1 else _("{count} {lines}").format(
            count=number_text(same), lines=order.noun),
        "count": number_text(len(order.lines)), "lines": order.noun,
    }
    if grid.down == REF_AREA and len(grid.axes) == 1:
        return _("Trong {count} {lines} có số, cao nhất: {top} ({most}); thấp nhất: {bottom} "
                 "({least}).").format(**facts)
    return _("Cao nhất: {top} ({most}); thấp nhất: {bottom} ({least}).").format(**facts)


def _brief(cell: Cell, unit: str) -> str:
    """Return a number among others of the same unit: a percent sign is short enough to repeat."""
    return _with_unit(_plain(cell), unit if unit in ("%", "‰") else "")


def _gaps(grid: Grid) -> Iterable[str]:
    """Say how many figures are missing or hidden in the leading column."""
    cells = [line.cells[grid.leading] for line in grid.lines]
    hidden = sum(bool(cell) and _status(cell) is Status.CONFIDENTIAL for cell in cells)
    missing = sum(_status(cell) is Status.NOT_REPORTED for cell in cells)
    if hidden:
        yield _("Bảo mật: {count} ô.").format(count=number_text(hidden))
    if missing:
        yield _("Chưa có: {count} ô.").format(count=number_text(missing))


def _status(cell: Cell | None) -> Status:
    return cell.figure.status if cell else Status.NOT_REPORTED


def chart_finding(order: Ranked) -> str:
    """Return what the bars find: how much the first ones make up, or which is the largest."""
    if order.top is None:
        return _("Chưa có số liệu để vẽ")
    numbers = [_number(cell) for _name, cell in order.lines]
    whole = _number(order.whole[1]) if order.whole else Decimal(0)
    if len(numbers) > 2 * _LEADERS and numbers[-1] >= 0 and 0 < sum(numbers) <= whole:
        share = sum(numbers[:_LEADERS], Decimal(0)) * 100 / whole
        return _("{first} nhiều nhất; {count} {lines} đứng đầu chiếm {share}%").format(
            first=order.top[0], count=_LEADERS, lines=order.noun, share=number_text(share, 1))
    return _("{first} cao nhất: {number}").format(
        first=order.top[0], number=quantity(order.top[1], order.unit))


def map_finding(drawing: Drawing, level: str, order: Ranked) -> str:
    """Return what the map finds: how many areas are in its darkest step, or below 0."""
    count, bound = drawing.darkest, drawing.darkest_from
    if drawing.signs:
        above, below = drawing.signs
        return _("{above} {areas} từ 0 trở lên, {below} {others} dưới 0").format(
            above=number_text(above), areas=level_word(level, above),
            below=number_text(below), others=level_word(level, below))
    if bound is None or not count:
        return chart_finding(order)
    return ngettext(
        "%(count)s %(areas)s có từ %(bound)s trở lên",
        "%(count)s %(areas)s có từ %(bound)s trở lên", count,
    ) % {
        "count": number_text(count), "areas": level_word(level, count),
        "bound": _with_unit(number_text(bound), order.unit),
    }


def quantity(cell: Cell, unit: str) -> str:
    """Return a number with its unit."""
    return _with_unit(_plain(cell), unit)


def _with_unit(number: str, unit: str) -> str:
    if unit in ("%", "‰"):
        return f"{number}{unit}"
    return f"{number} {unit}" if unit else number


def _plain(cell: Cell) -> str:
    return number_text(_number(cell), cell.decimals)


def _number(cell: Cell) -> Decimal:
    return cell.figure.value or Decimal(0)


def _shown(line: Line, at: int) -> Cell | None:
    cell = line.cells[at]
    return cell if cell and cell.figure.value is not None else None


def citation(holding: Holding, what: str, address: str) -> str:
    """Return how to cite a table: who, what, which release, when, where."""
    card = holding.page.card
    return _("{source}. {title}. Bản công bố {version}, ngày {day}, Nhà Sàn. {address}").format(
        source=card.source or card.publisher, title=what, version=card.version,
        day=date_text(local_day(card.published_at)), address=address,
    )


def _single(holding: Holding, wanted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the dimensions of which a selection has one code, in the order of a title."""
    dims = (*holding.stock.breakdowns, REF_AREA, TIME_PERIOD)
    found = {dim: wanted[dim][0] for dim in dims if len(wanted.get(dim, ())) == 1}
    periods = holding.stock.codes[TIME_PERIOD]
    if found and len(periods) == 1:
        found[TIME_PERIOD] = periods[0]
    return {dim: code for dim, code in found.items() if code != TOTAL}


def _called(holding: Holding, wanted: Mapping[str, Sequence[str]], dim: str, code: str) -> str:
    levels = wanted.get(AREA_LEVEL, ()) or tuple(holding.stock.places)
    level = next((each for each in levels if (each, code) in holding.places), "")
    return holding.label(dim, code, level)


def chosen(holding: Holding, wanted: Mapping[str, Sequence[str]]) -> str:
    """Return in a few words what a selection holds, as the title of a file."""
    parts = [_called(holding, wanted, *pair) for pair in _single(holding, wanted).items()]
    refs = wanted.get(INDICATOR, ())
    if len(refs) != 1 and not parts:
        return holding.page.card.title
    refs = refs or holding.stock.codes[INDICATOR]
    subject = (
        str(holding.indicators[refs[0]]["label"]) if len(refs) == 1 else holding.page.card.title)
    return f"{subject}: {', '.join(parts)}" if parts else subject


def file_parts(holding: Holding, wanted: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what a selection holds as parts of a file's name, in plain letters."""
    words = (normalised(_called(holding, wanted, dim, code))
             for dim, code in _single(holding, wanted).items())
    return [plain for text in words if (plain := _UNPLAIN.sub("-", text).strip("-")[:_PART])]
