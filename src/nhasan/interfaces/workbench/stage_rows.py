"""The stages of a review, asked row by row: what each look is called, and where it happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhasan.domain.access import Actor
from nhasan.domain.stages import ABOVE, MOST_STAGES, OWN, RECEIVER
from nhasan.interfaces.workbench.asking import receivers
from nhasan.organisations import queries as organisations

_PLACES = {
    "": gettext_lazy("(không có bước này)"),
    OWN: gettext_lazy("lãnh đạo của chính đơn vị báo cáo"),
    RECEIVER: gettext_lazy("đơn vị nhận báo cáo"),
    ABOVE: gettext_lazy("đơn vị cấp trên của đơn vị nhận"),
}
_USUAL = {
    OWN: gettext_lazy("Lãnh đạo đơn vị duyệt"),
    RECEIVER: gettext_lazy("Đơn vị nhận báo cáo duyệt"),
    ABOVE: gettext_lazy("Cấp trên duyệt"),
}


def told(stages: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the stages of an obligation in words: what each is called, and where it happens."""
    return [(each["name"], _where(each["unit"])) for each in stages]


def _where(unit: str) -> str:
    found = None if unit in _PLACES else organisations.unit_by_code(unit)
    return found.name if found else str(_PLACES.get(unit, unit))


class StageRow(forms.Form):
    """One look at a report; a row without a place is no stage."""

    ma = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    noi = forms.ChoiceField(required=False)
    ten = forms.CharField(required=False, max_length=120)

    def __init__(self, data: Any, number: int, places: Sequence[tuple[str, Any]],
                 kept: Mapping[str, Any]) -> None:
        """Ask for stage `number`, which may happen at these places; `kept` is one as data."""
        initial = {"ma": kept.get("id", f"buoc-{number}"), "noi": kept.get("unit", ""),
                   "ten": kept.get("name", "")}
        super().__init__(data, prefix=f"buoc-{number}", initial=initial)
        self.number = number
        offered: Any = self.fields
        offered["noi"].choices = places
        offered["noi"].widget.attrs = {
            "aria-label": _("Bước {number}: nơi duyệt").format(number=number), "class": "gon"}
        offered["ten"].widget.attrs = {
            "aria-label": _("Bước {number}: tên bước").format(number=number), "class": "gon",
            "size": 28, "autocomplete": "off", "placeholder": _("tên bước")}

    def clean(self) -> dict[str, Any]:
        """Ask where a stage that has a name happens."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("ten", "").strip() and not given.get("noi"):
            self.add_error("noi", _("Hãy chọn nơi duyệt, hoặc xoá tên bước."))
        return given

    def stage(self) -> dict[str, str] | None:
        """Return the stage as data, or nothing of an empty row."""
        given = self.cleaned_data
        if not given["noi"]:
            return None
        usual = str(_USUAL.get(given["noi"], _USUAL[RECEIVER]))
        name = " ".join(given["ten"].split()) or usual
        return {"id": given["ma"] or self.prefix or "", "name": name, "unit": given["noi"]}


class StageRows:
    """All rows; as many as there may be stages."""

    def __init__(self, actor: Actor, data: Any = None,
                 kept: Sequence[Mapping[str, Any]] = ()) -> None:
        """Ask anew, or with the stages that are kept."""
        units = {unit.code: unit.name for unit in receivers(actor)}
        for code in {str(each.get("unit", "")) for each in kept} - _PLACES.keys() - units.keys():
            units[code] = _where(code)
        places = [*_PLACES.items(), *units.items()]
        self.rows = [
            StageRow(data, number + 1, places, kept[number] if number < len(kept) else {})
            for number in range(MOST_STAGES)
        ]

    def __iter__(self) -> Iterator[StageRow]:
        """Yield the rows in the order in which the stages happen."""
        return iter(self.rows)

    @property
    def opened(self) -> bool:
        """Tell whether a stage is asked for, or has an error."""
        return any(row.errors or row["noi"].value() for row in self.rows)

    def is_valid(self) -> bool:
        """Tell whether every row can be read; all errors are shown at once."""
        return all([row.is_valid() for row in self.rows])  # noqa: C419

    def errors(self) -> list[dict[str, str]]:
        """Return what is wrong in the rows, for the summary."""
        return [
            {"href": f"#{row[field].id_for_label}",
             "text": _("Bước {number}: {text}").format(number=row.number, text=text)}
            for row in self.rows for field, texts in row.errors.items() for text in texts
        ]

    def stages(self) -> list[dict[str, str]]:
        """Return the stages as data, in their order; none of them: the receiver alone decides."""
        return [found for row in self.rows if (found := row.stage())]
