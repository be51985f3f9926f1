"""Verbs of processing: decide how a dataflow is added up and protected; run it."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Q

from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.lifecycle import RUN
from nhasan.domain.plan import to_json
from nhasan.domain.problems import Invalid, NotFound, Problem, phrase
from nhasan.domain.protection_policy import DisclosurePolicy as Policy
from nhasan.engines.parquet import write_cube
from nhasan.metadata import queries as metadata
from nhasan.observations import operations as observations
from nhasan.observations import queries as waiting_figures
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit
from nhasan.processing import queries, working
from nhasan.processing.computation import Recipe, Result, computed
from nhasan.processing.models import DisclosurePolicy, Plan, ProcessingRun, WorkingPart

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3
MOST_BATCHES = 500
MOST_PARTS = 40  # one beat must not hold back the next approval for long
GRACE = 600.0  # seconds for which a reader that has just asked may still open an old file
logger = logging.getLogger("nhasan.processing")

Key = tuple[str, str, int]
"""Dataflow, period and receiving unit of one file of the working cube."""
Said = Callable[[str], Sequence[UUID]]


@operation("plan.decide")
def set_plan(*, actor: Actor, dataflow: str, at: datetime,
             levels: Sequence[Sequence[str]] = (), on: str = "",
             totals: Sequence[Sequence[Any]] = (), derive: Sequence[Sequence[Any]] = (),
             reason: str = "") -> Plan:
    """Decide how a dataflow is added up, and why; see `computation.Recipe` for the words."""
    actor.require_root(Permission.PUBLISH)
    _known(dataflow)
    recipe = Recipe.from_json({"levels": levels, "on": on, "totals": totals, "derive": derive})
    found = Plan.objects.filter(dataflow=dataflow).first() or Plan(dataflow=dataflow)
    found.recipe, found.reason = recipe.to_json(), reason
    found.set_at, found.set_by = at, actor.name
    found.save()
    return found


@operation("policy.decide")
def set_policy(*, actor: Actor, dataflow: str, reason: str, at: datetime, public: str = "",
               threshold: int = 0, indicators: Sequence[str] = (),
               dimensions: Sequence[str] = (), zero_allowed: bool = True, interval: int = 0,
               share: int = 0, limits: Sequence[Sequence[str]] = ()) -> DisclosurePolicy:
    """Decide how a dataflow is protected: its public source, or a threshold.

    Without `indicators` the threshold is for every count of the dataflow. What the other words
    mean is said at `DisclosurePolicy`.
    """
    actor.require_root(Permission.PUBLISH)
    _known(dataflow)
    if not reason:
        raise Invalid(reason=phrase("chưa nêu lý do của chính sách bảo mật"))
    policy = Policy(
        public, threshold, frozenset(indicators or (["*"] if threshold else [])), zero_allowed,
        frozenset(dimensions), interval, share,
        tuple((lesser, greater) for lesser, greater in limits),
    )
    kept = {**policy.to_json(), "indicators": sorted(indicators)}
    found = (
        DisclosurePolicy.objects.filter(dataflow=dataflow).first()
        or DisclosurePolicy(dataflow=dataflow)
    )
    found.policy, found.reason, found.set_at, found.set_by = kept, reason, at, actor.name
    found.save()
    return found


def _known(dataflow: str) -> None:
    if metadata.dataflow(dataflow) is None:
        raise NotFound()


@operation("run.request")
def request_run(*, actor: Actor, dataflow: str, at: datetime, unit: str = "") -> ProcessingRun:
    """Ask for a run of a dataflow on what is known now, for a unit (else the actor's own)."""
    scope = actor.require(Permission.PUBLISH)
    _known(dataflow)
    policy = queries.policy(dataflow)
    wanted: dict[str, Any] = {"code": unit} if unit else {"path": actor.unit_path}
    return ProcessingRun.objects.create(
        unit=OrganisationUnit.objects.within(scope).one(**wanted), dataflow=dataflow, as_of=at,
        requested_at=at, requested_by=actor.id, requested_by_name=actor.name,
        policy=policy.policy,
    )


@operation("run.request_again")
def request_again(*, actor: Actor, run: UUID, at: datetime) -> ProcessingRun:
    """Ask for a failed run once more, on the same knowledge."""
    found = ProcessingRun.objects.within(actor.may(Permission.PUBLISH)).one(pk=run)
    found.state = RUN.after(found.state, "request")
    found.attempts, found.problem, found.lease_until = 0, "", None
    found.save(update_fields=["state", "attempts", "problem", "lease_until"])
    return found


def run_requested(*, actor: Actor, at: datetime, said: Said = lambda _dataflow: ()) -> int:
    """Run what was asked for, one after the other.

    `said` names the runs of a dataflow that were released: the figures are protected with
    those in sight (`releases.beside`). A run that was held by a killed pulse is taken up again
    when its lease has run out.
    """
    waiting = ProcessingRun.objects.within(EVERYTHING).filter(
        Q(state="requested") | Q(state="running", lease_until__lte=at),
    ).order_by("requested_at").values_list("pk", flat=True)
    done = 0
    for pk in list(waiting[:20]):
        held = start(actor=actor, run=pk, at=at)
        if held is not None:
            done += _carry_out(actor, held, at, said(held.dataflow))
    return done


def _carry_out(actor: Actor, held: ProcessingRun, at: datetime, said: Sequence[UUID]) -> int:
    """Compute outside of any transaction, then write down how it went."""
    try:
        result = computed(
            queries.reader_of(held), held.dataflow, held.as_of, queries.recipe(held.dataflow),
            held.policy, settings.ENGINE, queries.cubes_said(said, held.policy),
        )
        _put_away(held, result, said)
    except Problem as problem:
        fail(actor=actor, run=held.pk, problem=str(problem), at=at)
        return 0
    except Exception:
        logger.exception("run %s stopped", held.pk)
        fail(actor=actor, run=held.pk, at=at, problem=phrase(
            "Máy không tính xong. Người quản trị xem nhật ký của hệ thống."))
        return 0
    finish(actor=actor, run=held.pk, result=result, at=at)
    return 1


@operation("run.start")
def start(*, actor: Actor, run: UUID, at: datetime) -> ProcessingRun | None:
    """Take a run in hand for the length of a lease; nothing when another has it."""
    found = (
        ProcessingRun.objects.within(EVERYTHING).select_for_update(of=("self",))
        .select_related("unit").one(pk=run)
    )
    if not RUN.allows(found.state, "start") or (found.lease_until and found.lease_until > at):
        return None
    found.state = RUN.after(found.state, "start")
    found.started_at, found.lease_until = at, at + LEASE
    found.attempts += 1
    if found.attempts > MOST_ATTEMPTS:
        found.state, found.lease_until = RUN.after(found.state, "fail"), None
        found.problem = phrase("Đã thử ba lần mà máy đều dừng giữa chừng.")
    found.save(update_fields=["state", "started_at", "lease_until", "attempts", "problem"])
    return found if found.state == "running" else None


@operation("run.finish")
def finish(*, actor: Actor, run: UUID, result: Result, at: datetime) -> ProcessingRun:
    """Write down that a run is done, and what it took and gave."""
    found = ProcessingRun.objects.within(EVERYTHING).one(pk=run)
    found.state = RUN.after(found.state, "finish")
    found.finished_at, found.lease_until = at, None
    found.engine, found.plan = settings.ENGINE, to_json(result.plan)
    found.policy, found.inputs = result.log.policy.to_json(), result.inputs
    found.rows, found.suppressed = len(result.protected), result.log.counts()
    found.save()
    return found


@operation("run.fail")
def fail(*, actor: Actor, run: UUID, problem: str, at: datetime) -> ProcessingRun:
    """Write down that a run did not come to an end, and why."""
    found = ProcessingRun.objects.within(EVERYTHING).one(pk=run)
    found.state = RUN.after(found.state, "fail")
    found.problem, found.lease_until = problem, None
    found.save(update_fields=["state", "problem", "lease_until"])
    return found


def _put_away(held: ProcessingRun, result: Result, said: Sequence[UUID]) -> None:
    """Write the outputs of a run aside and put the whole folder in place.

    What an attempt that was killed left behind is swept away first.
    """
    folder = queries.folder(held.pk)
    aside = folder.with_name(f".{folder.name}")
    for stale in (aside, folder):
        shutil.rmtree(stale, ignore_errors=True)
    aside.mkdir(parents=True, mode=0o750)
    write_cube(result.cube, aside / queries.FULL)
    write_cube(result.protected, aside / queries.PROTECTED)
    _write_json(aside / queries.LOG, {
        **result.log.to_json(), "after": [str(pk) for pk in said],
    })
    _write_json(aside / queries.SOURCES, {
        str(number): {
            "unit": source.unit, "form": source.form, "form_code": source.form_code,
            "round": source.round, "legal_basis": source.legal_basis,
            "approved_on": source.approved_at.date().isoformat(),
        }
        for number, source in result.sources.items()
    })
    aside.rename(folder)


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())


