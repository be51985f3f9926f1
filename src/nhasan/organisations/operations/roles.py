"""Roles: given to a person over a branch, ended on a day."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localtime

from nhasan.domain.access import EVERYTHING, ROLES, Actor, Permission
from nhasan.domain.problems import Conflict, Invalid, phrase
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit, RoleAssignment, User


class RoleHeld(Conflict):
    """The person already holds that role over that unit at that time."""

    code = "role-held"
    message = phrase("Người này đã giữ vai trò đó ở đơn vị đó trong thời gian này.")


@operation("role.assign")
def assign_role(*, actor: Actor, user: int, role: str, unit: str, valid_from: date,
                at: datetime) -> RoleAssignment:
    """Give a person a role over the branch of a unit (by code)."""
    scope = actor.require(Permission.ADMINISTER)
    if role not in ROLES:
        raise Invalid(reason=phrase("không có vai trò này"))
    if not actor.is_house:
        _may_assign(actor, user, valid_from, at)
    account = User.scoped.within(scope).one(pk=user)
    branch = OrganisationUnit.objects.within(scope).one(code=unit)
    if RoleAssignment.objects.within(EVERYTHING).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from),
        user=account, role=role, unit=branch,
    ).exists():
        raise RoleHeld()
    return RoleAssignment.objects.create(
        user=account, role=role, unit=branch, valid_from=valid_from,
    )


def _may_assign(actor: Actor, user: int, valid_from: date, at: datetime) -> None:
    """Refuse what would let an administrator do everybody's work, or have done it before."""
    if str(user) == actor.id:
        raise Invalid(reason=phrase(
            "không thể tự giao vai trò cho mình; hãy nhờ một người quản trị khác"))
    if valid_from < localtime(at).date():
        raise Invalid(reason=phrase("vai trò bắt đầu từ hôm nay trở đi, không lùi ngày"))


@operation("role.end")
def end_role(*, actor: Actor, assignment: int, on: date, at: datetime) -> RoleAssignment:
    """End a role on that day (from that day on it is not held)."""
    found = RoleAssignment.objects.within(actor.require(Permission.ADMINISTER)).one(pk=assignment)
    if str(found.user_id) == actor.id and found.role == "administrator":
        raise Invalid(reason=phrase("không thể tự bỏ vai trò quản trị của mình"))
    if found.valid_to is not None and found.valid_to <= on:
        raise Conflict()
    found.valid_to = max(on, found.valid_from)
    found.save(update_fields=["valid_to"])
    return found
