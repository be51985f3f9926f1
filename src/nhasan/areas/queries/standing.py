"""What stood on a day, and what lay above and below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from nhasan.areas.models import LEVELS, Area, AreaLink, AreaShare
from nhasan.domain.words import normalised


def on_day(day: date) -> Q:
    """Return the condition that a dated row stands on that day."""
    return (
        (Q(valid_from__isnull=True) | Q(valid_from__lte=day))
        & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    )


def areas(*, on: date, level: str = "", parent: tuple[str, str] | None = None,
          search: str = "") -> models.QuerySet[Area]:
    """Return the areas that stood on that day, in official order."""
    found = Area.objects.filter(on_day(on))
    if level:
        found = found.filter(level=level)
    if parent:
        found = found.filter(parent_level=parent[0], parent_code=parent[1])
    if search:
        found = found.filter(
            Q(search__contains=normalised(search)) | Q(code=search.strip())
        )
    return found.order_by("level", "code")


def area(level: str, code: str, *, on: date) -> Area | None:
    """Return the unit of that code and level as it stood on that day."""
    return Area.objects.filter(on_day(on), level=level, code=code).first()


def versions(level: str, code: str) -> Sequence[Area]:
    """Return every dated version of a code, oldest first; not all need be the same place."""
    return list(
        Area.objects.filter(level=level, code=code)
        .order_by(models.F("valid_from").asc(nulls_first=True))
    )


def within(level: str, parent_level: str, parent_code: str, *, on: date) -> list[Area]:
    """Return the areas of a level anywhere beneath a parent on that day."""
    if level == parent_level:
        found = area(level, parent_code, on=on)
        return [found] if found else []
    layer = {(parent_level, parent_code)}
    reached: list[Area] = []
    while layer:
        wanted = Q()
        for above, code in layer:
            wanted |= Q(parent_level=above, parent_code=code)
        below = list(Area.objects.filter(on_day(on)).filter(wanted).order_by("code"))
        reached += [found for found in below if found.level == level]
        layer = {(found.level, found.code) for found in below if found.level != level}
    return sorted(reached, key=lambda found: found.code)


def names(keys: Iterable[tuple[str, str]], *, on: date) -> dict[tuple[str, str], str]:
    """Return the names of areas (level, code) as they stood on that day."""
    wanted = set(keys)
    rows = Area.objects.filter(
        on_day(on), level__in={level for level, _ in wanted},
        code__in={code for _, code in wanted},
    ).values_list("level", "code", "name")
    return {(level, code): name for level, code, name in rows if (level, code) in wanted}


def tree_rows() -> list[tuple[str, str, str, str, date | None, date | None]]:
    """Return (level, code, parent level, parent code, from, to) of every dated area.

    What the roll-up of a plan is handed as its area tree. Communes and districts are left
    to the caller to filter; the whole table is some 15,000 rows.
    """
    return list(Area.objects.values_list(
        "level", "code", "parent_level", "parent_code", "valid_from", "valid_to",
    ))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many areas of each level stood on a day, and how many beneath each province."""

    levels: dict[str, int]
    below: dict[str, Counter[str]]


def tally(on: date) -> Tally:
    """Return the counts of the map of a day, whole and province by province."""
    rows = list(
        Area.objects.filter(on_day(on))
        .values_list("level", "code", "parent_level", "parent_code")
    )
    above = {(level, code): (up, parent) for level, code, up, parent in rows}
    below: dict[str, Counter[str]] = {}
    for level, _code, up, parent in rows:
        while up not in ("", "country", "region", "province"):
            up, parent = above.get((up, parent), ("", ""))
        if up == "province":
            below.setdefault(parent, Counter())[level] += 1
    return Tally(dict(Counter(level for level, *_ in rows)), below)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back the map is known: the whole country, and provinces known for longer."""

    whole: date | None
    earlier: tuple[tuple[Area, date], ...] = ()


def known_since(found: Area) -> date | None:
    """Return from which day on an area is known to have stood as it is written here.

    Where the records do not say, it is known on the eve of the day on which it ended.
    """
    eve = found.valid_to - timedelta(days=1) if found.valid_to else None
    return found.valid_from or found.known_from or eve


def reach() -> Reach:
    """Return from which day on the whole map is known, as the dated rows themselves tell."""
    rows = Area.objects.filter(valid_from__isnull=True).exclude(level__in=("country", "region"))
    above = {(row.level, row.code): row for row in rows}
    since: dict[str, date] = {}
    for row in above.values():
        known, top = known_since(row), row
        while top.level != "province" and (top.parent_level, top.parent_code) in above:
            top = above[top.parent_level, top.parent_code]
        if known is not None:
            since[top.code] = max(known, since.get(top.code, known))
    whole = max(since.values(), default=None)
    return Reach(whole, tuple(
        (above["province", code], day) for code, day in sorted(since.items())
        if whole and day < whole and ("province", code) in above
    ))


def former(words: str, *, on: date, limit: int = 30) -> Sequence[Area]:
    """Return areas that had ended by that day, found by an old name or an old code."""
    wanted = normalised(words)
    if not wanted:
        return []
    return list(
        Area.objects.filter(
            Q(search__contains=wanted) | Q(code=words.strip()), valid_to__lte=on,
        ).order_by("-valid_to", "level", "code")[:limit]
    )


def parents(found: Area, *, on: date) -> Sequence[Area]:
    """Return what lies above an area on that day, the nearest last."""
    return _chain(found, lambda level, code: area(level, code, on=on))


def parents_of(found: Iterable[Area], *, on: date) -> dict[int, Sequence[Area]]:
    """Return area → what lies above it on that day, for many at once."""
    upper = {
        (row.level, row.code): row
        for row in Area.objects.filter(on_day(on)).exclude(level="commune")
    }
    return {row.pk: _chain(row, lambda *key: upper.get(key)) for row in found}


def _chain(found: Area, above: Callable[[str, str], Area | None]) -> list[Area]:
    chain: list[Area] = []
    while found.parent_code and len(chain) < len(LEVELS):
        upper = above(found.parent_level, found.parent_code)
        if upper is None:
            break
        chain.insert(0, upper)
        found = upper
    return chain


def edition() -> tuple[int, ...]:
    """Return what tells one state of the map from the next: it only ever grows."""
    found = [model.objects.aggregate(rows=models.Count("pk"), last=models.Max("pk"))
             for model in (Area, AreaLink, AreaShare)]
    return tuple(int(each[name] or 0) for each in found for name in ("rows", "last"))


def drawn_on(day: date) -> date:
    """Return one day for all days of the same map: the last on which anything changed."""
    days = {each for pair in Area.objects.values_list("valid_from", "valid_to").distinct()
            for each in pair if each}
    before = [each for each in days if each <= day]
    return max(before) if before else min(days, default=day) - timedelta(days=1)
