"""What is offered to who asks for reports: published forms, receiving units, kinds of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from nhasan.collection import queries
from nhasan.collection.queries.regime import versions_in_force
from nhasan.domain.access import Actor, Permission
from nhasan.organisations import queries as organisations

UNIT_KINDS = {
    "commune": gettext_lazy("Ủy ban nhân dân xã, phường, đặc khu"),
    "focal": gettext_lazy("Cơ quan công tác dân tộc cấp tỉnh"),
    "department": gettext_lazy("Sở, ngành"),
    "board": gettext_lazy("Ban Dân tộc các tỉnh trước ngày 01/7/2025"),
    "ministry": gettext_lazy("Bộ, ngành trung ương"),
}
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


def receivers(actor: Actor) -> list[Any]:
    """Return the units that reports can be sent to, of those that the person manages."""
    return list(
        organisations.units(actor, permission=Permission.MANAGE)
        .filter(kind__in=_RECEIVERS, closed__isnull=True)
    )
