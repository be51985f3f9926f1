"""What a workbook says beside its tables: whose it is, for which period, under which law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

GUIDE_SHEET = "Hướng dẫn"
ERROR_SHEET = "Lỗi cần sửa"
PREVIOUS_PREFIX = "Kỳ trước"
IDENTITY_SHEET = "_nhasan"
LISTS_SHEET = "_nhasan_ds"
OWN_SHEETS = (GUIDE_SHEET, ERROR_SHEET, IDENTITY_SHEET, LISTS_SHEET)

MARKERS = ("...", "…", "x", "c")


@dataclass(frozen=True, slots=True)
class WorkbookContext:
    """The words printed on the form, and the ids by which it is known when it comes back.

    `unit`, `period` and `assignment` are ids; the other texts are printed as they are.
    `made_at` is written into the file's properties, so that the same form is the same bytes.
    """

    code: str
    title: str
    legal_basis: str
    reporting_unit: str
    receiving_unit: str
    deadline: str
    unit: str
    period: str
    period_label: str
    assignment: str
    illustrative: bool = False
    made_at: datetime | None = None
