"""Proposing, issuing and withdrawing records of the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.catalogue import operations
from nhasan.domain.problems import Forbidden, Invalid, NotFound, Problem, WrongState
from nhasan.organisations.models import AuditEvent
from tests import factories
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, dataflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    made = factories.world()
    dataflow()
    return made


def _propose(actor: Any, **more: Any) -> Any:
    return operations.propose(**{
        "actor": actor, "unit": "SO-TN", "identifier": "HO", "title_vi": "Hộ nghèo",
        "description_vi": "", "dataflow": FLOW, "licence": "CC BY 4.0", "access": "open",
        "at": AT, **more,
    })


def test_a_record_is_proposed_issued_and_withdrawn(house: factories.World) -> None:
    manager = factories.actor(house.manager)
    assert _propose(manager).state == "proposed"
    issued = operations.issue(actor=manager, identifier="HO", at=AT)
    assert (issued.state, issued.issued_at) == ("issued", AT)
    with pytest.raises(WrongState):
        operations.issue(actor=manager, identifier="HO", at=AT)
    withdrawn = operations.withdraw(actor=manager, identifier="HO", reason="gộp", at=AT)
    assert withdrawn.state == "withdrawn"
    with pytest.raises(WrongState):
        operations.withdraw(actor=manager, identifier="HO", reason="gộp", at=AT)
    line = AuditEvent.objects.get(action="record.withdraw")
    assert (line.actor_name, line.facts["reason"]) == ("Trần Quốc Huy", "gộp")


@pytest.mark.parametrize(("more", "problem"), [
    ({"unit": "SO-CB"}, NotFound), ({"unit": "BO"}, NotFound), ({"dataflow": "KHONG"}, NotFound),
])
def test_a_record_is_proposed_for_ones_own_branch_and_a_known_dataflow(
    house: factories.World, more: dict[str, Any], problem: type[Problem],
) -> None:
    with pytest.raises(problem):
        _propose(factories.actor(house.manager), **more)


def test_a_dataset_is_listed_once_and_open_or_restricted(house: factories.World) -> None:
    _propose(HOUSE)
    with pytest.raises(operations.DatasetExists):
        _propose(HOUSE)
    with pytest.raises(Invalid):
        _propose(HOUSE, identifier="KHAC", access="secret")


def test_a_neighbour_finds_no_record(house: factories.World) -> None:
    _propose(HOUSE)
    neighbour = factories.actor(house.neighbour)
    with pytest.raises(NotFound):
        operations.issue(actor=neighbour, identifier="HO", at=AT)
    operations.issue(actor=HOUSE, identifier="HO", at=AT)
    with pytest.raises(NotFound):
        operations.withdraw(actor=neighbour, identifier="HO", reason="x", at=AT)


def test_only_managers_keep_the_catalogue(house: factories.World) -> None:
    _propose(HOUSE)
    for who in (house.officer, house.publisher, house.administrator, house.second_reviewer):
        for act in (lambda actor: _propose(actor, identifier="KHAC"),
                    lambda actor: operations.issue(actor=actor, identifier="HO", at=AT),
                    lambda actor: operations.withdraw(
                        actor=actor, identifier="HO", reason="x", at=AT)):
            with pytest.raises(Forbidden):
                act(factories.actor(who))
