"""The pulse: a step runs under a lease; a killed pulse loses nothing and repeats nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from nhasan.areas import operations as areas
from nhasan.collection.models import ReportingObligation
from nhasan.collection.operations import open_due_rounds
from nhasan.collection.queries import rounds
from nhasan.domain.access import EVERYTHING, Actor
from nhasan.interfaces.jobs.pulse import LEASE, PULSE, Step, beat
from nhasan.organisations.operations import free_lease, take_lease
from tests import factories

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)


def test_a_lease_is_held_by_one_until_given_back() -> None:
    assert take_lease(step="s", holder="a", until=NOON + LEASE, at=NOON)
    assert not take_lease(step="s", holder="b", until=NOON + LEASE, at=NOON)
    free_lease(step="s", holder="b", at=NOON)
    assert not take_lease(step="s", holder="b", until=NOON + LEASE, at=NOON)
    free_lease(step="s", holder="a", at=NOON)
    assert take_lease(step="s", holder="b", until=NOON + LEASE, at=NOON)


def test_the_lease_of_a_killed_pulse_runs_out() -> None:
    assert take_lease(step="s", holder="killed", until=NOON + LEASE, at=NOON)
    late = NOON + LEASE + timedelta(seconds=1)
    assert take_lease(step="s", holder="next", until=late + LEASE, at=late)


def test_a_step_that_fails_gives_its_lease_back() -> None:
    ran: list[datetime] = []

    def stumble(*, actor: Actor, at: datetime) -> None:
        ran.append(at)
        raise RuntimeError("on purpose")

    step = Step(stumble, every=1)
    for at in (NOON, NOON + timedelta(days=3650)):
        with pytest.raises(RuntimeError, match="on purpose"):
            beat(step, at)
    assert ran == [NOON, NOON + timedelta(days=3650)]


def test_the_house_acts_in_every_step_and_a_held_step_is_passed_over() -> None:
    seen: list[str] = []

    def look(*, actor: Actor, at: datetime) -> None:
        seen.append(actor.id)

    step = Step(look, every=1)
    assert beat(step, NOON)
    take_lease(step="look", holder="other", until=NOON + timedelta(days=9999), at=NOON + LEASE)
    far = datetime(2036, 1, 1, tzinfo=UTC)
    take_lease(step="look", holder="other", until=far + timedelta(days=1), at=far)
    assert not beat(step, far)
    assert seen == ["house:look"]


def test_every_step_may_run_on_an_empty_house_and_twice() -> None:
    for _ in range(2):
        for step in PULSE:
            step.operation(actor=Actor.house(step.name), at=NOON)


def test_an_obligation_of_an_impossible_day_does_not_stop_the_house() -> None:
    """Its day is from before days were held to reason; the other opens its round."""
    factories.world()
    areas.give_jurisdiction(
        actor=factories.HOUSE, unit="XA-BABE", level="commune", code="01900",
        valid_from=factories.MAP_DAY, valid_to=None, at=factories.AT)
    for name, on in (("CU", date.min), ("MOI", date(2025, 11, 1))):
        found = factories.obligation(name)
        ReportingObligation.objects.within(EVERYTHING).filter(pk=found.pk).update(
            state="in_force", valid_from=on)
    [step] = [each for each in PULSE if each.operation is open_due_rounds]
    assert beat(step, factories.AT)
    opened = {held.identifier for held in rounds(factories.HOUSE)}
    assert {"CU-2025-M10", "MOI-2025-M10"} <= opened
