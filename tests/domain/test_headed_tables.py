"""Tables with a head: found by its words wherever it stands, columns in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.headed_tables import MOST_LINES, below_head
from nhasan.domain.problems import Invalid

HEADS = {"code": ("ma",), "name": ("ten", "ten goi")}


def read(table: list[list[str]]) -> list[tuple[int, dict[str, str]]]:
    return below_head(table, HEADS, lambda columns: "code" in columns, no_head="không có đầu")


@given(st.permutations(["Mã", "Tên gọi", "Ghi chú"]), st.integers(0, 19))
def test_the_head_is_found_within_the_first_rows_and_in_any_order(
    heads: list[str], above: int,
) -> None:
    cells = {"Mã": "01", "Tên gọi": "Hà  Nội\u200b", "Ghi chú": "x"}
    table = [["Phụ lục"]] * above + [heads, [cells[head] for head in heads]]
    assert read(table) == [(above + 2, {"code": "01", "name": "Hà Nội"})]


def test_lines_with_nothing_in_these_columns_are_passed_over_and_short_ones_are_filled() -> None:
    table = [["MÃ", "Khác", "Tên"], ["", "chân trang", ""], ["02"], ["03", "", "Ba"]]
    assert read(table) == [(3, {"code": "02", "name": ""}), (4, {"code": "03", "name": "Ba"})]


@pytest.mark.parametrize(("table", "said"), [
    ([["Tên"], ["x"]], "không có đầu"),
    ([["x"]] * 20 + [["Mã"], ["01"]], "không có đầu"),
    ([["Mã"], [""]], "không có dòng nào"),
    ([["Mã"]] + [["01"]] * (MOST_LINES + 1), "bảng dài quá"),
])
def test_a_table_that_cannot_be_read_is_refused(table: list[list[str]], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(table)
