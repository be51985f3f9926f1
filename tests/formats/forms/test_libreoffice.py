"""LibreOffice opens, edits and saves the templates; what comes back is read equal.

The edit is made by LibreOffice itself: it recalculates, converts through its own format, and
writes Excel's format again, as when a clerk saves the file in it.
"""

import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from nhasan.formats.forms.bundles import Part, write_bundle
from nhasan.formats.forms.own import open_own
from nhasan.formats.forms.reader import Filled
from tests.formats.forms import odd
from tests.formats.forms.material import (
    CONTEXT,
    LAYOUT,
    figures,
    filled,
    read,
    workbook,
)

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


@pytest.fixture
def office(tmp_path):
    """Return a function that has LibreOffice turn a file into other kinds, one after another."""

    def convert(data: bytes, *kinds: str, first: str = "xlsx") -> bytes:
        path = tmp_path / f"bieu.{first}"
        path.write_bytes(data)
        for kind in kinds:
            folder = tmp_path / f"to-{kind}-{path.parent.name}"
            subprocess.run(
                [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
                 "--convert-to", kind, "--outdir", str(folder), str(path)],
                check=True, capture_output=True, timeout=180,
                env={**os.environ, "HOME": str(tmp_path)})
            path = folder / f"bieu.{kind}"
        return Path(path).read_bytes()

    return convert


def book_of(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_saved_as_excel_it_is_read_equal_and_stays_protected(office):
    before, saved = read(workbook()), office(workbook(), "xlsx")
    after = read(saved)
    assert figures(after.answers) == figures(before.answers)
    assert after.answers.open_rows == before.answers.open_rows
    assert after.stated == before.stated
    assert Filled(saved).identities == Filled(workbook()).identities
    assert not [each for each in after.findings if each.severity == "error"]
    for name in book_of(workbook()).sheetnames:
        sheet, was = book_of(saved)[name], book_of(workbook())[name]
        assert sheet.protection.sheet == was.protection.sheet, name
        assert sheet.sheet_state in (was.sheet_state, "hidden"), name  # it knows one way to hide


def test_lists_and_warnings_of_input_cells_survive(office):
    def rules(data):
        return sorted(
            (name, each.type, bool(each.showErrorMessage), str(each.sqref).partition(":")[0])
            for name in book_of(data).sheetnames
            for each in book_of(data)[name].data_validations.dataValidation)

    def kinds(data):
        return {(name, kind) for name, kind, _, _ in rules(data)}

    saved = office(workbook(), "xlsx")
    assert kinds(saved) == kinds(workbook())
    assert all(shown for _, _, shown, _ in rules(saved))


def test_through_its_own_format_and_back_nothing_is_lost(office):
    after = read(office(workbook(), "ods", "xlsx"))
    assert figures(after.answers) == figures(read(workbook()).answers)
    assert after.answers.open_rows == read(workbook()).answers.open_rows


def test_what_is_typed_in_its_own_format_comes_home(office):
    """Write figures into the file that LibreOffice keeps, and let it make Excel's of it."""
    sheet, address = read(workbook()).places["dan_so/01/nam"]
    kept = office(workbook(), "ods")
    cells = open_own(kept)[sheet].cells
    line, column = int("".join(filter(str.isdigit, address))) - 1, ord(address[0]) - 65
    old = cells[line][column]
    typed = _typed(kept, sheet, line, column, 4321)
    assert open_own(typed)[sheet].cells[line][column] == 4321.0 != old
    after = read(office(typed, "xlsx", first="ods"))
    assert str(after.answers.cells["dan_so/01/nam"].figure.value) == "4321"
    others = {cell: text for cell, text in figures(after.answers).items()
              if cell != "dan_so/01/nam"}
    before = figures(read(workbook()).answers)
    assert others == {cell: text for cell, text in before.items() if cell != "dan_so/01/nam"}


def _typed(data: bytes, sheet: str, line: int, column: int, figure: int) -> bytes:
    """Return the .ods file with a figure in one cell, found by walking its XML."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as made:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "content.xml":
                tree = ElementTree.fromstring(content)
                cell = _cell(tree, sheet, line, column)
                spaces = {
                    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
                    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0"}
                cell.set(f"{{{spaces['office']}}}value-type", "float")
                cell.set(f"{{{spaces['office']}}}value", str(figure))
                for child in list(cell):
                    cell.remove(child)
                ElementTree.SubElement(cell, f"{{{spaces['text']}}}p").text = str(figure)
                content = ElementTree.tostring(tree, encoding="utf-8")
            made.writestr(entry, content)
    return target.getvalue()


def _cell(tree, sheet, line, column):
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    found = next(each for each in tree.iter(f"{table}table") if each.get(f"{table}name") == sheet)
    rows = found.iter(f"{table}table-row")
    at = -1
    for row in rows:
        at += int(row.get(f"{table}number-rows-repeated", "1"))
        if at >= line:
            break
    at = -1
    for cell in row:
        at += int(cell.get(f"{table}number-columns-repeated", "1"))
        if at >= column:
            assert cell.get(f"{table}number-columns-repeated") is None
            return cell
    raise AssertionError("no such cell")


def test_a_workbook_with_several_forms_survives_too(office):
    other = replace(CONTEXT, unit="XA-KHAC|commune:1", assignment="2",
                    reporting_unit="UBND xã Khác")
    parts = [Part(LAYOUT, CONTEXT, filled()), Part(LAYOUT, other, filled())]
    before = write_bundle(parts)
    saved = Filled(office(before, "ods", "xlsx"))
    assert saved.identities == Filled(before).identities
    for context in (CONTEXT, other):
        assert figures(saved.read(LAYOUT, context).answers) == figures(
            Filled(before).read(LAYOUT, context).answers)


def test_a_departments_own_workbook_reads_the_same_whichever_program_saved_it(office):
    def texts(data):
        [sheet] = open_own(data).values()
        return [[str(value).removesuffix(".0") for value in line if value != ""]
                for line in sheet.cells if any(value != "" for value in line)]

    new = odd.workbook()
    assert texts(office(new, "ods")) == texts(new)
    assert texts(office(new, "xls")) == texts(new)
