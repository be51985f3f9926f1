"""The figures of a run in words: one page of rows, with what every code is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from nhasan.areas import queries as areas
from nhasan.domain.cube import (
    AREA_LEVEL,
    FIXED,
    INDICATOR,
    REF_AREA,
    TIME_PERIOD,
    TOTAL,
    Cube,
    CubeRow,
)
from nhasan.domain.observations import Figure
from nhasan.domain.plan import map_day
from nhasan.domain.problems import phrase
from nhasan.domain.revision import Revised
from nhasan.interfaces.notation import period_text
from nhasan.metadata import queries as metadata

LEVELS = {
    "country": phrase("Cả nước"), "region": phrase("Vùng"), "province": phrase("Tỉnh"),
    "district": phrase("Huyện"), "commune": phrase("Xã"),
}
_PAGE = 100
MOST_AT_ONCE = 1000
"""A table of more figures opens at its highest level; the filters lead to the others."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter over the figures: the codes in use, and the one that was chosen."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its words."""

    area: str
    period: str
    indicator: str
    unit: str
    breakdown: Sequence[str]
    figure: Figure
    decimals: int
    coverage: str


class Words:
    """What the codes of a cube are called; areas as on the map of the period."""

    def __init__(self, dims: Sequence[str], indicators: Iterable[str], dataflow: str,
                 on: str = "") -> None:
        self.dims = tuple(dims)
        self._on = on
        self._indicators = metadata.indicators_by_ref(set(indicators))
        flow = metadata.dataflow(dataflow)
        found = metadata.dimensions(flow) if flow else ()
        self.names = {each.id: each.name_vi for each in found}
        self._codes = {
            each.id: metadata.code_names(each.code_list) if each.code_list else {}
            for each in found
        }
        self._places: dict[date, dict[tuple[str, str], str]] = {}

    def indicator(self, ref: str) -> str:
        """Return the name of an indicator."""
        found = self._indicators.get(ref)
        return found.name_vi if found else ref

    def unit(self, ref: str) -> str:
        """Return the unit of an indicator."""
        found = self._indicators.get(ref)
        return found.unit if found else ""

    def code(self, dim: str, code: str) -> str:
        """Return the name of a breakdown's code."""
        return _("Tổng số") if code == TOTAL else self._codes.get(dim, {}).get(code, code)

    def any_code(self, dim: str, code: str) -> str:
        """Return the name of a code of any dimension; an area of no known day keeps its code."""
        fixed = {
            INDICATOR: self.indicator, AREA_LEVEL: level_words, TIME_PERIOD: self.period,
        }
        return fixed[dim](code) if dim in fixed else self.code(dim, code)

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Return the dimensions beyond indicator, level, area and period."""
        return self.dims[len(FIXED):]

    def breakdown(self, dim: str) -> str:
        """Return the name of a breakdown."""
        return self.names.get(dim, dim)

    def period(self, text: str) -> str:
        """Return how a period is written."""
        return period_text(text)

    def places(self, keys: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
        """Return the names of areas (level, code, period)."""
        by_day: dict[date, set[tuple[str, str, str]]] = {}
        for level, code, period in keys:
            by_day.setdefault(map_day(period, self._on), set()).add((level, code, period))
        found: dict[tuple[str, str, str], str] = {}
        for day, wanted in by_day.items():
            names = areas.names({(level, code) for level, code, _p in wanted}, on=day)
            found |= {key: names.get(key[:2], key[1]) for key in wanted}
        return found


def map_rule(plan: Sequence[Mapping[str, Any]]) -> str:
    """Return the day of the year on which a plan asks the map, if it was told one."""
    return next((step.get("on", "") for step in plan if step.get("step") == "rollup"), "")


def choices(cube: Cube, words: Words, given: Mapping[str, str]) -> list[Choice]:
    """Return the filters of a page: indicator, level, period, then each breakdown."""
    used = cube.code_sets()
    labels = {
        INDICATOR: (_("Chỉ tiêu"), words.indicator), AREA_LEVEL: (_("Cấp"), level_words),
        TIME_PERIOD: (_("Kỳ"), words.period),
    }
    return [
        Choice(dim, labels[dim][0], [(code, labels[dim][1](code)) for code in used[dim]],
               _chosen(given, dim, used[dim]))
        for dim in (INDICATOR, AREA_LEVEL, TIME_PERIOD)
    ] + [
        Choice(dim, words.breakdown(dim), [(code, words.code(dim, code)) for code in used[dim]],
               _chosen(given, dim, used[dim]))
        for dim in cube.dims[len(FIXED):]
    ]


def opening(cube: Cube, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return what was chosen; of a long table of which nothing was, the highest level alone."""
    if len(cube) <= MOST_AT_ONCE or any(dim in given for dim in cube.dims):
        return given
    used = set(cube.column(AREA_LEVEL))
    return {**given, AREA_LEVEL: next(level for level in LEVELS if level in used)}


