"""A plain table as a file: numbers stay numbers, texts stay texts, nothing becomes a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from nhasan.formats.tables import MEDIA, Sheet, written

SHEET = Sheet(
    "Tiến độ báo cáo", ("Đơn vị", "Phải gửi", "Đúng hạn (%)", "Hạn gửi"),
    [("Xã Ba Bể", 12, Decimal("91.7"), date(2025, 11, 28)), ("=1+1", 0, None, None)],
    notes=("Tính đến ngày 25/11/2025",),
)


def test_a_workbook_holds_numbers_days_and_words() -> None:
    page = openpyxl.load_workbook(io.BytesIO(written(SHEET, "xlsx"))).active
    assert page is not None
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0][0] == SHEET.title
    assert rows[1][0] == SHEET.notes[0]
    assert rows[3] == list(SHEET.heads)
    assert rows[4][:3] == ["Xã Ba Bể", 12, 91.7]
    assert rows[4][3].date() == date(2025, 11, 28)  # type: ignore[union-attr]
    assert rows[5] == ["=1+1", 0, None, None]
    assert page["A6"].data_type == "s"


def test_csv_opens_in_excel_and_runs_nothing() -> None:
    content = written(SHEET, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        list(SHEET.heads), ["Xã Ba Bể", "12", "91.7", "2025-11-28"], ["'=1+1", "0", "", ""],
    ]


@pytest.mark.parametrize("kind", sorted(MEDIA))
def test_an_empty_table_is_a_file_too(kind: str) -> None:
    assert "Đơn vị" in (
        written(Sheet("Trống", ("Đơn vị",), []), kind).decode("utf-8-sig") if kind == "csv"
        else str(openpyxl.load_workbook(
            io.BytesIO(written(Sheet("Trống", ("Đơn vị",), []), kind))).active["A3"].value)  # type: ignore[index]
    )
