"""Tables of processing: how a dataflow is added up, how it is protected, and each run of it."""

from __future__ import annotations

import uuid

from django.db import models

from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import OrganisationUnit

RUN_STATES = ("requested", "running", "done", "failed")


class Plan(models.Model):
    """The plan that every run of a dataflow follows, as a recipe in JSON.

    `levels`: pairs (from, to) to roll up; `on`: the day of the year on which the map is asked;
    `totals`: breakdowns to add up; `derive`: indicators to compute.
    """

    OWNER = None
    OPEN_BECAUSE = "how figures are added up is part of what is said in public"
    dataflow = models.CharField(max_length=64, unique=True)
    recipe = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, default="")
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=120)


class DisclosurePolicy(models.Model):
    """How the figures of a dataflow are protected, and by whose decision."""

    OWNER = None
    OPEN_BECAUSE = "the rules of protection are public; what they hide is not"
    dataflow = models.CharField(max_length=64, unique=True)
    policy = models.JSONField()
    reason = models.CharField(max_length=500)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=120)


class ProcessingRun(models.Model):
    """A plan frozen with its inputs and outputs. What is done is never done over."""

    OWNER = "unit"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    dataflow = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="requested")
    as_of = models.DateTimeField()
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=64)
    requested_by_name = models.CharField(max_length=120)
    started_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    engine = models.CharField(max_length=100, default="")
    plan = models.JSONField(default=list)
    policy = models.JSONField(default=dict)
    inputs = models.CharField(max_length=64, default="")
    rows = models.IntegerField(default=0)
    suppressed = models.JSONField(default=dict)
    problem = models.TextField(default="")

    objects = ScopedQuerySet["ProcessingRun"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="processing_run_state_known", condition=models.Q(state__in=RUN_STATES),
            ),
            models.CheckConstraint(
                name="processing_run_finished_when_done",
                condition=~models.Q(state="done") | models.Q(finished_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["dataflow", "requested_at"], name="run_flow_time")]

    def __str__(self) -> str:
        return f"{self.dataflow} {self.id}"


class WorkingPart(models.Model):
    """The file of the working cube in use for one dataflow, period and receiving unit.

    `units` are those that reported what is in it. A file is never changed: new figures come
    in a file of another name.
    """

    OWNER = None
    OPEN_BECAUSE = "it names a file; the figures in it are told within the reader's authority"
    dataflow = models.CharField(max_length=64)
    period = models.CharField(max_length=16)
    receiver = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, unique=True)
    units = models.JSONField(default=list)
    rows = models.IntegerField()
    written_at = models.DateTimeField()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["dataflow", "period", "receiver"], name="working_part_once",
            ),
        ]
