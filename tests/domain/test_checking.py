"""What a form adds up to, and what is found in it; compared with slow and obvious sums."""

import json
import time
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.checking import (
    check,
    check_complete,
    check_stated,
    compute,
    place,
    reason_key,
    status_counts,
    stopping,
)
from nhasan.domain.forms import Expansion, FormDefinition, Layout, Row
from nhasan.domain.numbers import read_number, read_text
from nhasan.domain.observations import Status
from nhasan.domain.outliers import own_usual
from nhasan.domain.problems import Invalid
from nhasan.domain.references import Outside
from nhasan.domain.validation import Finding, Severity
from nhasan.domain.verification import verify

SPEC = json.loads((Path(__file__).parents[1] / "spec" / "grids.json").read_text("utf-8"))


def layout_of(*tables: Mapping[str, Any], **open_rows: tuple[Row, ...]) -> Layout:
    definition = {"id": "F", "version": "1", "title": "Biểu thử", "tables": list(tables)}
    return FormDefinition.parse(definition).layout(Expansion(open_rows=open_rows))


def typed(layout: Layout, cells: Mapping[str, str], **reasons: str) -> Answers:
    entries = {}
    for cell, text in cells.items():
        table_id, _, column_id = cell.split("/")
        column = layout.table(table_id).column(column_id)  # type: ignore[union-attr]
        assert column is not None
        entries[cell] = read_text(text, column.kind, column.unit).entry
    return Answers(entries, reasons=reasons)


def codes(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.code, finding.cell) for finding in findings]


@pytest.mark.parametrize("grid", SPEC["grids"], ids=lambda grid: grid["name"])
def test_grid_is_computed_and_checked_as_the_table_says(grid: dict) -> None:
    layout = layout_of(*grid["tables"])
    verify(layout)
    answers = typed(layout, grid["cells"])
    computed = {
        cell: None if value is None else str(value)
        for cell, value in compute(layout, answers).items()
    }
    assert computed == grid["computed"]
    found = [
        {"code": finding.code, "cell": finding.cell, "where": finding.where,
         "severity": finding.severity.value, "message": finding.message}
        for finding in check(layout, answers)
    ]
    assert found == grid["findings"]


HOUSEHOLDS = {
    "id": "T", "title": "Hộ nghèo",
    "rows": [
        {"id": "all", "label": "Tổng cộng", "sum": ["*"]},
        {"id": "north", "label": "Phía bắc", "sum": ["r1", "r2"]},
        {"id": "r1", "label": "Bó Lù"}, {"id": "r2", "label": "Cốc Tộc"},
        {"id": "h", "label": "Ngoài ra", "heading": True},
        {"id": "r3", "label": "Pác Ngòi"},
        {"id": "both", "label": "Cả hai", "sum": ["north", "r3"]},
    ],
    "columns": [
        {"id": "rate", "label": "Tỷ lệ", "kind": "decimal", "decimals": 1, "unit": "%",
         "formula": "[poor] / [total] * 100"},
        {"label": "Số hộ", "columns": [
            {"id": "total", "label": "Tổng"}, {"id": "poor", "label": "Nghèo"}]},
        {"id": "note", "label": "Ghi chú", "kind": "text"},
        {"id": "met", "label": "Đạt", "kind": "choice", "choices": [["1", "Đạt"], ["0", "Chưa"]]},
    ],
    "checks": [
        {"id": "poor-within-total", "test": "[poor] <= [total]", "column": "poor",
         "message": "Số hộ nghèo {poor} nhiều hơn tổng số hộ {total} (tỷ lệ {rate})."},
        {"id": "high", "test": "[rate] <= 90", "severity": "warning",
         "message": "Tỷ lệ nghèo {rate} rất cao."},
    ],
}


def naive(rows: dict[str, dict[str, Decimal | None]]) -> dict[str, Decimal | None]:
    """Add up HOUSEHOLDS the slow way."""
    parts = {
        "all": ["r1", "r2", "r3"], "north": ["r1", "r2"], "both": ["r1", "r2", "r3"],
    }
    found: dict[str, Decimal | None] = {}
    whole = dict(rows)
    for name, of in parts.items():
        whole[name] = {}
        for column in ("total", "poor"):
            there = [v for v in (rows[row][column] for row in of) if v is not None]
            whole[name][column] = sum(there) if there else None  # type: ignore[assignment]
            found[f"T/{name}/{column}"] = whole[name][column]
        found[f"T/{name}/note"] = found[f"T/{name}/met"] = None
    for name, values in whole.items():
        total, poor = values["total"], values["poor"]
        rate = None if poor is None or not total else poor / total * 100
        found[f"T/{name}/rate"] = rate and rate.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return found


