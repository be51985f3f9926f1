"""Periods to choose from, as people say them: “Quý III năm 2025”, never a code to type."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from nhasan.domain.periods import Frequency, series
from nhasan.interfaces.notation import period_text

_SINCE = 2009  # the first census that figures are held of
_AHEAD, _BACK = 1, 4  # years of the periods within a year that are offered
_WITHIN_A_YEAR = (Frequency.HALF, Frequency.QUARTER, Frequency.MONTH)
_KINDS = {
    Frequency.YEAR: gettext_lazy("Năm"), Frequency.HALF: gettext_lazy("Sáu tháng"),
    Frequency.QUARTER: gettext_lazy("Quý"), Frequency.MONTH: gettext_lazy("Tháng"),
    Frequency.SCHOOL_YEAR: gettext_lazy("Năm học"),
}
Groups = list[tuple[Any, list[tuple[str, str]]]]


class PeriodField(forms.ChoiceField):
    """One period out of a list; which ones fit is said with `offer`."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("Hãy chọn kỳ số liệu trong danh sách."),
        "required": gettext_lazy("Hãy chọn kỳ số liệu."),
    }

    def offer(self, groups: Groups, kept: str = "") -> None:
        """Offer these periods, and the one that is kept when it is none of them."""
        known = {value for _words, every in groups for value, _label in every}
        nothing = [] if self.required else [("", "—")]
        other = [(kept, period_text(kept))] if kept and kept not in known else []
        self.choices = [*nothing, *other, *groups]


def periods_offered(today: date, often: Collection[str] = ()) -> Groups:
    """Return the periods of these frequencies (of all, if none is named), the newest first."""
    found: Groups = []
    for frequency, words in _KINDS.items():
        if frequency.value not in often and often:
            continue
        back = _BACK if frequency in _WITHIN_A_YEAR else today.year - _SINCE
        first = frequency.containing(date(today.year - back, 1, 1))
        last = frequency.containing(date(today.year + _AHEAD, 12, 31))
        every = [(str(each), period_text(str(each))) for each in series(first, last)]
        found.append((words, every[::-1]))
    return found
