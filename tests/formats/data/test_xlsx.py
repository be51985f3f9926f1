import io
from decimal import Decimal

import openpyxl
from hypothesis import given

from nhasan.domain.cube import FIXED, Cube, CubeRow
from nhasan.domain.observations import Status
from nhasan.formats import About
from nhasan.formats.data.xlsx import XLSX
from tests.formats.data.material import ABOUT, CUBE, CUBES, comes_back, refuses


@given(CUBES)
def test_what_is_written_is_read_back(cube):
    comes_back(XLSX, cube)


def test_other_bytes_are_refused():
    refuses(XLSX)


def test_xlsx_is_for_people():
    book = openpyxl.load_workbook(io.BytesIO(XLSX.content(CUBE, ABOUT)))
    sheet = book.worksheets[0]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    said = [line[0] for line in lines]
    assert said[0] == "Dân số theo dân tộc"
    assert "Nguồn: Tổng cục Thống kê" in said
    assert "Địa chỉ: https://example.vn/data/BDT/DAN_SO/1.0.0" in said
    head = next(line for line in lines if line[0] == "Chỉ tiêu")
    value = head.index("Giá trị")
    figures = lines[lines.index(head) + 1:]
    assert [line[value] for line in figures] == [313905, 0, "...", "x", "c", 36.1]
    assert figures[0][head.index("Dân tộc")] == "Kinh"


def test_text_that_begins_like_a_formula_stays_text():
    cube = Cube.of(FIXED, [CubeRow(("=1+1", "@a", "+b", "-c"), Decimal(1), Status.REPORTED)])
    book = openpyxl.load_workbook(io.BytesIO(XLSX.content(cube, About())))
    kinds = {cell.data_type for line in book.worksheets[0].iter_rows() for cell in line}
    assert "f" not in kinds
