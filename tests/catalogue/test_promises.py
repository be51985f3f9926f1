"""What the database itself promises of the catalogue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nhasan.catalogue import operations
from nhasan.catalogue.models import CatalogueRecord, Dataset
from nhasan.domain.access import EVERYTHING
from nhasan.organisations.models import OrganisationUnit
from tests import factories
from tests.breaking import refused
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, dataflow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def listed() -> None:
    factories.world()
    dataflow()
    for identifier in ("MOT", "HAI"):
        operations.propose(
            actor=HOUSE, unit="BO", identifier=identifier, title_vi=identifier,
            description_vi="", dataflow=FLOW, licence="CC BY 4.0", access="open", at=AT,
        )
    operations.issue(actor=HOUSE, identifier="MOT", at=AT)


def _record(identifier: str) -> Any:
    return CatalogueRecord.objects.within(EVERYTHING).filter(dataset__identifier=identifier)


@pytest.mark.parametrize(("promise", "change"), [
    ("dataset_access_known", {"access": "secret"}),
    ("identifier", {"identifier": "HAI"}),
])
def test_a_dataset_makes_sense(promise: str, change: dict[str, Any]) -> None:
    refused(promise, lambda: Dataset.objects.filter(identifier="MOT").update(**change))


def _update(identifier: str, **change: Any) -> Any:
    pk = _record(identifier).get().pk
    return lambda: CatalogueRecord.objects.within(EVERYTHING).filter(pk=pk).update(**change)


def test_states_are_known_and_go_forward() -> None:
    refused("catalogue_record_state_known", _update("MOT", state="asleep"))
    refused("catalogue_record_issued_has_a_day", _update("HAI", state="issued"))
    refused("catalogue_record_state_goes_forward_update", _update("MOT", state="proposed"))
    operations.withdraw(actor=HOUSE, identifier="MOT", reason="gộp", at=AT)
    for state in ("issued", "proposed"):
        refused("catalogue_record_state_goes_forward_update", _update("MOT", state=state))


def test_an_issued_record_is_not_rewritten_or_erased() -> None:
    other = OrganisationUnit.objects.within(EVERYTHING).get(code="SO-TN")
    for change in ({"unit": other}, {"issued_at": AT + timedelta(days=1)},
                   {"proposed_at": AT - timedelta(days=1)}):
        refused("catalogue_record_issued_frozen_update", _update("MOT", **change))
    pk = _record("MOT").get().pk
    refused("catalogue_record_issued_frozen_delete",
            lambda: CatalogueRecord.objects.within(EVERYTHING).filter(pk=pk).delete())
    assert _update("HAI", unit=other)() == 1


def test_a_dataset_is_listed_once() -> None:
    dataset = Dataset.objects.get(identifier="MOT")
    refused("dataset_id", _update("HAI", dataset=dataset))
