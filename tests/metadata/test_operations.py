"""Draft, put in force, retire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from nhasan.domain.problems import Forbidden, Invalid, NotFound, WrongState
from nhasan.metadata import operations, queries
from nhasan.metadata.models import DataStructure
from nhasan.organisations.models import AuditEvent
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def _codes(actor: Any = HOUSE) -> Any:
    return operations.draft_code_list(
        actor=actor, agency="THU", identifier="CL", version="1", name_vi="Dân tộc", name_en="",
        source="", at=AT, codes=[
            {"code": "02", "name_vi": "Tày", "aliases": ["Tay"], "other_names": ["Thổ"]},
            {"code": "06", "name_vi": "Nùng", "parent": None},
        ],
    )


def _set(actor: Any = HOUSE, version: str = "2.0.0", indicators: int = 1) -> Any:
    return operations.draft_indicator_set(
        actor=actor, agency="THU", identifier="THU", version=version, name_vi="Bộ", source="",
        decision={}, completeness="", illustrative=True, at=AT,
        indicators=[{"key": f"{n:02}", "name_vi": "Số hộ"} for n in range(indicators)],
    )


def _pair(actor: Any = HOUSE) -> Any:
    return operations.draft_correspondence(
        actor=actor, agency="THU", identifier="DC", version="1", name_vi="Đối chiếu", source="",
        from_list="CL", to_list="CL", items=[("02", "06", "thử")], at=AT,
    )


def _flow(actor: Any = HOUSE) -> Any:
    return operations.draft_dataflow(
        actor=actor, agency="THU", identifier="LUONG", version="1", name_vi="Luồng",
        description="", subject="", source="", dimensions=[("D", "Dân tộc", "CL"),
                                                           ("V", "Thôn", "")],
        indicators=["THU:01"], policy={}, illustrative=False, at=AT,
    )


def _settle(what: Callable[..., Any], kind: str = "indicator_set", identifier: str = "THU",
            version: str = "2.0.0", actor: Any = HOUSE) -> Any:
    return what(actor=actor, kind=kind, identifier=identifier, version=version, on=NEW_YEAR,
                at=AT)


def test_codes_keep_their_order_and_are_found_by_every_name(house: factories.World) -> None:
    _codes()
    assert [code.code for code in queries.codes("CL")] == ["02", "06"]
    assert [code.name_vi for code in queries.search_codes("CL", "tho")] == ["Tày"]


def test_a_draft_is_put_in_force_and_the_version_before_is_retired(
    house: factories.World,
) -> None:
    _set()
    found = _settle(operations.put_in_force)
    before = queries.indicator_set("THU", "1.0.0")
    assert (found.state, found.in_force_from) == ("in_force", NEW_YEAR)
    assert before is not None
    assert (before.state, before.in_force_to) == ("retired", NEW_YEAR)
    line = AuditEvent.objects.get(action="artefact.put_in_force", facts__version="2.0.0")
    assert line.facts["identifier"] == "THU"


def test_what_is_not_a_draft_is_not_put_in_force(house: factories.World) -> None:
    with pytest.raises(WrongState):
        _settle(operations.put_in_force, version="1.0.0")
    _settle(operations.retire, version="1.0.0")
    for act in (operations.put_in_force, operations.retire):
        with pytest.raises(WrongState):
            _settle(act, version="1.0.0")


def test_a_set_without_indicators_stays_a_draft(house: factories.World) -> None:
    _set(indicators=0)
    with pytest.raises(Invalid):
        _settle(operations.put_in_force)
    assert queries.indicator_set("THU", "1.0.0").state == "in_force"  # type: ignore[union-attr]


@pytest.mark.parametrize("act", [_codes, _set, _pair, _flow])
def test_a_version_is_drafted_once(house: factories.World, act: Callable[..., Any]) -> None:
    if act in (_pair, _flow):
        _codes()
    act()
    with pytest.raises(operations.VersionExists):
        act()


def test_what_is_not_there_is_not_found(house: factories.World) -> None:
    for act in (operations.put_in_force, operations.retire):
        with pytest.raises(NotFound):
            _settle(act, version="9")
    with pytest.raises(NotFound):
        _pair()


def test_the_structure_of_a_dataflow_goes_with_it(house: factories.World) -> None:
    _codes()
    flow = _flow()
    assert [(each.id, each.code_list) for each in queries.dimensions(flow)] == [
        ("D", "CL"), ("V", "")]
    for act, state in ((operations.put_in_force, "in_force"), (operations.retire, "retired")):
        _settle(act, "dataflow", "LUONG", "1")
        assert DataStructure.objects.get(identifier="DSD_LUONG").state == state


@pytest.mark.parametrize("act", [
    _codes, _set, _pair, _flow,
    lambda actor: _settle(operations.put_in_force, version="1.0.0", actor=actor),
    lambda actor: _settle(operations.retire, version="1.0.0", actor=actor),
])
def test_only_managers_of_the_whole_house_keep_metadata(
    house: factories.World, act: Callable[..., Any],
) -> None:
    for who in (house.manager, house.neighbour, house.officer, house.publisher,
                house.administrator):
        with pytest.raises(Forbidden):
            act(factories.actor(who))
