"""Findings: what is wrong or strange, where, how badly. Bad data is never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops a submission; a warning may be passed with a reason; a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at, beside its cell.

    `cell` is `table/row/column` (see `forms.cell_id`), or empty for the whole form. `where`
    is for people: row and column labels, or sheet and cell of a workbook. `message` says
    what is wrong and how to mend it.
    """

    code: str
    severity: Severity
    message: str
    cell: str = ""
    where: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the finding as stored and sent to the page."""
        return {
            "code": self.code, "severity": self.severity.value, "message": self.message,
            "cell": self.cell, "where": self.where,
        }
