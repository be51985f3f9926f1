"""Registering areas, entering changes of the map, giving jurisdictions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from nhasan.areas import operations, queries
from nhasan.areas.models import Area, AreaLink
from nhasan.areas.operations import NewArea, NewLink
from nhasan.domain.correspondence import OwnAncestor
from nhasan.domain.problems import Conflict, Forbidden, Invalid, NotFound
from nhasan.organisations.models import AuditEvent
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def _register(actor: Any) -> int:
    return operations.register(actor=actor, source="thử", at=AT, areas=[
        NewArea("commune", "02000", "Phường", "Bắc Kạn", "province", "19", MAP_DAY),
    ])


def _enact(actor: Any) -> Any:
    return operations.enact(
        actor=actor, decree="1683", title="Sắp xếp", on=MAP_DAY, source="thử", at=AT,
        links=[NewLink("commune", "01840", "01900", "full", "both", note="giữ nguyên"),
               NewLink("commune", "01843", "", "ended", doubtful=True)],
    )


def _give(actor: Any, unit: str = "XA-BABE") -> Any:
    return operations.give_jurisdiction(
        actor=actor, unit=unit, level="commune", code="01900", valid_from=MAP_DAY,
        valid_to=None, at=AT,
    )


def test_areas_are_registered_and_found(house: factories.World) -> None:
    assert _register(HOUSE) == 1
    found = queries.area("commune", "02000", on=MAP_DAY)
    assert found is not None
    assert found.title == "Phường Bắc Kạn"
    assert AuditEvent.objects.filter(action="area.register").exists()


def test_registering_is_all_or_nothing(house: factories.World) -> None:
    with pytest.raises(Conflict), transaction.atomic():
        operations.register(actor=HOUSE, source="thử", at=AT, areas=[
            NewArea("commune", "02000", "Phường", "Bắc Kạn", "province", "19", MAP_DAY),
            NewArea("commune", "01900", "Xã", "Trùng", "province", "19", MAP_DAY),
        ])
    assert not Area.objects.filter(code="02000").exists()


@pytest.mark.parametrize("chain", [("77",), ("77", "78"), ("77", "78", "79")])
def test_an_area_that_lies_in_itself_is_refused(chain: tuple[str, ...]) -> None:
    rows = [NewArea("commune", code, "Xã", code, "commune", above, MAP_DAY)
            for code, above in zip(chain, (*chain[1:], chain[0]), strict=True)]
    with pytest.raises(OwnAncestor, match=r"Đơn vị 7\d nằm trong chính nó vào ngày 01/07/2025"), (
            transaction.atomic()):
        operations.register(actor=HOUSE, source="thử", at=AT, areas=rows)
    assert not Area.objects.filter(code__in=chain).exists()


def test_a_change_keeps_its_links_and_doubts(house: factories.World) -> None:
    change = _enact(HOUSE)
    assert [(link.old_code, link.new_code, link.kind, link.doubtful)
            for link in AreaLink.objects.filter(change=change).order_by("old_code")] == [
        ("01840", "01900", "full", False), ("01843", "", "ended", True)]


def test_a_jurisdiction_given_twice_is_given_once(house: factories.World) -> None:
    assert _give(HOUSE) == _give(HOUSE)
    found = queries.responsible("commune", "01900", on=MAP_DAY)
    assert found is not None
    assert found.unit.code == "XA-BABE"


@pytest.mark.parametrize(("start", "end"), [
    (None, None), (date(2030, 1, 1), None), (None, date(2025, 7, 2)),
    (date(2025, 1, 1), date(2026, 1, 1)),
])
def test_a_jurisdiction_that_overlaps_is_refused_in_words(
    house: factories.World, start: date | None, end: date | None,
) -> None:
    _give(HOUSE)
    with pytest.raises(operations.JurisdictionHeld):
        operations.give_jurisdiction(
            actor=HOUSE, unit="XA-BABE", level="commune", code="01900", valid_from=start,
            valid_to=end, at=AT,
        )
    before = operations.give_jurisdiction(
        actor=HOUSE, unit="XA-BABE", level="commune", code="01900", valid_from=None,
        valid_to=MAP_DAY, at=AT,
    )
    assert before.valid_to == MAP_DAY


@pytest.mark.parametrize("act", [_register, _enact])
def test_the_map_belongs_to_the_whole_house(
    house: factories.World, act: Callable[..., Any],
) -> None:
    for who in (house.manager, house.neighbour, house.officer, house.administrator):
        with pytest.raises(Forbidden):
            act(factories.actor(who))
    act(factories.actor(factories.person("quan-ly-bo", "Vũ Đức", "BO", "manager")))


def test_a_jurisdiction_is_given_within_ones_branch(house: factories.World) -> None:
    province = factories.actor(
        factories.person("quan-tri-tn", "Lường Sơn", "SO-TN", "administrator"))
    with pytest.raises(NotFound):
        _give(province, "XA-CB")
    with pytest.raises(Forbidden):
        _give(factories.actor(house.manager))
    assert _give(province).unit.code == "XA-BABE"


def test_a_jurisdiction_ends_on_a_day_within_ones_branch(house: factories.World) -> None:
    ended = date(2026, 7, 1)
    given = {"unit": "XA-BABE", "level": "commune", "code": "01900", "valid_to": ended, "at": AT}
    with pytest.raises(NotFound):
        operations.end_jurisdiction(actor=HOUSE, **given)
    _give(HOUSE)
    with pytest.raises(Invalid):
        operations.end_jurisdiction(actor=HOUSE, **{**given, "valid_to": MAP_DAY})
    stranger = factories.person("quan-tri-cb", "Nông Hà", "SO-CB", "administrator")
    with pytest.raises(NotFound):
        operations.end_jurisdiction(actor=factories.actor(stranger), **given)
    assert operations.end_jurisdiction(actor=HOUSE, **given).valid_to == ended
    held = {unit for unit, _, _ in queries.jurisdictions_of("/", on=ended)}
    before = queries.jurisdictions_of("/", on=date(2026, 6, 30))
    assert not held
    assert [(level, code) for _, level, code in before] == [("commune", "01900")]


def test_nobody_answers_for_an_area_that_is_not_on_the_map(house: factories.World) -> None:
    operations.give_jurisdiction(
        actor=HOUSE, unit="XA-BABE", level="commune", code="99999", valid_from=None,
        valid_to=None, at=AT)
    assert queries.jurisdictions_of("/", on=MAP_DAY, level="commune", kind="commune") == []
