"""The regime: who owes what, how often, by when; rounds, assignments, extensions."""

from __future__ import annotations

from django.db import models

from nhasan.collection.models.forms import Form, FormVersion
from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import OrganisationUnit, User

ASSIGNMENT_STATES = (
    "not_started", "in_progress", "submitted", "returned", "approved", "taken_back",
)
EXTENSION_STATES = ("asked", "granted", "refused", "withdrawn")


class ReportingObligation(models.Model):
    """Who owes which form, how often, about which days, by when; data, never code.

    The JSON fields are read by `domain/schedule.py`: `reporters` (which units), `schedule`
    (frequency, window, opening, due and closing rules), `reminders` and `stages`.
    """

    OWNER = "receiver"
    identifier = models.CharField(max_length=64, unique=True)
    form = models.ForeignKey(Form, models.PROTECT, related_name="obligations")
    receiver = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    title_vi = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=400, default="")
    reporters = models.JSONField(default=dict)
    schedule = models.JSONField(default=dict)
    reminders = models.JSONField(default=dict)
    stages = models.JSONField(default=list)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    state = models.CharField(max_length=10, default="draft")
    illustrative = models.BooleanField(default=False)

    objects = ScopedQuerySet["ReportingObligation"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="obligation_state_known",
                condition=models.Q(state__in=("draft", "in_force", "retired")),
            ),
            models.CheckConstraint(
                name="obligation_ends_after_start",
                condition=models.Q(valid_from__isnull=True) | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.title_vi


class ObligationEvent(models.Model):
    """What happened on a day from which due days are counted, such as an instruction."""

    OWNER = "obligation__receiver"
    obligation = models.ForeignKey(ReportingObligation, models.PROTECT, related_name="events")
    name = models.CharField(max_length=40)
    on = models.DateField()
    period = models.CharField(max_length=16)
    document = models.CharField(max_length=300, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)

    objects = ScopedQuerySet["ObligationEvent"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "name", "period"], name="obligation_event_once",
            ),
        ]


class CollectionRound(models.Model):
    """One period of a form, with its days. After `closes` nothing more is received.

    `window_from` and `window_to` are the first and the last day that the figures speak of,
    `event_on` the day of the event from which the due day was counted.
    """

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
    obligation = models.ForeignKey(
        ReportingObligation, models.PROTECT, null=True, related_name="rounds")
    event_on = models.DateField(null=True)
    window_from = models.DateField(null=True)
    window_to = models.DateField(null=True)
    ad_hoc = models.BooleanField(default=False)

    objects = ScopedQuerySet["CollectionRound"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "period"], name="round_once_for_period",
                condition=models.Q(obligation__isnull=False),
            ),
            models.CheckConstraint(
                name="round_window_in_order",
                condition=models.Q(window_from__isnull=True) | models.Q(window_to__isnull=True)
                | models.Q(window_to__gte=models.F("window_from")),
            ),
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
    """One unit's part in a round: which area it answers for, by when, and where it stands.

    `exception_until`: this unit alone may still send after the round was locked, to that day.
    `handed_from`: the unit that had this part before it merged. `stage`: which stage of the
    review it waits in; `reader`: the unit that looks at it there.
    """

    OWNER = "unit"
    ALSO_BY = ("receiver", "reader")
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
    first_sent_at = models.DateTimeField(null=True)
    exception_until = models.DateField(null=True)
    handed_from = models.ForeignKey(
        OrganisationUnit, models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=24, default="")
    reader = models.ForeignKey(
        OrganisationUnit, models.PROTECT, null=True, related_name="+")

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


class ExtensionRequest(models.Model):
    """A unit asks for a later day; the receiver decides, and the decision stays."""

    OWNER = "assignment__unit"
    ALSO_BY = ("assignment__receiver",)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    until = models.DateField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default="asked")
    decided_until = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=120, default="")
    note = models.TextField(default="")

    objects = ScopedQuerySet["ExtensionRequest"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="extension_state_known", condition=models.Q(state__in=EXTENSION_STATES),
            ),
            models.UniqueConstraint(
                fields=["assignment"], condition=models.Q(state="asked"),
                name="extension_one_waiting",
            ),
        ]
