"""The lines of areas: what each came from and what became of it, as far as the map tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Q

from nhasan.areas.models import Area, AreaLink
from nhasan.areas.queries.standing import on_day, versions
from nhasan.domain.area_lines import AreaLine, Stand, Strand

MOST_STANDS = 60
_MOST_STEPS = 8


def line(found: Area) -> AreaLine:
    """Return the line of one area in both directions; two queries for each step."""
    walk = _Walk(found)
    cut = [walk.go(found, back=back) for back in (True, False)]
    return AreaLine(str(found.pk), walk.stands, tuple(sorted(
        walk.strands, key=lambda strand: (strand.on, strand.kind, strand.old, strand.new),
    )), cut=any(cut))


def lines(level: str, code: str, *, first: Area | None = None) -> Sequence[AreaLine]:
    """Return the lines of all places that bore a code, the newest (or `first`) place first.

    Versions that one line holds are told once; a place that only bore the same code has a
    line of its own. A place without any change has none.
    """
    told: set[str] = set()
    found = []
    rows = [*([first] if first else []), *reversed(versions(level, code))]
    for row in rows:
        if str(row.pk) in told:
            continue
        one = line(row)
        told |= set(one.stands)
        if one.strands:
            found.append(one)
    return found


class _Walk:
    """A line in the making."""

    def __init__(self, found: Area) -> None:
        self.level = found.level
        self.stands = {str(found.pk): _stand(found)}
        self.strands: list[Strand] = []

    def go(self, found: Area, *, back: bool) -> bool:
        """Walk one direction to its end; tell whether it was cut short."""
        layer = [found]
        for _step in range(_MOST_STEPS):
            layer = self._step(layer, back=back)
            if not layer:
                return False
            if len(self.stands) > MOST_STANDS:
                return True
        return True

    def _step(self, layer: Sequence[Area], *, back: bool) -> list[Area]:
        """Take the links of one layer; return the areas that were met for the first time."""
        here = {(row.code, on): row for row in layer
                if (on := row.valid_from if back else row.valid_to)}
        if not here:
            return []
        side, other = ("new_code", "old_code") if back else ("old_code", "new_code")
        wanted = Q()
        for code, on in here:
            wanted |= Q(**{side: code, "change__on": on})
        links = list(AreaLink.objects.filter(wanted, level=self.level).select_related("change")
                     .order_by("old_code", "new_code"))
        there = self._there([(getattr(link, other), link.change.on) for link in links], back)
        fresh = []
        for link in links:
            mine = here[getattr(link, side), link.change.on]
            found = there.get((getattr(link, other), link.change.on))
            key = self._key(getattr(link, other), link, found, back)
            if found is not None and key not in self.stands:
                self.stands[key] = _stand(found)
                fresh.append(found)
            ends = (key, str(mine.pk)) if back else (str(mine.pk), key)
            self.strands.append(Strand(
                *ends, link.change.on, link.kind, link.change.decree, link.doubtful,
                link.agreement, link.note,
            ))
        return fresh

    def _key(self, code: str, link: AreaLink, found: Area | None, back: bool) -> str:
        """Return the key of the other end; a place that the map does not have is told too."""
        if found is not None:
            return str(found.pk)
        if not code:
            return ""
        on, key = link.change.on, f"{code}@{link.change.on}"
        self.stands.setdefault(key, Stand(
            key, self.level, code, "", None if back else on, on if back else None, known=False))
        return key

    def _there(self, wanted: Iterable[tuple[str, date]],
               back: bool) -> dict[tuple[str, date], Area]:
        """Return the areas on the other side of each day."""
        codes: dict[date, set[str]] = defaultdict(set)
        for code, on in wanted:
            codes[on].add(code)
        return {
            (row.code, on): row
            for on, some in codes.items()
            for row in Area.objects.filter(
                on_day(on - timedelta(days=1) if back else on), level=self.level, code__in=some)
        }


def _stand(row: Area) -> Stand:
    return Stand(str(row.pk), row.level, row.code, row.title, row.valid_from, row.valid_to)
