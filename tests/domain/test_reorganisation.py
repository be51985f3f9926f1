"""A reorganisation in the making: every fault is named at its lines, with how to mend it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.domain.problems import Invalid
from nhasan.domain.reorganisation import Draft, Line, Standing, lines_of, packed, unpacked

ON = date(2027, 1, 1)
EVE = {(each.level, each.code): each for each in (
    Standing("country", "VN", "Việt Nam"),
    Standing("province", "19", "Tỉnh Thái Nguyên", "country", "VN"),
    Standing("province", "08", "Tỉnh Tuyên Quang", "country", "VN"),
    Standing("commune", "01900", "Xã Ba Bể", "province", "19"),
    Standing("commune", "01903", "Xã Chợ Rã", "province", "19"),
    Standing("commune", "01906", "Xã Phúc Lộc", "province", "19"),
)}


def _line(number: int, old: str, new: str, kind: str = "full", **more: Any) -> Line:
    facts = {"name": "Ba Bể", "unit_type": "Xã", "parent_level": "province", "parent": "19",
             "unit": "XA-BABE"}
    return Line(number, "commune", old, new, kind, **{**facts, **more})


def _flaws(*lines: Line, stops: bool = True) -> list[tuple[str, tuple[int, ...]]]:
    children = {("province", "19"): [each for each in EVE.values() if each.parent == "19"]}
    return [(str(flaw.words), flaw.lines) for flaw in Draft(ON, lines, EVE, children).flaws()
            if flaw.stops == stops]


def test_a_merger_that_is_right_has_no_flaw() -> None:
    assert _flaws(_line(2, "01900", "01900"), _line(3, "01903", "01900")) == []
    assert _flaws(_line(2, "01900", "01900"), stops=False) == []


@pytest.mark.parametrize(("lines", "told"), [
    ([_line(2, "99999", "01900"), _line(3, "01900", "01900")], "không có đơn vị mang mã 99999"),
    ([_line(2, "01900", "01903")], "Mã 01903 ngày 01/01/2027 vẫn là của Xã Chợ Rã"),
    ([_line(2, "01900", "01900"), _line(3, "01900", "01900")], "Dòng 2 đã ghi 01900 vào 01900"),
    ([_line(2, "01900", "01900"), _line(3, "01900", "09000", "partial")], "đi toàn bộ"),
    ([_line(2, "01900", "01900", "partial")], "chỉ có một phần có nơi nhận"),
    ([_line(2, "01900", "")], "Thiếu mã mới"),
    ([_line(2, "01900", "01900", odd=("“{x}” chưa hiểu",))], "“{x}” chưa hiểu"),
    ([_line(2, "01900", "01900", "ended")], "Đã ghi “chấm dứt”"),
    ([_line(2, "01900", "01900", name="")], "chưa có tên hoặc chưa có loại"),
    ([_line(2, "01900", "01900"), _line(3, "01903", "01900", name="Chợ Rã")],
     "ghi khác nhau ở các dòng: Xã Ba Bể (19) và Xã Chợ Rã (19)"),
    ([_line(2, "01900", "01900", parent="77")], "Cấp trên 77 của 01900 không có"),
    ([_line(2, "01900", "01900", parent_level="commune", parent="01900")], "nằm trong chính nó"),
    ([_line(2, "01900", "01900", parent_level="commune", parent="01903"),
      _line(3, "01903", "01903", parent_level="commune", parent="01900")], "nằm trong chính nó"),
    ([_line(2, "01900", "01900", "partial", share="0,5"),
      _line(3, "01900", "09000", "partial", share="0,4")], "cộng lại là 9/10, phải bằng 1"),
    ([_line(2, "01900", "01900", "partial", share="1/2"),
      _line(3, "01900", "09000", "partial")], "có dòng có tỷ lệ, có dòng không"),
])
def test_what_cannot_be_right_is_told_at_its_lines(lines: list[Line], told: str) -> None:
    found = _flaws(*lines)
    assert any(told in words and set(at) <= {2, 3} and at for words, at in found), found


def test_what_lies_in_a_province_that_ends_must_go_somewhere() -> None:
    province = Line(2, "province", "19", "08", "full", "Tuyên Quang", "Tỉnh", "country", "VN")
    other = Line(3, "province", "08", "08", "full", "Tuyên Quang", "Tỉnh", "country", "VN")
    [(words, at)] = _flaws(province, other)
    assert words.startswith("Tỉnh Thái Nguyên thôi tồn tại mà 3 đơn vị cấp dưới chưa có")
    assert at == (2,)
    moved = [_line(4 + at, code, code, name=code, parent="08")
             for at, code in enumerate(("01900", "01903", "01906"))]
    assert _flaws(province, other, *moved) == []


def test_shares_that_are_whole_stop_nothing_and_missing_ones_warn() -> None:
    shared = [_line(2, "01900", "01900", "partial", share="0,4"),
              _line(3, "01900", "09000", "partial", share="3/5")]
    assert _flaws(*shared) == []
    [unshared] = _flaws(*(line._replace(share="") for line in shared), stops=False)
    assert "chưa có tỷ lệ" in unshared[0]
    [unit] = _flaws(_line(2, "01900", "01900", unit=""), stops=False)
    assert unit[0].startswith("Xã Ba Bể chưa có đơn vị phụ trách")


def test_a_table_is_read_in_any_order_and_odd_cells_are_told() -> None:
    found = lines_of([
        ["Phụ lục"],
        ["Mã mới", "Mã cũ", "Phần chuyển", "Tên mới", "Loại đơn vị", "Thuộc", "Tỷ lệ"],
        ["1900", "01903", "Một phần", "Ba Bể", "Xã", "19", "0,4"],
        ["01900", "01904", "kiểu gì", "", "", "", "hai"], ["", "", "", "", "", "", ""]])
    assert found[0] == Line(3, "commune", "01903", "01900", "partial", "Ba Bể", "Xã", "province",
                            "19", "0,4")
    assert [len(line.odd) for line in found] == [0, 2]
    assert unpacked(packed(found)) == found
    for wrong in ([["a", "b"]], [["Mã cũ", "Mã mới"]]):
        with pytest.raises(Invalid):
            lines_of(wrong)
