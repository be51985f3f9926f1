"""The form, the figures and the names that both sides of the workbook measurement share."""

from __future__ import annotations

from collections.abc import Iterator

ROWS, GROUPS, LEAVES = 2_500, 8, 5
CELLS = ROWS * GROUPS * LEAVES
TURNS = 5
PERIODS = [str(year) for year in range(2021, 2021 + TURNS)]
FIRST_LINE = 12  # the sheet line of the first row, after the block, the headers and the total


def form() -> dict[str, object]:
    """Return a form of 2,500 rows and 40 columns in eight groups, with totals, rates and rules."""
    rows: list[dict[str, object]] = [{"id": "tong", "label": "Tổng số", "sum": ["*"]}]
    rows += [
        {"id": f"v{number:04}", "label": f"Thôn {number:04}", "code": f"{number:04}"}
        for number in range(1, ROWS + 1)
    ]
    checks = [
        {"id": f"trong-{group}", "test": f"[c{group}_1] <= [c{group}_0]",
         "message": f"{{c{group}_1}} nhiều hơn {{c{group}_0}}.", "column": f"c{group}_1"}
        for group in range(GROUPS)
    ]
    return {
        "id": "DO-LON", "version": "1.0.0", "code": "Đo", "title": "Biểu để đo", "frequency": "A",
        "legal_basis": "", "reporting_unit": "", "receiving_unit": "", "deadline": "",
        "provenance": "số liệu minh hoạ", "illustrative": True,
        "tables": [{
            "id": "do", "title": "Biểu để đo", "unit": "hộ", "row_header": "Thôn",
            "rows": rows, "columns": [_group(group) for group in range(GROUPS)],
            "checks": checks,
        }],
    }


def _group(group: int) -> dict[str, object]:
    leaves: list[dict[str, object]] = [
        {"id": f"c{group}_{leaf}", "label": f"Chỉ tiêu {leaf + 1}",
         "bind": {"INDICATOR": "THU:01"}}
        for leaf in range(LEAVES)
    ]
    leaves.append({
        "id": f"r{group}", "label": "Tỷ lệ", "kind": "decimal", "decimals": 2, "unit": "%",
        "formula": f"[c{group}_1] / [c{group}_0] * 100"})
    return {"label": f"Nhóm {group + 1}", "columns": leaves}


def counts() -> Iterator[tuple[str, int]]:
    """Yield every cell with a made-up count; a part never exceeds its whole."""
    for row in range(1, ROWS + 1):
        for group in range(GROUPS):
            whole = (row * 7919 + group * 104_729) % 1_973 + 20  # households of a village
            for leaf in range(LEAVES):
                count = whole if leaf == 0 else whole * 4 // 11 if leaf == 1 else whole + leaf
                yield f"do/v{row:04}/c{group}_{leaf}", count


def column_places() -> dict[int, str]:
    """Return the sheet column of every column people fill, counted from 0."""
    return {
        2 + group * (LEAVES + 1) + leaf: f"c{group}_{leaf}"
        for group in range(GROUPS) for leaf in range(LEAVES)
    }
