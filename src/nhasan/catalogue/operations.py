"""Verbs of the catalogue."""

from __future__ import annotations

from datetime import datetime

from nhasan.catalogue.models import ACCESS, CatalogueRecord, Dataset
from nhasan.domain.access import Actor, Permission
from nhasan.domain.lifecycle import RECORD
from nhasan.domain.problems import Conflict, Invalid, NotFound, phrase
from nhasan.metadata.queries import dataflow as find_dataflow
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit


class DatasetExists(Conflict):
    """A dataset of that name is already listed."""

    code = "dataset-exists"
    message = phrase("Danh mục đã có bộ dữ liệu mang tên “{dataset}”.")


@operation("record.propose")
def propose(*, actor: Actor, unit: str, identifier: str, title_vi: str, description_vi: str,
            dataflow: str, licence: str, access: str, at: datetime) -> CatalogueRecord:
    """Propose a dataset for the catalogue on behalf of a unit (by code)."""
    body = OrganisationUnit.objects.within(actor.require(Permission.MANAGE)).one(code=unit)
    flow = find_dataflow(dataflow)
    if flow is None:
        raise NotFound()
    if access not in ACCESS:
        raise Invalid(reason=phrase("mức mở của bộ dữ liệu chưa đúng"))
    if Dataset.objects.filter(identifier=identifier).exists():
        raise DatasetExists(dataset=identifier)
    dataset = Dataset.objects.create(
        identifier=identifier, title_vi=title_vi, description_vi=description_vi,
        publisher=body, dataflow=flow, licence=licence, access=access,
    )
    return CatalogueRecord.objects.create(unit=body, dataset=dataset, proposed_at=at)


@operation("record.issue")
def issue(*, actor: Actor, identifier: str, at: datetime) -> CatalogueRecord:
    """Issue a proposed record: from now on the dataset is listed."""
    record = CatalogueRecord.objects.within(actor.require(Permission.MANAGE)).one(
        dataset__identifier=identifier,
    )
    record.state = RECORD.after(record.state, "issue")
    record.issued_at = at
    record.save(update_fields=["state", "issued_at"])
    return record


@operation("record.withdraw")
def withdraw(*, actor: Actor, identifier: str, reason: str, at: datetime) -> CatalogueRecord:
    """Withdraw a record from the list; what was released stays released."""
    record = CatalogueRecord.objects.within(actor.require(Permission.MANAGE)).one(
        dataset__identifier=identifier,
    )
    record.state = RECORD.after(record.state, "withdraw")
    record.save(update_fields=["state"])
    return record
