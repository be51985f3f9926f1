"""Whose past is a unit's own, where several units answer for the same area."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.operations import NothingBefore
from nhasan.domain.slices import Slice
from nhasan.organisations.operations import close_unit, open_unit
from tests import factories
from tests.collection.test_queries_outside import form, rule
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db
CELL = "ho/tay/ngheo"


def departments() -> dict[str, Any]:
    """Open two departments of one province; return who enters for each of them."""
    for code in ("SO-GD", "SO-YT"):
        open_unit(actor=HOUSE, code=code, name=f"Sở {code}", short_name=code,
                  kind="department", parent="SO-TN", opened=None, at=AT)
    return {code: factories.person(f"nhap-{code.lower()}", f"Người {code}", code, "enterer")
            for code in ("SO-GD", "SO-YT")}


def approved(report: Any, by: Any, poor: str, reviewer: Any) -> Any:
    return factories.approved(report, by, reviewer, {**factories.ANSWERS, CELL: poor})


def found(report: Any) -> Any:
    return queries.assignment(HOUSE, report.pk)


@pytest.fixture
def world() -> factories.World:
    return factories.world(period="2026")


@pytest.fixture
def two(world: factories.World) -> dict[str, Any]:
    """In 2024 both departments reported for their province, in 2025 only one; 2026 is open."""
    people = departments()
    rounds = {year: factories.round_of(period=year) for year in ("2024", "2025")}
    parts = {
        (code, year): factories.give(held, code, "19", "province")
        for year, held in {**rounds, "2026": world.round}.items() for code in people
    }
    approved(parts["SO-YT", "2024"], people["SO-YT"], "3", world.reviewer)
    approved(parts["SO-GD", "2025"], people["SO-GD"], "7", world.reviewer)
    return {"people": people, **{f"{code} {year}": row for (code, year), row in parts.items()}}


def test_another_unit_s_report_of_the_same_area_is_not_one_s_past(two: dict[str, Any]) -> None:
    mine, other = found(two["SO-YT 2026"]), found(two["SO-GD 2026"])
    seen = queries.examine(mine)
    assert seen.previous[CELL] == 3
    assert seen.outside.periods == ("2024",)
    assert [each.assignment.unit.code for each in queries.earlier_reports(mine)] == ["SO-YT"]
    before = queries.previous_submission(mine)
    assert before is not None
    assert before.assignment_id == two["SO-YT 2024"].pk
    assert queries.examine(other).previous[CELL] == 7
    assert queries.previous_submission(found(two["SO-GD 2025"])) is None


def test_a_board_compares_each_unit_with_itself(
    world: factories.World, two: dict[str, Any],
) -> None:
    earlier = queries.earlier_submissions(world.round)
    assert {
        code: earlier["province", "19", two[f"{code} 2026"].unit_id].assignment_id
        for code in ("SO-YT", "SO-GD")
    } == {"SO-YT": two["SO-YT 2024"].pk, "SO-GD": two["SO-GD 2025"].pk}


def test_reports_side_by_side_show_each_its_own_past(two: dict[str, Any]) -> None:
    mine, other = found(two["SO-YT 2026"]), found(two["SO-GD 2026"])
    part = Slice("ho", row="tay")
    alone = queries.slice_of([mine], part)
    assert alone.previous_period == "2024"
    assert alone.previous[f"ho/{mine.pk}/ngheo"] == 3
    both = queries.slice_of([mine, other], part)
    assert both.previous_period == "2025"
    assert both.previous[f"ho/{other.pk}/ngheo"] == 7
    assert f"ho/{mine.pk}/ngheo" not in both.previous


def test_figures_of_another_unit_are_not_carried_over(
    world: factories.World, two: dict[str, Any],
) -> None:
    approved(factories.give(factories.round_of(period="2022"), "SO-GD", "19", "province"),
             two["people"]["SO-GD"], "9", world.reviewer)
    mine = factories.give(factories.round_of(period="2023"), "SO-YT", "19", "province")
    with pytest.raises(NothingBefore):
        operations.carry_over(
            actor=factories.actor(two["people"]["SO-YT"]), assignment=mine.pk, at=AT)


def test_the_past_of_those_below_is_not_that_of_the_unit_above(
    world: factories.World, two: dict[str, Any],
) -> None:
    above = factories.give(world.round, "SO-TN", "19", "province")
    assert queries.previous_submission(found(above)) is None
    assert queries.earlier_reports(found(above)) == []


def merge(code: str, successor: str) -> None:
    close_unit(actor=HOUSE, code=code, successor=successor, closed=date(2025, 11, 20), at=AT)


def test_who_took_over_sees_what_the_closed_unit_sent_for_the_same_area(
    world: factories.World,
) -> None:
    before = factories.give(factories.round_of(period="2025"), "XA-CHORA", "01903")
    approved(before, world.other_officer, "5", world.reviewer)
    merge("XA-CHORA", "XA-BABE")
    heir = found(factories.give(world.round, "XA-BABE", "01903"))
    assert queries.examine(heir).previous[CELL] == 5
    assert queries.previous_submission(heir).assignment_id == before.pk  # type: ignore[union-attr]
    earlier = queries.earlier_submissions(world.round)
    assert earlier["commune", "01903", heir.unit_id].assignment_id == before.pk
    shown = queries.slice_of([heir], Slice("ho", row="tay"))
    assert shown.previous[f"ho/{heir.pk}/ngheo"] == 5
    operations.carry_over(actor=factories.actor(world.officer), assignment=heir.pk, at=AT)
    assert queries.draft(found(heir)).answers.cells[CELL].text == "5"
    assert queries.previous_submission(found(world.report)) is None  # of another area


def test_merged_twice_is_followed(two: dict[str, Any]) -> None:
    merge("SO-GD", "SO-YT")
    merge("SO-YT", "SO-TN")
    above = found(factories.give(found(two["SO-YT 2026"]).round, "SO-TN", "19", "province"))
    assert [each.assignment_id for each in queries.earlier_reports(above)] == [
        two["SO-GD 2025"].pk, two["SO-YT 2024"].pk]


def test_of_one_period_what_a_unit_sent_itself_goes_first(
    world: factories.World, two: dict[str, Any],
) -> None:
    approved(two["SO-YT 2025"], two["people"]["SO-YT"], "4", world.reviewer)
    merge("SO-GD", "SO-YT")
    mine = found(two["SO-YT 2026"])
    assert queries.examine(mine).previous[CELL] == 4
    assert queries.previous_submission(mine).assignment_id == (  # type: ignore[union-attr]
        two["SO-YT 2025"].pk)
    earlier = queries.earlier_submissions(world.round)
    assert earlier["province", "19", mine.unit_id].assignment_id == two["SO-YT 2025"].pk


def test_another_form_is_read_of_the_unit_and_of_whom_it_took_over_from(
    world: factories.World,
) -> None:
    people = departments()
    made = form("THU-B", rules=[rule(
        "khac", "[tong] = [THU-HO-NGHEO!tong]", "{tong}, biểu kia {THU-HO-NGHEO!tong}",
        each="ho")])
    factories.publish(made)
    held = factories.round_of(made, period="2026")
    factories.sent(factories.give(world.round, "SO-GD", "19", "province"), people["SO-GD"])
    report = factories.give(held, "SO-YT", "19", "province")
    factories.fill(report, people["SO-YT"], {"ho/tay/tong": "59"}, ())
    assert queries.examine(found(report)).findings == ()
    merge("SO-GD", "SO-YT")
    assert [each.message for each in queries.examine(found(report)).findings] == [
        "59, biểu kia 62"]
