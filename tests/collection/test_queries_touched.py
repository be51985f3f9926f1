"""What a change of indicators touches: forms, obligations, open rounds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhasan.collection import operations, queries
from nhasan.collection.models import ReportingObligation
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    made = factories.world()
    version = made.round.form_version
    ReportingObligation.objects.create(
        identifier="NV-THU", form=version.form, receiver=made.round.receiver,
        title_vi="Báo cáo hộ nghèo hằng năm", state="in_force",
    )
    return made


def test_what_asks_for_an_indicator_is_touched_by_its_change(world: factories.World) -> None:
    found = queries.touched_by(HOUSE, ["THU:03"])
    assert [form.form.identifier for form in found.forms] == ["THU-HO-NGHEO"]
    assert [each.identifier for each in found.obligations] == ["NV-THU"]
    assert found.rounds == [world.round]
    assert found.owed == {world.round.pk: 2}
    nothing = queries.touched_by(HOUSE, ["THU:99"])
    assert (nothing.forms, nothing.obligations, nothing.rounds, nothing.owed) == ([], [], [], {})


def test_closed_rounds_and_retired_forms_are_left_alone(world: factories.World) -> None:
    operations.close_round(actor=HOUSE, round_id=world.round.pk, at=AT)
    assert queries.touched_by(HOUSE, ["THU:03"]).rounds == []


def test_each_sees_their_own_branch(world: factories.World) -> None:
    found = queries.touched_by(factories.actor(world.neighbour), ["THU:03"])
    assert (found.obligations, found.rounds, found.owed) == ([], [], {})


def test_it_costs_the_same_however_many_reports_there_are(world: factories.World) -> None:
    with CaptureQueriesContext(connection) as seen:
        queries.touched_by(HOUSE, ["THU:03"])
    assert len(seen) == 4
