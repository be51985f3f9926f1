"""Rows of a draft are stored at once, new and changed alike, on either database."""

from __future__ import annotations

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import DraftRow
from nhasan.collection.operations import Change
from nhasan.collection.operations.storing import store_rows
from nhasan.domain.access import EVERYTHING
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def kept(world: factories.World) -> dict[tuple[str, str], dict[str, list[object]]]:
    rows = DraftRow.objects.within(EVERYTHING).filter(assignment=world.report)
    return {(row.table, row.row): row.cells for row in rows}


def test_new_rows_and_changed_rows_are_stored_together(world: factories.World) -> None:
    words = ["“ngoặc kép” \"\\ và '", None, "", 1, "Mai"]
    store_rows(world.report, [DraftRow(
        assignment_id=world.report.pk, table="ho", row="tay", cells={"tong": words})])
    assert kept(world) == {("ho", "tay"): {"tong": words}}
    (found,) = DraftRow.objects.within(EVERYTHING).filter(assignment=world.report)
    number = found.pk
    found.cells = {"tong": ["5", "5", "A", 2, "Mai"]}
    store_rows(world.report, [found, DraftRow(
        assignment_id=world.report.pk, table="ho", row="nung", cells={})])
    assert kept(world) == {
        ("ho", "tay"): {"tong": ["5", "5", "A", 2, "Mai"]}, ("ho", "nung"): {}}
    rows = DraftRow.objects.within(EVERYTHING).filter(assignment=world.report, row="tay")
    assert [row.pk for row in rows] == [number]


def test_nothing_to_store_stores_nothing(world: factories.World) -> None:
    store_rows(world.report, [])
    assert kept(world) == {}


def test_a_sign_no_database_holds_is_left_out(world: factories.World) -> None:
    operations.save_cells(
        actor=factories.actor(world.officer), assignment=world.report.pk, channel="screen",
        changes=[Change("ho/tay/tong", "6\x002\ud800", 0)], at=factories.AT)
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert queries.draft(row).answers.cells["ho/tay/tong"].text == "62"
