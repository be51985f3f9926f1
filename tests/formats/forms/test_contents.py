"""The sheets of a workbook, laid out when asked for; damage is told as damage."""

import pytest

from nhasan.formats.forms.contents import Contents, sheet_paths
from nhasan.formats.forms.package import opened
from nhasan.formats.forms.refusals import WorkbookDamaged
from tests.formats.forms import odd


def test_sheets_are_read_by_name_and_placed_by_path():
    package = opened(odd.workbook())
    contents = Contents(package.for_reader())
    assert list(contents) == ["Tổng hợp"]
    assert len(contents) == 1
    assert contents["Tổng hợp"][8][1] == "Dân tộc Tày"
    assert (4, 2, 4, 3) in contents.merges("Tổng hợp")
    assert sheet_paths(package) == {"Tổng hợp": "xl/worksheets/sheet1.xml"}
    with pytest.raises(KeyError):
        contents["không có"]


def test_bytes_that_no_reader_understands_are_damage():
    with pytest.raises(WorkbookDamaged):
        Contents(b"PK\x03\x04" + b"\0" * 50)
