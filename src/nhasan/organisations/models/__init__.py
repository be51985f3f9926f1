"""Tables of the ground floor: units, people, roles, the audit trail, notices."""

from nhasan.organisations.models.calendar import DayOff, HolidayRule
from nhasan.organisations.models.calendar import DayOff, HolidayRule
from nhasan.organisations.models.house import (
    UNIT_KINDS,
    AuditEvent,
    OrganisationUnit,
    RoleAssignment,
    StepLease,
    User,
)

__all__ = [
    "UNIT_KINDS",
    "AuditEvent",
    "DayOff",
    "HolidayRule",
    "OrganisationUnit",
    "RoleAssignment",
    "StepLease",
    "User",
]
