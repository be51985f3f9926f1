"""Drafts: rows, their revisions, notes beside cells, files, and kept mappings of workbooks."""

from __future__ import annotations

from django.db import models

from nhasan.collection.models.forms import Form
from nhasan.collection.models.regime import Assignment
from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import OrganisationUnit

CHANNELS = ("screen", "workbook", "loader", "undo", "offline", "carried", "mapped")
ATTACHMENT_KINDS = ("workbook", "signed", "evidence", "own")


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
    """A file that came with a report: the bytes are in the store, under their digest.

    It is a workbook that was read, the signed paper of the same report, the evidence for a
    cell (`cell` names it), or a unit's own workbook that is read through a mapping.
    """

    OWNER = "assignment__unit"
    ALSO_BY = ("assignment__receiver", "assignment__reader")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=64)
    cells = models.IntegerField(null=True)
    findings = models.JSONField(default=list)
    kind = models.CharField(max_length=10, default="workbook")
    cell = models.CharField(max_length=160, default="")

    objects = ScopedQuerySet["Attachment"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="attachment_kind_known", condition=models.Q(kind__in=ATTACHMENT_KINDS),
            ),
        ]


class CellNote(models.Model):
    """What the unit wants read beside a cell: where the figure comes from, what is odd in it."""

    OWNER = "assignment__unit"
    ALSO_BY = ("assignment__receiver",)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    cell = models.CharField(max_length=160)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=120)

    objects = ScopedQuerySet["CellNote"].as_manager()

    class Meta:
        """One note a cell."""

        constraints = [
            models.UniqueConstraint(fields=["assignment", "cell"], name="cell_note_once"),
        ]


class WorkbookMapping(models.Model):
    """How a unit's own workbook of some layout is read into a form; kept for next time.

    `fingerprint` is what the layout is recognised by.
    """

    OWNER = "unit"
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField()
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=120)
    used_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["WorkbookMapping"].as_manager()

    class Meta:
        """One mapping a layout."""

        constraints = [
            models.UniqueConstraint(
                fields=["unit", "form", "fingerprint"], name="workbook_mapping_once",
            ),
        ]


class WorkbookUpload(models.Model):
    """A workbook with several forms, as it came, and what became of each of them.

    `parts` lists the forms in their order: the report, the file kept with it or the refusal.
    """

    OWNER = "unit"
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=64)
    parts = models.JSONField()

    objects = ScopedQuerySet["WorkbookUpload"].as_manager()
