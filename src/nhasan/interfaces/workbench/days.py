"""Days typed as people here write them: dd/mm/yyyy, in a plain text box."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
"""The first is how a day is shown; a browser's own date box shows other orders."""


class DayField(forms.DateField):
    """A day as text; what cannot be read is asked again gently."""

    def __init__(self, **wanted: Any) -> None:
        wanted.setdefault("help_text", _("Viết ngày/tháng/năm, ví dụ 30/06/2025."))
        super().__init__(
            input_formats=FORMATS, widget=forms.DateInput(
                format=FORMATS[0],
                attrs={"inputmode": "numeric", "autocomplete": "off"},
            ),
            error_messages={
                "invalid": _("Ngày chưa đọc được. Hãy viết ngày/tháng/năm, ví dụ 30/06/2025."),
                "required": _("Hãy ghi ngày, ví dụ 30/06/2025."),
            },
            **wanted,
        )


def day_of(text: str) -> date | None:
    """Return the day that a text names, or nothing when it names none."""
    try:
        found = DayField(required=False).clean(text)
    except forms.ValidationError:
        return None
    return found if isinstance(found, date) else None
