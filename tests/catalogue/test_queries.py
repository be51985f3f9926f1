"""What is listed, for officials and for the public."""

from __future__ import annotations

import pytest

from nhasan.catalogue import operations, queries
from tests import factories
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, dataflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    made = factories.world()
    dataflow()
    for identifier, unit, access in (("MO", "BO", "open"), ("KIN", "SO-TN", "restricted"),
                                     ("CHO", "SO-TN", "open")):
        operations.propose(
            actor=HOUSE, unit=unit, identifier=identifier, title_vi=identifier,
            description_vi="", dataflow=FLOW, licence="CC BY 4.0", access=access, at=AT,
        )
    for identifier in ("MO", "KIN"):
        operations.issue(actor=HOUSE, identifier=identifier, at=AT)
    return made


def test_records_are_read_within_ones_branch(house: factories.World) -> None:
    def listed(who: object) -> list[str]:
        return [each.dataset.identifier for each in queries.records(factories.actor(who))]

    assert listed(house.publisher) == ["CHO", "KIN", "MO"]
    assert listed(house.manager) == ["CHO", "KIN"]
    assert listed(house.neighbour) == []


def test_the_public_knows_what_is_issued_and_open(house: factories.World) -> None:
    assert [each.identifier for each in queries.open_datasets()] == ["MO"]
    found = queries.open_dataset(FLOW)
    assert found is not None
    assert found.publisher.code == "BO"
    assert queries.open_dataset("KHONG") is None
    operations.withdraw(actor=HOUSE, identifier="MO", reason="gộp", at=AT)
    assert queries.open_dataset(FLOW) is None
    assert queries.open_datasets() == []


def test_of_several_that_list_a_dataflow_the_highest_unit_speaks(house: factories.World) -> None:
    operations.issue(actor=HOUSE, identifier="CHO", at=AT)
    operations.withdraw(actor=HOUSE, identifier="MO", reason="gộp", at=AT)
    operations.propose(
        actor=HOUSE, unit="BO", identifier="MOI", title_vi="Mới", description_vi="",
        dataflow=FLOW, licence="CC BY 4.0", access="open", at=AT)
    operations.issue(actor=HOUSE, identifier="MOI", at=AT)
    found = queries.open_dataset(FLOW)
    assert found is not None
    assert found.identifier == "MOI"  # listed later than the province's
