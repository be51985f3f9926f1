"""What a reader asks of a dataset: which codes, how to lay them out, how to sort.

The address holds it all. `ETHNIC_GROUP=02` picks a code, a repeated name picks several,
`ETHNIC_GROUP=*` picks everything, and a dimension that is not named takes the choice that
reads best. What cannot be read is left out and named gently; an address is never an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL

EVERYTHING = "*"
ROWS, COLUMNS, SORT, PAGE = "dong", "cot", "sap", "trang"
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

    def with_codes(self, picked: Mapping[str, str]) -> list[Combination]:
        """Return the combinations that have these codes."""
        return [
            one for one in self.combinations
            if all(one.codes[dim] == code for dim, code in picked.items())
        ]

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Return the dimensions beyond indicator, place and time."""
        return tuple(self.codes)[4:]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice: the codes picked per dimension (none: everything), and the layout asked for."""

    picked: Codes
    rows: str = ""
    columns: str = ""
    sort: str = ""
    page: int = 1
    unknown: tuple[str, ...] = ()

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
        if self.level and REF_AREA not in found:
            above = UPWARDS[UPWARDS.index(self.level):]
            found[AREA_LEVEL] = tuple(
                level for level in above if level in stock.codes[AREA_LEVEL]
            )
        return found

    def query(self, stock: Stock, **changes: str) -> str:
        """Return the whole choice as an address, every dimension named."""
        pairs = [
            (dim, code)
            for dim in stock.codes
            for code in self.picked.get(dim, (EVERYTHING,))
        ]
        layout = {ROWS: self.rows, COLUMNS: self.columns, SORT: self.sort} | changes
        return urlencode([*pairs, *((name, text) for name, text in layout.items() if text)],
                         safe=":*_")


def stock_of(dims: Mapping[str, Sequence[str]], places: Mapping[str, Sequence[str]],
             keys: Iterable[tuple[str, ...]]) -> Stock:
    """Return the stock of a release from its codes, places per level, and all its keys."""
    names = tuple(dims)
    area = names.index(REF_AREA)
    counted = Counter((*key[:area], *key[area + 1:]) for key in keys)
    rest = [name for name in names if name != REF_AREA]
    return Stock(
        {name: tuple(codes) for name, codes in dims.items()},
        {level: tuple(codes) for level, codes in places.items()},
        tuple(
            Combination(dict(zip(rest, codes, strict=True)), areas)
            for codes, areas in counted.items()
        ),
    )


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
        sort=_text(asked, SORT), page=_number(asked, PAGE), unknown=tuple(unknown[:5]),
    )


def _lowest(levels: Iterable[str]) -> str:
    return min(levels, key=UPWARDS.index)


def _completed(picked: dict[str, tuple[str, ...]], open_dims: Sequence[str],
               stock: Stock) -> dict[str, tuple[str, ...]]:
    """Fill what the address leaves open, one dimension after the other."""
    found = dict(picked)
    if INDICATOR in open_dims:
        found[INDICATOR] = (_indicator(found, stock),)
    if AREA_LEVEL in open_dims or AREA_LEVEL not in found:
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


def _fitting(found: Mapping[str, tuple[str, ...]], stock: Stock) -> list[Combination]:
    """Return the combinations that fit what was picked so far; all of them if none does."""
    asked = {dim: set(codes) for dim, codes in found.items() if dim != REF_AREA}
    fit = [
        one for one in stock.combinations
        if all(one.codes[dim] in codes for dim, codes in asked.items())
    ]
    return fit or list(stock.combinations)


def _indicator(found: Mapping[str, tuple[str, ...]], stock: Stock) -> str:
    present = {one.codes[INDICATOR] for one in _fitting(found, stock)}
    return next((code for code in stock.codes[INDICATOR] if code in present), "")


def _level(found: Mapping[str, tuple[str, ...]], stock: Stock) -> str:
    """Return the level to look at: the one of the places asked for, else the best to read."""
    present = {one.codes[AREA_LEVEL]: one.areas for one in _fitting(found, stock)}
    places = found.get(REF_AREA, ())
    for level in LEVELS:
        if level in present and any(code in stock.places.get(level, ()) for code in places):
            return level
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


def _text(asked: Asked, name: str) -> str:
    values = asked.get(name, ())
    return values[-1][:_LONGEST] if values else ""


def _number(asked: Asked, name: str) -> int:
    text = _text(asked, name)
    return max(int(text), 1) if text.isdecimal() and len(text) < 7 else 1


def moved(choice: Choice, **changes: tuple[str, ...]) -> Choice:
    """Return the choice with other codes for some dimensions, from its first page on."""
    return replace(choice, picked=Codes({**choice.picked, **changes}), page=1)