def refresh_working_cube(*, actor: Actor, at: datetime) -> int:
    """Write the files anew that approvals have touched, newest first; a step of the pulse.

    Killed between two files it goes on where it stopped, for a batch is taken up only when
    every file that it touches is in use; run twice, it finds nothing the second time.
    """
    waiting = waiting_figures.stale(MOST_BATCHES)
    if not waiting:
        return 0
    done: set[Key] = set()
    for batch in waiting:
        keys = [key for period in batch.periods
                for key in _touched(batch.dataflow, period, batch.receiver, batch.unit)]
        if len(done.union(keys)) > MOST_PARTS and done:
            break
        if not all(_renewed(actor, key, done, at) for key in keys):
            continue
        observations.take_up(actor=actor, batches={batch.batch: batch.since}, at=at)
    _sweep(at)
    return len(done)


def mend_working_cube(*, actor: Actor, at: datetime) -> int:
    """Write files anew that are in use and not there, as after a restored backup; a pulse step.

    A backup holds the database, not the files that follow from it.
    """
    folder = Path(settings.WORKING)
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    lost = [
        (dataflow, period, receiver) for name, dataflow, period, receiver in
        WorkingPart.objects.values_list("name", "dataflow", "period", "receiver")
        if name not in there
    ]
    done: set[Key] = set()
    for key in lost[:MOST_PARTS]:
        _renewed(actor, key, done, at)
    return len(done)


