"""Entry cell by cell: what is kept, where two people meet, what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.operations import Change
from nhasan.collection.operations.entry import RoundClosed
from nhasan.domain.observations import Status
from nhasan.domain.problems import Forbidden, Invalid, NotFound, WrongState
from nhasan.organisations.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def save(world: factories.World, by: Any, *changes: tuple[str, str, int],
         **more: Any) -> operations.Outcome:
    return operations.save_cells(
        actor=factories.actor(by), assignment=world.report.pk, channel="screen",
        at=more.pop("at", AT), changes=[Change(*change) for change in changes], **more,
    )


def report(world: factories.World) -> Any:
    return queries.assignment(factories.HOUSE, world.report.pk)


def text_of(world: factories.World, cell: str) -> str:
    entry = queries.draft(report(world)).answers.cells.get(cell)
    return entry.text if entry else ""


def test_a_saved_cell_is_kept_as_typed_and_understood(world: factories.World) -> None:
    outcome = save(world, world.officer, ("ho/tay/tong", " 1.062 ", 0))
    assert [(kept.cell, kept.text, kept.version) for kept in outcome.saved] == [
        ("ho/tay/tong", "1.062", 1)]
    entry = queries.draft(report(world)).answers.cells["ho/tay/tong"]
    assert entry.figure is not None
    assert entry.figure.value == 1062
    assert report(world).state == "in_progress"
    assert report(world).filled == 1
    assert report(world).changed_at == AT


@pytest.mark.parametrize(("typed", "status", "value"), [
    ("0", Status.REPORTED, 0), ("...", Status.NOT_REPORTED, None),
    ("x", Status.NOT_APPLICABLE, None), ("c", Status.CONFIDENTIAL, None),
])
def test_nothing_is_just_empty(
    world: factories.World, typed: str, status: Status, value: int | None,
) -> None:
    save(world, world.officer, ("ho/tay/tong", typed, 0))
    entry = queries.draft(report(world)).answers.cells["ho/tay/tong"]
    assert entry.figure is not None
    assert (entry.figure.status, entry.figure.value) == (status, value)


def test_what_cannot_be_read_is_kept_and_told(world: factories.World) -> None:
    outcome = save(world, world.officer, ("ho/tay/tong", "sáu hai", 0))
    assert text_of(world, "ho/tay/tong") == "sáu hai"
    found = [finding for finding in outcome.findings if finding.cell == "ho/tay/tong"]
    assert [finding.code for finding in found] == ["not-a-number"]
    assert "sáu hai" in found[0].message


def test_two_people_meet_at_the_cell_and_not_over_the_form(world: factories.World) -> None:
    save(world, world.officer, ("ho/tay/tong", "62", 0), ("ho/nung/tong", "48", 0))
    outcome = save(
        world, world.colleague,
        ("ho/tay/tong", "63", 0), ("ho/mong/tong", "71", 0), ("ho/nung/tong", "49", 1),
    )
    assert [
        (each.cell, each.mine, each.theirs, each.theirs_by, each.version)
        for each in outcome.conflicts
    ] == [("ho/tay/tong", "63", "62", "Hoàng Thị Mai", 1)]
    assert text_of(world, "ho/tay/tong") == "62"
    assert text_of(world, "ho/mong/tong") == "71"
    assert text_of(world, "ho/nung/tong") == "49"
    settled = save(world, world.colleague, ("ho/tay/tong", "63", 1))
    assert not settled.conflicts
    assert text_of(world, "ho/tay/tong") == "63"


def test_repeating_a_save_is_harmless(world: factories.World) -> None:
    save(world, world.officer, ("ho/tay/tong", "62", 0))
    again = save(world, world.officer, ("ho/tay/tong", "62", 0))
    assert not again.conflicts
    assert [each.version for each in again.saved] == [1]
    assert len(queries.revisions(report(world))) == 1


def test_a_save_leaves_a_revision_and_an_audit_line(world: factories.World) -> None:
    save(world, world.officer, ("ho/tay/tong", "62", 0))
    save(world, world.officer, ("ho/tay/tong", "63", 1), ("ho/tay/dtts", "61", 0))
    newest, first = queries.revisions(report(world))
    assert first.changes == {"ho/tay/tong": ["", "62"]}
    assert newest.changes == {"ho/tay/tong": ["62", "63"], "ho/tay/dtts": ["", "61"]}
    assert (newest.number, newest.by_name, newest.channel) == (2, "Hoàng Thị Mai", "screen")
    line = AuditEvent.objects.filter(action="draft.save").latest("id")
    assert line.actor == str(world.officer.pk)
    assert line.facts["assignment"] == world.report.pk


def test_a_save_takes_reasons_along(world: factories.World) -> None:
    save(world, world.officer, reasons={"nhieu-ho-ngheo|ho/tay/ngheo": " Lũ quét tháng 9. "})
    assert report(world).reasons == {"nhieu-ho-ngheo|ho/tay/ngheo": "Lũ quét tháng 9."}
    save(world, world.officer, reasons={"nhieu-ho-ngheo|ho/tay/ngheo": ""})
    assert report(world).reasons == {}


def test_a_save_is_undone_but_not_over_later_work(world: factories.World) -> None:
    save(world, world.officer, ("ho/tay/tong", "62", 0), ("ho/nung/tong", "48", 0))
    save(world, world.officer, ("ho/tay/tong", "1", 1), ("ho/nung/tong", "2", 1))
    save(world, world.colleague, ("ho/nung/tong", "3", 2))
    operations.undo_revision(
        actor=factories.actor(world.officer), assignment=world.report.pk, number=2, at=AT)
    assert text_of(world, "ho/tay/tong") == "62"
    assert text_of(world, "ho/nung/tong") == "3"


def test_undoing_a_save_that_never_was_is_refused(world: factories.World) -> None:
    with pytest.raises(Invalid):
        operations.undo_revision(
            actor=factories.actor(world.officer), assignment=world.report.pk, number=9, at=AT)


@pytest.mark.parametrize("cell", [
    "ho/tay/nothing", "ho/tong/tong", "ho/tay/ty_le", "thon/o1/ho", "nonsense", "a/b/c/d",
])
def test_only_cells_that_people_fill_are_taken(world: factories.World, cell: str) -> None:
    with pytest.raises(Invalid):
        save(world, world.officer, ("ho/nung/tong", "48", 0), (cell, "1", 0))
    assert text_of(world, "ho/nung/tong") == ""


def test_a_neighbour_finds_nothing(world: factories.World) -> None:
    for stranger in (world.other_officer, world.neighbour):
        with pytest.raises(NotFound):
            save(world, stranger, ("ho/tay/tong", "1", 0))
        with pytest.raises(NotFound):
            queries.assignment(factories.actor(stranger), world.report.pk)
    with pytest.raises(Forbidden):
        save(world, world.reviewer, ("ho/tay/tong", "1", 0))


def test_a_closed_round_takes_nothing_and_keeps_everything(world: factories.World) -> None:
    save(world, world.officer, ("ho/tay/tong", "62", 0))
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=AT)
    with pytest.raises(RoundClosed) as refused:
        save(world, world.officer, ("ho/tay/tong", "63", 1))
    assert "vẫn được giữ" in str(refused.value)
    assert text_of(world, "ho/tay/tong") == "62"
    operations.open_round_again(
        actor=factories.HOUSE, round_id=world.round.pk, closes=None, at=AT)
    assert not save(world, world.officer, ("ho/tay/tong", "63", 1)).conflicts


def test_the_last_day_is_the_last_day_even_before_the_pulse_closes_the_round() -> None:
    world = factories.world(closes=date(2025, 11, 30))
    last_minute = AT.replace(day=30, hour=23, minute=59)
    save(world, world.officer, ("ho/tay/tong", "62", 0), at=last_minute)
    with pytest.raises(RoundClosed):
        save(world, world.officer, ("ho/tay/tong", "63", 1), at=last_minute + timedelta(minutes=1))


def test_what_was_sent_is_not_typed_over(world: factories.World) -> None:
    factories.sent(world.report, world.officer)
    with pytest.raises(WrongState):
        save(world, world.officer, ("ho/tay/tong", "1", 1))


def test_rows_are_named_renamed_and_taken_away(world: factories.World) -> None:
    def name(*rows: tuple[str, str]) -> None:
        operations.save_open_rows(
            actor=factories.actor(world.officer), assignment=world.report.pk, table="thon",
            rows=[{"id": key, "label": label} for key, label in rows], at=AT)

    name(("o1", "Bó Lù"), ("o2", "Cốc Tộc"))
    save(world, world.officer, ("thon/o1/ho", "44", 0), ("thon/o2/ho", "71", 0))
    name(("o1", "Bó Lù mới"))
    layout = queries.layout_of(report(world))
    table = layout.table("thon")
    assert table is not None
    assert [row.label for row in table.rows if not row.computed] == ["Bó Lù mới"]
    assert text_of(world, "thon/o1/ho") == "44"
    assert set(queries.draft(report(world)).answers.cells) == {"thon/o1/ho"}
    assert report(world).filled == 1
    newest = queries.revisions(report(world))[0]
    assert newest.changes == {"thon/o2/ho": ["71", ""]}


@pytest.mark.parametrize("rows", [
    [("o1", "Bó Lù"), ("o2", " bó lù ")],
    [("o1", "")],
    [("o1", "Bó Lù"), ("o1", "Cốc Tộc")],
    [(f"o{number}", f"Thôn {number}") for number in range(9)],
    [("o1", "x" * 121)],
    [("cong", "A")],
    [("cong\x00", "A")],
])
def test_rows_that_cannot_be_told_apart_are_refused(
    world: factories.World, rows: list[tuple[str, str]],
) -> None:
    with pytest.raises(Invalid):
        operations.save_open_rows(
            actor=factories.actor(world.officer), assignment=world.report.pk, table="thon",
            rows=[{"id": key, "label": label} for key, label in rows], at=AT)
    assert report(world).open_rows == {}


def test_a_table_with_fixed_rows_takes_no_more(world: factories.World) -> None:
    with pytest.raises(Invalid):
        operations.save_open_rows(
            actor=factories.actor(world.officer), assignment=world.report.pk, table="ho",
            rows=[{"id": "o1", "label": "Kinh"}], at=AT)


def test_a_long_text_is_cut_and_not_refused(world: factories.World) -> None:
    factories.fill(world.report, world.officer, {})
    save(world, world.officer, ("thon/o1/ghi_chu", "a" * 3000, 0))
    assert len(text_of(world, "thon/o1/ghi_chu")) == 2000
