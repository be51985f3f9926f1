"""A report beside the one before it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.comparison import (
    Change,
    measures,
    strangeness,
    total,
    total_row,
    widest,
)
from nhasan.domain.forms import FormDefinition, Row


def _definition(rows: list[Any], columns: list[Any], unit: str = "hộ") -> FormDefinition:
    table = {"id": "t", "title": "Bảng", "unit": unit, "rows": rows, "columns": columns}
    return FormDefinition.parse(
        {"id": "THU", "version": "1", "title": "Biểu thử", "tables": [table]}
    )


HO = {"id": "ho", "label": "Số hộ"}
TY_LE = {"id": "ty_le", "label": "Tỷ lệ", "kind": "decimal", "decimals": 1, "unit": "%"}
CHU = {"id": "chu", "label": "Ghi chú", "kind": "text"}
A = {"id": "a", "label": "Tày"}
B = {"id": "b", "label": "Nùng"}
TONG = {"id": "tong", "label": "Tổng số", "sum": ["*"]}


def test_a_total_row_speaks_for_the_report() -> None:
    found = measures(_definition([A, B, TONG], [HO, TY_LE, CHU]))
    assert [(each.id, each.total_row, each.unit) for each in found] == [
        ("t/ho", "tong", "hộ"), ("t/ty_le", "tong", "%"),
    ]
    figures = {"t/a/ho": Decimal(3), "t/b/ho": Decimal(4), "t/tong/ho": Decimal(7)}
    assert total(figures, found[0]) == 7
    assert total(figures, found[1]) is None


def test_without_a_total_row_counts_are_added_and_rates_are_not() -> None:
    found = measures(_definition([A, B], [HO, TY_LE]))
    assert [each.id for each in found] == ["t/ho"]
    figures = {"t/a/ho": Decimal(3), "t/b/ho": Decimal(4), "t/a/ty_le": Decimal(9),
               "khac/a/ho": Decimal(100)}
    assert total(figures, found[0]) == 7
    assert total({}, found[0]) is None


def test_part_sums_are_not_counted_twice() -> None:
    part = {"id": "bac", "label": "Phía bắc", "sum": ["a"]}
    [found] = measures(_definition([part, A, B], [HO]))
    assert found.total_row == ""
    figures = {"t/bac/ho": Decimal(3), "t/a/ho": Decimal(3), "t/b/ho": Decimal(4)}
    assert total(figures, found) == 7


def test_the_only_row_of_a_table_is_its_own_total() -> None:
    [_, rate] = measures(_definition([A], [HO, {**TY_LE, "formula": "[ho] * 2"}]))
    assert total({"t/a/ty_le": Decimal("36.1")}, rate) == Decimal("36.1")


@pytest.mark.parametrize(("rows", "wanted"), [
    ([Row("a", ""), Row("t", "", sum=("*",))], "t"),
    ([Row("a", ""), Row("b", ""), Row("t", "", sum=("a", "b"))], "t"),
    ([Row("a", ""), Row("b", ""), Row("p", "", sum=("a",)), Row("t", "", sum=("p", "b"))], "t"),
    ([Row("a", ""), Row("b", ""), Row("p", "", sum=("a",))], ""),
    ([Row("h", "", heading=True), Row("a", ""), Row("t", "", sum=("a",))], "t"),
    ([Row("a", ""), Row("p", "", sum=("q",)), Row("q", "", sum=("p",))], ""),
    ([], ""),
])
def test_the_row_that_adds_up_every_other(rows: list[Row], wanted: str) -> None:
    assert total_row(rows) == wanted


@pytest.mark.parametrize(("now", "before", "difference", "share"), [
    ("402", "298", "104", "34.9"), ("265", "291", "-26", "-8.9"), ("5", "0", "5", None),
    (None, "3", None, None), ("3", None, None, None), ("0", "4", "-4", "-100.0"),
])
def test_how_far_a_number_moved(
    now: str | None, before: str | None, difference: str | None, share: str | None,
) -> None:
    change = Change(*(None if each is None else Decimal(each) for each in (now, before)))
    assert change.difference == (None if difference is None else Decimal(difference))
    assert (None if change.share is None else str(round(change.share, 1))) == share


@given(st.lists(st.tuples(
    st.integers(0, 3), st.integers(0, 3), st.integers(0, 999), st.integers(0, 999),
)))
def test_what_nobody_explained_comes_first(
    reports: list[tuple[int, int, int, int]],
) -> None:
    ranked = sorted(
        reports, reverse=True,
        key=lambda each: strangeness(
            each[0], each[1], Change(Decimal(each[2]), Decimal(each[3])),
        ),
    )
    unexplained = [each[0] > 0 for each in ranked]
    assert unexplained == sorted(unexplained, reverse=True)
    for some in (True, False):
        moved = [abs(Change(Decimal(now), Decimal(then)).share or 100 * (now != then))
                 for one, _, now, then in ranked if (one > 0) is some]
        assert moved == sorted(moved, reverse=True)


def test_the_total_that_moved_furthest_speaks_for_the_change() -> None:
    people, poor, rate, few = measures(_definition(
        [A, TONG], [{**HO, "id": "nguoi"}, {**HO, "id": "ngheo"}, TY_LE, {**HO, "id": "it"}]))
    changes = {
        people: Change(Decimal(1004), Decimal(1000)), poor: Change(Decimal(441), Decimal(296)),
        rate: Change(Decimal(90), Decimal(10)), few: Change(Decimal(9), Decimal(1)),
    }
    assert widest(changes) == (poor, changes[poor])
    assert widest({people: Change(Decimal(1000), Decimal(1000))}) is None
    assert widest({}) is None
    assert strangeness(0, 0, None) < strangeness(0, 0, changes[poor])


def test_a_number_out_of_nothing_is_stranger_than_one_that_stayed() -> None:
    stayed = strangeness(0, 0, Change(Decimal(5), Decimal(5)))
    appeared = strangeness(0, 0, Change(Decimal(5), Decimal(0)))
    doubled_and_more = strangeness(0, 0, Change(Decimal(11), Decimal(5)))
    assert stayed < appeared < doubled_and_more
