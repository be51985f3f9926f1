"""Numbers, days and figures in templates: `{% load words %}`.

Every filter returns text, so no setting of Django can write a number in another way. The
rules are in `nhasan.domain.words`; what is added here is the reader's language and the
time zone of Viet Nam.
"""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from nhasan.domain import words
from nhasan.domain.observations import NOT_REPORTED, Figure

register = template.Library()


@register.filter
def vi_number(value: words.Number | None, decimals: int | None = None) -> str:
    """Return `1.845.492`, `36,1` or `−5`; nothing for nothing."""
    return "" if value in (None, "") else words.number_text(value, decimals)


@register.filter
def vi_change(value: words.Number | None, decimals: int | None = None) -> str:
    """Return a difference with its sign: `+6`, `−11`, `0`; nothing for nothing."""
    return "" if value in (None, "") else words.change_text(value, decimals)


@register.filter
def vi_date(value: date | None) -> str:
    """Return `28/11/2025`; for a moment, its day in Viet Nam."""
    return "" if value is None else words.date_text(_day(value))


@register.filter
def vi_moment(value: datetime | None, today: date | None = None) -> str:
    """Return `09:42 thứ Năm 20/11`, by the clock of Viet Nam."""
    if value is None:
        return ""
    return words.moment_words(_local(value), today or None).said(gettext)


@register.filter
def weekday_date(value: date | None, today: date | None = None) -> str:
    """Return `thứ Sáu 28/11`; with `today`, the year too when it is another one."""
    return "" if value is None else words.weekday_words(_day(value), today or None).said(gettext)


@register.filter
def due_words(due: date | None, today: date) -> str:
    """Return `còn 3 ngày làm việc (thứ Sáu 28/11)`."""
    return "" if due is None else words.due_words(_day(due), _day(today)).said(gettext)


@register.filter
def figure(value: Figure | None, decimals: int | None = None) -> str:
    """Return the number of a figure, or why there is none; no figure at all is not reported."""
    return words.figure_words(value or NOT_REPORTED, decimals).said(gettext)


@register.filter
def normalised(text: str) -> str:
    """Return the text as a search compares it: no diacritics, small letters."""
    return words.normalised(text)


def _local(moment: datetime) -> datetime:
    """Return the moment by the clock of Viet Nam."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _day(value: date) -> date:
    """Return the day of a moment in Viet Nam, or the day that was given."""
    return _local(value).date() if isinstance(value, datetime) else value
