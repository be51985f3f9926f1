"""Who owes what, what arrived, what waits: within one's authority and in a useful order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from nhasan.collection import operations, queries
from nhasan.domain.access import Permission
from nhasan.domain.problems import NotFound
from nhasan.organisations.authority import UnscopedQuery
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def test_what_is_owed_is_one_s_own_the_most_urgent_first(world: factories.World) -> None:
    urgent = factories.give(
        factories.round_of(period="2024", due=date(2025, 11, 20)), "XA-BABE", "01900")
    mine = queries.owed(factories.actor(world.officer))
    assert [row.pk for row in mine] == [urgent.pk, world.report.pk]
    theirs = queries.owed(factories.actor(world.other_officer))
    assert [row.pk for row in theirs] == [world.other_report.pk]
    assert queries.owed(factories.actor(world.reviewer)) == []


def test_what_was_sent_is_no_longer_owed(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    assert queries.owed(factories.actor(world.officer)) == []
    assert queries.sent(factories.actor(world.colleague)) == [sent]
    assert queries.sent(factories.actor(world.other_officer)) == []


def test_a_report_is_read_by_its_sender_and_its_receiver(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    for reader in (world.officer, world.reviewer, world.manager):
        assert queries.assignment(factories.actor(reader), world.report.pk) == world.report
        assert queries.submission(factories.actor(reader), sent.pk) == sent
    for stranger in (world.other_officer, world.neighbour):
        with pytest.raises(NotFound):
            queries.assignment(factories.actor(stranger), world.report.pk)
        with pytest.raises(NotFound):
            queries.submission(factories.actor(stranger), sent.pk)


def test_the_receiver_does_not_enter(world: factories.World) -> None:
    with pytest.raises(NotFound):
        queries.assignment(factories.actor(world.reviewer), world.report.pk, Permission.ENTER)


def test_the_board_counts_states_and_lateness(world: factories.World) -> None:
    factories.approved(world.report, world.officer, world.reviewer)
    board = queries.progress(
        factories.actor(world.manager), world.round.pk, on=date(2025, 12, 1))
    assert dict(board.counts) == {"approved": 1, "not_started": 1}
    assert board.overdue == 1
    early = queries.progress(factories.actor(world.manager), world.round.pk, on=world.round.due)
    assert early.overdue == 0
    assert queries.progress(
        factories.actor(world.neighbour), world.round.pk, on=world.round.due).assignments == []


def test_the_period_before_is_the_last_approved_one(world: factories.World) -> None:
    for period, poor in (("2023", "15"), ("2024", "13")):
        held = factories.round_of(period=period, due=date(2025, 11, 28))
        report = factories.give(held, "XA-BABE", "01900")
        factories.approved(report, world.officer, world.reviewer, {
            **factories.ANSWERS, "ho/tay/ngheo": poor})
    seen = queries.examine(queries.assignment(factories.HOUSE, world.report.pk))
    assert seen.previous["ho/tay/ngheo"] == 13
    assert seen.previous["ho/tong/ngheo"] == 30
    other = queries.examine(queries.assignment(factories.HOUSE, world.other_report.pk))
    assert other.earlier is None


def test_examining_names_empty_cells_only_when_asked(world: factories.World) -> None:
    factories.fill(world.report, world.officer, {"ho/tay/tong": "62"})
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert [finding.code for finding in queries.examine(row).findings] == []
    complete = queries.examine(row, complete=True)
    assert {finding.code for finding in complete.findings} == {"blank"}
    assert len(complete.stops) == len(complete.findings)


def test_the_form_is_the_one_of_the_round_and_of_the_area(world: factories.World) -> None:
    factories.fill(world.report, world.officer, {})
    layout = queries.layout_of(queries.assignment(factories.HOUSE, world.report.pk))
    assert (layout.form, layout.version) == ("THU-HO-NGHEO", "1.0.0")
    village = layout.table("thon")
    assert village is not None
    assert [row.label for row in village.rows] == ["Bó Lù", "Cộng"]
    assert layout.cell_count() == 3 * 3 + 4


def test_a_forgotten_scope_is_a_crash(world: factories.World) -> None:
    with pytest.raises(UnscopedQuery):
        list(queries.Assignment.objects.all())


def test_a_round_received_nothing_yet_has_no_reasons(world: factories.World) -> None:
    assert queries.return_reasons(world.report) is None
    operations.close_round(
        actor=factories.HOUSE, round_id=world.round.pk, at=AT + timedelta(days=9))
    assert [row.pk for row in queries.missed(factories.actor(world.officer))] == [
        world.report.pk]
