"""Sets as workbooks: cells of faults, keys that became numbers, files that are none."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from nhasan.formats.structure.workbook import SHEET, XLSX
from tests.formats.structure.test_sheets import SET, SHEETS, where


def _changed(**cells: object) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(XLSX.write(SET)))
    for spot, value in cells.items():
        book[SHEET][spot] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_faults_are_told_by_sheet_and_cell() -> None:
    found = XLSX.read(_changed(E3=None, J3="lạ", K4=12))
    assert [(each.sheet, each.row, each.cell, each.column) for each in found.faults] == [
        ("Chỉ tiêu", 3, "E3", "Tên chỉ tiêu"), ("Chỉ tiêu", 3, "J3", "Loại số"),
        ("Chỉ tiêu", 4, "K4", "Số chữ số thập phân"),
    ]
    assert found.sheets == ()


def test_a_key_that_became_a_number_is_asked_for_again() -> None:
    [fault] = XLSX.read(_changed(A2=102)).faults
    assert (fault.cell, "mất số 0 ở đầu" in str(fault.words)) == ("A2", True)


def test_a_workbook_edited_elsewhere_is_read_back() -> None:
    assert next(iter(XLSX.read(_changed(I2="tạ")).sheets)) == SHEETS[0] | {"unit": "tạ"}


def test_choices_stand_in_lists() -> None:
    book = openpyxl.load_workbook(io.BytesIO(XLSX.write(SET)))
    lists = {str(each.sqref)[0]: each.formula1
             for each in book[SHEET].data_validations.dataValidation}
    assert "tỷ lệ" in lists["J"]
    assert book.sheetnames == ["Chỉ tiêu", "Bộ chỉ tiêu"]


def test_what_is_no_workbook_is_told() -> None:
    for data in (b"", b"PK\x03\x04rubbish", b"<html>"):
        assert len(where(XLSX.read(data).faults)) == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_saves_it_without_loss(tmp_path: Path) -> None:
    path = tmp_path / "bo.xlsx"
    path.write_bytes(XLSX.write(SET))
    for kind in ("ods", "xlsx"):  # through its own format and back
        folder = tmp_path / kind
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
             "--convert-to", kind, "--outdir", str(folder), str(path)],
            check=True, capture_output=True, timeout=180,
            env={**os.environ, "HOME": str(tmp_path)})
        path = folder / f"bo.{kind}"
    found = XLSX.read(path.read_bytes())
    assert not found.faults
    assert list(found.sheets) == SHEETS
