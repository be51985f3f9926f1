"""Protection: nobody works a small count out, from this release or from several."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings

from nhasan.domain import disclosure
from nhasan.domain.cube import Cube, CubeRow
from nhasan.domain.disclosure import EARLIER, PRIMARY
from nhasan.domain.observations import Status
from nhasan.domain.plan import Operand
from nhasan.domain.protection_policy import DisclosurePolicy
from nhasan.engines.attacker import ranges
from nhasan.engines.protection import protect
from tests.engines.tables import POLICY, Cells, all_lines, key, seen, table, with_totals

CODES = ("01", "02", "03")
RING: Cells = {
    ("01", "01"): 1, ("01", "02"): 1, ("01", "03"): 40,
    ("02", "01"): 1, ("02", "02"): 1, ("02", "03"): 50,
    ("03", "01"): 30, ("03", "02"): 60, ("03", "03"): 70,
}


def hidden(cube: Cube) -> set[int]:
    return {at for at, status in enumerate(cube.statuses) if status == Status.CONFIDENTIAL}


def narrow(cube: Cube, protected: Cube) -> list[int]:
    """Return the small cells of a protected cube that a reader can narrow too closely."""
    puzzle = seen(cube)
    found = ranges(puzzle, hidden(protected), puzzle.need, whole=True)
    return [at for at, each in found.items() if each.width() < puzzle.need[at]]


@settings(max_examples=40, deadline=None)
@given(table(CODES, CODES))
def test_no_small_count_can_be_narrowed(cube: Cube) -> None:
    protected, log = protect(cube, POLICY, all_lines(cube))
    assert narrow(cube, protected) == []
    assert log.exposed == 0


@settings(max_examples=40, deadline=None)
@given(table(CODES, CODES))
def test_protecting_twice_is_protecting_once(cube: Cube) -> None:
    once, _ = protect(cube, POLICY, all_lines(cube))
    twice, log = protect(once, POLICY, all_lines(cube))
    assert twice == once
    assert log.suppressed == ()


def test_lines_one_by_one_leave_gaps_that_are_closed() -> None:
    """Over three directions no line has a single unknown, and yet a four is known exactly."""
    cube = with_totals({
        ("01", "01", "F"): 9, ("01", "01", "M"): 5, ("01", "02", "F"): 6, ("01", "02", "M"): 2,
        ("01", "03", "F"): 4, ("01", "03", "M"): 27, ("02", "01", "F"): 0, ("02", "01", "M"): 4,
        ("02", "02", "F"): 6, ("02", "02", "M"): 1, ("02", "03", "F"): 37, ("02", "03", "M"): 0,
    })
    plain, _ = disclosure.protect(cube, POLICY, all_lines(cube))
    four = cube.index()[key("01", "03", "F")]
    assert ranges(seen(cube), hidden(plain))[four] == (4, 4)
    assert narrow(cube, protect(cube, POLICY, all_lines(cube))[0]) == []


def test_a_zero_is_never_hidden_for_another() -> None:
    cube = with_totals({("01", "01"): 3, ("01", "02"): 0, ("01", "03"): 0,
                        ("02", "01"): 9, ("02", "02"): 0, ("02", "03"): 8})
    protected, _ = protect(cube, POLICY, all_lines(cube))
    assert all(cube.values[at] for at in hidden(protected))


def test_what_was_hidden_before_stays_hidden() -> None:
    before = with_totals(RING)
    first, _ = protect(before, POLICY, all_lines(before))
    # A correction: one of the small counts is now large, and would no longer be hidden.
    after = with_totals({**RING, ("01", "01"): 90})
    again, log = protect(after, POLICY, all_lines(after), releases=[first])
    assert hidden(first) <= hidden(again)
    assert EARLIER in {one.rule for one in log.suppressed}
    assert narrow(after, again) == []


def test_what_was_shown_before_is_not_hidden_to_protect_another() -> None:
    cube = with_totals(RING)
    first = Cube.of(cube.dims, [CubeRow(key("03", "01"), Decimal(30), Status.REPORTED)])
    protected, _ = protect(cube, POLICY, all_lines(cube), releases=[first])
    assert cube.index()[key("03", "01")] not in hidden(protected)
    assert narrow(cube, protected) == []


def test_what_earlier_releases_have_given_away_is_counted() -> None:
    cube = with_totals(RING)
    protected, log = protect(cube, POLICY, all_lines(cube), releases=[cube])
    assert log.exposed == 4
    assert {one.rule for one in log.suppressed} == {PRIMARY}
    assert protected.values[cube.index()[key("01", "01")]] is None


def test_public_figures_are_left_as_they_are() -> None:
    cube = with_totals(RING)
    assert protect(cube, DisclosurePolicy(public="nguồn"), all_lines(cube))[0] == cube


def test_a_wider_range_hides_more() -> None:
    cube = with_totals(RING)
    wide = DisclosurePolicy(threshold=5, indicators=frozenset({"S:1"}), interval=60)
    usual, _ = protect(cube, POLICY, all_lines(cube))
    more, _ = protect(cube, wide, all_lines(cube))
    assert len(hidden(more)) > len(hidden(usual))
    found = ranges(seen(cube, wide), hidden(more), seen(cube, wide).need)
    assert min(each.width() for each in found.values()) >= 60


def test_what_was_computed_from_a_hidden_cell_is_hidden() -> None:
    cube = with_totals(RING)
    rate = ("S:RATE", *key("01", "01")[1:])
    with_rate = cube.joined(Cube.of(cube.dims, [
        CubeRow(rate, Decimal("2.4"), Status.REPORTED, 1),
    ]))
    protected, _ = protect(
        with_rate, POLICY, all_lines(cube), {"S:RATE": (Operand("a", "S:1"),)},
    )
    assert protected.values[protected.index()[rate]] is None
