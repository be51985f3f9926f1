"""Processing: runs through their whole life, and what the database promises about them."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from nhasan.collection import operations as collection
from nhasan.collection.models import Submission
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Forbidden, Invalid, NotFound, WrongState
from nhasan.observations import operations as observations
from nhasan.organisations.models import AuditEvent
from nhasan.processing import operations, queries
from nhasan.processing.computation import NoPolicy
from nhasan.processing.models import ProcessingRun
from tests import factories
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, Stage, decide


def finished(stage: Stage, **policy: object) -> ProcessingRun:
    decide(stage.publisher, **policy)
    asked = operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)
    assert operations.run_requested(actor=HOUSE, at=AT) == 1
    return queries.run(stage.publisher, asked.pk)


def test_a_run_goes_from_asked_to_done(stage: Stage) -> None:
    done = finished(stage)
    assert (done.state, done.attempts, done.problem) == ("done", 1, "")
    assert done.rows == len(queries.output(stage.publisher, done.pk).cube)
    assert done.finished_at == AT
    assert [step["step"] for step in done.plan] == ["read", "total", "rollup", "derive"]
    assert AuditEvent.objects.filter(action="run.finish", actor="house:tests").count() == 1
    assert operations.run_requested(actor=HOUSE, at=AT) == 0


def test_a_run_needs_the_permission_to_publish(stage: Stage) -> None:
    decide(stage.publisher)
    with pytest.raises(Forbidden):
        operations.request_run(
            actor=factories.actor(stage.world.officer), dataflow=FLOW, at=AT,
        )


def test_nothing_is_run_without_a_policy(stage: Stage) -> None:
    with pytest.raises(NoPolicy):
        operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)


def test_an_unknown_dataflow_is_not_found(stage: Stage) -> None:
    with pytest.raises(NotFound):
        operations.set_plan(actor=stage.publisher, dataflow="KHONG-CO", at=AT)


def test_a_plan_that_makes_no_sense_is_refused(stage: Stage) -> None:
    with pytest.raises(Invalid):
        operations.set_plan(
            actor=stage.publisher, dataflow=FLOW, levels=[["province", "commune"]], at=AT,
        )
    with pytest.raises(Invalid):
        operations.set_policy(
            actor=stage.publisher, dataflow=FLOW, reason="", public="x", at=AT,
        )


def test_a_run_knows_only_what_was_known_when_it_was_asked_for(stage: Stage) -> None:
    decide(stage.publisher)
    asked = operations.request_run(
        actor=stage.publisher, dataflow=FLOW, at=AT - timedelta(days=1),
    )
    operations.run_requested(actor=HOUSE, at=AT)
    failed = queries.run(stage.publisher, asked.pk)
    assert failed.state == "failed"
    assert "chưa có số liệu" in failed.problem


def test_a_failed_run_may_be_asked_for_again(stage: Stage) -> None:
    decide(stage.publisher)
    operations.set_plan(
        actor=stage.publisher, dataflow=FLOW, at=AT,
        derive=[["THU:X", "[a] * 2", [["a", "THU:KHONG-CO", []]], 0]],
    )
    asked = operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)
    assert operations.run_requested(actor=HOUSE, at=AT) == 0
    assert queries.run(stage.publisher, asked.pk).state == "failed"
    decide(stage.publisher)
    operations.request_again(actor=stage.publisher, run=asked.pk, at=AT)
    assert operations.run_requested(actor=HOUSE, at=AT) == 1
    with pytest.raises(WrongState):
        operations.request_again(actor=stage.publisher, run=asked.pk, at=AT)


def test_a_run_held_by_a_killed_pulse_is_taken_up_again(stage: Stage) -> None:
    decide(stage.publisher)
    asked = operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)
    assert operations.start(actor=HOUSE, run=asked.pk, at=AT) is not None
    # While the lease holds, nobody else takes it.
    assert operations.start(actor=HOUSE, run=asked.pk, at=AT) is None
    assert operations.run_requested(actor=HOUSE, at=AT + timedelta(minutes=1)) == 0
    assert operations.run_requested(actor=HOUSE, at=AT + operations.LEASE) == 1
    assert queries.run(stage.publisher, asked.pk).attempts == 2


def test_a_run_that_always_stops_half_way_is_given_up(stage: Stage) -> None:
    decide(stage.publisher)
    asked = operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)
    moment = AT
    for _ in range(operations.MOST_ATTEMPTS):
        assert operations.start(actor=HOUSE, run=asked.pk, at=moment) is not None
        moment += operations.LEASE
    assert operations.start(actor=HOUSE, run=asked.pk, at=moment) is None
    assert queries.run(stage.publisher, asked.pk).state == "failed"
    # Asked for again, it does not wait for a lease that nobody holds.
    operations.request_again(actor=stage.publisher, run=asked.pk, at=moment)
    assert operations.run_requested(actor=HOUSE, at=moment) == 1


def test_a_correction_after_the_request_does_not_move_the_run(stage: Stage) -> None:
    before = finished(stage)
    old = queries.output(stage.publisher, before.pk).cube
    operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)
    later = AT + timedelta(hours=1)
    reopen_and_correct(stage, later)
    assert operations.run_requested(actor=HOUSE, at=later) == 1
    same, *_ = queries.runs(stage.publisher, dataflow=FLOW)
    assert queries.output(stage.publisher, same.pk).cube.digest() == old.digest()
    operations.request_run(actor=stage.publisher, dataflow=FLOW, at=later)
    operations.run_requested(actor=HOUSE, at=later)
    newest, *_ = queries.runs(stage.publisher, dataflow=FLOW)
    assert newest.inputs != before.inputs


def reopen_and_correct(stage: Stage, at: datetime) -> None:
    """Report one commune again with another figure."""
    world = stage.world
    reviewer = factories.actor(world.reviewer)
    first = Submission.objects.within(EVERYTHING).get(assignment=world.report, state="approved")
    collection.reopen(actor=reviewer, submission=first.pk, note="sửa số hộ", at=at)
    observations.ingest_approved(actor=HOUSE, at=at)
    collection.save_cells(
        actor=factories.actor(world.officer), assignment=world.report.pk, channel="screen",
        changes=[collection.Change("ho/tay/tong", "63", 1)], at=at,
    )
    second = factories.send(world.report, world.officer, at=at)
    collection.approve(actor=reviewer, submission=second.pk, at=at)
    observations.ingest_approved(actor=HOUSE, at=at)


def broken(sql: str, *values: object) -> str:
    """Return what the database says when it is asked to break a promise."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(sql, values)
    return str(refused.value)