COUNTS = st.none() | st.integers(0, 500).map(Decimal)


@given(st.fixed_dictionaries({
    row: st.fixed_dictionaries({"total": COUNTS, "poor": COUNTS}) for row in ("r1", "r2", "r3")
}))
def test_computed_cells_equal_the_slow_sums(rows: dict[str, dict[str, Decimal | None]]) -> None:
    layout = layout_of(HOUSEHOLDS)
    cells = {
        f"T/{row}/{column}": str(value)
        for row, values in rows.items() for column, value in values.items() if value is not None
    }
    assert compute(layout, typed(layout, cells)) == naive(rows)


def test_markers_are_not_zeros_in_a_sum() -> None:
    layout = layout_of(HOUSEHOLDS)
    computed = compute(layout, typed(layout, {"T/r1/total": "...", "T/r2/total": "7"}))
    assert computed["T/all/total"] == 7
    assert computed["T/all/poor"] is None
    assert computed["T/r1/rate"] is None


def test_broken_rule_names_its_numbers_and_its_place() -> None:
    layout = layout_of(HOUSEHOLDS)
    found = check(layout, typed(layout, {"T/r1/total": "7", "T/r1/poor": "1.008"}))
    rule, high = found
    assert rule.cell == "T/r1/poor"
    assert rule.where == "Bó Lù, Số hộ, Nghèo"
    assert rule.message == "Số hộ nghèo 1.008 nhiều hơn tổng số hộ 7 (tỷ lệ 14.400,0)."
    assert high.severity is Severity.WARNING
    assert high.cell == "T/r1/rate"


def test_rules_wait_for_missing_numbers_and_skip_empty_rows() -> None:
    layout = layout_of(HOUSEHOLDS)
    assert check(layout, typed(layout, {"T/r1/poor": "8"})) == ()
    assert check(layout, typed(layout, {})) == ()


def test_warning_passes_with_a_reason_and_error_does_not() -> None:
    layout = layout_of(HOUSEHOLDS)
    answers = typed(layout, {"T/r1/total": "100", "T/r1/poor": "95", "T/r2/total": "abc"})
    found = check(layout, answers)
    unread, high = ("not-a-number", "T/r2/total"), ("high", "T/r1/rate")
    assert codes(stopping(found, answers)) == [unread, high]
    explained = Answers(answers.cells, reasons={reason_key(found[1]): "Thôn vùng cao, mới tách."})
    assert codes(stopping(found, explained)) == [unread]
    blank = Answers(answers.cells, reasons={reason_key(found[1]): "  "})
    assert len(stopping(found, blank)) == 2


def test_lost_thousands_are_named_for_the_whole_column() -> None:
    """The defect of a published table: 392.228 teachers, 2.6 of them in one row."""
    layout = layout_of({
        "id": "T", "title": "Giáo viên", "rows": [
            {"id": str(at), "label": f"Dòng {at}"} for at in range(5)],
        "columns": [{"id": "total", "label": "Tổng số"}, {"id": "college", "label": "Cao đẳng"}],
    })
    column = layout.tables[0].columns[0]
    numbers = [392.228, 126.102, 90.333, 2.6, 757]
    cells = {
        f"T/{at}/total": read_number(number, column.kind).entry
        for at, number in enumerate(numbers)
    }
    found = check(layout, Answers(cells))
    summary, *each = found
    assert summary.code == "thousands-lost"
    assert summary.where == "Giáo viên, Tổng số"
    assert "4 ô" in summary.message
    assert [finding.cell for finding in each] == [f"T/{at}/total" for at in range(4)]
    assert all(finding.severity is Severity.ERROR for finding in found)
    assert cells["T/4/total"].figure is not None


def test_unusual_change_needs_both_share_and_size() -> None:
    layout = layout_of(HOUSEHOLDS)
    answers = typed(layout, {"T/r1/total": "151", "T/r2/total": "30", "T/r3/total": "1000"})
    previous = {
        "T/r1/total": Decimal(100), "T/r2/total": Decimal(11), "T/r3/total": Decimal(900),
    }
    own = {cell: usual for cell, value in previous.items() if (usual := own_usual([value]))}
    found = check(layout, answers, Outside(own=own))
    assert codes(found) == [("unusual-change", "T/r1/total")]
    assert "151" in found[0].message
    assert "100" in found[0].message
    assert check(layout, answers) == ()


