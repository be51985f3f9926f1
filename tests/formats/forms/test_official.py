"""The words around the table stand where an office looks for them."""

import io
from dataclasses import replace

import openpyxl

from nhasan.domain.forms import Expansion, FormDefinition
from nhasan.formats.forms.official import page_end, pages_across, right_start
from nhasan.formats.forms.workbook import write_form
from tests.formats.forms.material import CONTEXT, LAYOUT, SHEET


def words(data, sheet=SHEET):
    found = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    return {
        cell.coordinate: cell.value for line in found.iter_rows() for cell in line
        if isinstance(cell.value, str)
    }


def test_code_law_and_deadline_stand_left_and_units_right():
    found = words(write_form(LAYOUT, CONTEXT))
    assert found["A1"] == "Biểu số: 01/DT"
    assert found["A2"].startswith("Ban hành theo Thông tư")
    assert found["A3"] == "Ngày nhận báo cáo: Ngày 15 tháng 02 năm 2020"
    right = {text: address for address, text in found.items()}
    assert right["Ban Dân tộc tỉnh Bắc Kạn"][1:] == "2"
    assert right["Đơn vị nhận báo cáo: Ủy ban Dân tộc"][1:] == "3"
    assert right["Đơn vị tính: Người"][1:] == "7"
    assert found["A4"] == "DÂN SỐ CHIA THEO DÂN TỘC VÀ GIỚI TÍNH"
    assert found["A5"] == "Năm 2019"


def test_illustrative_figures_say_so_and_real_ones_do_not():
    mark = "SỐ LIỆU MINH HOẠ"
    assert mark in words(write_form(LAYOUT, replace(CONTEXT, illustrative=True))).values()
    assert mark not in words(write_form(LAYOUT, CONTEXT)).values()


def test_signs_are_explained_and_signatures_have_their_place():
    found = list(words(write_form(LAYOUT, CONTEXT)).values())
    assert any(text.startswith("Ký hiệu: 0 là không có") for text in found)
    assert "NGƯỜI LẬP BIỂU" in found
    assert "THỦ TRƯỞNG ĐƠN VỊ" in found


def test_the_guide_says_how_to_write_nothing():
    found = " ".join(words(write_form(LAYOUT, CONTEXT), "Hướng dẫn").values())
    for sign in ("Gõ 0", "“...”", "Gõ x", "Gõ c", "đừng thêm, xoá, đổi chỗ"):
        assert sign in found


def test_a_form_of_one_column_or_of_many_has_room_for_its_words():
    for count in (1, 2, 40):
        definition = FormDefinition.parse({
            "id": "F", "version": "1", "title": "Biểu", "tables": [{
                "id": "t", "title": "Biểu", "rows": [{"id": "r", "label": "Dòng"}],
                "columns": [{"id": f"c{n}", "label": f"Cột {n}"} for n in range(count)]}]})
        layout = definition.layout(Expansion())
        found = words(write_form(layout, CONTEXT), "Biểu")
        assert "Ban Dân tộc tỉnh Bắc Kạn" in found.values()


def test_the_right_block_takes_the_last_columns_of_the_first_page():
    widths = [9, 36, *[14] * 30]
    assert pages_across(widths) == 3
    last = page_end(widths, 2)
    share = (sum(widths) + 2 * 45) / 3  # labels are printed again on the second and third page
    assert share * 0.85 < sum(widths[:last + 1]) <= share
    start = right_start(widths, 2, last)
    assert sum(widths[start:last + 1]) >= 46
    assert sum(widths[start + 1:last + 1]) < 46


def test_a_table_that_fits_one_page_uses_all_of_it():
    widths = [9, 36, *[14] * 10]
    assert pages_across(widths) == 1
    assert page_end(widths, 2) == 11
