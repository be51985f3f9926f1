"""Numbers, days and figures in the language of the reader.

What stands in a report keeps the Vietnamese notation in every language, because that is how
what is typed into it is read: a report's pages use `nhasan.domain.words` and
`nhasan.domain.numbers` directly. Files use neither.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext

from nhasan.domain import words
from nhasan.domain.observations import Figure
from nhasan.domain.periods import Period
from nhasan.domain.problems import Invalid
from nhasan.interfaces.office import OfficeDay


def notation() -> words.Notation:
    """Return how the reader's language writes numbers and days."""
    return words.ENGLISH if (get_language() or "").startswith("en") else words.VIETNAMESE


def number_text(value: words.Number, decimals: int | None = None) -> str:
    """Return `1.845.492` or `1,845,492`."""
    return words.number_text(value, decimals, notation())


def change_text(value: words.Number, decimals: int | None = None) -> str:
    """Return a difference with its sign."""
    return words.change_text(value, decimals, notation())


def figure_text(figure: Figure, decimals: int | None = None) -> str:
    """Return the figure's number, or the words that say why there is none."""
    return words.figure_words(figure, decimals, notation()).said(gettext)


def date_text(day: date) -> str:
    """Return `28/11/2025` or `28 Nov 2025`; for a moment, its day in Viet Nam."""
    return words.date_text(_day(day), notation())


def stamp_text(moment: datetime, today: date | None = None) -> str:
    """Return `28/11/2025, 09:42` by the clock of Viet Nam; with `today`, the year if another."""
    return words.stamp_text(_local(moment), today, notation())


def moment_text(moment: datetime, today: date | None = None) -> str:
    """Return `09:42 thứ Năm 20/11`, by the clock of Viet Nam."""
    return words.moment_words(_local(moment), today, notation()).said(gettext)


def weekday_text(day: date, today: date | None = None) -> str:
    """Return `thứ Sáu 28/11`; with `today`, the year too when it is another one."""
    return words.weekday_words(_day(day), today, notation()).said(gettext)


def due_text(due: date, today: date) -> str:
    """Return `còn 3 ngày làm việc (thứ Sáu 28/11)`, by the office calendar if it is at hand."""
    first, last = _day(today), _day(due)
    left = first.calendar.working_between(first, last) if isinstance(first, OfficeDay) else None
    return words.due_words(last, first, left, notation()).said(gettext)


def period_text(text: str) -> str:
    """Return `Năm 2025` or `Year 2025`; what is no period stays as it is."""
    try:
        return Period.parse(text).label(notation()).said(gettext)
    except Invalid:
        return text


def _local(moment: datetime) -> datetime:
    """Return the moment by the clock of Viet Nam."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _day(value: date) -> date:
    """Return the day of a moment in Viet Nam, or the day that was given."""
    return _local(value).date() if isinstance(value, datetime) else value
