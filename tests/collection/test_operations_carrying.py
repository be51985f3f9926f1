"""Carrying over: empty cells get the figures of the period before, in one save."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.operations import Change, NothingBefore
from nhasan.domain.problems import WrongState
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT
EMPTIED = {"ho/mong/ngheo": "...", "ho/mong/dtts": "x"}


@pytest.fixture
def world() -> factories.World:
    """The report of 2024 is approved, that of 2025 is to be filled."""
    made = factories.world(period="2024")
    factories.approved(made.report, made.officer, made.reviewer, {**factories.ANSWERS, **EMPTIED})
    return made


@pytest.fixture
def now(world: factories.World) -> Any:
    return factories.give(factories.round_of(period="2025"), "XA-BABE", "01900")


def carry(world: factories.World, now: Any) -> operations.Outcome:
    return operations.carry_over(
        actor=factories.actor(world.officer), assignment=now.pk, at=AT)


def texts(now: Any) -> dict[str, str]:
    row = queries.assignment(factories.HOUSE, now.pk)
    return {cell: entry.text for cell, entry in queries.draft(row).answers.cells.items()}


def test_empty_cells_get_the_figures_of_before(world: factories.World, now: Any) -> None:
    outcome = carry(world, now)
    found = texts(now)
    assert found["ho/tay/tong"] == "62"
    assert found["ho/mong/dtts"] == "x"
    assert len(outcome.saved) == len(found)
    row = queries.assignment(factories.HOUSE, now.pk)
    assert (row.state, row.filled) == ("in_progress", len(found))
    [revision] = queries.revisions(row)
    assert (revision.channel, revision.number) == ("carried", outcome.revision)


def test_what_was_not_collected_then_is_asked_anew(world: factories.World, now: Any) -> None:
    carry(world, now)
    assert "ho/mong/ngheo" not in texts(now)


def test_villages_keep_their_names_and_figures(world: factories.World, now: Any) -> None:
    carry(world, now)
    row = queries.assignment(factories.HOUSE, now.pk)
    assert row.open_rows == {"thon": [{"id": "o1", "label": "Bó Lù"}]}
    assert texts(now)["thon/o1/dat"] == "12,5"


def test_a_village_whose_id_the_form_took_meanwhile_is_not_named_again(
    world: factories.World,
) -> None:
    newer: dict[str, Any] = deepcopy(factories.FORM) | {"version": "9.0"}
    villages = next(table for table in newer["tables"] if table["id"] == "thon")
    villages["rows"].append({"id": "o1", "label": "Hộ chưa rõ thôn"})
    factories.publish(newer)
    now = factories.give(factories.round_of(newer, period="2025"), "XA-BABE", "01900")
    carry(world, now)
    assert queries.assignment(factories.HOUSE, now.pk).open_rows == {"thon": []}


def test_villages_named_already_stay(world: factories.World, now: Any) -> None:
    operations.save_open_rows(
        actor=factories.actor(world.officer), assignment=now.pk, table="thon",
        rows=[{"id": "o7", "label": "Cốc Tộc"}], at=AT)
    carry(world, now)
    row = queries.assignment(factories.HOUSE, now.pk)
    assert [each["label"] for each in row.open_rows["thon"]] == ["Cốc Tộc"]
    assert not any(cell.startswith("thon/") for cell in texts(now))


def test_what_was_typed_stays(world: factories.World, now: Any) -> None:
    operations.save_cells(
        actor=factories.actor(world.officer), assignment=now.pk, channel="screen", at=AT,
        changes=[Change("ho/tay/tong", "65")])
    carry(world, now)
    assert texts(now)["ho/tay/tong"] == "65"
    assert texts(now)["ho/nung/tong"] == "48"


def test_one_undo_empties_them_again(world: factories.World, now: Any) -> None:
    outcome = carry(world, now)
    operations.save_cells(
        actor=factories.actor(world.officer), assignment=now.pk, channel="screen", at=AT,
        changes=[Change("ho/tay/tong", "65", 1)])
    operations.undo_revision(
        actor=factories.actor(world.officer), assignment=now.pk, number=outcome.revision, at=AT)
    assert texts(now) == {"ho/tay/tong": "65"}


def test_again_is_nothing(world: factories.World, now: Any) -> None:
    carry(world, now)
    assert carry(world, now).revision == 0
    assert len(queries.revisions(queries.assignment(factories.HOUSE, now.pk))) == 1


def test_nothing_before_is_said(world: factories.World) -> None:
    other = factories.give(factories.round_of(period="2025"), "XA-CHORA", "01903")
    with pytest.raises(NothingBefore):
        operations.carry_over(
            actor=factories.actor(world.other_officer), assignment=other.pk, at=AT)


def test_what_was_sent_is_left_alone(world: factories.World, now: Any) -> None:
    factories.sent(now, world.officer)
    with pytest.raises(WrongState):
        carry(world, now)
