"""Many reports of one round saved at once: each as if its own unit had saved it."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.operations import Change
from nhasan.domain.problems import Invalid, NotFound
from nhasan.domain.slices import Slice
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT


@pytest.fixture
def world() -> factories.World:
    return factories.world()


@pytest.fixture
def clerk(world: factories.World) -> Any:
    """Somebody of the department who enters for its communes."""
    return factories.actor(factories.person("nhap-tn", "Vi Văn Hùng", "SO-TN", "enterer"))


def save(world: factories.World, actor: Any, *changes: tuple[Any, str, str, int],
         ) -> dict[int, operations.Outcome]:
    by_report: dict[int, list[Change]] = {}
    for report, cell, text, base in changes:
        by_report.setdefault(report.pk, []).append(Change(cell, text, base))
    return operations.save_across(
        actor=actor, round_id=world.round.pk, changes=by_report, channel="screen", at=AT)


def texts(report: Any) -> dict[str, str]:
    row = queries.assignment(factories.HOUSE, report.pk)
    return {cell: entry.text for cell, entry in queries.draft(row).answers.cells.items()}


def test_each_report_gets_its_cells_and_its_own_revision(
    world: factories.World, clerk: Any,
) -> None:
    outcomes = save(
        world, clerk, (world.report, "ho/tay/tong", "62", 0),
        (world.report, "ho/tay/ngheo", "11", 0), (world.other_report, "ho/tay/tong", "1.048", 0))
    assert texts(world.report) == {"ho/tay/tong": "62", "ho/tay/ngheo": "11"}
    assert texts(world.other_report) == {"ho/tay/tong": "1.048"}
    assert [each.revision for each in outcomes.values()] == [1, 1]
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert (row.state, row.filled, row.changed_at) == ("in_progress", 2, AT)
    [revision] = queries.revisions(row)
    assert (revision.by_name, revision.channel) == ("Vi Văn Hùng", "screen")


def test_it_goes_on_from_what_was_saved(world: factories.World, clerk: Any) -> None:
    factories.fill(world.report, world.officer)
    save(world, clerk, (world.report, "ho/tay/tong", "63", 1))
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert texts(world.report)["ho/tay/tong"] == "63"
    assert texts(world.report)["ho/nung/tong"] == "48"
    assert row.filled == len(texts(world.report))
    assert [each.number for each in queries.revisions(row)] == [2, 1]


def test_two_people_meet_at_the_cell(world: factories.World, clerk: Any) -> None:
    factories.fill(world.report, world.officer)
    outcomes = save(
        world, clerk, (world.report, "ho/tay/tong", "99", 0),
        (world.report, "ho/nung/tong", "50", 1))
    [conflict] = outcomes[world.report.pk].conflicts
    assert (conflict.cell, conflict.theirs, conflict.theirs_by) == (
        "ho/tay/tong", "62", "Hoàng Thị Mai")
    assert texts(world.report)["ho/nung/tong"] == "50"


def test_a_report_sent_meanwhile_keeps_what_it_has(world: factories.World, clerk: Any) -> None:
    factories.sent(world.report, world.officer)
    outcomes = save(
        world, clerk, (world.report, "ho/tay/tong", "99", 1),
        (world.other_report, "ho/tay/tong", "5", 0))
    [conflict] = outcomes[world.report.pk].conflicts
    assert (conflict.theirs, conflict.version) == ("62", 1)
    assert texts(world.report)["ho/tay/tong"] == "62"
    assert texts(world.other_report) == {"ho/tay/tong": "5"}


def test_a_report_of_somebody_else_is_not_there(world: factories.World) -> None:
    officer = factories.actor(world.officer)
    with pytest.raises(NotFound):
        save(world, officer, (world.report, "ho/tay/tong", "1", 0),
             (world.other_report, "ho/tay/tong", "1", 0))
    assert texts(world.report) == {}
    with pytest.raises(NotFound):
        save(world, factories.actor(world.neighbour), (world.report, "ho/tay/tong", "1", 0))


def test_a_report_of_another_round_is_not_there(world: factories.World, clerk: Any) -> None:
    other = factories.give(factories.round_of(period="2024"), "XA-BABE", "01900")
    with pytest.raises(NotFound):
        save(world, clerk, (other, "ho/tay/tong", "1", 0))


@pytest.mark.parametrize("cell", ["ho/tong/tong", "ho/tay/ty_le", "thon/o1/ho", "x"])
def test_only_cells_that_every_unit_fills(
    world: factories.World, clerk: Any, cell: str,
) -> None:
    factories.fill(world.report, world.officer)
    with pytest.raises(Invalid):
        save(world, clerk, (world.report, cell, "1", 0))


def test_how_many_reports_makes_no_more_questions(
    world: factories.World, clerk: Any, django_assert_max_num_queries: Any,
) -> None:
    reports = [world.report, world.other_report]
    with django_assert_max_num_queries(20):
        save(world, clerk, *((each, "ho/tay/tong", "1", 0) for each in reports))


def test_a_slice_shows_drafts_and_the_period_before(world: factories.World, clerk: Any) -> None:
    now = factories.round_of(period="2026")
    rows = [factories.give(now, "XA-BABE", "01900"), factories.give(now, "XA-CHORA", "01903")]
    factories.approved(world.report, world.officer, world.reviewer)
    factories.fill(rows[1], world.other_officer, {"ho/tay/ngheo": "4"}, ())
    together = queries.entered_together(clerk, now.pk)
    assert [each.pk for each in together] == [each.pk for each in rows]
    found = queries.slice_of(together, Slice("ho", row="tay"))
    assert {cell: each.text for cell, each in found.cells.items()} == {
        f"ho/{rows[1].pk}/ngheo": "4"}
    assert found.versions == {f"ho/{rows[1].pk}/ngheo": 1}
    assert found.previous[f"ho/{rows[0].pk}/tong"] == 62
    assert found.previous_period == "2025"
    column = queries.slice_of(together, Slice("ho", column="ngheo"))
    assert {cell: each.text for cell, each in column.cells.items()} == {
        f"ho/{rows[1].pk}/tay": "4"}


def test_who_enters_one_report_sees_no_others(world: factories.World, clerk: Any) -> None:
    officer = factories.actor(world.officer)
    assert [each.pk for each in queries.entered_together(officer, world.round.pk)] == [
        world.report.pk]
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert not queries.enters_several(officer, row)
    assert queries.enters_several(clerk, row)
    with pytest.raises(NotFound):
        queries.entered_together(factories.actor(world.neighbour), world.round.pk)


def test_reasons_are_kept_with_their_reports(world: factories.World, clerk: Any) -> None:
    operations.save_across(
        actor=clerk, round_id=world.round.pk, changes={}, channel="screen", at=AT,
        reasons={world.report.pk: {"nhieu-ho-ngheo|ho/tay/ngheo": "Thôn mới tách."}})
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert row.reasons == {"nhieu-ho-ngheo|ho/tay/ngheo": "Thôn mới tách."}
