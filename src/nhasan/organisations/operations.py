"""Verbs of the ground floor: units, accounts, roles, the sealing of the audit trail."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import localtime

from nhasan.domain.access import EVERYTHING, ROLES, Actor, Permission
from nhasan.domain.problems import Conflict, Forbidden, Invalid, phrase
from nhasan.domain.words import normalised
from nhasan.organisations.authority import operation
from nhasan.organisations.models import (
    UNIT_KINDS,
    AuditEvent,
    OrganisationUnit,
    RoleAssignment,
    StepLease,
    User,
)
from nhasan.organisations.queries import seal_of


class UnitExists(Conflict):
    """A unit of that code is already there."""

    code = "unit-exists"
    message = phrase("Đã có đơn vị mang mã “{unit}”.")


class AccountExists(Conflict):
    """An account of that name is already there."""

    code = "account-exists"
    message = phrase("Đã có tài khoản tên “{username}”. Hãy chọn tên khác.")


class RoleHeld(Conflict):
    """The person already holds that role over that unit at that time."""

    code = "role-held"
    message = phrase("Người này đã giữ vai trò đó ở đơn vị đó trong thời gian này.")


class BeyondScope(Forbidden):
    """An account that also acts where the administrator has no say."""

    code = "account-beyond-scope"
    message = phrase(
        "Tài khoản này còn giữ vai trò ở đơn vị ngoài phạm vi của bạn. Hãy hỏi người quản trị "
        "cấp trên."
    )


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
    unit = OrganisationUnit.objects.within(scope).one(code=code)
    heir = OrganisationUnit.objects.within(scope).one(code=successor)
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


@operation("account.open")
def open_account(*, actor: Actor, username: str, name: str, unit: str, password: str | None,
                 must_change_password: bool, at: datetime) -> User:
    """Open an account for one person at a unit (by code).

    Without a password nobody can sign in with it until one is set.
    """
    home = OrganisationUnit.objects.within(actor.require(Permission.ADMINISTER)).one(code=unit)
    if User.scoped.within(EVERYTHING).filter(username=username).exists():
        raise AccountExists(username=username)
    if password is not None:
        _check_password(password)
    user = User(
        username=username, name=name, unit=home, password=make_password(password),
        must_change_password=must_change_password, created_at=at,
    )
    user.save()
    return user


@operation("account.change_password")
def change_password(*, actor: Actor, password: str, at: datetime) -> User:
    """Change one's own password for another; who asks has shown the present one at the door."""
    account = User.scoped.within(EVERYTHING).one(pk=actor.id)
    if account.check_password(password):
        raise Invalid(reason=phrase("mật khẩu mới phải khác mật khẩu đang dùng"))
    return _keep_password(account, password, must_change=False)


@operation("account.reset_password")
def reset_password(*, actor: Actor, user: int, password: str, at: datetime) -> User:
    """Give an account that one administers a first password again; never one's own."""
    account = _administered(actor, user)
    if actor.id == str(user):
        raise Invalid(reason=phrase("mật khẩu của mình thì đổi ở trang Đổi mật khẩu"))
    return _keep_password(account, password, must_change=True)


def _keep_password(account: User, password: str, *, must_change: bool) -> User:
    _check_password(password)
    account.password = make_password(password)
    account.must_change_password = must_change
    account.save(update_fields=["password", "must_change_password"])
    return account


def _administered(actor: Actor, pk: int) -> User:
    """Return an account that acts nowhere but where the actor administers.

    Who could sign in as somebody with roles above would hold those roles too.
    """
    scope = actor.require(Permission.ADMINISTER)
    account = User.scoped.within(scope).one(pk=pk)
    held = RoleAssignment.objects.within(EVERYTHING).filter(user=account)
    if any(not scope.covers(path or "") for path in held.values_list("unit__path", flat=True)):
        raise BeyondScope()
    return account


# Django's own sentences are not all translated; these are ours, by its codes.
_WEAK = {
    "password_too_short": phrase("mật khẩu ngắn quá; hãy dùng từ 12 ký tự trở lên"),
    "password_too_common": phrase("mật khẩu này nhiều người đã dùng; hãy ghép vài từ của bạn"),
    "password_entirely_numeric": phrase("mật khẩu chỉ có chữ số; hãy thêm chữ"),
}


def _check_password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as refused:
        raise Invalid(reason=_WEAK[str(refused.error_list[0].code)]) from refused


@operation("account.deactivate")
def deactivate_account(*, actor: Actor, user: int, at: datetime) -> User:
    """Deactivate an account; what it did stays."""
    account = _administered(actor, user)
    if actor.id == str(user):
        raise Invalid(reason=phrase("không thể tự khoá tài khoản của mình"))
    account.is_active = False
    account.save(update_fields=["is_active"])
    _end_sessions(account, at)
    return account


def _end_sessions(account: User, at: datetime) -> None:
    """End every session of an account, so that opening it again revives none of them."""
    for session in Session.objects.filter(expire_date__gte=at).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(account.pk):
            session.delete()


@operation("account.activate")
def activate_account(*, actor: Actor, user: int, at: datetime) -> User:
    """Open a deactivated account again."""
    account = _administered(actor, user)
    account.is_active = True
    account.save(update_fields=["is_active"])
    return account


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


@operation("account.sign_in")
def note_sign_in(*, actor: Actor, user: int, at: datetime) -> User:
    """Leave an audit line that a person signed in."""
    return User.scoped.within(EVERYTHING).one(pk=user)


@operation("account.open_with_role")
def open_account_with_role(*, actor: Actor, username: str, name: str, unit: str, password: str,
                           role: str, valid_from: date, at: datetime) -> User:
    """Open an account whose password must be changed, with a first role if one is named."""
    user = open_account(
        actor=actor, username=username, name=name, unit=unit, password=password,
        must_change_password=True, at=at,
    )
    if role:
        assign_role(
            actor=actor, user=user.pk, role=role, unit=unit, valid_from=valid_from, at=at,
        )
    return user


def seal_audit(*, actor: Actor, at: datetime) -> int:
    """Chain the digests of new audit lines; a step of the pulse, itself without a line."""
    last = AuditEvent.objects.filter(place__isnull=False).order_by("-place").first()
    before = (last.digest or "") if last else ""
    first = (last.place or 0) if last else 0
    sealed = 0
    for event in AuditEvent.objects.filter(place__isnull=True).order_by("id")[:2000]:
        event.digest = before = seal_of(event, before)
        sealed += 1
        event.place = first + sealed
        event.save(update_fields=["digest", "place"])
    return sealed


def take_lease(*, step: str, holder: str, until: datetime, at: datetime) -> bool:
    """Take the lease of a step if it is free or has run out; tell whether it was taken."""
    _, made = StepLease.objects.get_or_create(
        step=step, defaults={"holder": holder, "until": until, "last_run": at},
    )
    if made:
        return True
    return bool(
        StepLease.objects.filter(step=step, until__lte=at)
        .update(holder=holder, until=until, last_run=at)
    )


def free_lease(*, step: str, holder: str, at: datetime) -> None:
    """Give the lease of a step back."""
    StepLease.objects.filter(step=step, holder=holder).update(until=at)