def test_stated_totals_are_compared_with_their_sums() -> None:
    layout = layout_of(HOUSEHOLDS)
    answers = typed(layout, {
        "T/r1/total": "60", "T/r1/poor": "20", "T/r2/total": "2", "T/r2/poor": "1"})
    right = {
        "T/all/total": Decimal(62), "T/all/poor": Decimal(21),
        "T/all/rate": Decimal("33.870967741935484"), "T/r1/rate": Decimal("33.3")}
    assert check_stated(layout, answers, right) == ()
    wrong = {
        "T/all/total": Decimal(63), "T/r1/rate": Decimal(34), "T/north/total": Decimal("62.1"),
        "T/r3/rate": Decimal(5)}
    found = check_stated(layout, answers, wrong)
    assert {code for code, _ in codes(found)} == {"total-differs"}
    said = {finding.cell: finding.message for finding in found}
    assert said.keys() == wrong.keys()
    assert "63" in said["T/all/total"]
    assert "62" in said["T/all/total"]
    assert "62,1" in said["T/north/total"]
    assert "chưa có" in said["T/r3/rate"]
    assert "phép cộng cho 62" in said["T/all/total"]
    assert "máy tính ra 33,3" in said["T/r1/rate"]


def test_a_total_over_what_could_not_be_read_is_not_told_as_well() -> None:
    """A spreadsheet adds 2,5 and −5 up; the error in the part says it all."""
    layout = layout_of(HOUSEHOLDS)
    answers = typed(layout, {
        "T/r1/total": "60", "T/r1/poor": "2,5", "T/r2/total": "2", "T/r2/poor": "1"})
    stated = {
        "T/r1/rate": Decimal("4.2"), "T/all/poor": Decimal("3.5"), "T/all/rate": Decimal("5.6"),
        "T/all/total": Decimal(63), "T/r2/rate": Decimal(49)}
    told = {cell for _, cell in codes(check_stated(layout, answers, stated))}
    assert told == {"T/all/total", "T/r2/rate"}


def test_blank_cells_stop_only_a_submission() -> None:
    layout = layout_of(HOUSEHOLDS)
    answers = typed(layout, {"T/r1/total": "1", "T/r1/poor": "...", "T/r1/met": "Đạt"})
    assert check(layout, answers) == ()
    found = check_complete(layout, answers)
    assert codes(found) == [
        ("blank", f"T/{row}/{column}")
        for row in ("r2", "r3") for column in ("total", "poor", "met")]
    assert all(finding.severity is Severity.ERROR for finding in found)


def test_many_blank_cells_are_counted_instead_of_listed() -> None:
    layout = layout_of({
        "id": "T", "title": "Bảng", "columns": [{"id": "a", "label": "A"}],
        "rows": [{"id": f"r{at}", "label": f"R{at}"} for at in range(50)]})
    found = check_complete(layout, Answers({"T/r0/a": Entry("  ")}))
    assert codes(found) == [("blank", "T/r0/a")]
    assert "50 ô" in found[0].message


def test_open_table_without_rows_asks_for_a_reason() -> None:
    table = {
        "id": "T", "title": "Thôn", "columns": [{"id": "a", "label": "A"}],
        "rows": [{"open": 5, "dimension": "VILLAGE"}, {"id": "s", "label": "Tổng", "sum": ["*"]}]}
    found = check_complete(layout_of(table), Answers())
    assert [(finding.code, finding.severity) for finding in found] == [
        ("no-rows", Severity.WARNING)]
    named = layout_of(table, T=(Row("v1", "Bó Lù"), Row("v2", "Cốc Tộc")))
    answers = typed(named, {"T/v1/a": "2", "T/v2/a": "3"})
    assert compute(named, answers)["T/s/a"] == 5
    assert check_complete(named, answers) == ()


def test_a_doubtful_comma_is_still_said_when_the_form_is_read_again() -> None:
    layout = layout_of({
        "id": "T", "title": "Bảng", "rows": [{"id": "r", "label": "R"}],
        "columns": [{"id": "a", "label": "A", "kind": "decimal", "decimals": 3}]})
    column = layout.tables[0].columns[0]
    assert codes(check(layout, typed(layout, {"T/r/a": "1,234"}))) == [("lone-comma", "T/r/a")]
    sure = Answers({"T/r/a": read_number(1.234, column.kind).entry})
    assert check(layout, sure) == ()
    assert place(layout.tables[0].rows[0], column) == "R, A"


