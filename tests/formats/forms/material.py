"""A form with everything a workbook can hold, filled in, and ways to spoil its workbook."""

import io
import zipfile

import openpyxl

from nhasan.domain.answers import Answers
from nhasan.domain.forms import Expansion, FormDefinition, Row, cell_id
from nhasan.domain.numbers import read_text
from nhasan.formats.forms.workbook import WorkbookContext, read_form, write_form

NAMES = [
    "Kinh", "Tày", "Thái", "Hoa", "Khơ-me", "Mường", "Nùng", "Mông", "Dao", "Gia-rai", "Ngái",
    "Ê-đê",
]
FORM = {
    "id": "DT01", "version": "1.0.0", "code": "01/DT",
    "title": "Dân số chia theo dân tộc và giới tính",
    "legal_basis": "Ban hành theo Thông tư số 02/2018/TT-UBDT",
    "tables": [
        {
            "id": "dan_so", "title": "Dân số chia theo dân tộc và giới tính", "unit": "Người",
            "row_header": "Dân tộc",
            "rows": [
                {"id": "tong", "label": "Tổng số", "sum": ["*"]},
                {"id": "chia", "label": "Chia theo dân tộc", "heading": True},
                {"codes": "DAN_TOC", "dimension": "ETHNIC_GROUP"},
            ],
            "columns": [
                {"id": "tong", "label": "Tổng số"},
                {"label": "Chia theo giới tính", "columns": [
                    {"id": "nam", "label": "Nam"}, {"id": "nu", "label": "Nữ"}]},
                {"label": "Hộ", "columns": [
                    {"id": "ho", "label": "Tổng số hộ", "unit": "Hộ",
                     "note": "Hộ đăng ký thường trú"},
                    {"label": "Trong đó", "columns": [
                        {"id": "ngheo", "label": "Hộ nghèo", "unit": "Hộ"},
                        {"id": "can_ngheo", "label": "Hộ cận nghèo", "unit": "Hộ"}]}]},
                {"id": "ty_le", "label": "Tỷ lệ hộ nghèo", "unit": "%", "kind": "decimal",
                 "decimals": 2, "formula": "[ngheo] / [ho] * 100"},
                {"id": "dien_tich", "label": "Diện tích", "unit": "ha", "kind": "decimal",
                 "decimals": 3},
                {"id": "dat", "label": "Đạt tiêu chí", "kind": "choice",
                 "choices": [["1", "Đạt"], ["0", "Chưa đạt"]]},
                {"id": "ghi_chu", "label": "Ghi chú", "kind": "text"},
            ],
        },
        {
            "id": "thon", "title": "Danh sách thôn", "unit": "Hộ", "row_header": "Tên thôn",
            "rows": [{"open": 5, "dimension": "VILLAGE"},
                     {"id": "cong", "label": "Cộng", "sum": ["*"]}],
            "columns": [{"id": "ho", "label": "Số hộ"},
                        {"id": "ty_le", "label": "Tỷ lệ", "kind": "decimal", "decimals": 1}],
        },
    ],
}
DEFINITION = FormDefinition.parse(FORM)
ROWS = [Row(id=f"{n:02}", label=name, code=f"{n:02}") for n, name in enumerate(NAMES, 1)]
VILLAGES = (Row(id="o1", label="Bản Á"), Row(id="o2", label="Khuổi Nặm"))
LAYOUT = DEFINITION.layout(Expansion(codes={"DAN_TOC": ROWS}, open_rows={"thon": VILLAGES}))
EMPTY_LAYOUT = DEFINITION.layout(Expansion(codes={"DAN_TOC": ROWS}))
CONTEXT = WorkbookContext(
    code="01/DT", title=DEFINITION.title, legal_basis=DEFINITION.legal_basis,
    reporting_unit="Ban Dân tộc tỉnh Bắc Kạn", receiving_unit="Ủy ban Dân tộc",
    deadline="Ngày 15 tháng 02 năm 2020", unit="BK", period="2019", period_label="Năm 2019",
    assignment="7",
)
PEOPLE = LAYOUT.tables[0]
SHEET = "Dân số chia theo dân tộc"
FIRST = 14  # the sheet line of the first ethnic group: total and heading stand above it


def answers_of(texts, layout=LAYOUT):
    """Return answers as a person typed them."""
    kinds = {
        cell_id(table.id, row.id, column.id): column
        for table in layout.tables for row, column in table.cells()
    }
    return Answers(
        {cell: read_text(text, kinds[cell].kind, kinds[cell].unit).entry
         for cell, text in texts.items()},
        {"thon": VILLAGES},
    )


def filled():
    """Return answers with every kind of figure and of nothing."""
    texts = {}
    for number, row in enumerate(ROWS, 1):
        for column in ("tong", "nam", "nu", "ho", "ngheo", "can_ngheo"):
            texts[f"dan_so/{row.id}/{column}"] = str(number * 1000 + len(column))
        texts[f"dan_so/{row.id}/dien_tich"] = f"{number},125"
        texts[f"dan_so/{row.id}/dat"] = "Đạt" if number % 2 else "Chưa đạt"
        texts[f"dan_so/{row.id}/ghi_chu"] = "=ghi chú" if number == 3 else "rà soát"
    texts["dan_so/02/tong"] = "..."
    texts["dan_so/03/tong"] = "x"
    texts["dan_so/04/tong"] = "c"
    texts["dan_so/05/tong"] = "0"
    del texts["dan_so/06/tong"]
    for village in VILLAGES:
        texts[f"thon/{village.id}/ho"] = "120"
        texts[f"thon/{village.id}/ty_le"] = "36,1"
    return answers_of(texts)


def figures(answers):
    """Return what the cells mean; a text cell means its text."""
    return {cell: entry.figure or entry.text for cell, entry in answers.cells.items()}


def workbook(answers=None, layout=LAYOUT, context=CONTEXT):
    """Return the workbook of the form."""
    return write_form(layout, context, filled() if answers is None else answers)


def edited(change, data=None):
    """Return a workbook after somebody worked on its first sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data or workbook()))
    change(book[SHEET])
    return saved(book)


def saved(book):
    """Return the bytes of an openpyxl workbook."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(data, layout=LAYOUT, context=CONTEXT, **more):
    """Read a workbook of the form."""
    return read_form(data, layout, context, **more)


def codes(arrival):
    """Return the codes of all findings."""
    return [finding.code for finding in arrival.findings]


def found(arrival, code):
    """Return the one finding of a code."""
    (finding,) = [each for each in arrival.findings if each.code == code]
    return finding


def repacked(data, change, *, add=(), drop=()):
    """Return a package with some parts changed, added or left out."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            if name not in drop:
                archive.writestr(name, change(name, source.read(name)))
        for name, content in add:
            archive.writestr(name, content)
    return target.getvalue()


def same(_name, content):
    """Change nothing."""
    return content
