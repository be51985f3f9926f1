"""A department's own workbook: merged headers, a title, totals, names spelled its own way."""

import io
import zipfile
from typing import Any

import openpyxl

from nhasan.domain.forms import Expansion, FormDefinition
from nhasan.formats.forms.rows import Spellings

FORM: dict[str, Any] = {
    "id": "THU", "version": "1", "title": "Hộ nghèo", "tables": [{
        "id": "ho", "title": "Hộ nghèo", "row_header": "Dân tộc",
        "rows": [
            {"id": "tong", "label": "Tổng số", "sum": ["*"]},
            {"id": "tay", "label": "Tày", "code": "02"},
            {"id": "nung", "label": "Nùng", "code": "06"},
            {"id": "mong", "label": "Mông", "code": "08"},
            {"id": "cong", "label": "Cống", "code": "53"},
        ],
        "columns": [
            {"label": "Tổng số hộ", "columns": [
                {"id": "tong", "label": "Số hộ"}, {"id": "dtts", "label": "Hộ DTTS"}]},
            {"label": "Hộ nghèo", "columns": [{"id": "ngheo", "label": "Số hộ"}]},
        ],
    }],
}
LAYOUT = FormDefinition.parse(FORM).layout(Expansion())
TABLE = LAYOUT.tables[0]
SPELLINGS = Spellings({"mong": ["H'Mông", "Hmông"]})
LINES: list[list[Any]] = [
    ["ỦY BAN NHÂN DÂN XÃ"], [], ["BẢNG TỔNG HỢP HỘ NGHÈO NĂM 2025"], [],
    ["TT", "Dân tộc", "Tổng số hộ", None, "Số hộ nghèo", "Ghi chú"],
    [None, None, "Số hộ", "Trong đó: hộ DTTS"],
    [None, "Tổng cộng", 181, 180, 28],
    ["I", "Các dân tộc"],
    [1, "Dân tộc Tày", "62", 61, 11],
    [2, "Nung", "1.048", 48, 9],
    [3, "H'Mông", 71, 70, "8 "],
    [], ["Ghi chú: số liệu đến 30/10"],
]
MERGED = ("A3:F3", "A5:A6", "B5:B6", "C5:D5", "E5:E6", "F5:F6")


def workbook(lines: list[list[Any]] | None = None, merged: tuple[str, ...] = MERGED,
             name: str = "Tổng hợp") -> bytes:
    """Return the lines as a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for number, line in enumerate(LINES if lines is None else lines, start=1):
        for spot, value in enumerate(line, start=1):
            if value is not None:
                sheet.cell(number, spot).value = value
    for area in merged:
        sheet.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods(content: str, *, manifest: str = "", more: tuple[str, ...] = ()) -> bytes:
    """Return a spreadsheet of LibreOffice with these tables."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"),
                         "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", (
            "<office:document-content "
            + " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                       for name in ("office", "table", "text")) + ">"
            f"<office:body><office:spreadsheet>{content}</office:spreadsheet></office:body>"
            "</office:document-content>"))
        for part in more:
            archive.writestr(part, "x")
    return target.getvalue()
