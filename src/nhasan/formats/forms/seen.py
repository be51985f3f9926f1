"""Whose sheet it is by what anybody can read on it, for the hidden sheet may say otherwise.

A sheet copied from another unit's workbook still carries that unit's name on its face.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nhasan.domain.problems import phrase
from nhasan.formats.forms.alignment import Cells, key, said
from nhasan.formats.forms.identity import Identity, WorkbookContext
from nhasan.formats.forms.refusals import SheetOfOtherPeriod, SheetOfOtherUnit

UNIT_HEAD = phrase("Đơn vị báo cáo:")
_LINES, _COLUMNS = 12, 60
_PERIOD_BELOW = 4
_PERIOD = re.compile(r"(?:năm|quý|tháng|kỳ)\b[^:]*[0-9]{4}[^:]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """The unit and the period printed above a table; empty where nothing is printed."""

    unit: str = ""
    period: str = ""


def seen(cells: Cells) -> Seen:
    """Return what the head of a sheet says, wherever it was moved to."""
    wanted = key(UNIT_HEAD)
    for line in range(min(len(cells), _LINES)):
        for spot in range(min(len(cells[line]), _COLUMNS)):
            if cells[line][spot] != "" and key(said(cells, line, spot)) == wanted:
                unit = said(cells, line + 1, spot)
                return Seen("" if _is_another_head(unit) else unit, _period(cells, line))
    return Seen()


def _is_another_head(text: str) -> bool:
    """Tell the next line of the block, where the line of the unit was deleted."""
    return ":" in text


def _period(cells: Cells, line: int) -> str:
    below = line + _PERIOD_BELOW
    if below >= len(cells):
        return ""
    texts = [said(cells, below, spot) for spot in range(min(len(cells[below]), _COLUMNS))]
    return next((text for text in texts if _PERIOD.search(text)), "")


def _says(cells: Cells, wanted: set[str]) -> bool:
    """Tell whether one of these texts stands anywhere in the head of the sheet."""
    return any(
        key(said(cells, line, spot)) in wanted
        for line in range(min(len(cells), _LINES))
        for spot in range(min(len(cells[line]), _COLUMNS)) if isinstance(cells[line][spot], str))


def refuse_contradiction(
    cells: Cells, sheet: str, context: WorkbookContext, identity: Identity | None, *,
    older: bool,
) -> None:
    """Refuse a sheet whose head names another unit or period than the report that is filled."""
    there, known = seen(cells), identity or Identity()
    units = {key(text) for text in (context.reporting_unit, known.unit_name)}
    if there.unit and key(there.unit) not in units:
        raise SheetOfOtherUnit(
            sheet=sheet, found=there.unit, wanted=context.reporting_unit)
    periods = {key(text) for text in (context.period_label, known.period_label) if text}
    if there.period and not older and not _says(cells, periods):
        raise SheetOfOtherPeriod(
            sheet=sheet, found=there.period, wanted=context.period_label)
