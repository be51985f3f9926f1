"""Tables of the ground floor: units, people, roles, the audit trail."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from nhasan.domain.access import ROLES
from nhasan.organisations.authority import ScopedQuerySet

UNIT_KINDS = ("ministry", "focal", "department", "commune", "board")


class OrganisationUnit(models.Model):
    """A body that acts; it may be closed and succeeded. A closed unit hangs under its successor.

    `path` is the chain of ids from the root, `/1/34/`, and what scopes are made of. `email` and
    `phone` are those of its office: whom to call when a report is late.
    """

    OWNER = ""
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=200, unique=True, null=True)
    opened = models.DateField(null=True)
    closed = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    search = models.CharField(max_length=400, default="")
    email = models.CharField(max_length=200, default="")
    phone = models.CharField(max_length=40, default="")

    objects = ScopedQuerySet["OrganisationUnit"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="organisation_unit_kind_known",
                condition=models.Q(kind__in=UNIT_KINDS),
            ),
            models.CheckConstraint(
                name="organisation_unit_closed_after_opened",
                condition=models.Q(opened__isnull=True) | models.Q(closed__isnull=True)
                | models.Q(closed__gt=models.F("opened")),
            ),
            models.CheckConstraint(
                name="organisation_unit_successor_only_when_closed",
                condition=models.Q(successor__isnull=True) | models.Q(closed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person with an account. One person, one account; never deleted, only deactivated."""

    OWNER = "unit"
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    email = models.CharField(max_length=200, default="")
    wants_mail = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    objects: Any = BaseUserManager()
    scoped = ScopedQuerySet["User"].as_manager()

    def __str__(self) -> str:
        return self.name


class RoleAssignment(models.Model):
    """A role of one person over one branch, for a time (half-open)."""

    OWNER = "unit"
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=16)
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = ScopedQuerySet["RoleAssignment"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="role_assignment_role_known", condition=models.Q(role__in=tuple(ROLES)),
            ),
            models.CheckConstraint(
                name="role_assignment_ends_not_before_start",
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]


class AuditEvent(models.Model):
    """One line for one act. Never changed or deleted; sealed into a chain of digests."""

    OWNER = None
    OPEN_BECAUSE = "written by every operation; read only by queries that ask for ADMINISTER"
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=120)
    unit_path = models.CharField(max_length=200)
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, null=True)
    place = models.BigIntegerField(null=True, unique=True)  # in the chain; sealing gives it

    class Meta:
        """Newest events are asked for by place and time."""

        indexes = [models.Index(fields=["unit_path", "at"], name="audit_event_place_time")]


class StepLease(models.Model):
    """Who runs a step of the pulse, and until when; a lease that ran out is free."""

    OWNER = None
    OPEN_BECAUSE = "the pulse's own bookkeeping; no figures, no people"
    step = models.CharField(max_length=64, primary_key=True)
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()
    last_run = models.DateTimeField(null=True)
