"""Tables of collection. What was submitted never changes; a draft is kept cell by cell."""

from __future__ import annotations

import uuid

from django.db import models

from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import OrganisationUnit, User

ASSIGNMENT_STATES = ("not_started", "in_progress", "submitted", "returned", "approved")
SUBMISSION_STATES = ("submitted", "approved", "returned", "reopened", "withdrawn")
DECISIONS = ("approved", "returned", "reopened", "withdrawn")
CHANNELS = ("screen", "workbook", "loader", "undo")


class Form(models.Model):
    """The identity of a report form; its definitions are versions."""

    OWNER = None
    OPEN_BECAUSE = "forms are published regulations; answers are guarded elsewhere"
    identifier = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=64)
    title_vi = models.CharField(max_length=400)
    legal_basis = models.CharField(max_length=400, default="")
    dataflow = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return self.title_vi


class FormVersion(models.Model):
    """A definition of a form; frozen once in force."""

    OWNER = None
    OPEN_BECAUSE = "forms are published regulations; answers are guarded elsewhere"
    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=24)
    definition = models.JSONField()
    state = models.CharField(max_length=10, default="draft")
    published_at = models.DateTimeField(null=True)

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(fields=["form", "version"], name="form_version_once"),
            models.CheckConstraint(
                name="form_version_state_known",
                condition=models.Q(state__in=("draft", "in_force", "retired")),
            ),
        ]


class CollectionRound(models.Model):
    """One period of a form, with its days. After `closes` nothing more is received."""

    OWNER = "receiver"
    identifier = models.CharField(max_length=64, unique=True)
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="rounds")
    receiver = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    title_vi = models.CharField(max_length=300)
    period = models.CharField(max_length=16)
    map_day = models.DateField()
    opens = models.DateField()
    due = models.DateField()
    closes = models.DateField(null=True)
    state = models.CharField(max_length=8, default="open")
    illustrative = models.BooleanField(default=False)

    objects = ScopedQuerySet["CollectionRound"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="round_state_known", condition=models.Q(state__in=("open", "closed")),
            ),
            models.CheckConstraint(
                name="round_days_in_order",
                condition=models.Q(due__gte=models.F("opens"))
                & (models.Q(closes__isnull=True) | models.Q(closes__gte=models.F("due"))),
            ),
        ]

    def __str__(self) -> str:
        return self.title_vi


class Assignment(models.Model):
    """One unit's part in a round: which area it answers for, by when, and where it stands."""

    OWNER = "unit"
    ALSO_BY = ("receiver",)
    round = models.ForeignKey(CollectionRound, models.PROTECT, related_name="+")
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    area_level = models.CharField(max_length=10)
    area_code = models.CharField(max_length=8)
    due = models.DateField()
    state = models.CharField(max_length=12, default="not_started")
    open_rows = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    filled = models.IntegerField(default=0)
    changed_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Assignment"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit", "area_level", "area_code"], name="assignment_once",
            ),
            models.CheckConstraint(
                name="assignment_state_known", condition=models.Q(state__in=ASSIGNMENT_STATES),
            ),
        ]

    @property
    def area(self) -> str:
        """Return `level:code` of the area answered for."""
        return f"{self.area_level}:{self.area_code}"


class DraftRow(models.Model):
    """One row of a draft. `cells`: column → [text, value, status, version of the cell]."""

    OWNER = "assignment__unit"
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    table = models.CharField(max_length=40)
    row = models.CharField(max_length=64)
    cells = models.JSONField(default=dict)

    objects = ScopedQuerySet["DraftRow"].as_manager()

    class Meta:
        """One row once."""

        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "table", "row"], name="draft_row_once",
            ),
        ]


class Revision(models.Model):
    """One save of a draft: which cells changed, from what to what, by whom. Never changed."""

    OWNER = "assignment__unit"
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    number = models.IntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=120)
    channel = models.CharField(max_length=8)
    changes = models.JSONField()

    objects = ScopedQuerySet["Revision"].as_manager()

    class Meta:
        """Numbers run on within an assignment."""

        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "number"], name="revision_number_once",
            ),
            models.CheckConstraint(
                name="revision_channel_known", condition=models.Q(channel__in=CHANNELS),
            ),
        ]


class Attachment(models.Model):
    """A file that came with a report: the bytes are in the store, under their digest."""

    OWNER = "assignment__unit"
    ALSO_BY = ("assignment__receiver",)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=64)
    cells = models.IntegerField(null=True)
    findings = models.JSONField(default=list)

    objects = ScopedQuerySet["Attachment"].as_manager()


class Submission(models.Model):
    """What a unit sent, whole and unchanged. It carries its own id: twice is the same as once."""

    OWNER = "assignment__unit"
    ALSO_BY = ("assignment__receiver",)
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

    The receiver approves, sends back with a reason for each cell, or opens again; the unit
    itself withdraws what nobody has decided on.
    """

    OWNER = "submission__assignment__unit"
    ALSO_BY = ("submission__assignment__receiver",)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10)
    reasons = models.JSONField(default=dict)
    note = models.TextField(default="")
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
