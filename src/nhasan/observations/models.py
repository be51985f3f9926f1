"""The store of observations. Values are integers scaled by their decimals, never floats."""

from __future__ import annotations

from django.db import models

from nhasan.collection.models import Submission
from nhasan.organisations.authority import ScopedQuerySet

STATUSES = ("A", "L", "M", "Q")


class Batch(models.Model):
    """The observations of one approved submission.

    `stale_at` is when they last changed (came, were superseded or withdrawn) if what is
    computed from them does not know it yet.
    """

    OWNER = "submission__assignment__unit"
    ALSO_BY = ("submission__assignment__receiver",)
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="batch")
    dataflow = models.CharField(max_length=64)
    known_from = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    size = models.IntegerField()
    stale_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Batch"].as_manager()

    class Meta:
        """What waits is found without looking at what does not."""

        indexes = [
            models.Index(
                fields=["-stale_at"], name="batch_stale",
                condition=models.Q(stale_at__isnull=False),
            ),
        ]


class Observation(models.Model):
    """One value at one key, from when we knew it until it was superseded (half-open)."""

    OWNER = "batch__submission__assignment__unit"
    ALSO_BY = ("batch__submission__assignment__receiver",)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    dataflow = models.CharField(max_length=64)
    indicator = models.CharField(max_length=100)
    area_level = models.CharField(max_length=10)
    area_code = models.CharField(max_length=8)
    period = models.CharField(max_length=16)
    breakdown = models.CharField(max_length=600)
    value = models.BigIntegerField(null=True)
    decimals = models.SmallIntegerField(default=0)
    status = models.CharField(max_length=1)
    cell = models.CharField(max_length=160)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Observation"].as_manager()

    class Meta:
        """One present value for one key; a value exactly when reported."""

        constraints = [
            models.UniqueConstraint(
                fields=["dataflow", "indicator", "area_level", "area_code", "period",
                        "breakdown"],
                condition=models.Q(known_to__isnull=True), name="observation_one_present_value",
            ),
            models.CheckConstraint(
                name="observation_value_exactly_when_reported",
                condition=(models.Q(status="A") & models.Q(value__isnull=False))
                | (models.Q(status__in=("L", "M", "Q")) & models.Q(value__isnull=True)),
            ),
            models.CheckConstraint(
                name="observation_superseded_later",
                condition=models.Q(known_to__isnull=True)
                | models.Q(known_to__gte=models.F("known_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["dataflow", "period"], name="observation_flow_period"),
        ]
