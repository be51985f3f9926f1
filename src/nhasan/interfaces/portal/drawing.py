"""One choice of one release, drawn: the lines as HTML, the chart and the map beside them.

Lines are put together here, not in a template: a page of a hundred lines is the page that is
read most, and it never changes for the same release and the same address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nhasan.domain.cube import INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.observations import NOT_REPORTED, Status
from nhasan.interfaces.maps import Drawing, drawn
from nhasan.interfaces.notation import date_text, figure_text
from nhasan.interfaces.outlines import Outlines, outlines_of, tiles_of
from nhasan.interfaces.portal import wording
from nhasan.interfaces.portal.charts import Bar, bars
from nhasan.interfaces.portal.choice import SORT, Choice
from nhasan.interfaces.portal.grids import BY_NAME, Grid, Line, laid_out
from nhasan.interfaces.portal.holdings import Cell, Holding

LINES = 100
_BARS = 30
_NARROW = 2  # so many columns leave room for a chart and a map beside them
_NEEDS_MAP = 3
_SHORT = 20
GROUP_DIM = "ETHNIC_GROUP"


@dataclass(frozen=True, slots=True)
class Side:
    """A chart or a map: what it finds, what it shows, and the picture."""

    finding: str
    about: str
    svg: SafeString
    drawing: Drawing | None = None
    rest: int = 0
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A further column of a table of one column: what it says of each figure, by its key."""

    label: str
    cells: Mapping[tuple[str, ...], Cell]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that a page shows of a choice."""

    title: str
    lead: str
    table: SafeString
    figures: int
    lines: int
    page: int
    pages: int
    narrow: bool
    chart: Side | None
    map: Side | None
    refs: tuple[str, ...]
    unmapped: str = ""


@dataclass(frozen=True, slots=True)
class _Whole:
    """What all pages of lines of a choice have in common."""

    grid: Grid
    title: str
    lead: str
    chart: Side | None
    map: Side | None
    refs: tuple[str, ...]
    unmapped: str


def picture(holding: Holding, choice: Choice, language: str, *, sorts: bool = True,
            beside: Sequence[Beside] = (), most: int = 0) -> Picture:
    """Return a choice drawn; heads sort the table only on its own page.

    `most` cuts a table short, for a page that leads on to the whole of it.
    """
    whole = _whole(holding, replace(choice, page=1), language)
    grid = whole.grid
    pages = max(-(-len(grid.lines) // LINES), 1)
    page = min(choice.page, pages)
    sheet = _Sheet(holding, choice, grid, sorts, beside, most or LINES)
    return Picture(
        title=whole.title, lead=whole.lead, table=_table(sheet, whole.title, page, pages),
        figures=grid.figures, lines=len(grid.lines), page=page, pages=pages,
        narrow=len(grid.columns) <= _NARROW and len(grid.axes) == 1,
        chart=whole.chart, map=whole.map, refs=whole.refs, unmapped=whole.unmapped,
    )


@lru_cache(maxsize=128)
def _whole(holding: Holding, choice: Choice, language: str) -> _Whole:
    """Lay a choice out; done once for all its pages and readers, in each language."""
    cells = holding.cells(choice.selection(holding.stock))
    grid = laid_out(holding, choice, cells)
    order = wording.ranked(holding, grid)
    at = holding.dims.index(INDICATOR)
    return _Whole(
        grid, wording.title(holding, choice, grid) if cells else holding.page.card.title,
        wording.lead(holding, grid, order) if cells else "", _chart(holding, grid, order),
        _map(holding, choice, grid, order), tuple(dict.fromkeys(cell.key[at] for cell in cells)),
        _unmapped(holding, choice, grid),
    )


def chart(holding: Holding, choice: Choice, most: int) -> Side | None:
    """Return the largest figures of a choice as bars."""
    grid = laid_out(holding, choice, holding.cells(choice.selection(holding.stock)))
    return _chart(holding, grid, wording.ranked(holding, grid), most)


@lru_cache(maxsize=20_000)
def _quoted(code: str) -> str:
    return quote(code, safe=":")


def figure_address(holding: Holding, key: Iterable[str]) -> str:
    """Return the address of the page that says where a figure came from."""
    return f"{holding.address}/o/{'/'.join(map(_quoted, key))}"


def shown(cell: Cell | None) -> str:
    """Return the number of a cell or why there is none; a sum that lacks parts says how many."""
    if cell is None:
        return figure_text(NOT_REPORTED)
    words = figure_text(cell.figure, cell.decimals)
    if cell.figure.status is Status.NOT_REPORTED and "/" in cell.coverage:
        had, wanted = cell.coverage.split("/")
        return _("chưa đủ: {had}/{wanted}").format(had=had, wanted=wanted)
    return words


def _about(holding: Holding, grid: Grid) -> str:
    """Return unit and time of the whole table."""
    unit = wording.unit_of(holding, grid) if not grid.columns[grid.leading].unit else ""
    parts = [
        _("Đơn vị: {unit}.").format(unit=unit) if unit else "",
        wording.when(holding, grid) + "." if wording.when(holding, grid) else "",
    ]
    return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table in the making."""

    holding: Holding
    choice: Choice
    grid: Grid
    sorts: bool
    beside: Sequence[Beside]
    most: int


