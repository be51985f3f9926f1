"""Numbers, days and figures in templates: `{% load words %}`.

Every filter returns text, so no setting of Django can write a number in another way. They
follow the reader's language (`nhasan.interfaces.notation`), but for `vi_number` and
`vi_change`: what stands in a report is Vietnamese to every reader.
"""

from __future__ import annotations

from datetime import date, datetime

from django import template

from nhasan.domain import words
from nhasan.domain.observations import NOT_REPORTED, Figure
from nhasan.interfaces import notation

register = template.Library()


@register.filter
def number(value: words.Number | None, decimals: int | None = None) -> str:
    """Return `1.845.492` or `1,845,492`; nothing for nothing."""
    return "" if value in (None, "") else notation.number_text(value, decimals)


@register.filter
def change(value: words.Number | None, decimals: int | None = None) -> str:
    """Return a difference with its sign: `+6`, `−11`, `0`; nothing for nothing."""
    return "" if value in (None, "") else notation.change_text(value, decimals)


@register.filter
def vi_number(value: words.Number | None, decimals: int | None = None) -> str:
    """Return a number of a report: `1.845.492`, `36,1` or `−5`; nothing for nothing."""
    return "" if value in (None, "") else words.number_text(value, decimals)


@register.filter
def vi_change(value: words.Number | None, decimals: int | None = None) -> str:
    """Return a difference within a report: `+6`, `−1,5`, `0`; nothing for nothing."""
    return "" if value in (None, "") else words.change_text(value, decimals)


@register.filter
def day(value: date | None) -> str:
    """Return `28/11/2025` or `28 Nov 2025`; for a moment, its day in Viet Nam."""
    return "" if value is None else notation.date_text(value)


@register.filter
def stamp(value: datetime | None, today: date | None = None) -> str:
    """Return `28/11/2025, 09:42`; with `today`, the year only when it is another one."""
    return "" if value is None else notation.stamp_text(value, today or None)


@register.filter
def moment(value: datetime | None, today: date | None = None) -> str:
    """Return `09:42 thứ Năm 20/11`, by the clock of Viet Nam."""
    return "" if value is None else notation.moment_text(value, today or None)


@register.filter
def weekday_date(value: date | None, today: date | None = None) -> str:
    """Return `thứ Sáu 28/11`; with `today`, the year too when it is another one."""
    return "" if value is None else notation.weekday_text(value, today or None)


@register.filter
def due_words(due: date | None, today: date) -> str:
    """Return `còn 3 ngày làm việc (thứ Sáu 28/11)`."""
    return "" if due is None else notation.due_text(due, today)


@register.filter
def figure(value: Figure | None, decimals: int | None = None) -> str:
    """Return the number of a figure, or why there is none; no figure at all is not reported."""
    return notation.figure_text(value or NOT_REPORTED, decimals)


@register.filter
def normalised(text: str) -> str:
    """Return the text as a search compares it: no diacritics, small letters."""
    return words.normalised(text)
