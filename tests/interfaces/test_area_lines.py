"""The line of an area as a drawing: strokes and marks, words beside it, no style of its own."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

from nhasan.domain.area_lines import AreaLine, Stand, Strand
from nhasan.interfaces.area_lines import LineDrawing, drawn

ON = date(2025, 7, 1)


def _drawing(*strands: Strand, title: str = "Xã Ba Bể") -> LineDrawing:
    stands = {
        "new": Stand("new", "commune", "01900", title, ON),
        "old": Stand("old", "commune", "01840", "Xã Khang Ninh", None, ON),
        "lost": Stand("lost", "commune", "01777", "", None, ON, known=False),
    }
    keys = {"new", *(end for each in strands for end in each[:2] if end)}
    line = AreaLine("new", {key: stands[key] for key in stands if key in keys}, strands)
    [found] = drawn([line], lambda stand, day: f"/{stand.code}/?ngay={day}")
    return found


def test_whole_part_and_doubt_are_told_apart() -> None:
    found = _drawing(Strand("old", "new", ON, "full", "1683/NQ-UBTVQH15"),
                     Strand("lost", "new", ON, "partial", "1683/NQ-UBTVQH15", doubtful=True))
    assert found.finding == "Xã Ba Bể: lập từ 2 đơn vị cũ"
    svg = found.svg
    assert svg.count('class="dd-net dd-phan"') == svg.count('class="dd-nghi"') == 1
    assert [words for _, words in found.key] == [
        "toàn bộ", "một phần", "còn nghi vấn: hai nguồn đọc khác nhau", "đơn vị đang xem"]
    assert "1683/NQ-UBTVQH15" in svg
    assert "Ngày 01/07/2025: Xã Khang Ninh (toàn bộ) thành Xã Ba Bể." in svg
    assert "đơn vị mã 01777, bản đồ không ghi tên" in svg
    assert [(row.old.title, row.old.address, row.kind, row.doubtful) for row in found.rows] == [
        ("Xã Khang Ninh", "/01840/?ngay=2025-06-30", "toàn bộ", False),
        ("đơn vị mã 01777, bản đồ không ghi tên", "", "một phần", True)]


def test_the_drawing_is_whole_and_brings_no_style_or_script() -> None:
    svg = _drawing(Strand("old", "new", ON, "renamed", '<"&'), title="<script>").svg
    assert "<script" not in svg
    assert "style=" not in svg
    root = ElementTree.fromstring(str(svg))
    assert root.get("role") == "group"
    wide, tall = float(root.get("width", 0)), float(root.get("height", 0))
    for box in root.iter("rect"):
        assert float(box.get("x", 0)) + float(box.get("width", 0)) < wide
        assert float(box.get("y", 0)) + float(box.get("height", 0)) < tall
    assert re.search(r'<a href="/01840/\?ngay=2025-06-30" tabindex="-1" aria-hidden="true">', svg)


def test_an_area_without_an_heir_ends_in_a_bar() -> None:
    found = _drawing(Strand("new", "", ON, "ended"))
    assert found.finding == "Xã Ba Bể: chấm dứt, không ghi nơi kế thừa"
    assert "Ngày 01/07/2025: Xã Ba Bể chấm dứt." in found.svg
    assert found.rows[0].new is None
