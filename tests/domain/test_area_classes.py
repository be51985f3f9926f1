"""Classes of areas: lists as offices keep them, spans of days, sums that are whole or none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.area_classes import Kind, Span, Total, full_code, kind_of, lines_of, totals
from nhasan.domain.problems import Invalid

DAY = date(2021, 6, 4)


def test_a_list_is_read_in_any_order_of_columns() -> None:
    found = lines_of([
        ["Phụ lục", ""], ["TT", "Khu vực", "Mã xã", "Tên xã"],
        ["1", "III", "01900", "Xã  Cao Thượng"], ["", "", "", ""], ["2", "I", "01843", ""]])
    assert [(line.number, line.code, line.kind, line.name) for line in found] == [
        (3, "01900", "III", "Xã Cao Thượng"), (5, "01843", "I", "")]
    assert found[0].since == found[0].last == ""


@pytest.mark.parametrize("table", [[], [["Mã"]], [["Mã", "Loại"]], [["x"], ["01900", "III"]]])
def test_a_table_that_is_no_list_is_refused(table: list[list[str]]) -> None:
    with pytest.raises(Invalid):
        lines_of(table)


def test_a_class_is_meant_by_its_code_or_its_name() -> None:
    kinds = [Kind("I", "Khu vực I"), Kind("III", "Khu vực III")]
    assert kind_of("khu vuc iii", kinds) == kinds[1]
    assert kind_of(" I ", kinds) == kinds[0]
    assert kind_of("IV", kinds) is None


days = st.none() | st.integers(0, 40).map(lambda n: DAY + timedelta(days=n))
spans = st.builds(Span, days, days).filter(
    lambda span: span.since is None or span.until is None or span.since < span.until)


@given(spans, spans, st.integers(-5, 50))
def test_a_span_is_its_part_in_another_and_what_is_left(one: Span, two: Span, n: int) -> None:
    day = DAY + timedelta(days=n)
    shared = one.both(two)
    inside = bool(shared and shared.holds(day))
    left = [each for each in one.without(two) if each.holds(day)]
    assert inside == (one.holds(day) and two.holds(day))
    assert len(left) == (one.holds(day) and not two.holds(day))


@pytest.mark.parametrize(("level", "text", "code"), [
    ("commune", "1900", "01900"), ("province", "8", "08"), ("commune", "01900", "01900"),
    ("country", "VN", "VN"), ("commune", "", "")])
def test_zeros_that_a_spreadsheet_took_are_put_back(level: str, text: str, code: str) -> None:
    assert full_code(level, text) == code


def test_a_sum_is_whole_or_there_is_none() -> None:
    classes = {"a": "I", "b": "I", "c": "III", "d": "III"}
    figures = {"a": Decimal(3), "b": Decimal(4), "c": Decimal(5)}
    assert totals(["I", "II", "III"], classes, figures, {"d"}, 0) == [
        Total("I", 2, 2, 0, Decimal(7), True), Total("II", 0, 0, 0, None, False),
        Total("III", 2, 1, 1, None, False)]
    unsure = totals(["I"], classes, figures, set(), 1)
    assert unsure == [Total("I", 2, 2, 0, None, False)], "the unknown one may belong here"
