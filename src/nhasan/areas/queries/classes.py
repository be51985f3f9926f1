"""The dated classes of areas: what holds on a day, and what a new list would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import models

from nhasan.areas.models import Area, AreaClass, AreaLink, ClassDecision, ClassScheme
from nhasan.areas.queries.standing import on_day
from nhasan.domain.area_classes import (
    ENDS_WITH_AREA,
    NO_AREA,
    NO_DAYS,
    NO_KIND,
    OTHER_NAME,
    TWICE,
    UNKNOWN,
    Kind,
    NewClass,
    Span,
    Verdict,
    kind_of,
)
from nhasan.domain.words import Words, date_text, normalised

_MOST_RENAMES = 6


def schemes() -> Sequence[ClassScheme]:
    """Return the ways in which areas are sorted."""
    return list(ClassScheme.objects.order_by("code"))


def scheme(code: str) -> ClassScheme | None:
    """Return one way of sorting."""
    return ClassScheme.objects.filter(code=code).first()


def kinds_of(found: ClassScheme) -> list[Kind]:
    """Return the classes of a scheme in their order."""
    return [Kind(each["code"], each["name"]) for each in found.kinds]


def decisions(found: ClassScheme) -> Sequence[ClassDecision]:
    """Return the documents of a scheme, the newest first, each with how many classes hold."""
    return list(ClassDecision.objects.filter(scheme=found).annotate(
        holding=models.Count("classes", filter=models.Q(classes__replaced_at__isnull=True)),
    ).order_by("-signed_on", "-pk"))


def _held(found: ClassScheme) -> models.QuerySet[AreaClass]:
    return AreaClass.objects.filter(scheme=found, replaced_at__isnull=True)


def members(found: ClassScheme, *, on: date, kind: str | None = None,
            level: str = "commune") -> Sequence[AreaClass]:
    """Return the areas of a class (or of all) on a day, each with its document."""
    rows = _held(found).filter(on_day(on), area__level=level, part="")
    if kind is not None:
        rows = rows.filter(kind=kind)
    return list(rows.select_related("area", "decision").order_by("area__code"))


@dataclass(frozen=True, slots=True)
class Sorted:
    """How the areas of a level beneath a place are sorted on a day.

    `classes` has a class for each area that has one, `unknown` the areas of which a decision
    is known to give one that nobody recorded, or of which no complete list was recorded;
    `outside` those that a complete list leaves out.
    """

    classes: Mapping[str, str]
    unknown: frozenset[str]
    outside: frozenset[str]


def sorted_areas(found: ClassScheme, *, on: date, level: str = "commune",
                 beneath: tuple[str, str] = ("country", "VN")) -> Sorted:
    """Return how the areas of a level beneath a place are sorted on that day."""
    chains = _chains(level, on)
    all_of_it = {code for code, above in chains.items() if beneath in above}
    rows = members(found, on=on, level=level)
    classes = {row.area.code: row.kind for row in rows if row.kind != UNKNOWN}
    named = {row.area.code for row in rows}
    complete = set(_complete(found, on))
    listed = {code for code, above in chains.items() if complete & above}
    unnamed = all_of_it - named
    return Sorted(
        {code: kind for code, kind in classes.items() if code in all_of_it},
        frozenset((named - classes.keys()) & all_of_it | (unnamed - listed)),
        frozenset(unnamed & listed),
    )


def _chains(level: str, on: date) -> dict[str, set[tuple[str, str]]]:
    """Return for each area of a level what it lies in on a day, itself included; one query."""
    rows = list(Area.objects.filter(on_day(on)).values_list(
        "level", "code", "parent_level", "parent_code"))
    above = {(at, code): (up, parent) for at, code, up, parent in rows}
    found = {}
    for key in above:
        if key[0] == level:
            chain, step = {key}, above[key]
            while step in above and step not in chain:
                chain.add(step)
                step = above[step]
            found[key[1]] = chain
    return found


def _complete(found: ClassScheme, on: date) -> list[tuple[str, str]]:
    """Return the places of which a decision in force on a day lists everything."""
    held = set(_held(found).filter(on_day(on)).values_list("decision", flat=True))
    return [(place[0], place[1])
            for row in ClassDecision.objects.filter(pk__in=held)
            for place in row.complete_within]


def classes_of(place: Area) -> Sequence[AreaClass]:
    """Return every class that a place had or has, the newest first, parts after the whole."""
    return list(AreaClass.objects.filter(area=place, replaced_at__isnull=True).select_related(
        "scheme", "decision").order_by("part", "scheme__code", "-valid_from"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of one line of a list."""

    line: NewClass
    verdict: Verdict
    area: Area | None = None
    kind: Kind | None = None
    pieces: tuple[tuple[Area, Span], ...] = ()
    was: tuple[AreaClass, ...] = ()
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a list would change, line by line."""

    outcomes: tuple[Outcome, ...]

    def of(self, verdict: Verdict) -> list[Outcome]:
        """Return the lines of one verdict."""
        return [each for each in self.outcomes if each.verdict is verdict]


def sorting(found: ClassScheme, lines: Iterable[NewClass]) -> Sorting:
    """Return what a list of classes would change; nothing is written."""
    work = _Work(found, list(lines))
    return Sorting(tuple(work.outcome(line) for line in work.lines))


@dataclass
class _Work:
    """A sorting in the making: areas, renamings and classes are fetched once for all lines."""

    scheme: ClassScheme
    lines: list[NewClass]
    met: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kinds = kinds_of(self.scheme)
        levels = {line.level for line in self.lines}
        codes = {line.code for line in self.lines}
        self.renamed = {
            (link.level, link.old_code, link.change.on): link.new_code
            for link in AreaLink.objects.filter(
                level__in=levels, old_code__in=codes, kind="renamed").select_related("change")
        }
        codes |= set(self.renamed.values())
        self.places: dict[tuple[str, str], list[Area]] = defaultdict(list)
        for area in Area.objects.filter(level__in=levels, code__in=codes):
            self.places[area.level, area.code].append(area)
        self.held: dict[tuple[int, str], list[AreaClass]] = defaultdict(list)
        for row in _held(self.scheme).filter(
                area__level__in=levels, area__code__in=codes).select_related("area", "decision"):
            self.held[row.area_id, row.part].append(row)

    def outcome(self, line: NewClass) -> Outcome:
        """Return what would become of a line."""
        day = line.since
        area = next((each for each in self.places[line.level, line.code]
                     if Span(each.valid_from, each.valid_to).holds(day or date.min)), None)
        kind = kind_of(line.kind, self.kinds) if line.kind else Kind(UNKNOWN, "")
        faults = tuple(self._faults(line, area, kind))
        if faults or area is None or kind is None:
            return Outcome(line, Verdict.FAULT, area, kind, words=faults)
        pieces, words = self._pieces(line, area)
        was = tuple(row for place, span in pieces for row in self.held[place.pk, line.part]
                    if Span(row.valid_from, row.valid_to).both(span))
        same = [(row.area_id, Span(row.valid_from, row.valid_to), row.kind) for row in was] == [
            (place.pk, span, kind.code) for place, span in pieces]
        verdict = Verdict.SAME if same else Verdict.CHANGED if was else Verdict.NEW
        return Outcome(line, verdict, area, kind, tuple(pieces), was, tuple(words))

    def _faults(self, line: NewClass, area: Area | None, kind: Kind | None) -> Iterable[Words]:
        day = date_text(line.since) if line.since else "–"
        if line.fault:
            yield line.fault
            return
        if line.since and line.until and line.until <= line.since:
            yield Words(NO_DAYS)
        if area is None:
            yield Words(NO_AREA, {"day": day, "code": line.code})
        elif line.name and not _same_name(line.name, area):
            yield Words(OTHER_NAME, {
                "code": line.code, "day": day, "name": area.title, "typed": line.name})
        if kind is None:
            yield Words(NO_KIND, {
                "kind": line.kind, "kinds": ", ".join(each.code for each in self.kinds)})
        first = self.met.setdefault((line.level, line.code, line.part), line.number)
        if first != line.number:
            yield Words(TWICE, {"line": str(first)})

    def _pieces(self, line: NewClass, area: Area) -> tuple[list[tuple[Area, Span]], list[Words]]:
        """Return the class day by day: over a mere renaming it goes on, else it ends there."""
        wanted = Span(line.since, line.until)
        pieces: list[tuple[Area, Span]] = []
        for _step in range(_MOST_RENAMES):
            span = wanted.both(Span(area.valid_from, area.valid_to))
            if span is None:
                break
            pieces.append((area, span))
            after = self._renamed_to(area)
            if after is None:
                break
            area = after
        last = pieces[-1][1].until
        ended = last is not None and (line.until is None or last < line.until)
        return pieces, [Words(ENDS_WITH_AREA, {"day": date_text(last)})] if ended and last else []

    def _renamed_to(self, area: Area) -> Area | None:
        if area.valid_to is None:
            return None
        code = self.renamed.get((area.level, area.code, area.valid_to))
        return next((each for each in self.places[area.level, code or ""]
                     if each.valid_from == area.valid_to), None)


def _same_name(typed: str, area: Area) -> bool:
    """Tell whether a name is that of an area, with or without the word for what it is."""
    kind = f"{normalised(area.unit_type)} "
    return normalised(typed).removeprefix(kind) == normalised(area.name).removeprefix(kind)