def _table(sheet: _Sheet, title: str, page: int, pages: int) -> SafeString:
    holding, grid = sheet.holding, sheet.grid
    start = (page - 1) * LINES
    body = [_line(sheet, line) for line in grid.lines[start:start + min(LINES, sheet.most)]]
    foot = [_line(sheet, line) for line in grid.sums] if page == pages else []
    html = (
        f'<table id="bang-so-lieu" class="{"day" if len(grid.columns) > _NARROW else ""}">'
        f"<caption><strong>{escape(title)}</strong>{escape(_about(holding, grid))}</caption>"
        f"<thead>{_heads(sheet)}</thead><tbody>{''.join(body)}</tbody>"
        + (f"<tfoot>{''.join(foot)}</tfoot>" if foot else "") + "</table>"
    )
    return mark_safe(html)  # noqa: S308


def _heads(sheet: _Sheet) -> str:
    grid = sheet.grid
    first = _head(sheet, BY_NAME, grid.axes[0].label, "")
    others = "".join(f'<th scope="col">{escape(axis.label)}</th>' for axis in grid.axes[1:])
    columns = "".join(
        _head(sheet, str(at), _column(sheet.holding, grid, at), ' class="so"')
        for at in range(len(grid.columns))
    )
    beside = "".join(
        f'<th scope="col" class="so">{escape(each.label)}</th>' for each in sheet.beside)
    return f"<tr>{first}{others}{columns}{beside}</tr>"


def _column(holding: Holding, grid: Grid, at: int) -> str:
    column = grid.columns[at]
    if not column.label:
        told = [
            holding.label(dim, code) for dim in holding.stock.breakdowns
            if (code := grid.fixed.get(dim, TOTAL)) != TOTAL
        ]
        name = ", ".join(told)
        return name if 0 < len(name) <= _SHORT else _("Giá trị")
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _head(sheet: _Sheet, name: str, label: str, kind: str) -> str:
    """Return a head that sorts: numbers from the largest at the first press, names from A."""
    choice = sheet.choice
    if not sheet.sorts:
        return f'<th scope="col"{kind}>{escape(label)}</th>'
    first = name if name == BY_NAME else f"-{name}"
    other = f"-{name}" if name == BY_NAME else name
    wanted = other if choice.sort == first else first
    now = {f"-{name}": ' aria-sort="descending"', name: ' aria-sort="ascending"'}.get(
        choice.sort, "")
    query = escape(choice.query(sheet.holding.stock, **{SORT: wanted}))
    return (
        f'<th scope="col"{kind}{now}><a class="sap" href="?{query}">{escape(label)}</a></th>'
    )


def _line(sheet: _Sheet, line: Line) -> str:
    holding = sheet.holding
    heads = "".join(
        f'<th scope="row">{_linked(axis.code, code, line.level, head)}</th>'
        for axis, code, head in zip(sheet.grid.axes, line.codes, line.heads, strict=True)
    )
    cells = "".join(_cell(holding, cell) for cell in line.cells)
    said = line.cells[sheet.grid.leading]
    beside = "".join(
        f'<td class="so">{escape(shown(each.cells.get(said.key) if said else None))}</td>'
        for each in sheet.beside
    )
    return f"<tr>{heads}{cells}{beside}</tr>"


@lru_cache(maxsize=20_000)
def _linked(dim: str, code: str, level: str, head: str) -> str:
    """Return the head of a line, leading to the page of the place or of the group it names."""
    if dim == REF_AREA and level:
        address = reverse("portal:place", args=[level, code])
    elif dim == GROUP_DIM and code.isdecimal():
        address = reverse("portal:group", args=[code])
    else:
        return escape(head)
    return f'<a href="{address}">{escape(head)}</a>'


def _cell(holding: Holding, cell: Cell | None) -> str:
    words: str = escape(shown(cell))
    if cell is None:
        return f'<td class="so khuyet">{words}</td>'
    kind = "so" if cell.figure.value is not None else "so khuyet"
    if cell.estimated:
        said = escape(_("ước tính, {key}").format(key=cell.estimated))
        words = f'<span aria-hidden="true">≈ </span>{words}<span class="an"> ({said})</span>'
    if cell.again:
        said = escape(_("tính lại từ các số đã quy đổi"))
        words = f'{words}<span aria-hidden="true"> *</span><span class="an"> ({said})</span>'
    if not holding.leads:
        return f'<td class="{kind}">{words}</td>'
    return f'<td class="{kind}"><a href="{figure_address(holding, cell.key)}">{words}</a></td>'


