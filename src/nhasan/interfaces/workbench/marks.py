"""Findings as a page shows them: numbered alike in the summary, at the cell and below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhasan.collection import queries
from nhasan.domain.checking import answered, reason_key
from nhasan.domain.validation import Finding, Severity
from nhasan.interfaces.workbench.unusual import picture


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding with its number; a warning carries the reason given for it."""

    number: int
    finding: Finding
    reason: str = ""
    picture: str = ""

    @property
    def is_error(self) -> bool:
        """Tell whether it must be mended before sending."""
        return self.finding.severity is Severity.ERROR

    @property
    def id(self) -> str:
        """Return the id of the words beside the cell."""
        return f"{'loi' if self.is_error else 'nhac'}-{self.number}"

    @property
    def word(self) -> str:
        """Return the words beside the cell."""
        if self.is_error:
            return _("lỗi {number}").format(number=self.number)
        return _("nhắc {number}").format(number=self.number)

    @property
    def title(self) -> str:
        """Return the words before the sentence."""
        if self.is_error:
            return _("Lỗi {number}.").format(number=self.number)
        return _("Nhắc {number}.").format(number=self.number)

    @property
    def css(self) -> str:
        """Return the class of the cell."""
        return " o-loi" if self.is_error else " o-canh-bao"

    @property
    def field(self) -> str:
        """Return the name of the field for the reason."""
        return f"reason:{reason_key(self.finding)}"

    @property
    def href(self) -> str:
        """Return where the summary leads: the cell, or the table when there is no cell."""
        table, _row, rest = self.finding.cell.partition("/")
        if not table:
            return "#noi-dung"
        if rest.strip("/") == "":
            return f"#grid-{table}"
        return "#o-" + self.finding.cell.replace("/", "-")

    @property
    def message(self) -> str:
        """Return the sentence: what is wrong and how to mend it, unless it was explained."""
        told = self.finding.message
        return answered(told) if self.reason.strip() else told


def numbered(findings: Iterable[Finding], reasons: Mapping[str, str]) -> tuple[Mark, ...]:
    """Return errors, then warnings, each numbered from 1; notes stay silent."""
    counts: Counter[Severity] = Counter()
    found = []
    order = (Severity.ERROR, Severity.WARNING)
    told = [finding for finding in findings if finding.severity in order]
    for finding in sorted(told, key=lambda each: order.index(each.severity)):
        counts[finding.severity] += 1
        reason = reasons.get(reason_key(finding), "")
        found.append(Mark(counts[finding.severity], finding, reason))
    return tuple(found)


def by_cell(marks: Sequence[Mark]) -> dict[str, list[Mark]]:
    """Return the marks of each cell."""
    found: dict[str, list[Mark]] = {}
    for mark in marks:
        found.setdefault(mark.finding.cell, []).append(mark)
    return found


def heading(marks: Sequence[Mark]) -> str:
    """Return the title of the summary: what is left to do before sending."""
    errors = sum(1 for mark in marks if mark.is_error)
    warnings = sum(1 for mark in marks if not mark.is_error and not mark.reason.strip())
    mend = ngettext(
        "{count} lỗi phải sửa", "{count} lỗi phải sửa", errors).format(count=errors)
    explain = ngettext(
        "{count} điều cần giải thích", "{count} điều cần giải thích", warnings,
    ).format(count=warnings)
    if errors and warnings:
        return _("Còn {mend} và {explain} trước khi gửi").format(mend=mend, explain=explain)
    if errors or warnings:
        return _("Còn {what} trước khi gửi").format(what=mend if errors else explain)
    return _("Các điều nhắc đều đã có lời giải thích")


def of_draft(seen: queries.Examination) -> tuple[Mark, ...]:
    """Return the marks of an examined draft."""
    found = numbered(seen.findings, seen.draft.answers.reasons)
    return tuple(replace(mark, picture=_picture(mark.finding, seen)) for mark in found)


def _picture(finding: Finding, seen: queries.Examination) -> str:
    entry = seen.draft.answers.cells.get(finding.cell)
    typed = entry.figure.value if entry and entry.figure else None
    now = typed if typed is not None else seen.computed.get(finding.cell)
    return picture(finding, seen.layout, now, seen.outside)
