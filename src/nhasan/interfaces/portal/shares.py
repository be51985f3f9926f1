"""Shares: a figure in percent of the whole that it is a part of.

Both are released figures, so a share tells nothing that a reader could not work out. Where
the part or the whole is hidden or missing there is no share, and the reason is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext as _

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.observations import NOT_APPLICABLE, NOT_REPORTED, Figure
from nhasan.interfaces.portal import wording
from nhasan.interfaces.portal.choice import OF_PLACE, OF_UPPER, UPWARDS, Choice, Codes, Stock
from nhasan.interfaces.portal.holdings import Cell, Holding
from nhasan.metadata import queries as metadata

DECIMALS = 2
_FINE = Decimal(10) ** -10  # finer than is shown, so that the least are told apart from none


class Shared(Holding):
    """A release read in shares: each figure in percent of its whole, under the same key."""

    def __init__(self, held: Holding, way: str) -> None:
        """Read another holding's figures; `way` says what the whole is."""
        super().__init__(held.page)
        self._held = held
        self._way = way
        self.leads = held.leads

    @cached_property
    def stock(self) -> Stock:
        """Return which figures there are: the same as those of the release."""
        return self._held.stock

    @property
    def indicators(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the indicators, called by what they are shares of, in the reader's language."""
        return {
            ref: {**facts, "unit": "%", "decimals": DECIMALS,
                  "label": f"{facts['label']} ({said(self._held, ref, self._way)})"}
            for ref, facts in self._held.indicators.items()
        }

    def cells(self, selection: Mapping[str, Sequence[str]]) -> list[Cell]:
        """Return the share of every figure of a selection."""
        parts = self._held.cells(selection)
        keys = {cell.key: self._whole(cell.key) for cell in parts}
        wanted = {
            dim: tuple(dict.fromkeys(key[at] for key in keys.values()))
            for at, dim in enumerate(self.dims)
        }
        wholes = {cell.key: cell for cell in self._held.cells(wanted)} if keys else {}
        return [of(cell, wholes.get(keys[cell.key])) for cell in parts]

    def _whole(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """Return the key of the whole that a figure is part of."""
        named = dict(zip(self.dims, key, strict=True))
        if self._way == OF_PLACE:
            named[divided(self._held, named[INDICATOR])] = TOTAL
        else:
            top = upper(self._held, named[INDICATOR])
            named[REF_AREA] = self._held.above(
                (named[AREA_LEVEL], named[REF_AREA]), named[TIME_PERIOD], top)
            named[AREA_LEVEL] = top
        return tuple(named[dim] for dim in self.dims)


def of(part: Cell, whole: Cell | None) -> Cell:
    """Return a share under the key of its part; nothing of a whole is written without decimals."""
    found = share(part.figure, whole)
    marks = dict.fromkeys(
        each.estimated for each in (part, *([whole] if whole else [])) if each.estimated)
    return Cell(part.key, found, DECIMALS if found.value else 0, "", ", ".join(marks))


def share(part: Figure, whole: Cell | None) -> Figure:
    """Return a figure in percent of its whole, or why it cannot be told."""
    if part.value is None:
        return part
    if whole is None:
        return NOT_REPORTED
    if whole.figure.value is None:
        return whole.figure
    if not whole.figure.value:
        return NOT_APPLICABLE
    percent = part.value * 100 / whole.figure.value
    return Figure(percent.quantize(_FINE, ROUND_HALF_UP))


@lru_cache(maxsize=60)
def countable(holding: Holding) -> frozenset[str]:
    """Return the indicators whose figures add up: only those are parts of a whole."""
    found = metadata.indicators_by_ref(holding.stock.codes[INDICATOR])
    return frozenset(ref for ref, row in found.items() if row.adds_over_area == "sum")


@lru_cache(maxsize=500)
def divided(holding: Holding, ref: str) -> str:
    """Return the breakdown of an indicator that has a total beside its parts, if one has."""
    fit = holding.stock.with_codes({INDICATOR: ref})
    for dim in holding.stock.breakdowns:
        codes = {one.codes[dim] for one in fit}
        if TOTAL in codes and len(codes) > 1:
            return dim
    return ""


@lru_cache(maxsize=500)
def upper(holding: Holding, ref: str) -> str:
    """Return the highest level at which an indicator has figures."""
    present = {one.codes[AREA_LEVEL] for one in holding.stock.with_codes({INDICATOR: ref})}
    return next(level for level in reversed(UPWARDS) if level in present)


def ways(holding: Holding, refs: Iterable[str], level: str) -> list[str]:
    """Return how figures of these indicators at a level can be read as shares."""
    refs = list(refs)
    if not refs or not countable(holding).issuperset(refs):
        return []
    found = [OF_PLACE] if all(divided(holding, ref) for ref in refs) else []
    tops = {upper(holding, ref) for ref in refs}
    if len(tops) == 1 and not {level, ""} & tops:
        found.append(OF_UPPER)
    return found


def of_choice(holding: Holding, choice: Choice) -> list[str]:
    """Return how a choice can be read as shares."""
    refs = choice.picked.get(INDICATOR) or holding.stock.codes[INDICATOR]
    return ways(holding, refs, choice.level)


@lru_cache(maxsize=60)
def in_shares(holding: Holding, way: str) -> Shared:
    """Return a release read in shares; made once for all that read it so."""
    return Shared(holding, way)


def read_as(holding: Holding, choice: Choice) -> Holding:
    """Return the release as a choice wants it read: in figures, or in shares if it can be."""
    if choice.share and choice.share in of_choice(holding, choice):
        return in_shares(holding, choice.share)
    return holding


def said(holding: Holding, ref: str, way: str) -> str:
    """Return of what a share is, in the words of a title."""
    if way == OF_PLACE:
        return _("% trong từng địa bàn")
    return {
        "country": _("% của cả nước"), "region": _("% của cả vùng"),
        "province": _("% của cả tỉnh"), "district": _("% của cả huyện"),
    }[upper(holding, ref)]


def called(holding: Holding, refs: Sequence[str], way: str) -> str:
    """Return what a way of reading is called where it is chosen; no way: the figures."""
    if way:
        return wording.upper(said(holding, refs[0], way))
    units = {holding.unit(ref) for ref in refs}
    return _("Số {unit}").format(unit=units.pop()) if len(units) == 1 else _("Số liệu gốc")


def with_wholes(holding: Holding, choice: Choice) -> Choice:
    """Return the choice with the wholes of its shares: files have figures, never shares."""
    if choice.share != OF_PLACE or choice.share not in of_choice(holding, choice):
        return replace(choice, share="")
    refs = choice.picked.get(INDICATOR) or holding.stock.codes[INDICATOR]
    dims = {dim: choice.picked[dim] for ref in refs
            if (dim := divided(holding, ref)) in choice.picked}
    more = {dim: (*codes, TOTAL) for dim, codes in dims.items() if TOTAL not in codes}
    return replace(choice, picked=Codes({**choice.picked, **more}), share="")


def only_wholes(holding: Holding, choice: Choice) -> str:
    """Return the breakdown at whose total a choice looks, so that every share is 100%."""
    if choice.share != OF_PLACE:
        return ""
    dims = {divided(holding, ref) for ref in choice.picked.get(INDICATOR, ())}
    return next((dim for dim in dims if dim and choice.picked.get(dim) == (TOTAL,)), "")