def _chart(holding: Holding, grid: Grid, order: wording.Ranked,
           most: int = _BARS) -> Side | None:
    if len(grid.lines) < 2:
        return None
    ranked = [Bar(name, cell.figure, cell.decimals) for name, cell in order.lines[:most]]
    room = most - len(ranked)
    without = [
        Bar(wording.name_of(line), cell.figure if cell else NOT_REPORTED)
        for line in grid.lines
        if (cell := line.cells[grid.leading]) is None or cell.figure.value is None
    ]
    finding = wording.chart_finding(order)
    items = [*ranked, *without[:room]]
    return Side(
        finding, _beside(holding, grid, order.unit), bars(items, name="bd", title=finding),
        rest=len(grid.lines) - len(items), noun=order.noun,
    )


def _map_day(holding: Holding, grid: Grid) -> date | None:
    """Return the day whose boundaries a table would be drawn in; nothing when it is no map."""
    if grid.down != REF_AREA or len(grid.axes) > 1 or len(grid.lines) < _NEEDS_MAP:
        return None
    period = grid.fixed.get(TIME_PERIOD, "") or (
        grid.columns[grid.leading].code if grid.across.code == TIME_PERIOD else "")
    return holding.day(period) if period else None


def _outlines(choice: Choice, grid: Grid, day: date) -> Outlines | None:
    return outlines_of(choice.level, day, frozenset(line.codes[0] for line in grid.lines))


def _tiles(choice: Choice, grid: Grid) -> Outlines | None:
    """Return a square for each area, where the shapes of that day are not to be had."""
    names = {line.codes[0]: line.heads[0] for line in grid.lines}
    return tiles_of(choice.level, list(names.items()))


def _unmapped(holding: Holding, choice: Choice, grid: Grid) -> str:
    """Return why a table of areas has no map, "" where it has one or could not have any."""
    day = _map_day(holding, grid)
    if day is None or _outlines(choice, grid, day) or _tiles(choice, grid):
        return ""
    return _("Không có bản đồ: chưa có hình ranh giới của các {areas} này ngày {day}. Số liệu "
             "đầy đủ trong bảng.").format(
                 areas=wording.level_word(choice.level, len(grid.lines)), day=date_text(day))


def _map(holding: Holding, choice: Choice, grid: Grid, order: wording.Ranked) -> Side | None:
    day = _map_day(holding, grid)
    outlines = (_outlines(choice, grid, day) or _tiles(choice, grid)) if day else None
    if day is None or outlines is None:
        return None
    figures = {
        line.codes[0]: cell.figure for line in grid.lines if (cell := line.cells[grid.leading])
    }
    found = drawn(
        outlines, figures, name="bdo", title=_map_title(holding, grid, order, outlines.country),
        areas=partial(wording.level_word, choice.level),
        decimals=_decimals(grid.lines, grid.leading),
        address=lambda code: reverse("portal:place", args=[choice.level, code]),
    )
    about = (
        _("{what}. Chưa có hình ranh giới ngày {day}, nên mỗi ô vuông là một nơi, xếp theo mã.")
        if outlines.tiled else _("{what}, theo địa giới ngày {day}")
    ).format(what=_beside(holding, grid, order.unit), day=date_text(day))
    finding = wording.map_finding(found, choice.level, order)
    return Side(finding, about, found.svg, found)


def _map_title(holding: Holding, grid: Grid, order: wording.Ranked, country: bool) -> str:
    text = _("Bản đồ: {what}; số liệu trong bảng bên cạnh.").format(
        what=_beside(holding, grid, order.unit))
    if not country:
        return text
    return text + " " + _("Có quần đảo Hoàng Sa và quần đảo Trường Sa.")


def _beside(holding: Holding, grid: Grid, unit: str) -> str:
    """Return indicator, unit and time of the leading column."""
    ref = grid.fixed.get(INDICATOR, "") or (
        grid.columns[grid.leading].code if grid.across.code == INDICATOR else "")
    across = grid.columns[grid.leading].label if grid.across.code not in (
        "", INDICATOR, TIME_PERIOD) else ""
    parts = [
        str(holding.indicators[ref]["label"]) if ref else holding.page.card.title, across,
        _("đơn vị {unit}").format(unit=unit) if unit else "", wording.leading_when(holding, grid),
    ]
    return ", ".join(part for part in parts if part)


def _decimals(lines: Sequence[Line], at: int) -> int:
    return max((cell.decimals for line in lines if (cell := line.cells[at])), default=0)


