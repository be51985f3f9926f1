"""What is usual among the units of a round is taken from what they sent, now and then.

It is kept, so that a report that arrives need not be set against hundreds of others at once.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db.models import Count

from nhasan.collection.models import CollectionRound, Submission, UsualFigures
from nhasan.collection.queries import definition_of, figures_of
from nhasan.domain.access import EVERYTHING, Actor
from nhasan.domain.forms import Expansion
from nhasan.domain.outliers import FEWEST_PEERS, peers_usual
from nhasan.organisations.authority import operation

_STANDING = ("submitted", "approved")
_NEWS = 10  # it is taken again when a tenth more or fewer reports are there


def measure_rounds(*, actor: Actor, at: datetime) -> int:
    """Measure anew the open rounds in which much has come in; a step of the pulse."""
    counted = (
        Submission.objects.within(EVERYTHING)
        .filter(state__in=_STANDING, assignment__round__state="open")
        .values_list("assignment__round", "assignment__area_level")
        .annotate(n=Count("pk")).order_by().filter(n__gte=FEWEST_PEERS)
    )
    known = {
        (held, level): reports for held, level, reports in
        UsualFigures.objects.within(EVERYTHING).filter(round__state="open")
        .values_list("round", "area_level", "reports")
    }
    stale = [
        (held, level) for held, level, number in counted
        if abs(number - known.get((held, level), 0)) * _NEWS >= known.get((held, level), 1)
    ]
    for held, level in stale:
        measure(actor=actor, round_id=held, level=level, at=at)
    return len(stale)


@operation("round.measure")
def measure(*, actor: Actor, round_id: int, level: str, at: datetime) -> UsualFigures:
    """Keep what is usual in each cell among the units of one level of a round."""
    held = CollectionRound.objects.within(EVERYTHING).select_related("form_version").one(
        pk=round_id)
    wanted = _numeric_columns(held)
    values: dict[str, list[Decimal]] = defaultdict(list)
    sent = Submission.objects.within(EVERYTHING).filter(
        assignment__round=held, assignment__area_level=level, state__in=_STANDING)
    reports = 0
    for found in sent.iterator(chunk_size=200):
        reports += 1
        for cell, value in figures_of(found).items():
            table, _, rest = cell.partition("/")
            if (table, rest.rpartition("/")[2]) in wanted:
                values[cell].append(value)
    cells = {
        cell: usual.as_json() for cell, several in values.items()
        if (usual := peers_usual(several)) is not None
    }
    kept, _ = UsualFigures.objects.within(EVERYTHING).update_or_create(
        round=held, area_level=level, defaults={"cells": cells, "reports": reports, "at": at})
    return kept


def _numeric_columns(held: CollectionRound) -> set[tuple[str, str]]:
    layout = definition_of(held.form_version).layout(Expansion())
    return {
        (table.id, column.id) for table in layout.tables for column in table.columns
        if column.kind.numeric
    }
