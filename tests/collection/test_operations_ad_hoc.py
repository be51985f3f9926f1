"""An ad hoc request: made, seen by the units, filled and sent, and only within one's branch."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import Assignment, CollectionRound, Form
from nhasan.collection.operations import Change
from nhasan.domain.access import EVERYTHING
from nhasan.domain.ad_hoc import AskedColumn
from nhasan.domain.problems import Forbidden, Invalid, NotFound
from nhasan.organisations.models import Notification
from nhasan.organisations.operations import open_unit
from tests import factories
from tests.collection.test_operations_obligations import jurisdictions

pytestmark = pytest.mark.django_db
AT = factories.AT
FRIDAY = date(2025, 11, 28)


@pytest.fixture
def world() -> factories.World:
    made = factories.world()
    jurisdictions()
    return made


def asked(world: factories.World, **more: Any) -> CollectionRound:
    return operations.ask_ad_hoc(**{
        "actor": factories.actor(world.manager), "receiver": "SO-TN",
        "title": "Thiệt hại do bão số 12", "due": FRIDAY, "at": AT,
        "columns": [AskedColumn("Số nhà sập", unit="nhà"), AskedColumn("Ghi chú", "text")],
        "reporters": {"kind": "commune", "level": "commune"}, **more})


def parts(held: CollectionRound) -> list[Assignment]:
    return list(Assignment.objects.within(EVERYTHING).filter(round=held).select_related("unit"))


def test_a_request_reaches_every_unit_and_is_filled_and_sent(world: factories.World) -> None:
    held = asked(world)
    assert (held.ad_hoc, held.period, held.due, held.title_vi) == (
        True, "2025-11-25", FRIDAY, "Thiệt hại do bão số 12")
    officer = factories.actor(world.officer)
    [mine] = [row for row in queries.owed(officer, own=True) if row.round_id == held.pk]
    told = Notification.objects.within(EVERYTHING).filter(kind="round_asked")
    assert {each.unit_id for each in told} == {row.unit_id for row in parts(held)}
    operations.save_cells(
        actor=officer, assignment=mine.pk, channel="screen", at=AT,
        changes=[Change("yeu_cau/d1/c1", "7"), Change("yeu_cau/d1/c2", "Thôn Bó Lù")])
    sent = operations.submit(actor=officer, assignment=mine.pk, submission=uuid4(), at=AT)
    approved = operations.approve(
        actor=factories.actor(world.reviewer), submission=sent.pk, at=AT)
    assert approved.state == "approved"


def test_two_requests_of_a_day_are_two(world: factories.World) -> None:
    assert asked(world).identifier != asked(world).identifier


def test_the_forms_of_requests_stand_apart(world: factories.World) -> None:
    held = asked(world)
    assert [form.identifier for form in queries.forms()] == ["THU-HO-NGHEO"]
    assert Form.objects.filter(identifier=held.identifier).exists()


def test_units_may_be_chosen_one_by_one(world: factories.World) -> None:
    held = asked(world, reporters={"units": ["XA-CHORA"]}, rows=["Trường", "Trạm"], period="2025")
    assert [row.unit.code for row in parts(held)] == ["XA-CHORA"]
    assert held.period == "2025"


@pytest.mark.parametrize("wrong", [
    {"due": date(2025, 11, 24)}, {"title": ""}, {"columns": []}, {"reporters": {}},
    {"reporters": {"kind": "board", "level": "province"}}, {"period": "hôm nay"},
])
def test_a_request_without_sense_leaves_nothing(world: factories.World, wrong: dict) -> None:
    with pytest.raises(Invalid):
        asked(world, **wrong)
    assert Form.objects.count() == 1


def test_a_unit_without_an_area_cannot_be_asked(world: factories.World) -> None:
    open_unit(actor=factories.HOUSE, code="GOC", name="Gốc", short_name="Gốc", kind="board",
              parent=None, opened=None, at=AT)
    with pytest.raises(Invalid, match="địa bàn"):
        asked(world, actor=factories.HOUSE, reporters={"units": ["XA-CHORA", "GOC"]})


def test_nobody_asks_beyond_the_own_branch(world: factories.World) -> None:
    with pytest.raises(NotFound):
        asked(world, reporters={"units": ["XA-CHORA", "XA-CB"]})
    with pytest.raises(NotFound):
        asked(world, actor=factories.actor(world.neighbour))
    with pytest.raises(Forbidden):
        asked(world, actor=factories.actor(world.officer))