def key(run: ProcessingRun) -> object:
    return run.pk if connection.vendor == "postgresql" else run.pk.hex


def test_processing_run_done_update(stage: Stage) -> None:
    done = finished(stage)
    said = broken("UPDATE processing_processingrun SET rows = 0 WHERE id = %s", key(done))
    assert "processing_run_done" in said


def test_processing_run_kept(stage: Stage) -> None:
    decide(stage.publisher)
    asked = operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)
    assert "processing_run_kept" in broken(
        "UPDATE processing_processingrun SET dataflow = 'X' WHERE id = %s", key(asked))
    assert "processing_run_kept" in broken(
        "DELETE FROM processing_processingrun WHERE id = %s", key(asked))


@pytest.mark.parametrize(("column", "value", "promise"), [
    ("state", "half", "processing_run_state_known"),
    ("state", "done", "processing_run_finished_when_done"),
])
def test_processing_run_constraints(
    stage: Stage, column: str, value: str, promise: str,
) -> None:
    decide(stage.publisher)
    asked = operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)
    said = broken(
        f"UPDATE processing_processingrun SET {column} = %s WHERE id = %s", value, key(asked),
    )
    assert promise in said


def test_a_neighbour_finds_no_run(stage: Stage) -> None:
    done = finished(stage)
    stranger = factories.actor(stage.world.neighbour)
    assert queries.runs(stranger) == []
    with pytest.raises(NotFound):
        queries.run(stranger, done.pk)
    with pytest.raises(NotFound):
        queries.run(stage.publisher, uuid4())


def test_a_working_cube_whose_files_were_lost_is_written_anew(
    stage: Stage, settings: Any,
) -> None:
    operations.refresh_working_cube(actor=HOUSE, at=AT)
    shutil.rmtree(settings.WORKING)
    assert operations.mend_working_cube(actor=HOUSE, at=AT) == 1
    assert operations.mend_working_cube(actor=HOUSE, at=AT) == 0
    assert len(list(settings.WORKING.iterdir())) == 1
