"""The working cube: what was approved is in it at once, and nobody reads another's figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from nhasan.collection import operations as collection
from nhasan.collection import queries
from nhasan.domain.cube import INDICATOR, REF_AREA, TOTAL, Cube, CubeRow, dimensions
from nhasan.domain.observations import Status
from nhasan.engines.arrow import cube_of
from nhasan.observations import operations as store
from nhasan.observations import queries as observations
from nhasan.processing import operations, working
from nhasan.processing.models import WorkingPart
from nhasan.processing.operations import refresh_working_cube
from tests import factories
from tests.breaking import refused
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, Stage

LATER = AT + timedelta(hours=1)


@pytest.fixture
def cube(stage: Stage) -> Stage:
    assert refresh_working_cube(actor=HOUSE, at=AT) == 1
    return stage


def held(who: Any, **where: Any) -> Cube:
    return cube_of(working.figures(factories.actor(who), FLOW, where))


def areas(found: Cube) -> set[str]:
    return set(found.column(REF_AREA))


def test_it_says_what_the_record_says(cube: Stage) -> None:
    record = observations.as_of(cube.publisher, FLOW, LATER)
    found = held(cube.world.publisher)
    reported = found.take([at for at, origin in enumerate(found.origins) if origin >= 0])
    assert reported.digest() == record.digest()
    assert refresh_working_cube(actor=HOUSE, at=AT) == 0


def test_totals_over_coded_breakdowns_stand_in_it(cube: Stage) -> None:
    found = held(cube.world.publisher, **{
        INDICATOR: ["THU:01"], REF_AREA: ["01900"], "ETHNIC_GROUP": [TOTAL],
        "VILLAGE": [TOTAL]})
    assert [(row.value, row.origin) for row in found.rows()] == [(Decimal(62 + 48 + 71), -1)]


def test_villages_without_a_total_are_added_up_commune_by_commune() -> None:
    dims = dimensions(["VILLAGE"])
    cube = Cube.of(dims, [
        CubeRow(("S:x", "commune", area, "2025", code), Decimal(7), Status.REPORTED, origin=1)
        for area, code in (("1", "a"), ("1", "b"), ("2", "c"), ("3", "d"), ("3", TOTAL))])
    made = working._place_by_place(cube, "VILLAGE", ["S:x"])
    assert [(row.key[2], row.key[4], row.value) for row in made.rows()] == [
        ("1", TOTAL, Decimal(14)), ("2", TOTAL, Decimal(7))]
    assert not len(working._place_by_place(cube, "VILLAGE", []))


def test_a_total_of_several_units_is_told_to_who_reads_all_of_them(
    stage: Stage, monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = stage.world
    kept = observations.of_receiver(FLOW, "2025", world.report.receiver_id)
    area = ["01900"] * len(kept.cube)  # two units report of one commune, each its own groups
    groups = kept.cube.column("ETHNIC_GROUP")
    mine = world.report.unit_id
    rows = [at for at, (origin, group) in enumerate(zip(
        kept.cube.origins, groups, strict=True))
        if (kept.units[origin] == mine) is (group == "02")]
    codes = (*kept.cube.codes[:2], area, *kept.cube.codes[3:])
    one = replace(kept, cube=replace(kept.cube, codes=codes).take(rows))
    monkeypatch.setattr(observations, "of_receiver", lambda *given: one)
    refresh_working_cube(actor=HOUSE, at=AT)
    where = {INDICATOR: ["THU:01"], "ETHNIC_GROUP": [TOTAL], "VILLAGE": [TOTAL]}
    assert [row.value for row in held(world.reviewer, **where).rows()] == [
        sum(row.value or 0 for row in one.cube.select({INDICATOR: ["THU:01"]}).rows())]
    assert not len(held(world.officer, **where))
    assert set(held(world.officer).column("ETHNIC_GROUP")) == {"02"}


def test_nobody_reads_figures_of_another_unit(cube: Stage) -> None:
    world = cube.world
    assert areas(held(world.officer)) == {"01900"}
    assert areas(held(world.other_officer)) == {"01903"}
    assert areas(held(world.reviewer)) == {"01900", "01903"}
    assert len(held(world.neighbour)) == 0
    assert TOTAL in held(world.officer).column("ETHNIC_GROUP")


def test_an_approval_touches_its_own_file_only(cube: Stage) -> None:
    world = cube.world
    before = set(WorkingPart.objects.values_list("name", flat=True))
    collection.reopen(
        actor=factories.actor(world.reviewer), submission=_submission(world.report).pk,
        note="sửa số", at=LATER)
    store.ingest_approved(actor=HOUSE, at=LATER)
    assert refresh_working_cube(actor=HOUSE, at=LATER) == 1
    assert areas(held(world.reviewer)) == {"01903"}
    assert before.isdisjoint(WorkingPart.objects.values_list("name", flat=True))


def _submission(report: Any) -> Any:
    return queries.submissions_of(report)[0]


def test_a_writer_that_is_killed_repeats_and_leaves_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*given: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "take_up", killed)
    with pytest.raises(KeyboardInterrupt):
        refresh_working_cube(actor=HOUSE, at=AT)
    monkeypatch.undo()
    assert refresh_working_cube(actor=HOUSE, at=AT) == 1
    assert areas(held(stage.world.reviewer)) == {"01900", "01903"}
    folder = Path(settings.WORKING)
    assert len(list(folder.iterdir())) == 2  # the one of the killed writer is still there
    operations._sweep(AT + timedelta(days=36500))
    assert [path.name for path in folder.iterdir()] == list(
        WorkingPart.objects.values_list("name", flat=True))


def test_what_cannot_be_written_stays_as_it_was_and_is_tried_again(
    cube: Stage, monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = cube.world
    collection.reopen(
        actor=factories.actor(world.reviewer), submission=_submission(world.report).pk,
        note="sửa số", at=LATER)
    store.ingest_approved(actor=HOUSE, at=LATER)

    def full(*given: Any) -> None:
        raise OSError("no space")

    monkeypatch.setattr(working, "write_table", full)
    assert refresh_working_cube(actor=HOUSE, at=LATER) == 0
    assert areas(held(world.reviewer)) == {"01900", "01903"}
    monkeypatch.undo()
    assert refresh_working_cube(actor=HOUSE, at=LATER) == 1
    assert areas(held(world.reviewer)) == {"01903"}


def test_a_report_that_changes_meanwhile_stays_stale(stage: Stage) -> None:
    [first, *_] = observations.stale(10)
    store.take_up(actor=HOUSE, batches={first.batch: first.since - timedelta(seconds=1)}, at=AT)
    assert first.batch in {each.batch for each in observations.stale(10)}


def test_one_file_for_one_dataflow_period_and_receiver(cube: Stage) -> None:
    part = WorkingPart.objects.get()
    part.pk, part.name = None, "another"
    refused("working_part_once", lambda: part.save(force_insert=True))
