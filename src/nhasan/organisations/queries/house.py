"""Nouns of the ground floor. Queries of owned tables take the actor."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from nhasan.domain.access import EVERYTHING, ROLES, Actor, Grant, Permission
from nhasan.domain.words import normalised
from nhasan.organisations.models import AuditEvent, OrganisationUnit, RoleAssignment, User

_MOST_PEOPLE = 500


def actor_for(user: User, on: date) -> Actor:
    """Return the actor that a signed-in person is on that day."""
    grants = (
        RoleAssignment.objects.within(EVERYTHING)
        .filter(_valid(on), user=user)
        .values_list("role", "unit__path")
    )
    return Actor(
        id=str(user.pk), name=user.name, unit_path=user.unit.path or "",
        grants=tuple(Grant(role, path or "-") for role, path in grants),
    )


def _valid(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def unit_by_code(code: str) -> OrganisationUnit | None:
    """Return the unit of that code. Names of public bodies are open to every official."""
    return OrganisationUnit.objects.within(EVERYTHING).filter(code=code).first()


def unit_of(user: User) -> OrganisationUnit:
    """Return the unit a person belongs to."""
    return user.unit


def successors(on: date) -> dict[int, int]:
    """Return closed unit → the open unit that took over from it by that day, in the end."""
    rows = OrganisationUnit.objects.within(EVERYTHING).filter(
        closed__lte=on, successor__isnull=False)
    after = {unit: heir for unit, heir in rows.values_list("pk", "successor") if heir}
    found = {}
    for unit in after:
        heir, seen = unit, {unit}
        while heir in after and after[heir] not in seen:
            heir = after[heir]
            seen.add(heir)
        found[unit] = heir
    return found


def units(actor: Actor, *, permission: Permission = Permission.READ, search: str = "",
          kind: str = "") -> models.QuerySet[OrganisationUnit]:
    """Return the units within what the actor may do, in tree order."""
    found = OrganisationUnit.objects.within(actor.may(permission)).select_related("successor")
    if search:
        found = found.filter(search__contains=normalised(search))
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("path")


def unit(actor: Actor, pk: int) -> OrganisationUnit:
    """Return one unit the actor administers."""
    scope = actor.require(Permission.ADMINISTER)
    return OrganisationUnit.objects.within(scope).select_related("successor").one(pk=pk)


@dataclass(frozen=True, slots=True)
class Person:
    """One account as a list of people shows it."""

    id: int
    username: str
    name: str
    unit: str
    is_active: bool
    last_login: Any
    roles: tuple[tuple[int, str, str], ...]


def people(actor: Actor, *, on: date, search: str = "") -> Sequence[Person]:
    """Return the accounts the actor administers, with their roles on that day."""
    scope = actor.may(Permission.ADMINISTER)
    users = User.scoped.within(scope).select_related("unit").order_by("unit__path", "username")
    wanted = normalised(search)
    users_list = [
        user for user in users
        if wanted in normalised(f"{user.name} | {user.username} | {user.unit.search}")
    ][:_MOST_PEOPLE]
    roles: dict[int, list[tuple[int, str, str]]] = {}
    for role in (
        RoleAssignment.objects.within(EVERYTHING).filter(_valid(on), user__in=users_list)
        .select_related("unit")
    ):
        roles.setdefault(role.user_id, []).append(
            (role.pk, ROLES[role.role].name, role.unit.name)
        )
    return [
        Person(user.pk, user.username, user.name, user.unit.name, user.is_active,
               user.last_login, tuple(roles.get(user.pk, ())))
        for user in users_list
    ]


def person(actor: Actor, pk: int) -> User:
    """Return one account the actor administers."""
    return (
        User.scoped.within(actor.require(Permission.ADMINISTER)).select_related("unit").one(pk=pk)
    )


def role_history(user: User) -> Sequence[RoleAssignment]:
    """Return every role an account holds or held, the newest first.

    The account was found within the actor's authority; its roles go with it.
    """
    return list(
        RoleAssignment.objects.within(EVERYTHING).filter(user=user).select_related("unit")
        .order_by("-valid_from", "-pk")
    )


def entering_accounts(on: date, units: Iterable[int]) -> dict[int, int]:
    """Return unit → how many active accounts enter figures for it: without one nobody is urged."""
    roles = [role.id for role in ROLES.values() if Permission.ENTER in role.permissions]
    rows = (
        RoleAssignment.objects.within(EVERYTHING)
        .filter(_valid(on), unit__in=set(units), role__in=roles, user__is_active=True)
        .values_list("unit").annotate(n=models.Count("user", distinct=True))
    )
    return dict(rows)


def usernames() -> set[str]:
    """Return the names of all accounts: no two accounts share one, wherever they are."""
    return set(User.scoped.within(EVERYTHING).values_list("username", flat=True))


def people_at(actor: Actor, unit: int) -> Sequence[User]:
    """Return the accounts of one unit that the actor administers, active ones first."""
    scope = actor.may(Permission.ADMINISTER)
    return list(User.scoped.within(scope).filter(unit=unit).order_by("-is_active", "name"))


def accounts_by_unit(actor: Actor) -> dict[int, int]:
    """Return unit → how many active accounts it has, where the actor administers."""
    rows = (
        User.scoped.within(actor.may(Permission.ADMINISTER)).filter(is_active=True)
        .values_list("unit").annotate(n=models.Count("pk"))
    )
    return dict(rows)


def audit(actor: Actor, *, search: str = "", action: str = "",
          limit: int = 0) -> models.QuerySet[AuditEvent]:
    """Return the acts in the branches the actor administers, newest first."""
    wanted = Q()
    for path in actor.require(Permission.ADMINISTER).paths:
        wanted |= Q(unit_path__startswith=path)
        if _is_only_root(path):
            wanted |= Q(unit_path="/")
    found = AuditEvent.objects.filter(wanted)
    if search:
        found = found.filter(Q(actor_name__icontains=search) | Q(subject_id=search))
    if action:
        found = found.filter(action=action)
    found = found.order_by("-id")
    return found[:limit] if limit else found


def accounts_touched(actor: Actor, events: Iterable[AuditEvent]) -> dict[int, str]:
    """Return act → the name of the account it was done to, of accounts the actor administers.

    A role that was ended speaks of the account that held it.
    """
    accounts, roles = (
        {event.pk: event.subject_id for event in events if event.subject_type == model._meta.label}
        for model in (User, RoleAssignment)
    )
    held = dict(
        RoleAssignment.objects.within(EVERYTHING).filter(pk__in=roles.values())
        .values_list("pk", "user")
    )
    owners = {
        **{act: int(pk) for act, pk in accounts.items()},
        **{act: held[int(pk)] for act, pk in roles.items() if int(pk) in held},
    }
    scope = actor.require(Permission.ADMINISTER)
    names = dict(
        User.scoped.within(scope).filter(pk__in=set(owners.values())).values_list("pk", "name")
    )
    return {act: names[pk] for act, pk in owners.items() if pk in names}


def _is_only_root(path: str) -> bool:
    """Tell whether a branch is the whole house: then the clock's own acts belong to it too."""
    roots = OrganisationUnit.objects.within(EVERYTHING).filter(parent__isnull=True)
    return list(roots.values_list("path", flat=True)[:2]) == [path]


def audit_actions(actor: Actor) -> Sequence[str]:
    """Return the kinds of acts that were done where the actor administers."""
    names = audit(actor).order_by("action").values_list("action", flat=True)
    return list(names.distinct())


def seal_of(event: AuditEvent, before: str) -> str:
    """Return the digest of an audit line chained to the one before it."""
    content = json.dumps(
        [before, event.pk, event.at.isoformat(), event.actor, event.actor_name, event.unit_path,
         event.action, event.subject_type, event.subject_id, event.facts],
        ensure_ascii=False, sort_keys=True,
    )
    return hashlib.sha256(content.encode()).hexdigest()


def audit_is_whole() -> bool:
    """Tell whether the sealed chain still matches every line."""
    before = ""
    for event in AuditEvent.objects.filter(place__isnull=False).order_by("place").iterator():
        if event.digest != seal_of(event, before):
            return False
        before = event.digest or ""
    return True


def actor_named(username: str, on: date) -> Actor | None:
    """Return the actor of the account of that name, if it is active."""
    user = (
        User.scoped.within(EVERYTHING).filter(username=username, is_active=True)
        .select_related("unit").first()
    )
    return actor_for(user, on) if user else None
