"""The words around a table in their official places, and the sheet that says how to fill it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import ceil
from typing import Any

from nhasan.domain.problems import phrase
from nhasan.formats.forms.grid import TableGrid
from nhasan.formats.forms.identity import WorkbookContext
from nhasan.formats.forms.names import GUIDE_SHEET
from nhasan.formats.forms.styles import Palette

PAGE_WIDTH = 185
BLOCK_WIDTH = 46
_LINE_HEIGHT = 15.5
_TITLE_HEIGHT = 19.0


def pages_across(widths: Sequence[float]) -> int:
    """Return on how many pages side by side a table is printed."""
    return max(1, ceil(sum(widths) / PAGE_WIDTH))


def page_end(widths: Sequence[float], labels: int) -> int:
    """Return the last column that still stands on the first page.

    On several pages the first columns (`labels` of them) are printed again on each.
    """
    pages = pages_across(widths)
    room = (sum(widths) + (pages - 1) * sum(widths[:labels])) / pages
    room = room * 0.95 if pages > 1 else PAGE_WIDTH
    fits = [n for n, total in enumerate(accumulate(widths)) if total <= room]
    return max(fits[-1] if fits else 0, min(2, len(widths) - 1))


def right_start(widths: Sequence[float], first: int, last: int) -> int:
    """Return where the block at the upper right begins: room for a name, after the labels."""
    start = last
    while start > first and sum(widths[start:last + 1]) < BLOCK_WIDTH:
        start -= 1
    return start


def write_block(
    sheet: Any, palette: Palette, grid: TableGrid, context: WorkbookContext,
    widths: Sequence[float], period: str,
) -> None:
    """Write form code, legal basis, deadline, units, title, period and unit of measure."""
    last = page_end(widths, grid.data_left)
    right = right_start(widths, grid.data_left, last)
    left_width = sum(widths[:grid.data_left])
    right_width = sum(widths[right:last + 1])
    lines = (
        (phrase("Biểu số: {0}").format(context.code) if context.code else "",
         phrase("Đơn vị báo cáo:"), "official_strong"),
        (context.legal_basis, context.reporting_unit, "official"),
        (phrase("Ngày nhận báo cáo: {0}").format(context.deadline) if context.deadline else "",
         phrase("Đơn vị nhận báo cáo: {0}").format(context.receiving_unit), "official"),
    )
    for line, (left, word, style) in enumerate(lines):
        _across(sheet, line, (0, grid.label_column), left, palette.get(style))
        right_style = "official" if line == 0 else "official_strong" if line == 1 else style
        _across(sheet, line, (right, last), word, palette.get(right_style))
        sheet.set_row(line, _height(max(
            _turns(left, left_width), _turns(word, right_width))))
    _across(sheet, 3, (0, last), grid.table.title.upper(), palette.get("title"))
    turns = ceil(len(grid.table.title) * 1.5 / max(sum(widths[:last + 1]), 1))
    sheet.set_row(3, _TITLE_HEIGHT * max(turns, 1) + 6)
    _across(sheet, 4, (0, last), period, palette.get("period"))
    if context.illustrative:
        _across(
            sheet, 6, (0, grid.label_column), phrase("Số liệu minh hoạ").upper(),
            palette.get("illustrative"))
    if grid.table.unit:
        _across(
            sheet, 6, (right, last), phrase("Đơn vị tính: {0}").format(grid.table.unit),
            palette.get("unit"))
    sheet.set_row(5, 4)


def write_foot(sheet: Any, palette: Palette, grid: TableGrid, widths: Sequence[float]) -> None:
    """Write the key of signs and the places to sign below the table."""
    last = page_end(widths, grid.data_left)
    line = grid.last_line + 2
    note = phrase(
        "Ký hiệu: 0 là không có; “...” là có phát sinh nhưng chưa thu thập được; "
        "“x” là không áp dụng; “c” là số bảo mật; ô trống là chưa điền."
    )
    _across(sheet, line, (0, last), note, palette.get("note"))
    sheet.set_row(line, _height(_turns(note, sum(widths[:last + 1]))))
    right = right_start(widths, grid.data_left, last)
    _across(sheet, line + 2, (right, last), phrase("…, ngày … tháng … năm …"),
            palette.get("sign_hint"))
    signs = ((0, grid.label_column, phrase("NGƯỜI LẬP BIỂU"), phrase("(Ký, ghi rõ họ tên)")),
             (right, last, phrase("THỦ TRƯỞNG ĐƠN VỊ"), phrase("(Ký, đóng dấu, ghi rõ họ tên)")))
    for first, end, who, how in signs:
        _across(sheet, line + 3, (first, end), who, palette.get("sign"))
        _across(sheet, line + 4, (first, end), how, palette.get("sign_hint"))


def _across(sheet: Any, line: int, columns: tuple[int, int], text: str, look: Any) -> None:
    first, last = columns
    if first == last:
        sheet.write_string(line, first, text, look)
    else:
        sheet.merge_range(line, first, line, last, "", look)
        sheet.write_string(line, first, text, look)


def _turns(text: str, width: float) -> int:
    """Return how many lines a text takes; letters are narrower than the digits of a width."""
    return ceil(len(text) * 0.8 / max(width, 1))


def _height(lines: int) -> float:
    return _LINE_HEIGHT * max(lines, 1)


_GUIDE = (
    (phrase("Chỉ điền vào ô trắng"), phrase(
        "Ô nền sẫm là tổng hoặc tỷ lệ, máy tự tính. Tên dòng, tên cột và mã đã khoá; xin "
        "đừng thêm, xoá, đổi chỗ dòng và cột, đừng đổi tên trang.")),
    (phrase("Số không có"), phrase(
        "Gõ 0 khi chắc chắn là không có. Đừng để trống thay cho số 0.")),
    (phrase("Chưa có số liệu"), phrase(
        "Gõ ba dấu chấm “...” khi có phát sinh nhưng chưa thu thập được.")),
    (phrase("Không áp dụng"), phrase("Gõ x khi chỉ tiêu không áp dụng cho dòng đó.")),
    (phrase("Số bảo mật"), phrase("Gõ c khi có số liệu nhưng không được nêu ra.")),
    (phrase("Ô trống"), phrase("Ô để trống được hiểu là chưa điền; có thể nộp bổ sung.")),
    (phrase("Gõ số thế nào"), phrase(
        "Gõ số liền, ví dụ 1845492, hoặc 36,1 theo thiết lập của máy. Đừng ghi đơn vị tính "
        "vào ô. Dán số liệu từ bảng khác được: dùng “Dán giá trị” để giữ nguyên khung.")),
    (phrase("Tên tự đặt"), phrase(
        "Ở bảng có dòng trống (ví dụ danh sách thôn), ghi tên vào cột tên rồi điền các ô bên.")),
    (phrase("Nộp lại"), phrase(
        "Lưu tệp kiểu .xlsx rồi nộp ở đúng việc của mình. Nếu có chỗ cần sửa, hệ thống trả "
        "về chính tệp này, các ô cần sửa được tô màu và ghi rõ sai gì; sửa xong nộp lại.")),
    (phrase("Số khác thường"), phrase(
        "Số được nhắc mà đúng thì ghi một câu lý do: vào cột “Lý do” của trang “Lỗi cần sửa” "
        "trong tệp được trả về, hoặc ngay tại ô đó trên trang báo cáo.")),
)


def write_guide(workbook: Any, palette: Palette, context: WorkbookContext) -> None:
    """Add the sheet that says how to fill the form."""
    sheet = workbook.add_worksheet(GUIDE_SHEET)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 92)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, phrase("Cách điền biểu"), palette.get("guide_title"))
    sheet.write_string(1, 0, f"{context.code} {context.title}".strip(), palette.get("note_line"))
    for line, (what, how) in enumerate(_GUIDE, start=3):
        sheet.write_string(line, 0, what, palette.get("guide_strong"))
        sheet.write_string(line, 1, how, palette.get("guide"))
        sheet.set_row(line, 17 * ceil(len(how) / 84))
    sheet.protect("", {"format_columns": True, "format_rows": True})
