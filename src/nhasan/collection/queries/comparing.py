"""What a report is set against: the period before is known; here, the same one last year."""

from __future__ import annotations

from nhasan.collection.models import Assignment, Submission
from nhasan.domain.access import EVERYTHING
from nhasan.domain.periods import Period


def same_period_last_year(row: Assignment) -> Submission | None:
    """Return the approved report of the same part of last year, for the same form and area.

    The assignment was found within the actor's authority; what was sent before goes with it.
    """
    period = str(Period.parse(row.round.period).same_last_year())
    return (
        Submission.objects.within(EVERYTHING)
        .filter(
            state="approved", assignment__round__period=period,
            assignment__round__form_version__form=row.round.form_version.form_id,
            assignment__area_level=row.area_level, assignment__area_code=row.area_code,
        )
        .select_related("assignment__round").order_by("-submitted_at").first()
    )
