"""Nouns of the ground floor. Queries of owned tables take the actor."""

from nhasan.organisations.queries.house import (
    Person,
    accounts_by_unit,
    accounts_touched,
    actor_for,
    actor_named,
    audit,
    audit_actions,
    audit_is_whole,
    people,
    person,
    role_history,
    seal_of,
    unit_by_code,
    unit_of,
    units,
)

__all__ = [
    "Person",
    "accounts_by_unit",
    "accounts_touched",
    "actor_for",
    "actor_named",
    "audit",
    "audit_actions",
    "audit_is_whole",
    "people",
    "person",
    "role_history",
    "seal_of",
    "unit_by_code",
    "unit_of",
    "units",
]
