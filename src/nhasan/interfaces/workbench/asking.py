"""What is offered to who asks for reports: published forms, receiving units, kinds of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhasan.collection import queries
from nhasan.collection.queries.regime import versions_in_force
from nhasan.domain.access import Actor, Permission
from nhasan.domain.words import normalised
from nhasan.organisations import queries as organisations

UNIT_KINDS = {
    "commune": gettext_lazy("Ủy ban nhân dân xã, phường, đặc khu"),
    "focal": gettext_lazy("Cơ quan công tác dân tộc cấp tỉnh"),
    "department": gettext_lazy("Sở, ngành"),
    "board": gettext_lazy("Ban Dân tộc các tỉnh trước ngày 01/7/2025"),
    "ministry": gettext_lazy("Bộ, ngành trung ương"),
}
NAMED = "ten"
"""The choice of units by name, beside the kinds."""
_LEVELS = {"commune": "commune", "focal": "province", "department": "province",
           "board": "province", "ministry": "country"}
_RECEIVERS = ("ministry", "focal", "department")


@dataclass(frozen=True, slots=True)
class Published:
    """A form in force: what it is called and how often it is filled in."""

    identifier: str
    title: str
    frequency: str


def published_forms() -> Sequence[Published]:
    """Return the forms that are in force, but for tables that were asked for once."""
    forms = queries.forms()
    versions = versions_in_force([form.pk for form in forms])
    return [
        Published(form.identifier, form.title_vi,
                  str(versions[form.pk].definition.get("frequency", "")))
        for form in forms
        if form.pk in versions and not versions[form.pk].definition.get("ad_hoc")
    ]


class WhoForm(forms.Form):
    """Which units report: all of a kind, or those named one by one."""

    ai = forms.ChoiceField(
        label=gettext_lazy("Đơn vị phải báo cáo"),
        choices=[*UNIT_KINDS.items(), (NAMED, gettext_lazy("Các đơn vị ghi tên dưới đây"))],
        help_text=gettext_lazy(
            "Đơn vị trực thuộc đơn vị nhận, có địa bàn phụ trách vào ngày chốt số liệu."))
    don_vi = forms.CharField(
        label=gettext_lazy("Tên các đơn vị"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Chỉ khi chọn ghi tên: mỗi dòng một đơn vị, viết tên hoặc mã."))
    actor: Actor

    def clean(self) -> dict[str, Any]:
        """Find the units that were named."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("ai") == NAMED:
            given["codes"] = self._codes(given.get("don_vi", ""))
        return given

    def _codes(self, text: str) -> list[str]:
        lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        if not lines:
            self.add_error("don_vi", _("Hãy ghi ít nhất một đơn vị."))
        known: dict[str, str] = {}
        for unit in organisations.units(self.actor, permission=Permission.MANAGE):
            known[normalised(unit.name)] = known[normalised(unit.code)] = unit.code
        missing = [line for line in lines if normalised(line) not in known]
        if missing:
            self.add_error("don_vi", _("Không tìm thấy đơn vị: {names}.").format(
                names="; ".join(missing[:5])))
        return [known[normalised(line)] for line in lines if normalised(line) in known]

    def reporters(self) -> dict[str, Any]:
        """Return who reports, as data."""
        given = self.cleaned_data
        if given["ai"] == NAMED:
            return {"units": given["codes"]}
        return {"kind": given["ai"], "level": _LEVELS[given["ai"]]}


def receivers(actor: Actor) -> list[Any]:
    """Return the units that reports can be sent to, of those that the person manages."""
    return list(
        organisations.units(actor, permission=Permission.MANAGE)
        .filter(kind__in=_RECEIVERS, closed__isnull=True)
    )
