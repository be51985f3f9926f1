"""What a change of the map touches: parts of open rounds, obligations of units that close."""

from __future__ import annotations

from datetime import date

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import ReportingObligation
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db
BA_BE = {("commune", "01900")}


def test_open_rounds_are_told_with_who_still_owes() -> None:
    world = factories.world()
    [found] = queries.rounds_on(HOUSE, {*BA_BE, ("commune", "01903")}, date(2025, 11, 27))
    assert (found.round, found.parts, found.owed, found.over) == (world.round, 2, 2, True)
    [later] = queries.rounds_on(HOUSE, BA_BE, date(2026, 1, 1))
    assert (later.parts, later.over) == (1, False)
    assert queries.rounds_on(HOUSE, {("province", "01900")}, AT.date()) == []
    assert queries.rounds_on(factories.actor(world.neighbour), BA_BE, AT.date()) == []
    operations.close_round(actor=HOUSE, round_id=world.round.pk, at=AT)
    assert queries.rounds_on(HOUSE, BA_BE, AT.date()) == []


def test_obligations_that_a_unit_receives() -> None:
    world = factories.world()
    ReportingObligation.objects.create(
        identifier="NV", form=world.round.form_version.form, receiver=world.round.receiver,
        title_vi="Hằng năm", state="in_force")
    assert [each.identifier for each in queries.received_by(
        HOUSE, [world.manager.unit_id])] == ["NV"]
    assert queries.received_by(factories.actor(world.neighbour), [world.manager.unit_id]) == []
