"""What a report is compared with and does not hold itself, for the rules of its form.

The assignment was found within the actor's authority. What its own unit sent before, and what
was sent to that unit by those below it, goes with it; of its peers only what is usual among
them does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from nhasan.collection.models import Assignment, CollectionRound, Submission, UsualFigures
from nhasan.collection.queries.drafts import figures_of
from nhasan.collection.queries.lineage import own_first, sent_for
from nhasan.domain.access import EVERYTHING
from nhasan.domain.forms import Layout, cell_id
from nhasan.domain.formulas import CONTEXT
from nhasan.domain.outliers import MOST_PERIODS, WHOSE, Usual, histories, own_usual
from nhasan.domain.periods import Period
from nhasan.domain.problems import Invalid
from nhasan.domain.references import BELOW, LAST_YEAR, OWED, PREVIOUS, SENT, Outside
from nhasan.domain.rules import outside_reads
from nhasan.organisations.authority import ScopedQuerySet

_STANDING = ("submitted", "approved")


def earlier_reports(row: Assignment) -> list[Submission]:
    """Return the unit's approved reports of earlier periods, same form and area, newest first."""
    return list(
        _of_unit(row, "approved").filter(
            assignment__round__form_version__form=row.round.form_version.form_id,
            assignment__round__period__lt=row.round.period,
        ).defer("findings").order_by("-assignment__round__period", own_first(row))[:MOST_PERIODS]
    )


def outside_of(row: Assignment, layout: Layout, earlier: Sequence[Submission]) -> Outside:
    """Return what the rules of a form compare a report with; `earlier` has the newest first."""
    before = [figures_of(found) for found in earlier]
    last_year = _last_year(row.round.period)
    figures: dict[str, Mapping[str, Decimal]] = {f"@{PREVIOUS}": before[0]} if before else {}
    for found, numbers in zip(earlier, before, strict=True):
        if found.assignment.round.period == last_year:
            figures.setdefault(f"@{LAST_YEAR}", numbers)
    wanted = {key for key, _ in outside_reads(layout)} if layout.rules else set()
    for form in sorted({key.partition("@")[0] for key in wanted} - {""}):
        sources = {key.partition("@")[2] for key in wanted if key.startswith(f"{form}@")}
        figures.update(_of_form(row, form, sources))
    own = _own(layout, before)
    return Outside(
        figures, own, _peers(row, layout, own), WHOSE.get(row.area_level, WHOSE[""]),
        tuple(found.assignment.round.period for found in earlier),
        {cell: [numbers.get(cell) for numbers in before] for cell in own},
    )


def _own(layout: Layout, before: Sequence[Mapping[str, Decimal]]) -> dict[str, Usual]:
    """Return what was usual for the unit itself, in the cells that people fill."""
    typed = _numeric(layout, computed=False) if before else set()
    found = ((cell, own_usual(values)) for cell, values in histories(before) if cell in typed)
    return {cell: usual for cell, usual in found if usual is not None}


def _numeric(layout: Layout, *, computed: bool) -> set[str]:
    """Return the cells with numbers in the rows people fill, with computed columns or without."""
    return {
        cell_id(table.id, line.id, column.id)
        for table in layout.tables for line in table.rows
        if not line.heading and not line.computed
        for column in table.columns
        if column.kind.numeric and (computed or not column.computed)
    }


def _peers(row: Assignment, layout: Layout, own: Mapping[str, Usual]) -> dict[str, Usual]:
    """Return what is usual among the units of the round, or of the newest one before it.

    It is for cells without a history of the unit's own.
    """
    wanted = _numeric(layout, computed=not own) - own.keys()
    if not wanted:
        return {}
    kept = UsualFigures.objects.within(EVERYTHING).filter(
        round__form_version__form=row.round.form_version.form_id, area_level=row.area_level,
        round__receiver=row.receiver_id, round__period__lte=row.round.period,
    ).order_by("-round__period", "-at").values_list("cells", flat=True).first()
    return {
        cell: Usual.from_json(data) for cell, data in (kept or {}).items() if cell in wanted
    }


def _last_year(period: str) -> str:
    try:
        return str(Period.parse(period).same_last_year())
    except Invalid:  # an ad hoc round may have a period of its own
        return ""


def _of_unit(row: Assignment, *states: str) -> ScopedQuerySet[Submission]:
    return sent_for(row, Submission.objects.within(EVERYTHING)).filter(
        state__in=states).select_related("assignment__round")


def _of_form(row: Assignment, form: str, sources: set[str],
             ) -> Iterator[tuple[str, Mapping[str, Decimal]]]:
    """Yield the figures of another form, by the source that is asked for."""
    mine = _of_unit(row, *_STANDING).filter(
        assignment__round__form_version__form__identifier=form,
    ).order_by(own_first(row), "-submitted_at")
    periods = {"": row.round.period, LAST_YEAR: _last_year(row.round.period)}
    for source in sorted(sources & periods.keys()):
        sent = mine.filter(assignment__round__period=periods[source]).first()
        yield f"{form}@{source}", figures_of(sent)
    if PREVIOUS in sources:
        sent = mine.filter(
            assignment__round__period__lt=row.round.period,
        ).order_by("-assignment__round__period", own_first(row)).first()
        yield f"{form}@{PREVIOUS}", figures_of(sent)
    if sources & {BELOW, SENT, OWED}:
        yield from _from_below(row, form)


def _from_below(row: Assignment, form: str) -> Iterator[tuple[str, Mapping[str, Decimal]]]:
    """Yield the sum of what was sent to this unit in a form for the same period, and by how many.

    Of several rounds of the form and the period, the one opened last counts.
    """
    held = CollectionRound.objects.within(EVERYTHING).filter(
        form_version__form__identifier=form, period=row.round.period, receiver=row.unit_id,
    ).order_by("-opens", "-pk").first()
    if held is None:
        return
    asked = Assignment.objects.within(EVERYTHING).filter(round=held).exclude(state="taken_back")
    standing = tuple(
        Submission.objects.within(EVERYTHING).filter(assignment__in=asked, state__in=_STANDING)
        .order_by("pk").values_list("pk", flat=True)
    )
    yield f"{form}@{OWED}", {"": Decimal(asked.count())}
    yield f"{form}@{SENT}", {"": Decimal(len(standing))}
    yield f"{form}@{BELOW}", _summed(standing)


@lru_cache(maxsize=32)
def _summed(submissions: tuple[UUID, ...]) -> Mapping[str, Decimal]:
    """Return the sum of some submissions, cell by cell. What was sent never changes."""
    found: dict[str, Decimal] = {}
    for sent in Submission.objects.within(EVERYTHING).filter(pk__in=submissions).iterator():
        for cell, value in figures_of(sent).items():
            found[cell] = CONTEXT.add(found.get(cell, Decimal(0)), value)
    return found
