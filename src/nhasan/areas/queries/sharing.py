"""Which areas were split when, and which documents say how they were shared out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from nhasan.areas.models import ShareDecision
from nhasan.areas.queries.carrying import followed


@dataclass(frozen=True, slots=True)
class ShareDocument:
    """A document with shares: for which day and level, and how many of its lines still count."""

    decision: ShareDecision
    on: date
    level: str
    lines: int
    standing: int


def heirs_of_split(level: str, on: date) -> dict[str, list[str]]:
    """Return the areas that were split on a day, each with those it went into."""
    found: dict[str, set[str]] = defaultdict(set)
    for step in followed(level):
        if step.on == on and step.new:
            found[step.old].add(step.new)
    return {old: sorted(heirs) for old, heirs in sorted(found.items()) if len(heirs) > 1}


def split_days(level: str) -> list[tuple[date, int]]:
    """Return the days on which areas of a level were split, newest first, and how many were."""
    heirs: dict[tuple[date, str], set[str]] = defaultdict(set)
    for step in followed(level):
        if step.new:
            heirs[step.on, step.old].add(step.new)
    days: dict[date, int] = defaultdict(int)
    for (on, _old), found in heirs.items():
        days[on] += len(found) > 1
    return sorted(((on, split) for on, split in days.items() if split), reverse=True)


def share_documents() -> Sequence[ShareDocument]:
    """Return every document that gave shares, newest first."""
    rows = ShareDecision.objects.values(
        "pk", "shares__link__change__on", "shares__link__level").annotate(
        lines=Count("shares"), standing=Count("shares", filter=Q(shares__replaced_at=None)))
    held = ShareDecision.objects.in_bulk()
    return sorted((
        ShareDocument(held[row["pk"]], row["shares__link__change__on"],
                      row["shares__link__level"], row["lines"], row["standing"])
        for row in rows if row["lines"]
    ), key=lambda each: (each.decision.recorded_at, each.decision.pk), reverse=True)
