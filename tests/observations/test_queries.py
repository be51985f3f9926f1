"""The store asked about a moment: what was known then, where it came from, within a scope."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nhasan.collection import operations
from nhasan.collection.operations import Change
from nhasan.domain.access import EVERYTHING
from nhasan.observations import queries
from nhasan.observations.models import Batch
from nhasan.observations.operations import ingest_approved
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT
LATER = AT + timedelta(days=1)
KEY = {
    "dataflow": "THU", "indicator": "THU:03", "area_level": "commune", "area_code": "01900",
    "period": "2025", "breakdown": "ETHNIC_GROUP=02",
}


@pytest.fixture
def world() -> factories.World:
    """Return a world in which 11 poor households were corrected to 12 a day later."""
    made = factories.world()
    sent = factories.approved(made.report, made.officer, made.reviewer)
    ingest_approved(actor=factories.HOUSE, at=AT)
    operations.reopen(
        actor=factories.actor(made.reviewer), submission=sent.pk, note="Sửa số", at=LATER)
    operations.save_cells(
        actor=factories.actor(made.officer), assignment=made.report.pk, channel="screen",
        changes=[Change("ho/tay/ngheo", "12", 1)], at=LATER)
    again = factories.send(made.report, made.officer, at=LATER)
    operations.approve(actor=factories.actor(made.reviewer), submission=again.pk, at=LATER)
    ingest_approved(actor=factories.HOUSE, at=LATER)
    return made


def poor_tay(actor: Any, moment: Any) -> list[Any]:
    cube = queries.as_of(actor, "THU", moment)
    return [
        row.value for row in cube.rows()
        if row.key[:2] == ("THU:03", "commune") and "02" in row.key
    ]


def test_a_moment_knows_what_was_known_then(world: factories.World) -> None:
    assert poor_tay(factories.HOUSE, AT - timedelta(seconds=1)) == []
    assert poor_tay(factories.HOUSE, AT) == [11]
    assert poor_tay(factories.HOUSE, LATER) == [12]


def test_the_store_is_read_within_a_scope(world: factories.World) -> None:
    assert poor_tay(factories.actor(world.manager), LATER) == [12]
    for stranger in (world.neighbour, world.other_officer):
        assert poor_tay(factories.actor(stranger), LATER) == []


def test_a_key_tells_its_history_newest_first(world: factories.World) -> None:
    found = queries.history(factories.HOUSE, **KEY)
    assert [(row.value, row.known_to) for row in found] == [(12, None), (11, LATER)]
    assert list(queries.history(factories.actor(world.neighbour), **KEY)) == []


def test_a_batch_tells_where_it_came_from_without_a_person_s_name(
    world: factories.World,
) -> None:
    batches = {row.pk for row in Batch.objects.within(EVERYTHING)}
    found = queries.sources(factories.HOUSE, batches)
    assert set(found) == batches
    source = found[max(batches)]
    assert (source.unit, source.form_code) == ("Xã Ba Bể", "Biểu 01/THU")
    assert source.approved_at == LATER
    assert "Hoàng Thị Mai" not in repr(source)
    assert queries.sources(factories.actor(world.neighbour), batches) == {}


def test_how_much_the_store_holds_of_an_indicator(world: factories.World) -> None:
    found = queries.series_of(factories.HOUSE, ["THU:03", "THU:99"])
    assert found == {"THU:03": queries.Series(3, "2025", "2025")}
    assert queries.series_of(factories.actor(world.neighbour), ["THU:03"]) == {}


def test_what_the_store_holds_of_areas(world: factories.World) -> None:
    [found] = queries.held_of_areas(factories.HOUSE, [("commune", "01900"), ("province", "01900")])
    everything = queries.as_of(factories.HOUSE, found.dataflow, AT + timedelta(days=1))
    assert (found.dataflow, found.figures) == ("THU", len(everything))
    assert (found.first, found.last) == ("2025", "2025")
    assert queries.held_of_areas(factories.HOUSE, [("commune", "09999")]) == []
    assert queries.held_of_areas(
        factories.actor(world.neighbour), [("commune", "01900")]) == []


def test_the_figures_of_areas_at_one_key(world: factories.World) -> None:
    key = ("THU", "THU:03", "commune")
    assert ("2025", "ETHNIC_GROUP=02") in queries.keys_of(factories.HOUSE, *key)
    found = queries.of_areas(factories.HOUSE, *key, "2025", "ETHNIC_GROUP=02")
    assert {code: (row.value, row.illustrative) for code, row in found.items()} == {
        "01900": (12, True)}
    stranger = factories.actor(world.neighbour)
    assert queries.keys_of(stranger, *key) == []
    assert queries.of_areas(stranger, *key, "2025", "ETHNIC_GROUP=02") == {}
