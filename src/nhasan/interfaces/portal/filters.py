"""The filters of a table page: one list for each dimension, as a GET form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.interfaces.portal.choice import COLUMNS, EVERYTHING, ROWS, Choice
from nhasan.interfaces.portal.holdings import Holding


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One list of the form; `several` when the address picks more than one code."""

    name: str
    label: str
    options: tuple[Option, ...]
    several: bool = False

    @cached_property
    def lines(self) -> SafeString:
        """Return the options as they stand in the list; put together here for they are many."""
        return mark_safe("".join(  # noqa: S308
            f'<option value="{escape(option.code)}"{" selected" if option.chosen else ""}>'
            f"{escape(option.label)}</option>"
            for option in self.options
        ))

    @property
    def size(self) -> int:
        """Return how many lines a list shows from which several are chosen."""
        return min(len(self.options), 6)


@lru_cache(maxsize=128)
def fields(holding: Holding, choice: Choice, language: str) -> tuple[Field, ...]:
    """Return the lists that a reader can choose from; a dimension with one code has none.

    They are the same for every page of a choice, and kept for them.
    """
    stock = holding.stock
    found = []
    for dim in (INDICATOR, AREA_LEVEL, REF_AREA, *stock.breakdowns, TIME_PERIOD):
        codes = _codes(holding, choice, dim)
        if len(codes) < 2:
            continue
        picked = choice.picked.get(dim, ())
        options = [Option(code, _label(holding, choice, dim, code), code in picked)
                   for code in codes]
        if dim != AREA_LEVEL:
            options.insert(0, Option(EVERYTHING, _("Tất cả"), not picked))
        found.append(Field(dim, holding.dim_name(dim), tuple(options), len(picked) > 1))
    return (*found, *_layout(holding, choice))


def _codes(holding: Holding, choice: Choice, dim: str) -> Sequence[str]:
    """Return the codes that have figures for the indicator and the level looked at."""
    if dim == REF_AREA:
        return holding.stock.places.get(choice.level, ())
    if dim == INDICATOR:
        return holding.stock.codes[INDICATOR]
    ref = choice.one(INDICATOR)
    fixed = {INDICATOR: ref} if ref else {}
    if dim != AREA_LEVEL and choice.level:
        fixed[AREA_LEVEL] = choice.level
    present = {one.codes[dim] for one in holding.stock.with_codes(fixed)}
    present |= set(choice.picked.get(dim, ()))
    return [code for code in holding.stock.codes[dim] if code in present]


def _label(holding: Holding, choice: Choice, dim: str, code: str) -> str:
    if code == TOTAL:
        return _("Tổng số")
    return holding.label(dim, code, choice.level)


def _layout(holding: Holding, choice: Choice) -> Iterable[Field]:
    """Return what may go down and what across, when there is anything to choose."""
    wide = [
        dim for dim in holding.dims
        if dim != AREA_LEVEL and len(holding.stock.codes[dim]) > 1
    ]
    if len(wide) < 2:
        return
    for name, label, now in (
        (ROWS, _("Dòng"), choice.rows), (COLUMNS, _("Cột"), choice.columns),
    ):
        yield Field(name, label, (
            Option("", _("Tự động"), not now),
            *(Option(dim, holding.dim_name(dim), dim == now) for dim in wide),
        ))
