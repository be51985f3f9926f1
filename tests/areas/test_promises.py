"""What the database itself promises of the map."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.areas import operations
from nhasan.areas.models import Area, AreaChange, AreaLink, Jurisdiction
from nhasan.areas.operations import NewLink
from nhasan.domain.access import EVERYTHING
from nhasan.organisations.models import OrganisationUnit
from tests import factories
from tests.breaking import refused
from tests.factories import AT, HOUSE, MAP_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def country() -> None:
    factories.units()
    factories.country()
    operations.enact(
        actor=HOUSE, decree="1683", title="Sắp xếp", on=MAP_DAY, source="thử", at=AT,
        links=[NewLink("commune", "01840", "01900", "full")],
    )
    operations.give_jurisdiction(
        actor=HOUSE, unit="XA-BABE", level="commune", code="01900", valid_from=MAP_DAY,
        valid_to=None, at=AT,
    )


def _area(**more: Any) -> Area:
    return Area.objects.create(**{
        "level": "commune", "code": "01900", "unit_type": "Xã", "name": "Khác", **more,
    })


@pytest.mark.parametrize(("promise", "more"), [
    ("area_level_known", {"level": "planet", "code": "1"}),
    ("area_ends_after_start",
     {"code": "9", "valid_from": MAP_DAY, "valid_to": MAP_DAY}),
    ("area_ends_after_start",
     {"code": "9", "valid_from": MAP_DAY, "valid_to": date(2025, 6, 30)}),
    ("area_no_overlap_insert", {}),
    ("area_no_overlap_insert", {"valid_from": date(2026, 1, 1)}),
    ("area_no_overlap_insert", {"valid_to": date(2025, 7, 2)}),
])
def test_an_area_that_cannot_be_is_refused(promise: str, more: dict[str, Any]) -> None:
    refused(promise, lambda: _area(**more))


def test_ranges_that_touch_do_not_overlap() -> None:
    before = _area(valid_to=MAP_DAY)
    assert before.pk
    same_code_other_level = _area(level="district")
    assert same_code_other_level.pk


def test_a_version_is_not_stretched_over_another() -> None:
    before = _area(valid_to=MAP_DAY)
    refused("area_no_overlap_update",
            lambda: Area.objects.filter(pk=before.pk).update(valid_to=date(2025, 7, 2)))
    refused("area_no_overlap_update",
            lambda: Area.objects.filter(pk=before.pk).update(valid_to=None))


def test_an_event_and_a_link_are_written_once() -> None:
    refused("area_change_once", lambda: AreaChange.objects.create(
        decree="1683", on=MAP_DAY, title="Lần nữa"))
    change = AreaChange.objects.get()
    refused("area_link_once", lambda: AreaLink.objects.create(
        change=change, level="commune", old_code="01840", new_code="01900", kind="partial"))


@pytest.mark.parametrize(("promise", "more"), [
    ("area_link_kind_known", {"kind": "sideways"}),
    ("area_link_successor_unless_ended", {"new_code": "", "kind": "full"}),
])
def test_a_link_makes_sense(promise: str, more: dict[str, Any]) -> None:
    refused(promise, lambda: AreaLink.objects.update(**more))


def test_a_unit_that_ended_for_good_has_no_successor() -> None:
    assert AreaLink.objects.update(kind="ended", new_code="") == 1


def _jurisdiction(**more: Any) -> Jurisdiction:
    unit = OrganisationUnit.objects.within(EVERYTHING).get(code="XA-BABE")
    return Jurisdiction.objects.create(**{
        "unit": unit, "level": "commune", "code": "01900", **more,
    })


@pytest.mark.parametrize(("promise", "more"), [
    ("jurisdiction_no_overlap_insert", {}),
    ("jurisdiction_no_overlap_insert", {"valid_from": date(2030, 1, 1)}),
    ("jurisdiction_ends_after_start",
     {"code": "1", "valid_from": MAP_DAY, "valid_to": MAP_DAY}),
])
def test_a_unit_answers_once_for_an_area(promise: str, more: dict[str, Any]) -> None:
    refused(promise, lambda: _jurisdiction(**more))


def test_an_ended_jurisdiction_is_not_stretched() -> None:
    before = _jurisdiction(valid_to=MAP_DAY)
    mine = Jurisdiction.objects.within(EVERYTHING).filter(pk=before.pk)
    refused("jurisdiction_no_overlap_update", lambda: mine.update(valid_to=None))
