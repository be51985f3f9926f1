"""Nouns of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.functions import Length

from nhasan.catalogue.models import CatalogueRecord, Dataset
from nhasan.domain.access import EVERYTHING, Actor, Permission


def records(actor: Actor) -> Sequence[CatalogueRecord]:
    """Return the records within the actor's reading."""
    return list(
        CatalogueRecord.objects.within(actor.may(Permission.READ))
        .select_related("dataset", "unit").order_by("dataset__identifier")
    )


def open_datasets() -> Sequence[Dataset]:
    """Return what the public may know of: issued and open."""
    return list(
        Dataset.objects.filter(access="open", record__state="issued")
        .select_related("dataflow", "publisher").order_by("identifier")
    )


def open_dataset(dataflow: str) -> Dataset | None:
    """Return the open, issued dataset of a dataflow (by identifier), if there is one.

    Of several, that of the unit that stands highest: the others list a part of it.
    """
    record = (
        CatalogueRecord.objects.within(EVERYTHING)
        .filter(state="issued", dataset__access="open", dataset__dataflow__identifier=dataflow)
        .select_related("dataset", "dataset__publisher")
        .order_by(Length("dataset__publisher__path"), "pk").first()
    )
    return record.dataset if record else None