def _chosen(given: Mapping[str, str], dim: str, used: Sequence[str]) -> str:
    wanted = given.get(dim, "")
    return wanted if wanted in used else ""


def level_words(level: str) -> str:
    """Return the name of an area level."""
    return _(LEVELS.get(level, level))


def page_of(cube: Cube, words: Words, given: Mapping[str, str],
            filters: Sequence[Choice]) -> tuple[Page[Any], list[Line]]:
    """Return one page of the chosen figures, in order, with their words."""
    chosen = {each.name: [each.chosen] for each in filters if each.chosen}
    found = cube.select(chosen).sorted()
    page = Paginator(range(len(found)), _PAGE).get_page(given.get("trang"))
    rows = [found.row(at) for at in page]
    at = [cube.position(dim) for dim in (AREA_LEVEL, REF_AREA, TIME_PERIOD, INDICATOR)]
    places = words.places((row.key[at[0]], row.key[at[1]], row.key[at[2]]) for row in rows)
    return page, [_line(row, at, words, places) for row in rows]


def _line(row: CubeRow, at: Sequence[int], words: Words,
          places: Mapping[tuple[str, str, str], str]) -> Line:
    level, area, period, indicator = (row.key[position] for position in at)
    return Line(
        places[level, area, period], words.period(period), words.indicator(indicator),
        words.unit(indicator),
        [words.code(dim, code) for dim, code in zip(words.dims[len(FIXED):],
                                                    row.key[len(FIXED):], strict=True)],
        Figure(row.value, row.status), row.decimals, row.coverage,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """One figure that differs from the release before, with its words."""

    kind: str
    area: str
    code: str
    level: str
    period: str
    indicator: str
    unit: str
    breakdown: Sequence[str]
    before: Figure | None
    after: Figure | None
    decimals: int


def moved_lines(rows: Sequence[Revised], words: Words) -> list[Moved]:
    """Return what a release says otherwise, in words; what either of them hides stays hidden."""
    at = [words.dims.index(dim) for dim in (AREA_LEVEL, REF_AREA, TIME_PERIOD, INDICATOR)]
    places = words.places((row.key[at[0]], row.key[at[1]], row.key[at[2]]) for row in rows)
    found = []
    for row in rows:
        level, area, period, indicator = (row.key[position] for position in at)
        found.append(Moved(
            row.kind, places[level, area, period], area, level_words(level),
            words.period(period), words.indicator(indicator), words.unit(indicator),
            [words.code(dim, code) for dim, code in zip(words.breakdowns, row.key[len(FIXED):],
                                                        strict=True)],
            row.before, row.after, row.decimals,
        ))
    return found


def hidden_lines(log: Mapping[str, Any], words: Words,
                 most: int) -> list[tuple[str, str, str, str, str]]:
    """Return what was hidden and by which rule, in words; never a value."""
    rules = log["rules"]
    dims = {dim: at for at, dim in enumerate(log["dims"])}
    shown = log["suppressed"][:most]
    places = words.places(
        (key[dims[AREA_LEVEL]], key[dims[REF_AREA]], key[dims[TIME_PERIOD]]) for key, _r in shown
    )
    return [
        (
            places[key[dims[AREA_LEVEL]], key[dims[REF_AREA]], key[dims[TIME_PERIOD]]],
            words.period(key[dims[TIME_PERIOD]]), words.indicator(key[dims[INDICATOR]]),
            ", ".join(words.code(dim, key[position]) for dim, position in dims.items()
                      if dim not in FIXED and key[position] != TOTAL),
            _(rules.get(rule, rule)),
        )
        for key, rule in shown
    ]
