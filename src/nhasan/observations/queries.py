"""Nouns of the store: what was known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, Q

from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.cube import TOTAL, Cube, dimensions
from nhasan.domain.observations import Status, breakdown_parts, unscaled
from nhasan.observations.models import Batch, Observation

# An "in" of many keys is asked in pieces, so that no database's limit of parameters is met.
PIECE = 500


@dataclass(frozen=True, slots=True)
class Source:
    """Where a batch of figures came from, as far as the public may see: no person's name."""

    batch: int
    unit: str
    form: str
    form_code: str
    round: str
    receipt: str
    approved_at: datetime
    legal_basis: str
    submission: str = ""


def as_of(actor: Actor, dataflow: str, moment: datetime) -> Cube:
    """Return the figures of a dataflow as they were known at a moment, within READ.

    The origin of each row is the id of its batch.
    """
    rows = (
        Observation.objects.within(actor.may(Permission.READ))
        .filter(dataflow=dataflow, known_from__lte=moment)
        .filter(Q(known_to__isnull=True) | Q(known_to__gt=moment))
        .values_list("indicator", "area_level", "area_code", "period", "breakdown", "value",
                     "decimals", "status", "batch_id")
    )
    return _cube(list(rows))


def _cube(held: Sequence[tuple[Any, ...]]) -> Cube:
    """Return rows of key, value, decimals, status and batch as a cube."""
    parts = {text: breakdown_parts(text) for text in {row[4] for row in held}}
    dims = dimensions({name for found in parts.values() for name in found})
    broken = dims[4:]
    tails = {text: [found.get(name, TOTAL) for name in broken] for text, found in parts.items()}
    codes: list[list[str]] = [[] for _ in dims]
    for row in held:
        for column, code in zip(codes, [*row[:4], *tails[row[4]]], strict=True):
            column.append(code)
    return Cube(
        dims, tuple(codes), [row[5] for row in held], [row[6] for row in held],
        [row[7] for row in held], [""] * len(held), [row[8] for row in held],
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """The present figures that one unit received for a period, and who reported each batch."""

    cube: Cube
    units: Mapping[int, int]


def of_receiver(dataflow: str, period: str, receiver: int) -> Kept:
    """Return the present figures of a dataflow and period that a unit received, of everybody.

    For the house, which hands them on within each reader's authority.
    """
    units = dict(
        Batch.objects.within(EVERYTHING)
        .filter(dataflow=dataflow, withdrawn_at__isnull=True,
                submission__assignment__receiver=receiver)
        .values_list("pk", "submission__assignment__unit")
    )
    rows: list[tuple[Any, ...]] = []
    batches = sorted(units)
    for at in range(0, len(batches), PIECE):
        rows += (
            Observation.objects.within(EVERYTHING)
            .filter(batch__in=batches[at:at + PIECE], period=period, known_to__isnull=True)
            .values_list("indicator", "area_level", "area_code", "period", "breakdown", "value",
                         "decimals", "status", "batch_id")
        )
    held = _cube(rows)
    present = set(held.origins)
    return Kept(held, {batch: unit for batch, unit in units.items() if batch in present})


class Stale(NamedTuple):
    """A batch that changed: since when, and which files of figures it touches."""

    batch: int
    since: datetime
    dataflow: str
    receiver: int
    unit: int
    periods: tuple[str, ...]


def stale(most: int) -> list[Stale]:
    """Return the batches that changed and that nothing computed knows of, newest first."""
    rows = list(
        Batch.objects.within(EVERYTHING).filter(stale_at__isnull=False).order_by("-stale_at")
        .values_list("pk", "stale_at", "dataflow", "submission__assignment__receiver",
                     "submission__assignment__unit")[:most]
    )
    periods: dict[int, set[str]] = {}
    told = (
        Observation.objects.within(EVERYTHING).filter(batch__in=[row[0] for row in rows])
        .values_list("batch", "period").distinct().order_by()
    )
    for batch, period in told:
        periods.setdefault(batch, set()).add(period)
    return [
        Stale(batch, since, flow, receiver, unit, tuple(sorted(periods.get(batch, ()))))
        for batch, since, flow, receiver, unit in rows if since is not None
    ]


def sources(actor: Actor, batches: set[int]) -> dict[int, Source]:
    """Return where batches came from: unit, form, round, day of approval."""
    rows = (
        Batch.objects.within(actor.may(Permission.READ)).filter(pk__in=batches)
        .select_related(
            "submission__assignment__unit", "submission__assignment__round__form_version__form",
        )
    )
    found = {}
    for row in rows:
        held = row.submission.assignment
        form = held.round.form_version.form
        found[row.pk] = Source(
            row.pk, held.unit.name, form.title_vi, form.code, held.round.title_vi,
            row.submission.receipt, row.known_from, form.legal_basis,
            str(row.submission_id),
        )
    return found


def history(actor: Actor, *, dataflow: str, indicator: str, area_level: str, area_code: str,
            period: str, breakdown: str) -> Sequence[Observation]:
    """Return every value a key ever had, newest first, within READ."""
    return list(
        Observation.objects.within(actor.may(Permission.READ))
        .filter(dataflow=dataflow, indicator=indicator, area_level=area_level,
                area_code=area_code, period=period, breakdown=breakdown)
        .select_related("batch__submission__assignment__unit").order_by("-known_from")
    )


@dataclass(frozen=True, slots=True)
class Series:
    """How many present values an indicator has, from which period to which."""

    values: int
    first: str
    last: str


def series_of(actor: Actor, refs: Iterable[str]) -> dict[str, Series]:
    """Return what the store holds of indicators, within READ; those that have nothing lack."""
    rows = (
        Observation.objects.within(actor.may(Permission.READ))
        .filter(indicator__in=list(refs), known_to__isnull=True)
        .values("indicator").order_by("indicator")
        .annotate(values_=Count("pk"), first=Min("period"), last=Max("period"))
    )
    return {
        row["indicator"]: Series(row["values_"], row["first"], row["last"]) for row in rows
    }


@dataclass(slots=True)
class Place:
    """The present figures of one place, and whether any of them is illustrative."""

    values: dict[str, Decimal | None] = field(default_factory=dict)
    illustrative: bool = False


def figures_by_place(actor: Actor, refs: Iterable[str], area_level: str, breakdown: str = "",
                     ) -> dict[str, dict[tuple[str, str], Place]]:
    """Return period → (area code, breakdown) → present figures by indicator, within READ.

    With `breakdown`, a dimension, only figures broken down by it and nothing else count; without
    it, only those broken down by nothing.
    """
    wanted = {"breakdown__startswith": f"{breakdown}="} if breakdown else {"breakdown": ""}
    rows = (
        Observation.objects.within(actor.may(Permission.READ))
        .filter(indicator__in=list(refs), area_level=area_level, known_to__isnull=True, **wanted)
        .values_list("period", "area_code", "breakdown", "indicator", "value", "decimals",
                     "batch__submission__assignment__round__illustrative")
    )
    found: dict[str, dict[tuple[str, str], Place]] = {}
    for period, area, part, indicator, value, decimals, illustrative in rows:
        if len(breakdown_parts(part)) == (1 if breakdown else 0):
            place = found.setdefault(period, {}).setdefault((area, part), Place())
            place.values[indicator] = None if value is None else unscaled(value, decimals)
            place.illustrative = place.illustrative or illustrative
    return found


class Holding(NamedTuple):
    """What the store holds of some areas in one dataflow."""

    dataflow: str
    indicators: int
    figures: int
    first: str
    last: str


def held_of_areas(actor: Actor, areas: Iterable[tuple[str, str]]) -> list[Holding]:
    """Return what the store holds of areas (level, code), by dataflow, within READ."""
    by_level: dict[str, list[str]] = {}
    for level, code in areas:
        by_level.setdefault(level, []).append(code)
    figures: dict[str, int] = {}
    indicators: dict[str, set[str]] = {}
    periods: dict[str, set[str]] = {}
    for level, codes in by_level.items():
        for start in range(0, len(codes), PIECE):
            rows = (
                Observation.objects.within(actor.may(Permission.READ))
                .filter(area_level=level, area_code__in=codes[start : start + PIECE],
                        known_to__isnull=True)
                .values_list("dataflow", "indicator", "period").annotate(n=Count("pk"))
                .order_by("dataflow")
            )
            for flow, indicator, period, number in rows:
                figures[flow] = figures.get(flow, 0) + number
                indicators.setdefault(flow, set()).add(indicator)
                periods.setdefault(flow, set()).add(period)
    return [Holding(flow, len(indicators[flow]), figures[flow], min(periods[flow]),
                    max(periods[flow])) for flow in sorted(figures)]


class OfArea(NamedTuple):
    """The present figure of one area: its number or why there is none."""

    value: Decimal | None
    status: Status
    decimals: int
    illustrative: bool


def of_areas(actor: Actor, dataflow: str, indicator: str, level: str, period: str,
             breakdown: str) -> dict[str, OfArea]:
    """Return area code → the present figure at one key, within READ."""
    rows = (
        Observation.objects.within(actor.may(Permission.READ))
        .filter(dataflow=dataflow, indicator=indicator, area_level=level, period=period,
                breakdown=breakdown, known_to__isnull=True)
        .values_list("area_code", "value", "decimals", "status",
                     "batch__submission__assignment__round__illustrative")
    )
    return {
        code: OfArea(None if value is None else unscaled(value, decimals), Status(status),
                     decimals, illustrative)
        for code, value, decimals, status, illustrative in rows
    }


def keys_of(actor: Actor, dataflow: str, indicator: str, level: str) -> list[tuple[str, str]]:
    """Return the (period, breakdown) at which an indicator has figures of a level, in READ."""
    return list(
        Observation.objects.within(actor.may(Permission.READ))
        .filter(dataflow=dataflow, indicator=indicator, area_level=level, known_to__isnull=True)
        .values_list("period", "breakdown").distinct().order_by("-period", "breakdown")
    )
