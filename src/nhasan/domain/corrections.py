"""A report beside the one it corrects: which cells moved, and which reasons were answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nhasan.domain.answers import Answers


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell before and after; `asked` is the reason for which it came back, "" if none."""

    cell: str
    before: str
    after: str
    asked: str = ""

    @property
    def changed(self) -> bool:
        """Tell whether the cell says something else now."""
        return self.before != self.after

    @property
    def ignored(self) -> bool:
        """Tell whether a reason was given for the cell and it stayed as it was."""
        return bool(self.asked) and not self.changed


def corrections(
    earlier: Answers, later: Answers, reasons: Mapping[str, str],
) -> tuple[Correction, ...]:
    """Return every cell that changed or was asked about: those asked about come first."""
    found = []
    for cell in sorted({*earlier.cells, *later.cells, *reasons}):
        before, after = _text(earlier, cell), _text(later, cell)
        if before != after or cell in reasons:
            found.append(Correction(cell, before, after, reasons.get(cell, "")))
    return tuple(sorted(found, key=lambda each: (not each.asked, each.cell)))


def _text(answers: Answers, cell: str) -> str:
    entry = answers.cells.get(cell)
    return entry.text.strip() if entry else ""
