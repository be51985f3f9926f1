"""The pulse: a step runs under a lease; a killed pulse loses nothing and repeats nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nhasan.domain.access import Actor
from nhasan.interfaces.jobs.pulse import LEASE, PULSE, Step, beat
from nhasan.organisations.operations import free_lease, take_lease

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
