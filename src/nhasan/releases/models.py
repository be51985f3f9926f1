"""Tables of releases: numbered statements that never change, and what is in each."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import OrganisationUnit
from nhasan.processing.models import ProcessingRun

RELEASE_STATES = ("draft", "approved", "published", "withdrawn")
CHANGE_KINDS = ("gone", "new", "figures")


class Release(models.Model):
    """One numbered statement. Approved by another person than the one who drafted it."""

    OWNER = "unit"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    agency = models.CharField(max_length=32)
    identifier = models.CharField(max_length=64)
    version = models.CharField(max_length=24)
    dataflow = models.CharField(max_length=64)
    title_vi = models.CharField(max_length=400)
    notes = models.TextField(default="")
    state = models.CharField(max_length=10, default="draft")
    run = models.ForeignKey(ProcessingRun, models.PROTECT, related_name="+")
    manifest = models.JSONField()
    content = models.CharField(max_length=64)
    illustrative = models.BooleanField(default=False)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=64)
    drafted_by_name = models.CharField(max_length=120)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=64, default="")
    approved_by_name = models.CharField(max_length=120, default="")
    publish_on = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(default="")

    objects = ScopedQuerySet["Release"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["agency", "identifier", "version"], name="release_numbered_once",
            ),
            models.UniqueConstraint(
                fields=["agency", "identifier"], condition=Q(state__in=("draft", "approved")),
                name="release_one_in_hand",
            ),
            models.CheckConstraint(
                name="release_state_known", condition=Q(state__in=RELEASE_STATES),
            ),
            models.CheckConstraint(
                name="release_approved_by_another",
                condition=Q(approved_by="") | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="release_approved_before_published",
                condition=Q(state="draft") | (Q(approved_at__isnull=False) & ~Q(approved_by="")),
            ),
            models.CheckConstraint(
                name="release_published_has_a_day",
                condition=~Q(state__in=("published", "withdrawn")) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="release_withdrawn_with_a_reason",
                condition=~Q(state="withdrawn")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
            ),
        ]

    def __str__(self) -> str:
        return self.urn

    @property
    def urn(self) -> str:
        """Return `agency:identifier(version)`."""
        return f"{self.agency}:{self.identifier}({self.version})"


class Distribution(models.Model):
    """One file of a release, with its size and fingerprint."""

    OWNER = "release__unit"
    release = models.ForeignKey(Release, models.CASCADE, related_name="+")
    format = models.CharField(max_length=16)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    objects = ScopedQuerySet["Distribution"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(fields=["release", "path"], name="distribution_once"),
        ]


class Change(models.Model):
    """What a release says otherwise than the one before: a code gone or new, or figures."""

    OWNER = "release__unit"
    release = models.ForeignKey(Release, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    dimension = models.CharField(max_length=32, default="")
    code = models.CharField(max_length=100, default="")
    decided = models.CharField(max_length=100, default="")

    objects = ScopedQuerySet["Change"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["release", "kind", "dimension", "code"], name="change_once",
            ),
            models.CheckConstraint(
                name="change_kind_known", condition=Q(kind__in=CHANGE_KINDS),
            ),
        ]


class CalendarEntry(models.Model):
    """What will be released, and when."""

    OWNER = None
    OPEN_BECAUSE = "the release calendar is public"
    dataflow = models.CharField(max_length=64)
    title_vi = models.CharField(max_length=400)
    due = models.DateField()
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")
    announced_at = models.DateTimeField()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(fields=["dataflow", "due"], name="calendar_entry_once"),
        ]
