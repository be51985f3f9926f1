"""What no obligation may do: days beyond all reason, units of others, breaking the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from nhasan.collection import operations
from nhasan.collection.models import ReportingObligation
from nhasan.collection.operations import openings
from nhasan.domain.access import EVERYTHING, Permission
from nhasan.domain.problems import Invalid, NotFound
from nhasan.organisations.models import Notification
from tests import factories
from tests.collection.test_operations_obligations import (
    AT,
    CHAIN,
    FAR,
    HOUSE,
    TERMS,
    begun,
    pulse,
    rounds,
    world,
)

__all__ = ["world"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", FAR)
def test_a_day_beyond_all_reason_is_refused_gently(world: factories.World, day: date) -> None:
    operations.draft_obligation(actor=HOUSE, identifier="X", terms=TERMS, at=AT)
    with pytest.raises(Invalid, match="ngày phải từ"):
        operations.put_obligation_in_force(actor=HOUSE, identifier="X", on=day, at=AT)
    begun(schedule=CHAIN)
    with pytest.raises(Invalid, match=r"ngày phải từ|phải sau"):
        operations.retire_obligation(actor=HOUSE, identifier="HN-THANG", on=day, at=AT)
    for on, period in ((day, "2025"), (AT.date(), f"{day.year - (day.year == 9999):04}")):
        with pytest.raises(Invalid, match="ngày phải từ"):
            operations.record_event(
                actor=HOUSE, identifier="HN-THANG", name="chi-dao", on=on, period=period,
                document="", at=AT)


def test_a_day_kept_from_before_all_reason_opens_the_rounds_all_the_same(
    world: factories.World,
) -> None:
    operations.draft_obligation(actor=HOUSE, identifier="CU", terms=TERMS, at=AT)
    ReportingObligation.objects.within(EVERYTHING).update(state="in_force", valid_from=date.min)
    begun()
    pulse(date(2025, 11, 25))
    opened = {(held.obligation.identifier, held.period) for held in rounds() if held.obligation}
    assert {("CU", "2025-M10"), ("HN-THANG", "2025-M10")} <= opened
    assert min(held.opens for held in rounds()) >= date(2000, 1, 1)


@pytest.mark.parametrize("broken", ["_opening", "parts_of"])
def test_what_breaks_in_one_obligation_stops_that_one_alone_and_is_told(
    world: factories.World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    begun("HONG")
    begun()
    works = getattr(openings, broken)

    def breaks(found: ReportingObligation, *given: Any, **more: Any) -> Any:
        if found.identifier == "HONG":
            raise OverflowError("date value out of range")
        return works(found, *given, **more)

    monkeypatch.setattr(openings, broken, breaks)
    assert pulse(date(2025, 11, 25)) == 1
    assert [held.identifier for held in rounds()] == ["HN-THANG-2025-M10"]
    told = Notification.objects.within(EVERYTHING).get(kind="obligation_stuck")
    assert (told.audience, told.unit_id) == (Permission.MANAGE, rounds()[0].receiver_id)
    assert "OverflowError" in caplog.text


@pytest.mark.parametrize("wrong", [
    {"reporters": {"units": ["XA-BABE", "XA-CB"]}},
    {"reporters": {"units": ["KHONG-CO"]}},
    {"stages": [{"id": "x", "name": "Xem", "unit": "SO-CB"}]},
    {"stages": [{"id": "x", "name": "Xem", "unit": "KHONG-CO"}]},
])
def test_a_manager_names_no_unit_beyond_their_authority(
    world: factories.World, wrong: dict[str, Any],
) -> None:
    given = {"actor": factories.actor(world.manager), "identifier": "X", "at": AT}
    with pytest.raises(NotFound):
        operations.draft_obligation(**given, terms=replace(TERMS, **wrong))
    operations.draft_obligation(**given, terms=replace(
        TERMS, reporters={"units": ["XA-BABE"]}, stages=[
            {"id": "a", "name": "Sở", "unit": "SO-TN"}, {"id": "b", "name": "Bộ", "unit": "BO"}]))
    with pytest.raises(NotFound):
        operations.edit_obligation(**given, terms=replace(TERMS, **wrong))
