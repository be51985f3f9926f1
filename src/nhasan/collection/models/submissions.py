"""What was sent, what was decided about it, and how final its figures are. Never changed."""

from __future__ import annotations

import uuid

from django.db import models

from nhasan.collection.models.drafts import Attachment
from nhasan.collection.models.forms import FormVersion
from nhasan.collection.models.regime import Assignment
from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import User

SUBMISSION_STATES = ("submitted", "approved", "returned", "reopened", "withdrawn")
DECISIONS = ("approved", "passed_on", "returned", "reopened", "withdrawn")
LEVELS = ("estimate", "provisional", "official")


class Submission(models.Model):
    """What a unit sent, whole and unchanged. It carries its own id: twice is the same as once."""

    OWNER = "assignment__unit"
    ALSO_BY = ("assignment__receiver", "assignment__reader")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    sequence = models.IntegerField()
    receipt = models.CharField(max_length=40, unique=True)
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    answers = models.JSONField()
    computed = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    late = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="submitted")

    objects = ScopedQuerySet["Submission"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "sequence"], name="submission_sequence_once",
            ),
            models.UniqueConstraint(
                fields=["assignment"], condition=models.Q(state__in=("submitted", "approved")),
                name="submission_one_standing",
            ),
            models.CheckConstraint(
                name="submission_state_known", condition=models.Q(state__in=SUBMISSION_STATES),
            ),
        ]


class Review(models.Model):
    """What became of a submission, by whom and why; never changed.

    A stage of the review passes it on; the receiver approves, sends back with a reason for
    each cell, or opens again; the unit itself withdraws what nobody has decided on.
    """

    OWNER = "submission__assignment__unit"
    ALSO_BY = ("submission__assignment__receiver",)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10)
    reasons = models.JSONField(default=dict)
    note = models.TextField(default="")
    stage = models.CharField(max_length=24, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120)

    objects = ScopedQuerySet["Review"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="review_decision_known",
                condition=models.Q(decision__in=DECISIONS),
            ),
        ]


class FigureLevel(models.Model):
    """From when the figures of a submission are an estimate, provisional or official.

    Luật Thống kê 89/2015/QH13, Điều 48: ước tính, sơ bộ, chính thức. The newest row counts.
    """

    OWNER = "submission__assignment__unit"
    ALSO_BY = ("submission__assignment__receiver",)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="levels")
    level = models.CharField(max_length=12)
    note = models.TextField(default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=120)

    objects = ScopedQuerySet["FigureLevel"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="figure_level_known", condition=models.Q(level__in=LEVELS),
            ),
        ]


class PaperCheck(models.Model):
    """A reviewer compared the signed paper with the figures that were sent: do they agree?

    Two channels carry one report (Thông tư 02/2018/TT-UBDT, Điều 3); both must say the same.
    """

    OWNER = "attachment__assignment__unit"
    ALSO_BY = ("attachment__assignment__receiver",)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="checks")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="paper_checks")
    agrees = models.BooleanField()
    note = models.TextField(default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=120)

    objects = ScopedQuerySet["PaperCheck"].as_manager()
