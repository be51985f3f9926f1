"""A release read on the map of another day.

Only what the release shows is read: a figure that is hidden in it stays hidden, and hides the
whole that it would be part of, so this reading tells nothing that a reader could not work out
from the release and the public map. Rates are computed again from parts that were read so.

Days of one map are one day, and readings are kept for the next reader only up to a number of
figures: whoever asks for a hundred days fills nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nhasan.areas import queries as areas
from nhasan.areas.models import Area
from nhasan.domain.correspondence import KeyKind
from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD
from nhasan.domain.identity import Urn
from nhasan.domain.observations import scaled
from nhasan.domain.plan import from_json, reading
from nhasan.domain.recast import Finding
from nhasan.domain.recast_rates import Rate, formula_rates, planned_rates
from nhasan.engines.arrow import COVERAGE, DECIMALS, ORIGIN, STATUS, VALUE
from nhasan.engines.recasting import BY, TableOnMap, kinds_of, recast_table
from nhasan.engines.recomputing import AGAIN, recomputed
from nhasan.metadata import queries as metadata
from nhasan.releases import folder
from nhasan.releases.queries.keeping import Shelf
from nhasan.releases.queries.pages import Page, readable
from nhasan.releases.queries.shelf import Code, Dim, Opened, opened

MOST_FIGURES = 1_000_000
"""How many figures all readings that are kept may hold together."""
_UPWARDS = ("commune", "district", "province", "region", "country")
# Arrow's stubs know more types than they can tell apart; an array is just an array here.
Arrow = Any


class Marks(NamedTuple):
    """By which keys figures were reckoned, and whether rates were computed again."""

    by: frozenset[KeyKind]
    again: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is read: `place` and `edition` tell releases and maps apart."""

    urn: Urn
    place: str
    day: date
    key: KeyKind
    edition: tuple[int, ...]
    published: date


