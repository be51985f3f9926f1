"""What readers know of a cube: its sums, its limits, and what was said before."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from nhasan.domain.attack import INFINITE, Puzzle, Row
from nhasan.domain.cube import TOTAL, Cube, CubeKey, CubeRow, dimensions
from nhasan.domain.disclosure import Line
from nhasan.domain.observations import Status
from nhasan.domain.protection_policy import DisclosurePolicy
from nhasan.domain.public_knowledge import Knowledge, Rate, earlier, puzzle

DIMS = dimensions(["ETHNIC_GROUP"])
POLICY = DisclosurePolicy(threshold=5, indicators=frozenset({"S:1"}))


def key(group: str, indicator: str = "S:1") -> CubeKey:
    return (indicator, "commune", "01", "2019", group)


WHOLE, ONE, TWO, NONE = key(TOTAL), key("01"), key("02"), key("03")
LINE = Line(WHOLE, (ONE, TWO, NONE))


def cube(figures: dict[CubeKey, int | Status]) -> Cube:
    return Cube.of(DIMS, [
        CubeRow(at, None, said) if isinstance(said, Status)
        else CubeRow(at, Decimal(said), Status.REPORTED) for at, said in figures.items()
    ])


NOTHING = Knowledge()


def known(figures: dict[CubeKey, int | Status], policy: DisclosurePolicy = POLICY,
          knowledge: Knowledge = NOTHING, small: tuple[int, ...] = (1,)) -> Puzzle:
    return puzzle(cube(figures), policy, [LINE], small, knowledge)


FIGURES: dict[CubeKey, int | Status] = {WHOLE: 53, ONE: 3, TWO: 50, NONE: 0}


def test_a_whole_is_its_parts_and_a_zero_is_none_of_them() -> None:
    seen = known(FIGURES)
    assert seen.rows == [Row((0, 1, 2), (1, -1, -1), 0, 0)]
    assert seen.free == {0, 1, 2}
    assert list(seen.least) == [1, 1, 1, 0]
    assert seen.need == {1: 3}


def test_where_zeros_are_hidden_any_cell_may_be_one() -> None:
    policy = DisclosurePolicy(threshold=5, indicators=frozenset({"S:1"}), zero_allowed=False)
    seen = known(FIGURES, policy)
    assert seen.rows[0].cells == (0, 1, 2, 3)
    assert set(seen.least) == {0}


def test_with_a_part_that_was_never_reported_the_whole_is_at_least_the_others() -> None:
    assert known({**FIGURES, TWO: Status.NOT_REPORTED}).rows == [
        Row((0, 1), (1, -1), 0, INFINITE),
    ]
    assert known({**FIGURES, WHOLE: Status.NOT_REPORTED}).rows == []


def test_one_indicator_is_no_more_than_another() -> None:
    policy = DisclosurePolicy(
        threshold=5, indicators=frozenset({"S:1"}), limits=(("S:1", "S:2"),),
    )
    seen = known({ONE: 3, key("01", "S:2"): 9}, policy, small=(0,))
    assert seen.rows == [Row((1, 0), (1, -1), 0, INFINITE)]


def test_a_rate_says_which_share_a_part_is() -> None:
    rate = Rate(ONE, WHOLE, Fraction(5, 100), Fraction(1, 200))
    seen = known(FIGURES, knowledge=Knowledge(rates=(rate,)))
    assert [row.cells for row in seen.rows[1:]] == [(1, 0), (1, 0)]
    assert seen.slack(1) == (3 * -1 + 53 * 0.045, INFINITE) or seen.slack(1)[0] < 0


def test_what_was_said_before_stays_said_and_what_was_hidden_stays_hidden() -> None:
    before = cube({ONE: Status.CONFIDENTIAL, TWO: 50, WHOLE: Status.NOT_REPORTED})
    found = earlier(cube(FIGURES), [before])
    assert found == Knowledge(frozenset({TWO}), frozenset({ONE}))
    seen = known(FIGURES, knowledge=found)
    assert TWO not in {list(cube(FIGURES).cells())[at] for at in seen.free}


def test_a_small_count_that_was_shown_before_needs_nothing_any_more() -> None:
    assert known(FIGURES, knowledge=Knowledge(shown=frozenset({ONE}))).need == {}


def test_a_release_with_fewer_breakdowns_speaks_of_the_totals() -> None:
    narrow = Cube.of(dimensions([]), [CubeRow(WHOLE[:4], Decimal(53), Status.REPORTED)])
    assert earlier(cube(FIGURES), [narrow]).shown == {WHOLE}


def test_a_release_with_more_breakdowns_speaks_of_its_totals() -> None:
    wide = Cube.of(dimensions(["ETHNIC_GROUP", "SEX"]), [
        CubeRow((*ONE, TOTAL), None, Status.CONFIDENTIAL),
        CubeRow((*ONE, "F"), Decimal(7), Status.REPORTED),
    ])
    assert earlier(cube(FIGURES), [wide]) == Knowledge(frozenset(), frozenset({ONE}))
