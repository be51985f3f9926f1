"""Tables of shares: read exactly, and told by line what is wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.problems import Invalid
from nhasan.domain.share_tables import Line, lines_of, read

HEIRS = {"01": ["11", "12"], "02": ["12", "13", "14"]}


def said(lines: list[Line]) -> list[str]:
    return [f"{each.line.number}: {words}" for each in read(lines, HEIRS) for words in each.words]


def test_a_table_is_read_below_its_head_with_shares_or_people() -> None:
    table = [["Phụ lục"], ["Mã cũ", "Tên", "MÃ MỚI", "Tỷ lệ", "Số dân"],
             ["1", "x", "11", "0,4", ""], ["", "", "", "", ""], ["1", "y", "12", "3/5", ""]]
    assert lines_of(table, "commune") == [
        Line(3, "00001", "00011", "0,4"), Line(5, "00001", "00012", "3/5")]


@pytest.mark.parametrize("table", [
    [], [["Mã cũ", "Mã mới"], ["1", "2"]], [["Mã cũ", "Mã mới", "Tỷ lệ"]],
])
def test_a_table_without_head_or_lines_is_refused(table: list[list[str]]) -> None:
    with pytest.raises(Invalid):
        lines_of(table, "commune")


@given(st.lists(st.integers(0, 10**7), min_size=3, max_size=3).filter(any))
def test_people_become_exact_shares_that_make_one(people: list[int]) -> None:
    lines = [Line(number, "02", code, people=str(count))
             for number, (code, count) in enumerate(zip(HEIRS["02"], people, strict=True), 2)]
    found = read(lines, HEIRS)
    assert [each.share for each in found] == [Fraction(count, sum(people)) for count in people]
    assert sum(each.share for each in found if each.share is not None) == 1


def test_shares_are_written_in_three_ways() -> None:
    lines = [Line(2, "02", "12", "1/5"), Line(3, "02", "13", "0,3"), Line(4, "02", "14", "50 %")]
    assert [each.share for each in read(lines, HEIRS)] == [
        Fraction(1, 5), Fraction(3, 10), Fraction(1, 2)]
    nothing = [Line(2, "01", "11", "0"), Line(3, "01", "12", "1")]
    assert [each.share for each in read(nothing, HEIRS)] == [0, 1]


@pytest.mark.parametrize(("lines", "wrong"), [
    ([Line(2, "01", "11", "0,4"), Line(3, "01", "12", "0,4")],
     "2: Các phần của 01 cộng lại là 4/5, phải bằng 1. Hãy xem lại tỷ lệ."),
    ([Line(2, "01", "11", "0,4")],
     "2: 01 còn phần sang 12 chưa có dòng. Hãy ghi đủ; phần không có gì ghi 0."),
    ([Line(2, "01", "11", "1"), Line(3, "01", "12", people="4")],
     "2: 01 có dòng có tỷ lệ, có dòng không. Hãy ghi đủ hoặc bỏ hết."),
    ([Line(2, "01", "11", people="0"), Line(3, "01", "12", people="0")],
     "2: Cộng số dân các phần của 01 là 0, nên không chia được."),
    ([Line(2, "01", "11", "1,4"), Line(3, "01", "12", "0")],
     "2: Tỷ lệ “1,4” chưa đọc được. Ghi số từ 0 đến 1 hoặc phần trăm, ví dụ 0,4, 2/5 hoặc 40 %."),
    ([Line(2, "01", "11", people="-3"), Line(3, "01", "12", people="5")],
     "2: Số dân “-3” chưa đọc được. Ghi một số nguyên, ví dụ 1.250."),
    ([Line(2, "01", "11", "1"), Line(3, "01", "13", "0")],
     "3: Ngày này 01 không tách sang 13. Hãy xem lại mã, hoặc ngày của bảng."),
    ([Line(2, "01", "11", "1"), Line(3, "01", "11", "0"), Line(4, "01", "12", "0")],
     "3: Dòng 2 đã ghi 01 vào 11."),
    ([Line(2, "09", "11", "1")],
     "2: Ngày này 09 không tách sang 11. Hãy xem lại mã, hoặc ngày của bảng."),
    ([Line(2, "01", "11")], "2: Dòng này chưa có tỷ lệ hoặc số dân."),
])
def test_what_is_wrong_is_told_at_its_line(lines: list[Line], wrong: str) -> None:
    assert wrong in said(lines)
    assert all(each.share is None for each in read(lines, HEIRS) if each.words)
