"""What hangs on areas below the observations: parts of open rounds, obligations of units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from nhasan.collection.models import Assignment, CollectionRound, ReportingObligation
from nhasan.domain.access import Actor, Permission

_DONE = ("approved", "taken_back")
_PIECE = 500  # an "in" of many codes is asked in pieces


@dataclass(frozen=True, slots=True)
class RoundTouched:
    """An open round with parts for some areas: how many, how many are still owed.

    `over` tells that the day lies between its opening and its end: what is reported on either
    side of the day is about the map of the round.
    """

    round: CollectionRound
    parts: int
    owed: int
    over: bool


def rounds_on(actor: Actor, areas: Collection[tuple[str, str]],
              on: date) -> Sequence[RoundTouched]:
    """Return the open rounds that ask about any of the areas, within READ."""
    scope = actor.may(Permission.READ)
    counted: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    codes = sorted({code for _level, code in areas})
    for start in range(0, len(codes), _PIECE):
        rows = Assignment.objects.within(scope).filter(
            round__state="open", area_code__in=codes[start : start + _PIECE],
        ).exclude(state="taken_back").values_list("round", "area_level", "area_code", "state")
        for pk, level, code, state in rows:
            if (level, code) in areas:
                counted[pk][0] += 1
                counted[pk][1] += state not in _DONE
    found = CollectionRound.objects.within(scope).filter(pk__in=counted).order_by("due", "pk")
    return [
        RoundTouched(row, counted[row.pk][0], counted[row.pk][1],
                     row.opens <= on <= (row.closes or row.due))
        for row in found
    ]


def received_by(actor: Actor, units: Collection[int]) -> Sequence[ReportingObligation]:
    """Return the obligations whose reports some units receive, within READ."""
    return list(
        ReportingObligation.objects.within(actor.may(Permission.READ))
        .filter(receiver__in=list(units)).exclude(state="retired").order_by("title_vi"))