@dataclass(frozen=True, slots=True)
class _Read:
    """A reading: the dimensions with the areas of that map, the figures, and the keys there are.

    `documents` are those whose shares count between the two maps.
    """

    dims: tuple[Dim, ...]
    found: TableOnMap
    keys: frozenset[KeyKind]
    documents: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of figures."""
        return len(self.found.figures)


@dataclass(frozen=True)
class OnMap:
    """A release on the map of a day: its page with the areas of that map, and the figures.

    It holds no figures itself; they are taken from those that are kept, or read again.
    """

    page: Page
    day: date
    key: KeyKind
    asked: _Asked

    def figures(self, selection: Mapping[str, Sequence[str]]) -> pa.Table:
        """Return the figures of a selection: codes or-ed, dimensions and-ed."""
        table = _read(self.asked).found.figures
        chosen = np.ones(len(table), bool)
        for dim, codes in selection.items():
            packed: Arrow = table[dim].combine_chunks()
            known = np.isin(np.array(packed.dictionary.to_pylist(), object), list(codes))
            chosen &= known[packed.indices.to_numpy(zero_copy_only=False)]
        return table.filter(pa.array(chosen))

    def marks(self, levels: Sequence[str] = ()) -> Marks:
        """Return what is to be marked among the figures of these levels, or of all."""
        table = self.figures({AREA_LEVEL: levels} if levels else {})
        told = {text for text in set(table[BY].to_pylist()) if text}
        return Marks(frozenset(key for text in told for key in kinds_of(text)),
                     bool(pc.any(table[AGAIN]).as_py()))

    @property
    def keys(self) -> frozenset[KeyKind]:
        """Return by which keys areas that are split between the maps can be shared out."""
        return _read(self.asked).keys

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the documents whose shares count between the maps."""
        return _read(self.asked).documents

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what was met: figures that were left out or left empty, and why."""
        return _read(self.asked).found.findings


_shelf: Shelf[_Asked, _Read] = Shelf(MOST_FIGURES)


def on_map(page: Page, day: date, key: KeyKind) -> OnMap:
    """Return a published release on the map of a day; withdrawn figures refuse to be read."""
    urn = readable(page.card.name, page.card.version).urn
    asked = _Asked(urn, str(folder.published_folder(urn)), areas.drawn_on(day), key,
                   areas.edition(), page.card.published_at.date())
    return OnMap(replace(page, dims=_read(asked).dims), day, key, asked)


def map_edition() -> tuple[int, ...]:
    """Return what tells one state of the map from the next."""
    return areas.edition()


def _read(asked: _Asked) -> _Read:
    """Read a release once for each map."""
    return _shelf.get(asked, lambda: _fresh(asked))


def _fresh(asked: _Asked) -> _Read:
    held = opened(asked.urn)
    figures = _figures(held)
    read = reading(from_json(held.manifest.plan))
    adding = {measure.indicator for measure in read.measures if measure.adds_over_area}
    drawn = _drawn(held, figures)
    maps = {pair: areas.between(*pair, asked.day, asked.key) for pair in set(drawn.values())}
    found = recast_table(figures, adding, {at: maps[pair] for at, pair in drawn.items()})
    found = recomputed(found, _rates(held, asked))
    return _Read(
        _dims(held, found.figures, asked.day), found,
        frozenset(key for pair in maps for key in areas.split_keys(*pair, asked.day)),
        tuple(sorted({name for pair in maps for name in areas.share_sources(*pair, asked.day)})),
    )


def _drawn(held: Opened, figures: pa.Table) -> dict[tuple[str, str], tuple[str, date]]:
    """Return the map that each level and period stands on: its level, and its first day."""
    days = held.words["days"]
    pairs = {(pair[AREA_LEVEL], pair[TIME_PERIOD]) for pair in
             figures.group_by([AREA_LEVEL, TIME_PERIOD]).aggregate([]).to_pylist()}
    drawn = {day: areas.drawn_on(date.fromisoformat(day))
             for day in {days[period] for _, period in pairs}}
    return {(level, period): (level, drawn[days[period]]) for level, period in pairs}


def _rates(held: Opened, asked: _Asked) -> tuple[Rate, ...]:
    """Return the rates that can be computed again: by the plan, else by their formulas."""
    found = planned_rates(from_json(held.manifest.plan))
    done = {rate.indicator for rate in found}
    rows = metadata.indicators_by_ref(held.indicators.keys() - done, on=asked.published)
    facts = [
        replace(metadata.facts_of(ref.partition(":")[0], metadata.sheet_of(row)), ref=ref)
        for ref, row in sorted(rows.items())
    ]
    places = {ref: int(code.extra.get("decimals", 0)) for ref, code in held.indicators.items()}
    return tuple(
        replace(rate, decimals=places.get(rate.indicator, rate.decimals))
        for rate in (*found, *formula_rates(facts, held.indicators))
    )


def _figures(held: Opened) -> pa.Table:
    """Return the figures that a release shows, in the decimals that it shows them in."""
    columns = held.columns()
    places = {ref: int(code.extra.get("decimals", 0)) for ref, code in held.indicators.items()}
    of_rank = np.array([places.get(ref, 0) for ref in columns.names[INDICATOR]], np.int64)
    decimals = (of_rank[columns.codes[INDICATOR]] if len(columns)
                else np.array([], np.int64))
    return pa.table({
        **{dim: pa.DictionaryArray.from_arrays(
            _arrow(columns.codes[dim]), pa.array(columns.names[dim], pa.string()))
           for dim in held.manifest.dims},
        VALUE: _scaled(columns.values, decimals.tolist()),
        DECIMALS: pa.array(decimals.astype(np.int8)),
        STATUS: columns.statuses, COVERAGE: columns.coverage,
        ORIGIN: columns.origins,
    })


def _arrow(numbers: Any) -> Arrow:
    return pa.array(numbers)


def _scaled(texts: Arrow, decimals: Sequence[int]) -> Arrow:
    """Return values in machine notation as whole numbers; each different one is read once."""
    known: dict[tuple[str | None, int], int | None] = {(None, at): None for at in set(decimals)}
    found = []
    for pair in zip(texts.to_pylist(), decimals, strict=True):
        if pair not in known:
            known[pair] = scaled(Decimal(pair[0]), pair[1])
        found.append(known[pair])
    return pa.array(found, pa.int64())


def _dims(held: Opened, figures: pa.Table, day: date) -> tuple[Dim, ...]:
    """Return the dimensions with the areas of that day in the place of those of the release."""
    present = {(pair[AREA_LEVEL], pair[REF_AREA]) for pair in
               figures.group_by([AREA_LEVEL, REF_AREA]).aggregate([]).to_pylist()}
    standing = {(row.level, row.code): row for row in areas.areas(on=day)}
    codes = []
    for level in reversed(_UPWARDS):
        for place in sorted(key for key in present if key[0] == level):
            row = standing[place]
            name = row.name if level in ("country", "region") else row.title
            codes.append(Code(row.code, name, _above(place, standing, present), level))
    levels = {level for level, _ in present}
    return tuple(
        replace(dim, codes=tuple(codes)) if dim.id == REF_AREA else
        replace(dim, codes=tuple(code for code in dim.codes if code.code in levels))
        if dim.id == AREA_LEVEL else dim
        for dim in held.dims
    )


def _above(place: tuple[str, str], standing: Mapping[tuple[str, str], Area],
           present: set[tuple[str, str]]) -> str:
    """Return the nearest area above that has figures, as `level:code`."""
    while place in standing:
        row = standing[place]
        place = (row.parent_level, row.parent_code)
        if place in present:
            return ":".join(place)
    return ""
