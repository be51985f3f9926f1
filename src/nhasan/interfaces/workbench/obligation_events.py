"""What is asked when an obligation is put in force, retired, or what it counts from happens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhasan.collection.queries import regime
from nhasan.domain.problems import phrase
from nhasan.domain.schedule import OFTEN, Often, Schedule
from nhasan.interfaces.workbench.days import DayField
from nhasan.interfaces.workbench.period_choice import Groups, PeriodField, periods_offered
from nhasan.organisations import queries as organisations

SHIPPED_EVENTS = (
    phrase("ngày UBND tỉnh chỉ đạo"), phrase("ngày Nghị định có hiệu lực"),
    phrase("ngày nhận đủ hồ sơ các tỉnh"), phrase("ngày nhận văn bản chỉ đạo của UBND tỉnh"),
    phrase("ngày có văn bản chỉ đạo"),
)
"""Events that shipped obligations count from, so that their names have English words."""


def event_text(names: str) -> str:
    """Return the names of events in the reader's language; what an office named stays so."""
    return ", ".join(_(name) if name in SHIPPED_EVENTS else name for name in names.split(", "))


class OnForm(forms.Form):
    """From which day something counts."""

    ngay = DayField(label=gettext_lazy("Từ ngày"))


def periods_of(schedule: Schedule, today: date) -> Groups:
    """Return the periods that an event may open: those of the schedule, or of any kind."""
    if schedule.often in (Often.TERM, Often.ONCE):
        office = organisations.calendar()
        far = timedelta(days=366 * schedule.every)
        return [(_(OFTEN[schedule.often]).capitalize(), [
            (str(each), schedule.called(schedule.days(each, office)).said(_))
            for each in schedule.periods(today - far, today + far)])]
    return periods_offered(today, () if schedule.often is Often.EVENT else (schedule.often,))


class EventForm(forms.Form):
    """What happened: the event, its day, the document, the period that it opens."""

    su_kien = forms.ChoiceField(label=gettext_lazy("Sự kiện"))
    ngay = DayField(label=gettext_lazy("Ngày xảy ra"))
    van_ban = forms.CharField(
        label=gettext_lazy("Văn bản"), required=False, max_length=300,
        help_text=gettext_lazy("Số, ký hiệu và trích yếu, nếu có văn bản."))
    ky = PeriodField(label=gettext_lazy("Kỳ số liệu"))
    van_ghi = forms.BooleanField(
        label=gettext_lazy("Tôi hiểu, vẫn ghi và mở thêm một kỳ"), required=False)

    def __init__(self, *given: Any, schedule: Schedule, today: date, **wanted: Any) -> None:
        """Offer the events that the schedule counts from, and the periods that it has."""
        super().__init__(*given, **wanted)
        offered: Any = self.fields
        offered["su_kien"].choices = [
            (name, event_text(name)) for name in sorted(schedule.events())]
        offered["ky"].offer(periods_of(schedule, today), self.initial.get("ky", ""))
        if not self.is_bound:
            del offered["van_ghi"]  # asked for only where a second round would open

    def check_again(self, found: Any) -> None:
        """Ask once more when the units have a report of the same form and period already."""
        there = regime.asked_already(found, self.cleaned_data["ky"].strip())
        if there and not self.cleaned_data["van_ghi"]:
            self.add_error("van_ghi", _(
                "Các đơn vị đang có báo cáo cùng biểu mẫu, cùng kỳ: “{rounds}”. Ghi sự kiện sẽ "
                "giao thêm một báo cáo nữa. Nếu đúng là cần, hãy đánh dấu ô này rồi ghi lại.",
            ).format(rounds="”, “".join(held.title_vi for held in there)))
