import io

import openpyxl
import xlsxwriter

from nhasan.formats.forms.styles import STYLES, Palette, begins_like_formula


def test_every_style_can_be_made_and_is_made_once():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    palette = Palette(book)
    sheet = book.add_worksheet()
    for line, name in enumerate(STYLES):
        look = palette.get(name, decimals=2, indent=1, quoted=True)
        assert palette.get(name, decimals=2, indent=1, quoted=True) is look
        assert palette.get(name) is not look
        sheet.write_string(line, 0, "x", look)
    book.close()
    cells = openpyxl.load_workbook(io.BytesIO(target.getvalue())).worksheets[0]["A"]
    for cell, name in zip(cells, STYLES, strict=True):
        assert cell.number_format == "#,##0.00"
        assert cell.quotePrefix
        assert cell.protection.locked == STYLES[name].get("locked", True)


def test_texts_that_a_spreadsheet_could_compute_are_known():
    assert [begins_like_formula(text) for text in ("=1", "+1", "-1", "@a", "\t=1", "1", "")] == [
        True, True, True, True, True, False, False]
