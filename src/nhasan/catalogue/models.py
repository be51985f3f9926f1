"""Tables of the catalogue (DCAT: Dataset, CatalogRecord)."""

from __future__ import annotations

from django.db import models

from nhasan.metadata.models import Dataflow
from nhasan.organisations.authority import ScopedQuerySet
from nhasan.organisations.models import OrganisationUnit

ACCESS = ("open", "restricted")


class Dataset(models.Model):
    """What a record describes: a body of figures with a publisher and a licence."""

    OWNER = None
    OPEN_BECAUSE = "the catalogue of state databases is public; figures are guarded elsewhere"
    identifier = models.CharField(max_length=64, unique=True)
    title_vi = models.CharField(max_length=400)
    description_vi = models.TextField(default="")
    publisher = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    dataflow = models.ForeignKey(Dataflow, models.PROTECT, null=True, related_name="+")
    licence = models.CharField(max_length=200)
    access = models.CharField(max_length=12)

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="dataset_access_known",
                condition=models.Q(access__in=ACCESS),
            ),
        ]


class CatalogueRecord(models.Model):
    """One entry of the governed list, with its state."""

    OWNER = "unit"
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    dataset = models.OneToOneField(Dataset, models.PROTECT, related_name="record")
    state = models.CharField(max_length=10, default="proposed")
    proposed_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["CatalogueRecord"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.CheckConstraint(
                name="catalogue_record_state_known",
                condition=models.Q(state__in=("proposed", "issued", "withdrawn")),
            ),
            models.CheckConstraint(
                name="catalogue_record_issued_has_a_day",
                condition=models.Q(state="proposed") | models.Q(issued_at__isnull=False),
            ),
        ]
