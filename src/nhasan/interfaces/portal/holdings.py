"""What the portal keeps of a release for the life of a process: names, stock, the map's day.

Everything here is made from an immutable release and kept under its name and its run, so a
reader never waits for what another has already opened. Whether a release is still published
is asked anew for every page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, cast

from django.utils.translation import gettext as _

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD
from nhasan.domain.observations import Figure, Status
from nhasan.domain.plan import map_day
from nhasan.domain.problems import NotFound
from nhasan.interfaces.outlines import plain_name
from nhasan.interfaces.portal.choice import Combination, Stock
from nhasan.releases import queries as releases

_DAY_OF_YEAR = re.compile(r"\d\d-\d\d")
_YEAR = re.compile(r"\d{4}")


class Cell(NamedTuple):
    """One released figure with its key in the order of the release's dimensions.

    `estimated` says by what it was shared out, when it was read on another map; `again` tells
    that it is a rate that was computed again there.
    """

    key: tuple[str, ...]
    figure: Figure
    decimals: int
    coverage: str
    estimated: str = ""
    again: bool = False


class Holding:
    """One release, as pages need it; `leads` tells that each figure has a page of its own."""

    leads = True

    def __init__(self, page: releases.Page) -> None:
        """Keep the page; everything else is made when it is first asked for."""
        self.page = page
        self.dims = tuple(dim.id for dim in page.dims)
        self._units: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}

    @property
    def name(self) -> str:
        """Return the name of the dataset."""
        return self.page.card.name

    @property
    def version(self) -> str:
        """Return the number of the release."""
        return self.page.card.version

    @property
    def address(self) -> str:
        """Return the lasting address of this version."""
        return f"{self.page.card.address}/{self.version}"

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Return the labels of codes per dimension; an annual period is its number."""
        found = {dim.id: {code.code: code.label for code in dim.codes} for dim in self.page.dims}
        found[TIME_PERIOD] = {
            code: code if _YEAR.fullmatch(code) else label
            for code, label in found[TIME_PERIOD].items()
        }
        return found

    @cached_property
    def dim_names(self) -> Mapping[str, str]:
        """Return the names of the dimensions as the release has them."""
        return {dim.id: dim.name for dim in self.page.dims}

    def dim_name(self, dim: str) -> str:
        """Return a dimension's name, in the reader's language where the house has the word."""
        return _known(self.dim_names.get(dim, ""))

    @cached_property
    def places(self) -> Mapping[tuple[str, str], str]:
        """Return the names of places by level and code: codes were used on several levels."""
        return {
            (code.level, code.code):
                plain_name(code.label) if code.level == "province" else code.label
            for code in self._dim(REF_AREA).codes
        }

    @cached_property
    def indicators(self) -> Mapping[str, Mapping[str, Any]]:
        """Return unit, decimals, set and decision of each indicator."""
        return {
            code.code: {"label": code.label, **code.extra} for code in self._dim(INDICATOR).codes
        }

    @cached_property
    def stock(self) -> Stock:
        """Return which figures there are."""
        table = self._table({})
        rest = [dim for dim in self.dims if dim != REF_AREA]
        counted = table.group_by(rest).aggregate([(REF_AREA, "count_distinct")]).to_pydict()
        areas = counted.pop(f"{REF_AREA}_count_distinct")
        places: dict[str, list[str]] = {}
        for level, code in self.places:
            places.setdefault(level, []).append(code)
        return Stock(
            {dim.id: tuple(dict.fromkeys(code.code for code in dim.codes))
             for dim in self.page.dims},
            {level: tuple(codes) for level, codes in places.items()},
            tuple(
                Combination(dict(zip(rest, codes, strict=True)), count)
                for *codes, count in zip(*(counted[dim] for dim in rest), areas, strict=True)
            ),
            {f"{code.level}:{code.code}": code.parent for code in self._dim(REF_AREA).codes},
        )

    def day(self, period: str) -> date:
        """Return the day whose map a period stands on."""
        rule = self.page.map_rule
        return map_day(period, rule if _DAY_OF_YEAR.fullmatch(rule) else "")

    def above(self, place: tuple[str, str], period: str, top: str) -> str:
        """Return the area of the level `top` in which a place lay, on the map of a period."""
        level, code = place
        if level == top:
            return code
        if (period, level) not in self._units:
            self._units[period, level] = {
                area.code: area.extra
                for area in releases.areas(self.name, period, level, self.version)
            }
        return str(self._units[period, level].get(code, {}).get(top, ""))

    def cells(self, selection: Mapping[str, Sequence[str]]) -> list[Cell]:
        """Return every figure of a selection, in the order of the release."""
        table = self._table(selection)
        columns: list[list[Any]] = [table[dim].to_pylist() for dim in self.dims]
        values, statuses, coverage = (
            cast(list[Any], table[name].to_pylist())
            for name in ("OBS_VALUE", "OBS_STATUS", "COVERAGE")
        )
        places = {ref: int(facts.get("decimals", 0)) for ref, facts in self.indicators.items()}
        at = self.dims.index(INDICATOR)
        return [
            Cell(key, figure_of(value, status), places.get(key[at], 0), said)
            for key, value, status, said in zip(
                zip(*columns, strict=True), values, statuses, coverage, strict=True,
            )
        ]

    def _table(self, selection: Mapping[str, Sequence[str]]) -> Any:
        return releases.figures_arrow(self.name, selection, self.version)

    def figure(self, **codes: str) -> Cell | None:
        """Return the one figure at these codes; dimensions that are not named stand at total."""
        where = {dim: (codes.get(dim, "_T"),) for dim in self.dims}
        return next(iter(self.cells(where)), None)

    def unit(self, ref: str) -> str:
        """Return the unit of an indicator."""
        return str(self.indicators.get(ref, {}).get("unit", ""))

    def label(self, dim: str, code: str, level: str = "") -> str:
        """Return what a code is called; an area by its level."""
        if dim == REF_AREA:
            return self.places.get((level, code), code)
        name = self.names.get(dim, {}).get(code, code)
        return _known(name) if dim == AREA_LEVEL else name

    def level_of(self, key: tuple[str, ...]) -> str:
        """Return the level of the area of a key."""
        return key[self.dims.index(AREA_LEVEL)]

    def _dim(self, identifier: str) -> Any:
        return next(dim for dim in self.page.dims if dim.id == identifier)


def _known(name: str) -> str:
    return _(name) if name else ""


_WITHOUT: dict[str, Figure] = {
    str(status): Figure(None, status) for status in Status if status is not Status.REPORTED
}


def figure_of(value: str | Decimal | None, status: str) -> Figure:
    """Return a figure from its value, in machine notation or as a number, and its status."""
    return Figure(Decimal(value)) if value is not None else _WITHOUT[status]


def holding(name: str, version: str = "") -> Holding:
    """Return a release that was published, opened; `NotFound` when there is none.

    One question to the database tells what is published now; all else is kept. A release
    that was withdrawn is returned with its notice; its figures refuse to be read.
    """
    agency, _, identifier = name.partition(":")
    said = tuple(releases.said(agency=agency, identifier=identifier))
    wanted = [one for one in said if one.version == version] if version else (
        [one for one in said if one.state == "published"] or said)
    if not wanted:
        raise NotFound()
    return _opened(name, wanted[0].version, said)


@lru_cache(maxsize=60)
def _opened(name: str, version: str, said: tuple[releases.Said, ...]) -> Holding:
    """Open one release as it stands among all that was said under its name."""
    return Holding(releases.dataset(name, version))
