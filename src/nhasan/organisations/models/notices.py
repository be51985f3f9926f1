"""Notices: what a unit's people are told, who of them saw it, and the mail that carries it."""

from __future__ import annotations

from django.db import models

from nhasan.domain.access import Permission
from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models.house import OrganisationUnit, User

MAIL_STATES = ("waiting", "sending", "sent", "failed", "kept")


class Notification(models.Model):
    """One thing that one unit's people of one permission are told, once.

    `key` says what it is about: the same key is told to the same people only once, however
    often the step that tells it is run again. `kind` names the sentence in `domain/notices.py`
    and `facts` fill it; `path` is the page where the work is done.
    """

    OWNER = "unit"
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=12)
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=32)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = ScopedQuerySet["Notification"].as_manager()

    class Meta:
        """Named constraints; a unit's newest are asked for on every page."""

        constraints = [
            models.UniqueConstraint(
                fields=["unit", "audience", "key"], name="notification_once",
            ),
            models.CheckConstraint(
                name="notification_audience_known",
                condition=models.Q(audience__in=tuple(each.value for each in Permission)),
            ),
        ]
        indexes = [models.Index(fields=["unit", "audience", "at"], name="notification_newest")]


class NotificationSeen(models.Model):
    """One person saw one notice; a colleague's marks are the colleague's own."""

    OWNER = "user__unit"
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="seen")
    at = models.DateTimeField()

    objects = ScopedQuerySet["NotificationSeen"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["user", "notification"], name="notification_seen_once",
            ),
        ]


class MailMessage(models.Model):
    """The one letter that a person gets on a day, with everything not yet seen in it.

    It goes waiting → sending → sent, or waiting → kept where no mail leaves the house.
    `leased_until` is how long the one who sends it may take; a letter whose sender was killed
    is sent again under the same `message_id`.
    """

    OWNER = "user__unit"
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()
    address = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, default="waiting")
    attempts = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    try_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, default="")

    objects = ScopedQuerySet["MailMessage"].as_manager()

    class Meta:
        """Named constraints; the next to be sent are looked for every few seconds."""

        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="mail_once_a_day"),
            models.CheckConstraint(
                name="mail_state_known", condition=models.Q(state__in=MAIL_STATES),
            ),
            models.CheckConstraint(
                name="mail_sent_has_moment",
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "try_after"], name="mail_next")]

    def __str__(self) -> str:
        return self.subject


class MailItem(models.Model):
    """One notice that a letter told of; no later letter tells of it again."""

    OWNER = "message__user__unit"
    message = models.ForeignKey(MailMessage, models.CASCADE, related_name="items")
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="mailed")

    objects = ScopedQuerySet["MailItem"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["message", "notification"], name="mail_item_once",
            ),
        ]
