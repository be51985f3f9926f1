"""A draft as it stands, examined by the rules of its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nhasan.collection.models import Assignment, Submission
from nhasan.collection.queries.drafts import Draft, draft, layout_of
from nhasan.collection.queries.outside import earlier_reports, outside_of
from nhasan.domain.checking import blanks, examined, stopping
from nhasan.domain.forms import Layout
from nhasan.domain.references import PREVIOUS, Outside
from nhasan.domain.rules import outside_reads
from nhasan.domain.validation import Finding


@dataclass(frozen=True, slots=True)
class Examination:
    """A draft as it stands: its form, what was typed, what that adds up to, what to look at."""

    layout: Layout
    draft: Draft
    computed: Mapping[str, Decimal | None]
    findings: Sequence[Finding]
    earlier: Submission | None
    previous: Mapping[str, Decimal]
    outside: Outside

    @property
    def outside_json(self) -> dict[str, object]:
        """Return what the rules compare the report with, as it travels with the page."""
        return self.outside.as_json(outside_reads(self.layout))

    @property
    def stops(self) -> Sequence[Finding]:
        """Return what must be mended or explained before the report can be sent."""
        return stopping(self.findings, self.draft.answers)


def examine(row: Assignment, *, complete: bool = False) -> Examination:
    """Examine the draft of an assignment; `complete` names the empty cells too."""
    layout, held = layout_of(row), draft(row)
    before = earlier_reports(row)
    outside = outside_of(row, layout, before)
    findings, computed = examined(layout, held.answers, {}, outside)
    if complete:
        findings = (*findings, *blanks(layout, held.answers))
    return Examination(
        layout, held, computed, findings, before[0] if before else None,
        outside.figures.get(f"@{PREVIOUS}", {}), outside,
    )
