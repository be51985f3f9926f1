"""Units: opened under a parent, closed under a successor."""

from __future__ import annotations

from datetime import date, datetime

from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.problems import Conflict, Invalid, NotFound, phrase
from nhasan.domain.words import normalised
from nhasan.organisations.authority import operation
from nhasan.organisations.models import UNIT_KINDS, OrganisationUnit


class UnitExists(Conflict):
    """A unit of that code is already there."""

    code = "unit-exists"
    message = phrase("Đã có đơn vị mang mã “{unit}”.")


@operation("unit.open")
def open_unit(*, actor: Actor, code: str, name: str, short_name: str, kind: str,
              parent: str | None, opened: date | None, at: datetime) -> OrganisationUnit:
    """Open a unit under a parent (by code), or as the root of a house."""
    scope = actor.require(Permission.ADMINISTER)
    if kind not in UNIT_KINDS:
        raise Invalid(reason=phrase("không có loại đơn vị này"))
    above = None
    if parent is None:
        actor.require_root(Permission.ADMINISTER)
    else:
        above = OrganisationUnit.objects.within(scope).one(code=parent)
    if OrganisationUnit.objects.within(EVERYTHING).filter(code=code).exists():
        raise UnitExists(unit=code)
    unit = OrganisationUnit(
        code=code, name=name, short_name=short_name, kind=kind, parent=above, opened=opened,
        search=normalised(f"{name} {short_name} {code}"),
    )
    unit.save()
    unit.path = f"{above.path if above else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


@operation("unit.close")
def close_unit(*, actor: Actor, code: str, successor: str, closed: date,
               at: datetime) -> OrganisationUnit:
    """Close a unit; it hangs under its successor, which answers for it from then on."""
    scope = actor.require(Permission.ADMINISTER)
    # Two units that are closed at once, one into the other, take turns
    held = OrganisationUnit.objects.within(scope).filter(code__in=(code, successor))
    rows = {row.code: row for row in held.select_for_update(of=("self",)).order_by("pk")}
    if not {code, successor} <= rows.keys():
        raise NotFound()
    unit, heir = rows[code], rows[successor]
    if heir.path and unit.path and heir.path.startswith(unit.path):
        raise Invalid(reason=phrase("đơn vị kế thừa không được là chính nó hoặc cấp dưới"))
    old_path = unit.path or ""
    unit.closed, unit.successor, unit.parent = closed, heir, heir
    unit.path = f"{heir.path}{unit.pk}/"
    unit.save(update_fields=["closed", "successor", "parent", "path"])
    for below in OrganisationUnit.objects.within(EVERYTHING).filter(path__startswith=old_path):
        below.path = unit.path + (below.path or "")[len(old_path):]
        below.save(update_fields=["path"])
    return unit
