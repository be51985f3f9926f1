"""Excel formulas give what the domain gives; LibreOffice is the judge where it is installed."""

import io
import shutil
import subprocess
from decimal import Decimal

import pytest
import python_calamine
import xlsxwriter

from nhasan.domain.forms import Column, Kind
from nhasan.domain.formulas import evaluate, parse
from nhasan.domain.numbers import rounded
from nhasan.formats.forms.excel_formulas import row_formula, sum_formula

INTEGER = Kind("integer")
CHOICE = Kind("choice", choices=(("1", "Đạt"), ("0", "Chưa đạt")))
RATE = Kind("decimal", decimals=2)
PLACES = {"a": (0, INTEGER), "b": (1, INTEGER), "c": (2, CHOICE)}


def column(formula):
    return Column("r", "r", (), RATE, {}, formula=formula)


def test_sums_join_neighbouring_lines():
    assert sum_formula([2, 3, 4, 7], 2, INTEGER) == (
        '=IF(COUNT(C3:C5,C8)=0,"",SUM(C3:C5,C8))')


def test_sums_of_many_pieces_stay_within_what_excel_takes():
    formula = sum_formula(range(0, 800, 2), 0, INTEGER)
    assert formula.count("SUM(") == 2
    assert sum_formula(range(0, 8000, 2), 0, INTEGER) is None


@pytest.mark.parametrize("kind", [CHOICE, Kind("text")])
def test_words_are_not_added_up(kind):
    assert sum_formula([1, 2], 0, kind) is None


@pytest.mark.parametrize("formula", ["[nowhere] + 1", "min([a] + 1, 2)", "[a] +"])
def test_what_has_no_equal_in_excel_is_left_to_its_value(formula):
    assert row_formula(column(formula), 0, PLACES) is None


FORMULAS = [
    "[a] / [b] * 100", "[a] - [b]", "sum([a], [b])", "min([a], [b])", "max([a], [b])",
    "sum([a] * 2, [b])", "coalesce([a], [b], 7)", "if([a] > [b], [a], [b])", "abs(-[a])",
    "round([a] / 3, 1)", "if([a] >= 2 and not [b] = 0, 1, 0)", "[c] + 1", "sum([c], [a])",
    "if([a] <> [b] or [a] < 0, 5, [a] / [b])", "coalesce([a] / [b], -1)",
]
CELLS = [(6, 4), (7, 0), (None, 4), (7, None), (None, None), ("...", 4), (7, "x"), (0, 0), (5, 2)]
WORDS = ["Đạt", "Chưa đạt", None, "c", 1]
VALUES = {"Đạt": Decimal(1), "Chưa đạt": Decimal(0), 1: Decimal(1)}


def expected(formula, first, second, word):
    known = {
        "a": Decimal(first) if isinstance(first, int) else None,
        "b": Decimal(second) if isinstance(second, int) else None,
        "c": VALUES.get(word),
    }
    value = evaluate(parse(formula), known)
    return None if value is None else rounded(value, RATE)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_what_the_domain_computes(tmp_path):
    cases = [(first, second, word) for first, second in CELLS for word in WORDS]
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for line, case in enumerate(cases):
        for spot, value in enumerate(case):
            sheet.write(line, spot, value)
        for spot, formula in enumerate(FORMULAS, start=3):
            sheet.write_formula(line, spot, row_formula(column(formula), line, PLACES), None, "")
    book.close()
    (tmp_path / "a.xlsx").write_bytes(target.getvalue())
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "ods", "--outdir", str(tmp_path / "out"), str(tmp_path / "a.xlsx")],
        check=True, capture_output=True, timeout=120)
    ods = python_calamine.load_workbook(str(tmp_path / "out" / "a.ods"))
    found = ods.get_sheet_by_index(0).to_python(skip_empty_area=False)
    for case, line in zip(cases, found, strict=True):
        for formula, value in zip(FORMULAS, line[3:], strict=True):
            wanted = expected(formula, *case)
            got = None if value == "" else Decimal(format(value, ".12g"))
            assert got == wanted, (formula, case)
