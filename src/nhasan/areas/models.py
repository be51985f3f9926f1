"""Tables of the map: each unit as it legally stood from one day to another."""

from __future__ import annotations

from django.db import models

from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import OrganisationUnit

LINK_KINDS = ("full", "partial", "renamed", "ended")
LEVELS = ("country", "region", "province", "district", "commune")
REORGANISATION_STATES = ("draft", "decided", "enacted", "discarded")


class Area(models.Model):
    """A place as it stood between two days (half-open).

    Codes were re-used in 2025, so the identity of a row is code, level and date; a null
    `valid_from` means from before the records begin, and `known_from` then says on which day
    they begin: before it, the row may have been drawn otherwise.
    """

    OWNER = None
    OPEN_BECAUSE = "the administrative map is public"
    level = models.CharField(max_length=10)
    code = models.CharField(max_length=8)
    unit_type = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    parent_level = models.CharField(max_length=10, default="")
    parent_code = models.CharField(max_length=8, default="")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    known_from = models.DateField(null=True)
    established_by = models.CharField(max_length=200, default="")
    ended_by = models.CharField(max_length=200, default="")
    area_km2 = models.CharField(max_length=16, default="")
    search = models.CharField(max_length=200, default="")

    class Meta:
        """Named constraints and the ways the map is asked."""

        constraints = [
            models.CheckConstraint(
                name="area_level_known", condition=models.Q(level__in=LEVELS),
            ),
            models.CheckConstraint(
                name="area_ends_after_start",
                condition=models.Q(valid_from__isnull=True) | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["level", "code"], name="area_level_code"),
            models.Index(fields=["parent_level", "parent_code"], name="area_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Return the name with its kind, which some sources write into the name itself."""
        if self.name.casefold().startswith(f"{self.unit_type.casefold()} "):
            return self.name
        return f"{self.unit_type} {self.name}"


class AreaChange(models.Model):
    """An event of the map: merge, split, transfer, rename, by decree."""

    OWNER = None
    OPEN_BECAUSE = "the administrative map is public"
    decree = models.CharField(max_length=200)
    on = models.DateField()
    title = models.CharField(max_length=300)
    source = models.CharField(max_length=500, default="")

    class Meta:
        """One event for one decree and day."""

        constraints = [
            models.UniqueConstraint(fields=["decree", "on"], name="area_change_once"),
        ]


class AreaLink(models.Model):
    """An old unit and a new one that took over all or part of it; `ended` may name no heir."""

    OWNER = None
    OPEN_BECAUSE = "the administrative map is public"
    change = models.ForeignKey(AreaChange, models.PROTECT, related_name="links")
    level = models.CharField(max_length=10)
    old_code = models.CharField(max_length=8)
    new_code = models.CharField(max_length=8, default="")
    kind = models.CharField(max_length=8)
    agreement = models.CharField(max_length=64, default="")
    doubtful = models.BooleanField(default=False)
    note = models.CharField(max_length=300, default="")

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["change", "level", "old_code", "new_code"], name="area_link_once",
            ),
            models.CheckConstraint(
                name="area_link_kind_known", condition=models.Q(kind__in=LINK_KINDS),
            ),
            models.CheckConstraint(
                name="area_link_successor_unless_ended",
                condition=models.Q(kind="ended") | ~models.Q(new_code=""),
            ),
        ]


class Jurisdiction(models.Model):
    """Which unit answers for which area, and when (half-open)."""

    OWNER = "unit"
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    level = models.CharField(max_length=10)
    code = models.CharField(max_length=8)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    objects = ScopedQuerySet["Jurisdiction"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="jurisdiction_ends_after_start",
                condition=models.Q(valid_from__isnull=True) | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]


class ClassScheme(models.Model):
    """One way of sorting areas into classes: khu vực I, II, III; biên giới."""

    OWNER = None
    OPEN_BECAUSE = "how areas are sorted is published law"
    code = models.CharField(max_length=32)
    name_vi = models.CharField(max_length=200)
    kinds = models.JSONField(default=list)
    note = models.TextField(default="")

    class Meta:
        """Named constraints."""

        constraints = [models.UniqueConstraint(fields=["code"], name="class_scheme_once")]


class ClassDecision(models.Model):
    """A document by which areas got their classes.

    `complete_within` names the areas (level and code) of which the decision lists everything:
    what lies in them and is not listed has no class.
    """

    OWNER = None
    OPEN_BECAUSE = "how areas are sorted is published law"
    scheme = models.ForeignKey(ClassScheme, models.PROTECT, related_name="decisions")
    number = models.CharField(max_length=120)
    title = models.CharField(max_length=400, default="")
    signed_on = models.DateField()
    source = models.CharField(max_length=500, default="")
    complete_within = models.JSONField(default=list)
    illustrative = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=120, default="")


class AreaClass(models.Model):
    """The class of a place between two days (half-open); an empty kind: known to have one.

    Bound to the place as it stood, never to a code alone. A row that turned out otherwise is
    replaced, and stays.
    """

    OWNER = None
    OPEN_BECAUSE = "how areas are sorted is published law"
    scheme = models.ForeignKey(ClassScheme, models.PROTECT, related_name="+")
    decision = models.ForeignKey(ClassDecision, models.PROTECT, related_name="classes")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    part = models.CharField(max_length=120, default="")
    kind = models.CharField(max_length=16, default="")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=120, default="")
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        """Named constraints and the ways classes are asked."""

        constraints = [
            models.CheckConstraint(
                name="area_class_ends_after_start",
                condition=models.Q(valid_from__isnull=True) | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]


class Reorganisation(models.Model):
    """A change of the map that is being prepared, or waits for its day, or was enacted.

    `lines` are read by `domain/reorganisation.py`; the map has nothing of them until the day.
    """

    OWNER = None
    OPEN_BECAUSE = "the map is the whole house's; doors show drafts to those who keep it"
    decree = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    issuer = models.CharField(max_length=200, default="")
    on = models.DateField()
    source = models.CharField(max_length=500, default="")
    lines = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="draft")
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=120, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=120, default="")
    enacted_at = models.DateTimeField(null=True)
    change = models.OneToOneField(AreaChange, models.PROTECT, null=True, related_name="+")

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="reorganisation_state_known",
                condition=models.Q(state__in=REORGANISATION_STATES),
            ),
            models.UniqueConstraint(
                fields=["decree", "on"], name="reorganisation_once",
                condition=~models.Q(state="discarded"),
            ),
            models.CheckConstraint(
                name="reorganisation_enacted_has_change",
                condition=~models.Q(state="enacted") | models.Q(change__isnull=False),
            ),
        ]


class ShareDecision(models.Model):
    """A document that says how much of a split area went to each of its heirs."""

    OWNER = None
    OPEN_BECAUSE = "the administrative map is public"
    number = models.CharField(max_length=200)
    source = models.CharField(max_length=500, default="")
    illustrative = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=120, default="")


class AreaShare(models.Model):
    """How much of an old area went over a link, as an exact fraction; one counts at a time."""

    OWNER = None
    OPEN_BECAUSE = "the administrative map is public"
    decision = models.ForeignKey(ShareDecision, models.PROTECT, related_name="shares")
    link = models.ForeignKey(AreaLink, models.PROTECT, related_name="shares")
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="area_share_within_whole",
                condition=models.Q(denominator__gt=0) & models.Q(numerator__gte=0)
                & models.Q(numerator__lte=models.F("denominator")),
            ),
            models.UniqueConstraint(
                fields=["link"], name="area_share_once",
                condition=models.Q(replaced_at__isnull=True),
            ),
        ]
