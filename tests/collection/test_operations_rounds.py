"""Forms are published and frozen; rounds open, are given out and close."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.operations.publishing import FormVersionExists
from nhasan.collection.operations.rounds import RoundExists
from nhasan.domain.problems import Forbidden, Invalid, NotFound
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def changed(**more: Any) -> dict[str, Any]:
    return {**deepcopy(factories.FORM), **more}


def test_the_same_version_is_drafted_once(world: factories.World) -> None:
    with pytest.raises(FormVersionExists):
        factories.publish()
    factories.publish(changed(version="1.1.0"))
    assert queries.form_version("THU-HO-NGHEO").version == "1.1.0"
    assert queries.form_version("THU-HO-NGHEO", "1.0.0").version == "1.0.0"


def test_a_form_is_published_only_when_its_indicators_are_in_force(
    world: factories.World,
) -> None:
    form = changed(version="2.0.0")
    form["tables"][1]["columns"][0]["bind"] = {"INDICATOR": "THU:99"}
    with pytest.raises(Invalid, match="THU:99"):
        factories.publish(form)


def test_a_form_whose_sums_do_not_hold_together_is_not_published(
    world: factories.World,
) -> None:
    form = changed(version="2.0.0")
    form["tables"][0]["columns"][1]["columns"][1]["formula"] = "[ngheo] / [không_có] * 100"
    with pytest.raises(Invalid, match="không_có"):
        factories.publish(form)


def test_a_form_belongs_to_the_whole_house(world: factories.World) -> None:
    for without in (world.manager, world.officer):
        with pytest.raises(Forbidden):
            operations.draft_form(
                actor=factories.actor(without), definition=changed(version="3.0.0"),
                dataflow="THU", at=AT)


def test_a_round_is_opened_once_and_by_its_receiver(world: factories.World) -> None:
    def opened(by: Any, **more: Any) -> Any:
        wanted: dict[str, Any] = {
            "identifier": "THU-2027", "form": "THU-HO-NGHEO", "version": "1.0.0",
            "receiver": "SO-TN", "title_vi": "Hộ nghèo 2027", "period": "2027",
            "map_day": factories.MAP_DAY, "opens": date(2027, 1, 1), "due": date(2027, 12, 1),
            "closes": None, "illustrative": True,
        }
        return operations.open_round(actor=factories.actor(by), at=AT, **{**wanted, **more})

    with pytest.raises(NotFound):
        opened(world.neighbour)
    with pytest.raises(Forbidden):
        opened(world.officer)
    with pytest.raises(Invalid):
        opened(world.manager, due=date(2026, 12, 31))
    with pytest.raises(Invalid):
        opened(world.manager, period="năm nay")
    assert opened(world.manager).state == "open"
    with pytest.raises(RoundExists):
        opened(world.manager)


def test_a_report_is_about_an_area_of_the_round_s_map(world: factories.World) -> None:
    with pytest.raises(Invalid):
        factories.give(world.round, "XA-BABE", "99999")


def test_rounds_whose_last_day_passed_are_closed_by_the_pulse() -> None:
    world = factories.world(closes=date(2025, 11, 28))
    on_the_day = AT + timedelta(days=3)
    assert operations.close_due_rounds(actor=factories.HOUSE, at=on_the_day) == 0
    assert operations.close_due_rounds(
        actor=factories.HOUSE, at=on_the_day + timedelta(days=1)) == 1
    held = queries.round_of(factories.actor(world.manager), world.round.pk)
    assert held.state == "closed"
    assert queries.owed(factories.actor(world.officer)) == []
    assert [row.pk for row in queries.missed(factories.actor(world.officer))] == [
        world.report.pk]


def test_a_round_is_closed_and_opened_by_those_who_manage_it(world: factories.World) -> None:
    with pytest.raises(NotFound):
        operations.close_round(
            actor=factories.actor(world.neighbour), round_id=world.round.pk, at=AT)
    operations.close_round(actor=factories.actor(world.manager), round_id=world.round.pk, at=AT)
    again = operations.open_round_again(
        actor=factories.actor(world.manager), round_id=world.round.pk,
        closes=date(2025, 12, 31), at=AT)
    assert (again.state, again.closes) == ("open", date(2025, 12, 31))


@pytest.mark.parametrize("wrong", [
    {"due": date.max}, {"opens": date.min}, {"closes": date.max},
])
def test_a_round_of_days_beyond_all_reason_is_refused(wrong: dict[str, date]) -> None:
    world = factories.world()
    given = {"opens": date(2025, 1, 1), "due": date(2025, 12, 1), "closes": None, **wrong}
    with pytest.raises(Invalid, match="ngày phải từ"):
        operations.open_round(
            actor=factories.actor(world.manager), identifier="XA-LAC", form="THU-HO-NGHEO",
            version=world.round.form_version.version, receiver="SO-TN", title_vi="x",
            period="2025", map_day=factories.MAP_DAY, illustrative=True, at=AT, **given)
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=AT)
    with pytest.raises(Invalid, match="ngày phải từ"):
        operations.open_round_again(
            actor=factories.HOUSE, round_id=world.round.pk, closes=date.max, at=AT)