def _renewed(actor: Actor, key: Key, done: set[Key], at: datetime) -> bool:
    """Write a file once a beat; one that cannot be written is said and holds back no other."""
    if key in done:
        return True
    dataflow, period, receiver = key
    try:
        renew(actor=actor, dataflow=dataflow, period=period, receiver=receiver, at=at)
    except Exception:
        logger.exception("working cube: %s stays as it was", key)
        return False
    done.add(key)
    return True


def _touched(dataflow: str, period: str, receiver: int, unit: int) -> Iterable[Key]:
    """Return the file of a report, and any other that still holds figures of its unit.

    A receiver may have been succeeded by another: then the old file lets go of what it held.
    """
    yield dataflow, period, receiver
    others = WorkingPart.objects.filter(dataflow=dataflow, period=period)
    for part in others.exclude(receiver=receiver):
        if unit in part.units:
            yield dataflow, period, part.receiver_id


@operation("working_part.renew")
def renew(*, actor: Actor, dataflow: str, period: str, receiver: int,
          at: datetime) -> WorkingPart | None:
    """Write the file of one dataflow, period and receiver, and take it into use."""
    name = f"{uuid4().hex}.parquet"
    rows, units = working.write(
        queries.recipe(dataflow), dataflow, period, receiver, name)
    key: dict[str, Any] = {
        "dataflow": dataflow, "period": period, "receiver_id": receiver}
    if not rows:
        WorkingPart.objects.filter(**key).delete()
        return None
    return WorkingPart.objects.update_or_create(
        **key, defaults={"name": name, "rows": rows, "units": units, "written_at": at})[0]


def _sweep(at: datetime) -> None:
    """Take away files that are not in use, once nobody can be about to open them."""
    folder = Path(settings.WORKING)
    if not folder.exists():
        return
    used = set(WorkingPart.objects.values_list("name", flat=True))
    for path in islice(folder.iterdir(), 10_000):
        old = at.timestamp() - path.stat().st_mtime > GRACE
        if path.name not in used and old:
            path.unlink(missing_ok=True)
