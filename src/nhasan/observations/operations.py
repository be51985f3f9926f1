"""Verbs of the store: approved answers become observations; older values are superseded."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from nhasan.collection import queries as collection
from nhasan.collection.models import Submission
from nhasan.domain.access import EVERYTHING, Actor
from nhasan.domain.answers import Answers
from nhasan.domain.observations import NOT_REPORTED, scaled
from nhasan.metadata import queries as metadata
from nhasan.observations.models import Batch, Observation
from nhasan.organisations.authority import operation

logger = logging.getLogger("nhasan.observations")
T = TypeVar("T")
CHUNK = 2000
# An "in" of many keys is asked in pieces, so that no database's limit of parameters is met.
PIECE = 500
_NOTHING = NOT_REPORTED.status.value


def ingest_approved(*, actor: Actor, at: datetime) -> int:
    """Bring every approved submission that is not in the store yet; a step of the pulse.

    Each submission moves in its own transaction, so a killed pulse loses and repeats nothing,
    and one that cannot be moved is said in the log and holds back no other.
    """
    waiting = (
        Submission.objects.within(EVERYTHING).filter(state="approved", batch__isnull=True)
        .order_by("submitted_at").values_list("pk", flat=True)[:200]
    )
    moved = 0
    for pk in list(waiting):
        try:
            moved += ingest(actor=actor, submission=pk, at=at) is not None
        except Exception:
            logger.exception("submission %s stays outside the store", pk)
    reopened = (
        Batch.objects.within(EVERYTHING)
        .filter(submission__state="reopened", withdrawn_at__isnull=True)
        .values_list("pk", flat=True)[:200]
    )
    for batch in list(reopened):
        withdraw(actor=actor, batch=batch, at=at)
    return moved


@operation("batch.ingest")
def ingest(*, actor: Actor, submission: UUID, at: datetime) -> Batch | None:
    """Turn the answers of one approved submission into observations.

    A value at a key that had one supersedes it from now on; that a unit has none says nothing
    against the value of another. Cells that the machine computed are not stored: derived
    figures are never observations.
    """
    found = (
        Submission.objects.within(EVERYTHING)
        .select_for_update(of=("self",))
        .select_related("assignment__round__form_version__form", "assignment__unit")
        .filter(pk=submission, state="approved").first()
    )
    if found is None or Batch.objects.within(EVERYTHING).filter(submission=found).exists():
        return None
    form = found.assignment.round.form_version.form
    dataflow = form.dataflow or form.identifier
    rows = _supersede(
        found.assignment.unit_id, dataflow, list(_observations(found, dataflow, at)), at)
    batch = Batch.objects.create(
        submission=found, dataflow=dataflow, known_from=at, size=len(rows), stale_at=at,
    )
    for row in rows:
        row.batch = batch
    for chunk in _chunks(rows, CHUNK):
        Observation.objects.bulk_create(chunk)
    return batch


def _observations(found: Submission, dataflow: str, at: datetime) -> Iterator[Observation]:
    row = found.assignment
    answers = Answers.from_json(found.answers)
    layout = collection.layout_of(row, answers.open_rows)
    bound = list(layout.keys(row.area, row.round.period))
    decimals = _decimals({key.indicator for _, _, key in bound})
    for cell, column, key in bound:
        entry = answers.cells.get(cell)
        figure = entry.figure if entry and entry.figure else NOT_REPORTED
        level, _, code = key.area.partition(":")
        places = max(decimals.get(key.indicator, 0), column.kind.decimals)
        yield Observation(
            dataflow=dataflow, indicator=key.indicator, area_level=level, area_code=code,
            period=key.period, breakdown=key.breakdown, decimals=places,
            value=None if figure.value is None else scaled(figure.value, places),
            status=figure.status.value, cell=cell, known_from=at,
        )


def _decimals(refs: Iterable[str]) -> dict[str, int]:
    return {ref: row.decimals for ref, row in metadata.indicators_by_ref(refs).items()}


def _supersede(unit: int, dataflow: str, rows: list[Observation],
               at: datetime) -> list[Observation]:
    """End what stands at the keys of a report; return its rows that stand there from now on."""
    told: dict[tuple[str, ...], str] = {_key(row): row.status for row in rows}
    present = Observation.objects.within(EVERYTHING).filter(
        dataflow=dataflow, known_to__isnull=True, period__in={row.period for row in rows},
        area_code__in={row.area_code for row in rows},
    ).values_list(
        "pk", "batch", "status", "batch__submission__assignment__unit", "indicator",
        "area_level", "area_code", "period", "breakdown")
    older, staying = [], set()
    for pk, batch, status, whose, *key in present:
        mine = told.get(tuple(key))
        if mine == _NOTHING and status != _NOTHING and whose != unit:
            staying.add(tuple(key))
        elif mine is not None:
            older.append((pk, batch))
    for piece in _chunks((pk for pk, _batch in older), PIECE):
        Observation.objects.within(EVERYTHING).filter(pk__in=piece).update(known_to=at)
    for piece in _chunks({batch for _pk, batch in older}, PIECE):
        Batch.objects.within(EVERYTHING).filter(pk__in=piece).update(stale_at=at)
    return [row for row in rows if _key(row) not in staying]


def _key(row: Observation) -> tuple[str, str, str, str, str]:
    return (row.indicator, row.area_level, row.area_code, row.period, row.breakdown)


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


@operation("batch.withdraw")
def withdraw(*, actor: Actor, batch: int, at: datetime) -> Batch:
    """Withdraw the observations of a report that was opened again; they stay as history."""
    found = Batch.objects.within(EVERYTHING).one(pk=batch)
    Observation.objects.within(EVERYTHING).filter(batch=found, known_to__isnull=True).update(
        known_to=at,
    )
    found.withdrawn_at = found.stale_at = at
    found.save(update_fields=["withdrawn_at", "stale_at"])
    return found


@operation("batch.take_up")
def take_up(*, actor: Actor, batches: Mapping[int, datetime], at: datetime) -> None:
    """Note that what is computed from batches knows them as they were at those moments.

    One that changed again meanwhile stays stale.
    """
    for batch, seen in batches.items():
        Batch.objects.within(EVERYTHING).filter(pk=batch, stale_at=seen).update(stale_at=None)
