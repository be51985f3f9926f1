"""What is usual: robust, careful with few figures, silent where nothing can be told."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.forms import Column, Kind
from nhasan.domain.outliers import (
    FEWEST_PEERS,
    MOST_PERIODS,
    Usual,
    histories,
    own_usual,
    peers_usual,
    unusual,
)

COUNT = Column("a", "A", (), Kind("integer"), {})
SHARE = Column("b", "B", (), Kind("decimal", 1), {})


def of(*values: float | str) -> list[Decimal]:
    return [Decimal(str(value)) for value in values]


def limits(usual: Usual | None) -> tuple[str | int | None, ...] | None:
    return None if usual is None else tuple(usual.as_json())


def test_without_a_history_nothing_is_told() -> None:
    assert own_usual([]) is None


@pytest.mark.parametrize(("values", "expected"), [
    (of(100), ("50", "150", "100", 1)),  # by half
    (of(10), ("-10", "30", "10", 1)),  # by twenty units
    (of(100, 900, 5000), ("50", "150", "100", 3)),  # few: the newest counts
    (of(0, 0, 0, 0, 0), ("-20", "20", "0", 5)),  # no spread at all
    (of(1000, 1000, 1000, 1000), ("500", "1500", "1000", 4)),
    (of(1000, 1010, 990, 1005, 50000), ("502.5", "1507.5", "1005", 5)),  # one wrong of five
    (of(100, 200, 300, 400, 500), ("-220", "820", "300", 5)),  # a wide spread: 5.2 x 100
])
def test_history_gives_limits(values: list[Decimal], expected: tuple[object, ...]) -> None:
    assert limits(own_usual(values)) == expected


def test_only_the_newest_periods_count() -> None:
    old = of(*[10] * 20)
    found = own_usual([*of(*[1000] * MOST_PERIODS), *old])
    assert found is not None
    assert (found.typical, found.count) == (1000, MOST_PERIODS)


@given(st.lists(st.integers(0, 10**9).map(Decimal), min_size=1, max_size=12))
def test_what_is_typical_is_usual(values: list[Decimal]) -> None:
    found = own_usual(values)
    assert found is not None
    assert found.holds(found.typical)


@given(st.lists(st.integers(900, 1100).map(Decimal), min_size=5, max_size=8),
       st.integers(10**6, 10**9))
def test_one_wrong_figure_hides_no_other(values: list[Decimal], wrong: int) -> None:
    found = own_usual([*values[:2], Decimal(wrong), *values[3:]])
    assert found is not None
    assert not found.holds(Decimal(wrong))
    assert found.holds(Decimal(1000))


@pytest.mark.parametrize("values", [
    of(*range(1, FEWEST_PEERS)), of(*[0] * 50, *[100] * 50), of(*[0] * 92), [],
])
def test_few_peers_and_peers_that_mostly_have_none_say_nothing(values: list[Decimal]) -> None:
    assert peers_usual(values) is None


def test_equal_peers_leave_a_margin_of_three_times() -> None:
    found = peers_usual(of(*[1000] * 12))
    assert limits(found) == ("330", "3000", "1000", 12)
    small = peers_usual(of(*[4] * 12))
    assert limits(small) == (None, "24", "4", 12)


def test_a_zero_among_peers_takes_the_lower_limit_away() -> None:
    found = peers_usual(of(*[1000] * 12, 0, 0))
    assert limits(found) == (None, "3000", "1000", 14)


def test_peers_of_many_sizes_are_compared_as_ratios() -> None:
    communes = of(*[500 * 1.05 ** step for step in range(92)])
    found = peers_usual(communes)
    assert found is not None
    assert found.high is not None
    assert all(found.holds(value) for value in communes)
    assert not found.holds(max(communes) * 1000)


def test_a_lower_limit_below_one_is_none() -> None:
    found = peers_usual(of(*[30 * 10 ** (step % 4) for step in range(20)]))
    assert found is not None
    assert found.low is None


@given(st.lists(st.integers(10**3, 10**8).map(Decimal), min_size=FEWEST_PEERS, max_size=60))
def test_no_peer_can_be_read_from_what_is_told(values: list[Decimal]) -> None:
    found = peers_usual(values)
    assert found is not None
    for told in (found.low, found.typical):
        assert told is None or len(told.normalize().as_tuple().digits) <= 2


@pytest.mark.parametrize(("column", "now", "own", "peers", "told"), [
    (COUNT, 4200, ("500", "1500", "1000", 8), None, "4.200 cao gấp 4,2 lần mức thường thấy"),
    (COUNT, 52000, ("500", "1500", "1000", 8), None, "cao gấp 52 lần"),
    (COUNT, 100, ("500", "1500", "1000", 8), None, "100 thấp hơn 10 lần"),
    (COUNT, 0, ("500", "1500", "1000", 8), None, "0 khác xa mức thường thấy của 8 kỳ"),
    (COUNT, 1600, ("500", "1500", "1000", 8), None, "1.600 khác xa"),
    (COUNT, -50, ("-20", "20", "0", 8), None, "−50 khác xa"),
    (COUNT, 300, ("50", "150", "100", 1), None, "300 khác thường so với kỳ trước (100)."),
    (SHARE, 80, None, (None, "36", "12", 92), "80,0 cao gấp 6,7 lần mức thường thấy của 92 xã"),
    (SHARE, 80, ("40", "90", "70", 6), (None, "36", "12", 92), None),  # it always was so
    (COUNT, 1500, ("500", "1500", "1000", 8), None, None),
    (COUNT, 10**9, None, None, None),
])
def test_an_unusual_figure_is_told_in_words(
    column: Column, now: int, own: tuple[str, ...] | None, peers: tuple[str, ...] | None,
    told: str | None,
) -> None:
    mine, theirs = (Usual.from_json(each) if each else None for each in (own, peers))
    found = unusual(column, Decimal(now), mine, theirs, "xã, phường")
    if told is None:
        assert found is None
        return
    assert found is not None
    code, message = found
    assert code == ("unusual-change" if own else "unusual-among-peers")
    assert told in message
    assert message.endswith("Nếu đúng, viết một câu lý do.")


def test_histories_put_the_newest_period_first() -> None:
    earlier = [{"x": Decimal(3), "y": Decimal(1)}, {"x": Decimal(2)}, {"z": Decimal(9)}]
    assert dict(histories(earlier)) == {
        "x": of(3, 2), "y": of(1), "z": of(9)}
