"""Accounts: opened, locked, their passwords. One person, one account."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError

from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.problems import Conflict, Forbidden, Invalid, phrase
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit, RoleAssignment, User
from nhasan.organisations.operations.roles import assign_role

_LONGEST_NAME = 120


class AccountExists(Conflict):
    """An account of that name is already there."""

    code = "account-exists"
    message = phrase("Đã có tài khoản tên “{username}”. Hãy chọn tên khác.")


class BeyondScope(Forbidden):
    """An account that also acts where the administrator has no say."""

    code = "account-beyond-scope"
    message = phrase(
        "Tài khoản này còn giữ vai trò ở đơn vị ngoài phạm vi của bạn. Hãy hỏi người quản trị "
        "cấp trên."
    )


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
    account = administered(actor, user)
    if actor.id == str(user):
        raise Invalid(reason=phrase("mật khẩu của mình thì đổi ở trang Đổi mật khẩu"))
    return _keep_password(account, password, must_change=True)


def _keep_password(account: User, password: str, *, must_change: bool) -> User:
    _check_password(password)
    account.password = make_password(password)
    account.must_change_password = must_change
    account.save(update_fields=["password", "must_change_password"])
    return account


def administered(actor: Actor, pk: int) -> User:
    """Return an account, locked, that acts nowhere but where the actor administers.

    Who could sign in as somebody with roles above would hold those roles too.
    """
    scope = actor.require(Permission.ADMINISTER)
    account = User.scoped.within(scope).select_for_update(of=("self",)).one(pk=pk)
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
    account = administered(actor, user)
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
    account = administered(actor, user)
    account.is_active = True
    account.save(update_fields=["is_active"])
    return account


@operation("account.rename")
def rename_account(*, actor: Actor, user: int, name: str, at: datetime) -> User:
    """Call a person by another name from now on; what they did keeps the name of its day."""
    account = administered(actor, user)
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > _LONGEST_NAME:
        raise Invalid(reason=phrase("tên người dùng cần từ 1 đến 120 ký tự"))
    account.name = wanted
    account.save(update_fields=["name"])
    return account


@operation("account.set_mail")
def set_mail(*, actor: Actor, email: str, wants_mail: bool, at: datetime) -> User:
    """Keep where one's own letters go, and whether they are wanted."""
    account = User.scoped.within(EVERYTHING).one(pk=actor.id)
    account.email, account.wants_mail = email, wants_mail
    account.save(update_fields=["email", "wants_mail"])
    return account


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
