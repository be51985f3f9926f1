"""People come in lists, move to other units, and go with their unit when it merges.

Drafts and reports belong to units, so they stay where they are; only people move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localtime

from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.problems import Conflict, Invalid, phrase
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit, RoleAssignment, User
from nhasan.organisations.operations.accounts import administered, open_account_with_role
from nhasan.organisations.operations.roles import assign_role, end_role


@dataclass(frozen=True, slots=True)
class NewAccount:
    """One account of a list; the password is never shown by its `repr`."""

    username: str
    name: str
    unit: str
    role: str
    email: str
    password: str = field(repr=False)


@operation("account.open_list")
def open_accounts(*, actor: Actor, accounts: Sequence[NewAccount], valid_from: date,
                  at: datetime) -> int:
    """Open the accounts of a list, each with its first role: all of them or none."""
    if not accounts:
        raise Invalid(reason=phrase("danh sách không có ai để lập tài khoản"))
    for each in accounts:
        account = open_account_with_role(
            actor=actor, username=each.username, name=each.name, unit=each.unit,
            password=each.password, role=each.role, valid_from=valid_from, at=at,
        )
        if each.email:
            account.email = each.email
            account.save(update_fields=["email"])
    return len(accounts)


@operation("account.move")
def move_account(*, actor: Actor, user: int, unit: str, roles: Sequence[str],
                 at: datetime) -> User:
    """Move a person to another unit today: roles end at the old one, those named begin there.

    Roles elsewhere, such as over a unit above, stay as they are.
    """
    account = administered(actor, user)
    if actor.id == str(user):
        raise Invalid(reason=phrase("không thể tự chuyển đơn vị cho mình"))
    home = OrganisationUnit.objects.within(actor.require(Permission.ADMINISTER)).one(code=unit)
    if home.closed is not None:
        raise Invalid(reason=phrase("đơn vị này đã đóng"))
    if home.pk == account.unit_id:
        raise Conflict()
    today, left = localtime(at).date(), account.unit_id
    account.unit = home
    account.save(update_fields=["unit"])
    for role in _held(account, left, today):
        end_role(actor=actor, assignment=role.pk, on=today, at=at)
    kept = {role.role for role in _held(account, home.pk, today)}
    for name in dict.fromkeys(roles):
        if name not in kept:
            assign_role(actor=actor, user=user, role=name, unit=unit, valid_from=today, at=at)
    return account


def _held(account: User, unit: int, today: date) -> list[RoleAssignment]:
    """Return the roles that an account holds at a unit, or will hold."""
    return list(
        RoleAssignment.objects.within(EVERYTHING)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), user=account, unit=unit)
    )


@operation("unit.hand_over_people")
def hand_over_people(*, actor: Actor, unit: str, at: datetime) -> int:
    """Move everybody of a closed unit to its successor, each with the roles held before."""
    scope = actor.require(Permission.ADMINISTER)
    closed = OrganisationUnit.objects.within(scope).select_related("successor").one(code=unit)
    if closed.successor is None:
        raise Invalid(reason=phrase("đơn vị chưa đóng, hoặc chưa có đơn vị kế thừa"))
    today = localtime(at).date()
    people = User.scoped.within(scope).filter(unit=closed, is_active=True).order_by("pk")
    moved = 0
    for account in people:
        if str(account.pk) == actor.id:  # somebody else moves the one who moves the others
            continue
        move_account(
            actor=actor, user=account.pk, unit=closed.successor.code,
            roles=[role.role for role in _held(account, closed.pk, today)], at=at,
        )
        moved += 1
    return moved


@operation("unit.set_contact")
def set_contact(*, actor: Actor, unit: str, email: str, phone: str,
                at: datetime) -> OrganisationUnit:
    """Keep how the office of a unit is reached."""
    found = OrganisationUnit.objects.within(actor.require(Permission.ADMINISTER)).one(code=unit)
    found.email, found.phone = email, phone
    found.save(update_fields=["email", "phone"])
    return found
