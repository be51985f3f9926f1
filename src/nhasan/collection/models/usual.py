"""What is usual among the units that fill one form in one round."""

from __future__ import annotations

from django.db import models

from nhasan.collection.models.regime import CollectionRound
from nhasan.organisations.authority import ScopedQuerySet


class UsualFigures(models.Model):
    """Robust limits per cell, from the reports of many units; never a unit's own figure.

    `cells`: cell → [low, high, typical, how many units]. `reports` is how many were looked at.
    """

    OWNER = "round__receiver"
    round = models.ForeignKey(CollectionRound, models.PROTECT, related_name="+")
    area_level = models.CharField(max_length=10)
    cells = models.JSONField(default=dict)
    reports = models.IntegerField()
    at = models.DateTimeField()

    objects = ScopedQuerySet["UsualFigures"].as_manager()

    class Meta:
        """Named constraints."""

        constraints = [
            models.UniqueConstraint(
                fields=["round", "area_level"], name="usual_figures_once_for_level"),
        ]
