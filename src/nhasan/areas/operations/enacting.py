"""Changes of the map: which old units became which new ones, by which decree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from nhasan.areas.models import AreaChange, AreaLink
from nhasan.domain.access import Actor, Permission
from nhasan.organisations.authority import operation


@dataclass(frozen=True, slots=True)
class NewLink:
    """One link from an old unit to a new one, as given to `enact`."""

    level: str
    old_code: str
    new_code: str
    kind: str
    agreement: str = ""
    doubtful: bool = False
    note: str = ""


@operation("area.enact")
def enact(*, actor: Actor, decree: str, title: str, on: date, links: Iterable[NewLink],
          source: str, at: datetime) -> AreaChange:
    """Enter a change of the map: which old units became which new ones, by which decree."""
    actor.require_root(Permission.MANAGE)
    change = AreaChange.objects.create(decree=decree, title=title, on=on, source=source)
    AreaLink.objects.bulk_create(
        [
            AreaLink(
                change=change, level=link.level, old_code=link.old_code,
                new_code=link.new_code, kind=link.kind, agreement=link.agreement,
                doubtful=link.doubtful, note=link.note,
            )
            for link in links
        ],
        batch_size=1000,
    )
    return change
