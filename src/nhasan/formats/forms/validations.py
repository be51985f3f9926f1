"""What an input cell warns of while it is typed into; a paste is always possible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nhasan.domain.forms import Kind
from nhasan.domain.problems import phrase
from nhasan.formats.forms.grid import TableGrid, a1
from nhasan.formats.forms.names import LISTS_SHEET, MARKERS

Lists = Mapping[tuple[tuple[str, str], ...], str]


def guard_inputs(sheet: Any, grid: TableGrid, lists: Lists) -> None:
    """Let each input cell warn of what cannot be meant; a paste is still possible."""
    blocks = list(_input_blocks(grid))
    for number, column in enumerate(grid.table.columns):
        if column.computed or column.kind.name == "text":
            continue
        spot = grid.data_left + number
        for first, last in blocks:
            sheet.data_validation(
                first, spot, last, spot, _validation(column.kind, a1(first, spot), lists))


def _input_blocks(grid: TableGrid) -> list[tuple[int, int]]:
    blocks: list[tuple[int, int]] = []
    for number, row in enumerate(grid.rows):
        line = grid.data_top + number
        if row.heading or row.computed:
            continue
        if blocks and blocks[-1][1] == line - 1:
            blocks[-1] = (blocks[-1][0], line)
        else:
            blocks.append((line, line))
    return blocks


def _validation(kind: Kind, cell: str, lists: Lists) -> dict[str, Any]:
    if kind.name == "choice":
        return {
            "validate": "list", "source": lists[kind.choices], "error_type": "warning",
            "error_title": phrase("Chọn trong danh sách"),
            "error_message": phrase("Hãy chọn một giá trị trong danh sách; hoặc gõ “...”, x, c."),
        }
    tests = [f"{cell}=INT({cell})"] if not kind.decimals else []
    tests += [f"{cell}>={kind.minimum}"] if kind.minimum is not None else []
    tests += [f"{cell}<={kind.maximum}"] if kind.maximum is not None else []
    signs = f"COUNTIF('{LISTS_SHEET}'!$A$1:$A${len(MARKERS)},{cell})>0"
    within = f"AND({','.join(tests)})" if tests else "TRUE"
    return {
        "validate": "custom", "value": f"=IF(ISNUMBER({cell}),{within},{signs})",
        "error_type": "warning", "error_title": phrase("Xem lại số vừa gõ"),
        "error_message": _expected(kind),
    }


def _expected(kind: Kind) -> str:
    number = phrase("số") if kind.decimals else phrase("số nguyên")
    least = kind.minimum if kind.minimum is not None else ""
    low = phrase(" từ {0} trở lên").format(least) if least else ""
    high = phrase(", nhiều nhất {0}").format(kind.maximum) if kind.maximum is not None else ""
    return phrase(
        "Ô này nhận {0}. Nếu chưa có số liệu gõ “...”; không áp dụng gõ x; bảo mật gõ c."
    ).format(f"{number}{low}{high}")