@pytest.mark.parametrize(("change", "words"), [
    ({"formula": "[b] + 1"}, "vòng tròn"),
    ({"formula": "[nowhere] + 1"}, "nowhere"),
    ({"formula": "[c] < 1"}, "Công thức"),
    ({"formula": "[c] +"}, "Công thức"),
])
def test_form_with_a_bad_formula_is_refused(change: dict[str, str], words: str) -> None:
    layout = layout_of({
        "id": "T", "rows": [{"id": "r", "label": "R"}], "columns": [
            {"id": "a", "label": "A", **change}, {"id": "b", "label": "B", "formula": "[a] * 2"},
            {"id": "c", "label": "C"}]})
    with pytest.raises(Invalid, match=words):
        verify(layout)
    with pytest.raises(Invalid, match=words):
        compute(layout, Answers())


@pytest.mark.parametrize(("part", "words"), [
    ({"rows": [{"id": "r", "label": "R", "sum": ["s"]}, {"id": "s", "label": "S", "sum": ["r"]}]},
     "vòng tròn"),
    ({"rows": [{"id": "r", "label": "R", "sum": ["gone"]}]}, "gone"),
    ({"checks": [{"id": "k", "test": "[gone] > 1", "message": "?"}]}, "gone"),
    ({"checks": [{"id": "k", "test": "[a] > 1", "message": "{gone}"}]}, "gone"),
    ({"checks": [{"id": "k", "test": "[a] > 1", "message": "?", "column": "gone"}]}, "gone"),
    ({"checks": [{"id": "k", "test": "[a] > 1", "message": "?", "severity": "loud"}]}, "loud"),
    ({"checks": [{"id": "k", "test": "[a] + 1", "message": "?"}]}, "điều kiện"),
])
def test_form_that_does_not_hold_together_is_refused(part: dict[str, Any], words: str) -> None:
    table = {"id": "T", "rows": [{"id": "r", "label": "R"}],
             "columns": [{"id": "a", "label": "A"}], **part}
    with pytest.raises(Invalid, match=words):
        verify(layout_of(table))


def test_columns_wait_for_one_another_whatever_their_order() -> None:
    layout = layout_of({
        "id": "T", "rows": [{"id": "r", "label": "R"}], "columns": [
            {"id": "a", "label": "A", "formula": "[b] + 1"},
            {"id": "b", "label": "B", "formula": "[c] * 2"}, {"id": "c", "label": "C"}]})
    assert compute(layout, typed(layout, {"T/r/c": "5"})) == {"T/r/a": 11, "T/r/b": 10}


def test_statuses_are_counted_apart() -> None:
    layout = layout_of(HOUSEHOLDS)
    counts = status_counts(layout, typed(layout, {
        "T/r1/total": "0", "T/r1/poor": "...", "T/r2/total": "x", "T/r2/poor": "c",
        "T/r3/poor": "abc"}))
    assert counts == {
        Status.REPORTED: 1, Status.NOT_REPORTED: 1, Status.NOT_APPLICABLE: 1,
        Status.CONFIDENTIAL: 1, None: 8}


def test_a_hundred_thousand_cells_take_moments() -> None:
    layout = layout_of({
        "id": "T", "title": "Lớn", "checks": [
            {"id": "k", "test": "[c0] <= [c1] + [c2]", "message": "{c0} > {c1}"}],
        "rows": [{"id": "all", "label": "Tổng", "sum": ["*"]}] + [
            {"id": f"r{at}", "label": f"Xã {at}"} for at in range(10_000)],
        "columns": [{"id": f"c{at}", "label": f"Cột {at}"} for at in range(10)] + [
            {"id": "f", "label": "Tỷ lệ", "kind": "decimal", "decimals": 1,
             "formula": "[c0] / [c1] * 100"}]})
    kind = layout.tables[0].columns[0].kind
    started = time.process_time()
    cells = {
        f"T/r{row}/c{column}": read_number(row + column, kind).entry
        for row in range(10_000) for column in range(10)}
    read = time.process_time()
    found = check(layout, Answers(cells))
    computed = compute(layout, Answers(cells))
    done = time.process_time()
    assert found == ()
    assert computed["T/all/c3"] == sum(range(10_000)) + 30_000
    print(f"read {read - started:.2f} s, checked and computed {done - read:.2f} s")
    assert done - started < 20
