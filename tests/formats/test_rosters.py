"""Lists of people come as workbooks and as CSV of every kind an office writes."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from nhasan.domain.problems import Invalid
from nhasan.formats.rosters import cells_of


def _workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_as_texts() -> None:
    assert cells_of(_workbook(["Họ và tên", "Đơn vị"], ["Mai", 1906], [None, 1.5])) == [
        ["Họ và tên", "Đơn vị"], ["Mai", "1906"], ["", "1.5"]]


def test_empty_rows_above_keep_the_numbers_of_lines() -> None:
    assert cells_of(_workbook([], ["a"]))[1] == ["a"]


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_csv_is_read_whatever_stands_between(between: str) -> None:
    text = f"Họ và tên{between}Đơn vị\r\n\"Mai\"{between}Ba Bể\r\n"
    for content in (text.encode(), text.encode("utf-8-sig")):
        assert cells_of(content) == [["Họ và tên", "Đơn vị"], ["Mai", "Ba Bể"]]


@pytest.mark.parametrize("content", [
    b"PK\x03\x04 not a workbook", "Họ".encode("utf-16"), b"\xff\xfe\x00", b"a\x00b",
])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        cells_of(content)


def test_a_table_without_end_is_refused() -> None:
    with pytest.raises(Invalid, match="quá nhiều dòng"):
        cells_of(b"a\n" * 2001)


def test_cells_at_opposite_ends_are_refused_before_a_reader_lays_them_out() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Họ và tên", "x"
    out = io.BytesIO()
    book.save(out)
    reader = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        "from nhasan.domain.problems import Invalid\n"
        "from nhasan.formats.rosters import cells_of\n"
        "try: cells_of(sys.stdin.buffer.read())\n"
        "except Invalid: print('refused')\n")
    done = subprocess.run(
        [sys.executable, "-c", reader], input=out.getvalue(), capture_output=True, check=False,
        env={"PYTHONPATH": "src"}, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stdout) == (0, b"refused\n"), done.stderr
