"""Tables of the ground floor: units, people, roles, the audit trail, notices."""

from nhasan.organisations.models.calendar import DayOff, HolidayRule
from nhasan.organisations.models.house import (
    UNIT_KINDS,
    AuditEvent,
    OrganisationUnit,
    RoleAssignment,
    StepLease,
    User,
)
from nhasan.organisations.models.notices import (
    MAIL_STATES,
    MailItem,
    MailMessage,
    Notification,
    NotificationSeen,
)

__all__ = [
    "MAIL_STATES",
    "UNIT_KINDS",
    "AuditEvent",
    "DayOff",
    "HolidayRule",
    "MailItem",
    "MailMessage",
    "Notification",
    "NotificationSeen",
    "OrganisationUnit",
    "RoleAssignment",
    "StepLease",
    "User",
]
