"""What the areas of one day are on the map of another, and by which keys splits can be shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from nhasan.areas.models import Area, AreaLink, AreaShare
from nhasan.domain.correspondence import (
    Correspondence,
    Key,
    KeyKind,
    Step,
    Unit,
    correspondence,
)


def between(level: str, since: date, until: date,
            kind: KeyKind = KeyKind.NONE) -> Correspondence:
    """Return what the areas of a level on one day are on the map of another.

    Where two readings of a change differ, that of the statistics office is followed, as the
    three that were checked bear out. The key “area” weighs by the km² of the map; a share that
    a document gives comes before every other key.
    """
    rows = list(Area.objects.filter(level=level).values_list(
        "code", "valid_from", "valid_to", "parent_code", "area_km2"))
    weights = {
        Unit(code, start, end, parent): Fraction(km2)
        for code, start, end, parent, km2 in rows if km2
    } if kind is KeyKind.AREA else {}
    units = [Unit(code, start, end, parent) for code, start, end, parent, _ in rows]
    steps = followed(level)
    table = {} if kind is KeyKind.NONE else _table(level, steps)
    return correspondence(level, units, steps, since, until, Key(kind, weights, table))


def split_keys(level: str, since: date, until: date) -> frozenset[KeyKind]:
    """Return by which keys areas that are split between two maps can be shared out.

    None when nothing is split. A key is there when it can share out one of them at least.
    """
    first, last = sorted((since, until))
    back = until < since
    sides: dict[tuple[str, date], set[str]] = defaultdict(set)
    steps = followed(level)
    for step in steps:
        if step.new and first < step.on <= last:
            here, there = (step.new, step.old) if back else (step.old, step.new)
            sides[here, step.on].add(there)
    split = {pair: others for pair, others in sides.items() if len(others) > 1}
    found = {KeyKind.EQUAL} if split else set()
    if _weighed(level, split, back=back):
        found.add(KeyKind.AREA)
    if not back and any((step.old, step.on) in split for step in _table(level, steps)):
        found.add(KeyKind.TABLE)
    return frozenset(found)


def share_sources(level: str, since: date, until: date) -> tuple[str, ...]:
    """Return the documents whose shares count between two maps."""
    first, last = sorted((since, until))
    found = AreaShare.objects.filter(
        replaced_at__isnull=True, link__level=level, link__change__on__gt=first,
        link__change__on__lte=last)
    return tuple(sorted(set(found.values_list("decision__number", flat=True))))


def _weighed(level: str, split: Mapping[tuple[str, date], Iterable[str]], *, back: bool) -> bool:
    """Tell whether the extent of every other side is known of one split area at least."""
    wanted = {code for others in split.values() for code in others}
    known = {
        (code, end if back else start)
        for code, start, end in Area.objects.filter(level=level, code__in=wanted).exclude(
            area_km2="").values_list("code", "valid_from", "valid_to")
    }
    return any(all((code, on) in known for code in others)
               for (_, on), others in split.items())


def _table(level: str, steps: Iterable[Step]) -> dict[Step, Fraction]:
    """Return the shares that documents give; none of an area with an heir that is not followed."""
    table = {
        Step(old, new, on): Fraction(above, below)
        for old, new, on, above, below in AreaShare.objects.filter(
            replaced_at__isnull=True, link__level=level,
        ).values_list("link__old_code", "link__new_code", "link__change__on", "numerator",
                      "denominator")
    }
    strange = {(step.old, step.on) for step in table.keys() - set(steps)}
    return {step: share for step, share in table.items() if (step.old, step.on) not in strange}


def followed(level: str) -> list[Step]:
    """Return the links of a level that readings on another map follow."""
    read = list(AreaLink.objects.filter(level=level).values_list(
        "old_code", "new_code", "change__on", "agreement").order_by("pk"))
    offices = {(old, on) for old, _, on, source in read if source in ("both", "office")}
    return [
        Step(old, new, on) for old, new, on, source in read
        if source != "resolutions" or (old, on) not in offices
    ]
