"""Forms: their identity and their versions, frozen once in force."""

from __future__ import annotations

from django.db import models


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
