"""Nouns of the ground floor. Queries of owned tables take the actor."""

from nhasan.organisations.queries.calendar import calendar, decided_days, holiday_rules
from nhasan.organisations.queries.house import (
    Person,
    accounts_by_unit,
    accounts_touched,
    actor_for,
    actor_named,
    audit,
    audit_actions,
    audit_is_whole,
    entering_accounts,
    people,
    person,
    role_history,
    seal_of,
    successors,
    unit_by_code,
    unit_of,
    units,
)
from nhasan.organisations.queries.mailing import MailMessage, letters, undelivered
from nhasan.organisations.queries.notices import notices, unseen_notices

__all__ = [
    "MailMessage",
    "Person",
    "accounts_by_unit",
    "accounts_touched",
    "actor_for",
    "actor_named",
    "audit",
    "audit_actions",
    "audit_is_whole",
    "calendar",
    "decided_days",
    "entering_accounts",
    "holiday_rules",
    "letters",
    "notices",
    "people",
    "person",
    "role_history",
    "seal_of",
    "successors",
    "undelivered",
    "unit_by_code",
    "unit_of",
    "units",
    "unseen_notices",
]
