"""What a reader asks of a dataset: which codes, how to lay them out, how to sort.

The address holds it all. `ETHNIC_GROUP=02` picks a code, a repeated name picks several,
`ETHNIC_GROUP=*` picks everything, and a dimension that is not named takes the choice that
reads best. What cannot be read is left out and named gently; an address is never an error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlencode

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL

EVERYTHING = "*"
ROWS, COLUMNS, SORT, PAGE, SHOWN = "dong", "cot", "sap", "trang", "hien"
OF_PLACE, OF_UPPER = "ty-le", "phan-bo"
"""Figures as shares: of all in the same area, or of the same in the whole area above."""
LEVELS = ("province", "district", "commune", "region", "country")  # the best to read first
UPWARDS = ("commune", "district", "province", "region", "country")
_MOST_CODES = 400
_MOST_PERIODS = 10
_LONGEST = 120

Asked = Mapping[str, Sequence[str]]


class Codes(dict[str, tuple[str, ...]]):
    """Codes picked per dimension; never changed once made, so a choice may key a cache."""

    def __hash__(self) -> int:  # type: ignore[override]
        """Return the same for the same codes, whatever their order."""
        return hash(frozenset(self.items()))


class Combination(NamedTuple):
    """Codes of every dimension but the area, and how many areas have a figure there."""

    codes: Mapping[str, str]
    areas: int


@dataclass(frozen=True, slots=True)
class Stock:
    """Which figures a release has: the codes of each dimension in order, and combinations."""

    codes: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    combinations: tuple[Combination, ...]
    parents: Mapping[str, str] = field(default_factory=dict)

    def with_codes(self, picked: Mapping[str, str]) -> list[Combination]:
        """Return the combinations that have these codes."""
        return [
            one for one in self.combinations
            if all(one.codes[dim] == code for dim, code in picked.items())
        ]

    def fitting(self, picked: Mapping[str, Collection[str]]) -> list[Combination]:
        """Return the combinations of which each code is among the picked ones."""
        return [
            one for one in self.combinations
            if all(one.codes[dim] in codes for dim, codes in picked.items() if dim != REF_AREA)
        ]

    def above(self, level: str) -> set[str]:
        """Return every place above the places of a level, as `level:code`."""
        found: set[str] = set()
        for code in self.places.get(level, ()):
            place = self.parents.get(f"{level}:{code}", "")
            while place and place not in found:
                found.add(place)
                place = self.parents.get(place, "")
        return found

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Return the dimensions beyond indicator, place and time."""
        return tuple(self.codes)[4:]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice: the codes picked per dimension (none: everything), and the layout asked for.

    `on` is what the address says of the map on which the figures are read.
    """

    picked: Codes
    rows: str = ""
    columns: str = ""
    sort: str = ""
    share: str = ""
    page: int = 1
    unknown: tuple[str, ...] = ()
    on: tuple[tuple[str, str], ...] = ()

    @property
    def level(self) -> str:
        """Return the level that is looked at; sums of higher levels stand below it."""
        return next(iter(self.picked.get(AREA_LEVEL, ())), "")

    def one(self, dimension: str) -> str:
        """Return the single code picked, or nothing."""
        found = self.picked.get(dimension, ())
        return found[0] if len(found) == 1 else ""

    def selection(self, stock: Stock) -> dict[str, tuple[str, ...]]:
        """Return what is asked of the release: with all areas come the sums above them."""
        found = dict(self.picked)
        if not self.level or REF_AREA in found:
            return found
        upwards = UPWARDS[UPWARDS.index(self.level):]
        found[AREA_LEVEL] = tuple(
            level for level in upwards if level in stock.codes[AREA_LEVEL]
        )
        return _narrowed(found, self.level, stock)

    def query(self, stock: Stock, **changes: str) -> str:
        """Return the whole choice as an address, every dimension named that has a choice."""
        pairs = [
            (dim, code)
            for dim, known in stock.codes.items() if len(known) > 1
            for code in self.picked.get(dim, (EVERYTHING,))
        ]
        layout = {ROWS: self.rows, COLUMNS: self.columns, SORT: self.sort,
                  SHOWN: self.share} | dict(self.on) | changes
        return urlencode([*pairs, *((name, text) for name, text in layout.items() if text)],
                         safe=":*_")


def _narrowed(found: dict[str, tuple[str, ...]], level: str,
              stock: Stock) -> dict[str, tuple[str, ...]]:
    """Leave out what higher levels have beyond the level looked at: it is no sum of it."""
    with_sums = stock.fitting(found)
    here = [one for one in with_sums if one.codes[AREA_LEVEL] == level]
    free = [dim for dim in stock.codes if dim not in found and dim != REF_AREA]
    for dim in free if here else ():
        known, present = stock.codes[dim], {one.codes[dim] for one in here}
        if {one.codes[dim] for one in with_sums} - present:
            found[dim] = tuple(code for code in known if code in present)
    above = stock.above(level)
    higher = {
        f"{each}:{code}" for each in found[AREA_LEVEL] if each != level
        for code in stock.places.get(each, ())
    }
    if higher - above:
        found[REF_AREA] = tuple(dict.fromkeys([
            *stock.places.get(level, ()), *sorted(place.split(":")[1] for place in above & higher),
        ]))
    return found


def read(asked: Asked, stock: Stock) -> Choice:
    """Return the choice that an address means."""
    picked: dict[str, tuple[str, ...]] = {}
    unknown: list[str] = []
    open_dims = []
    for dim, known in stock.codes.items():
        given = [text[:_LONGEST] for text in asked.get(dim, ())][:_MOST_CODES]
        codes = tuple(dict.fromkeys(code for code in given if code in set(known)))
        unknown += [code for code in given if code and code != EVERYTHING and code not in codes]
        if codes:
            picked[dim] = codes
        elif not given:
            open_dims.append(dim)
    if len(picked.get(AREA_LEVEL, ())) > 1:
        picked[AREA_LEVEL] = (_lowest(picked[AREA_LEVEL]),)
    picked = _completed(picked, open_dims, stock)
    return Choice(
        Codes(picked), rows=_axis(asked, ROWS, stock), columns=_axis(asked, COLUMNS, stock),
        sort=_text(asked, SORT), share=_share(asked), page=_number(asked, PAGE),
        unknown=tuple(unknown[:5]),
    )


def _lowest(levels: Iterable[str]) -> str:
    return min(levels, key=UPWARDS.index)


def _completed(picked: dict[str, tuple[str, ...]], open_dims: Sequence[str],
               stock: Stock) -> dict[str, tuple[str, ...]]:
    """Fill what the address leaves open, one dimension after the other."""
    found = dict(picked)
    if AREA_LEVEL not in found and REF_AREA in found:
        found[AREA_LEVEL] = _levels_of(found[REF_AREA], stock)
    if INDICATOR in open_dims:
        found[INDICATOR] = (_indicator(found, stock),)
    if AREA_LEVEL not in found:
        found[AREA_LEVEL] = (_level(found, stock),)
    place = found.get(REF_AREA)
    if place is not None:
        here = tuple(code for code in place if code in stock.places.get(found[AREA_LEVEL][0], ()))
        found[REF_AREA] = here or place
    for dim in stock.breakdowns:
        if dim in open_dims and _has_total(dim, found, stock):
            found[dim] = (TOTAL,)
    if TIME_PERIOD in open_dims and len(_periods(found, stock)) > _MOST_PERIODS:
        found[TIME_PERIOD] = (_periods(found, stock)[-1],)
    return found


def _levels_of(places: Sequence[str], stock: Stock) -> tuple[str, ...]:
    """Return the level of the places asked for."""
    return next((
        (level,) for level in LEVELS
        if any(code in stock.places.get(level, ()) for code in places)
    ), ())


def _fitting(found: Mapping[str, tuple[str, ...]], stock: Stock) -> list[Combination]:
    """Return the combinations that fit what was picked so far; all of them if none does."""
    return stock.fitting(found) or list(stock.combinations)


def _indicator(found: Mapping[str, tuple[str, ...]], stock: Stock) -> str:
    """Return the first indicator that has figures for several areas, else the first."""
    fit = _fitting(found, stock)
    several = {one.codes[INDICATOR] for one in fit if one.areas > 1}
    present = several or {one.codes[INDICATOR] for one in fit}
    return next((code for code in stock.codes[INDICATOR] if code in present), "")


def _level(found: Mapping[str, tuple[str, ...]], stock: Stock) -> str:
    """Return the level that is best to read."""
    present = {one.codes[AREA_LEVEL]: one.areas for one in _fitting(found, stock)}
    many = [level for level in LEVELS if present.get(level, 0) > 1]
    return next(iter(many or [level for level in LEVELS if level in present]), "")


def _has_total(dim: str, found: Mapping[str, tuple[str, ...]], stock: Stock) -> bool:
    """Tell whether the total is the code to begin with: it is there, and says something.

    Where a single place is looked at, its parts say more than their sum.
    """
    fit = _fitting(found, stock)
    codes = {one.codes[dim] for one in fit}
    alone = REF_AREA in found or max((one.areas for one in fit), default=0) <= 1
    return TOTAL in codes and (len(codes) == 1 or not alone)


def _periods(found: Mapping[str, tuple[str, ...]], stock: Stock) -> list[str]:
    present = {one.codes[TIME_PERIOD] for one in _fitting(found, stock)}
    return [code for code in stock.codes[TIME_PERIOD] if code in present]


def _axis(asked: Asked, name: str, stock: Stock) -> str:
    found = _text(asked, name)
    return found if found in stock.codes and found != AREA_LEVEL else ""


def _share(asked: Asked) -> str:
    found = _text(asked, SHOWN)
    return found if found in (OF_PLACE, OF_UPPER) else ""


def _text(asked: Asked, name: str) -> str:
    values = asked.get(name, ())
    return values[-1][:_LONGEST] if values else ""


def _number(asked: Asked, name: str) -> int:
    text = _text(asked, name)
    return max(int(text), 1) if text.isdecimal() and len(text) < 7 else 1


def moved(choice: Choice, **changes: tuple[str, ...]) -> Choice:
    """Return the choice with other codes for some dimensions, from its first page on."""
    return replace(choice, picked=Codes({**choice.picked, **changes}), page=1)
