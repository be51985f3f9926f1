"""The pulse: all motion of the house on one page.

A step looks for rows in a waiting state and moves each in its own transaction. It holds a
lease that runs out, so a killed pulse loses nothing and repeats nothing. One of the two
files that read the clock.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from nhasan.areas.operations import enact_due
from nhasan.collection.operations import (
    close_due_rounds,
    hand_over,
    measure_rounds,
    open_due_rounds,
    remind,
)
from nhasan.domain.access import Actor
from nhasan.observations.operations import ingest_approved
from nhasan.organisations.operations import (
    deliver_mail,
    free_lease,
    seal_audit,
    take_lease,
    write_letters,
)
from nhasan.processing.operations import mend_working_cube, refresh_working_cube
from nhasan.releases.operations import publish_due, run_requested

LEASE = timedelta(minutes=5)
logger = logging.getLogger("nhasan.pulse")


@dataclass(frozen=True, slots=True)
class Step:
    """One operation and how often it is due, in seconds."""

    operation: Callable[..., Any]
    every: float

    @property
    def name(self) -> str:
        """Return the name of the step: that of its operation."""
        return self.operation.__name__


PULSE = (
    Step(enact_due, every=60),  # units that close by it hand over in the next step
    Step(hand_over, every=60),
    Step(open_due_rounds, every=60),
    Step(close_due_rounds, every=60),
    Step(remind, every=300),
    Step(write_letters, every=300),
    Step(deliver_mail, every=10),
    Step(measure_rounds, every=60),
    Step(ingest_approved, every=1),
    Step(refresh_working_cube, every=1),
    Step(mend_working_cube, every=60),
    Step(run_requested, every=2),
    Step(publish_due, every=2),
    Step(seal_audit, every=60),
)


def beat(step: Step, at: datetime) -> bool:
    """Run one step if its lease is free; tell whether it ran."""
    holder = f"{os.getpid()}:{uuid.uuid4().hex[:8]}"
    if not take_lease(step=step.name, holder=holder, until=at + LEASE, at=at):
        return False
    try:
        step.operation(actor=Actor.house(step.name), at=at)
    finally:
        free_lease(step=step.name, holder=holder, at=timezone.now())
    return True


def beat_all() -> None:
    """Run every step once, whatever its rhythm: for tests and for loading."""
    for step in PULSE:
        beat(step, timezone.now())


def run(stop: Event) -> None:
    """Beat until told to stop. A step that fails is logged and tried again in its turn."""
    due = {step.name: 0.0 for step in PULSE}
    while not stop.is_set():
        for step in PULSE:
            if stop.is_set() or time.monotonic() < due[step.name]:
                continue
            due[step.name] = time.monotonic() + step.every
            try:
                beat(step, timezone.now())
            except Exception:
                logger.exception("step %s failed; it is tried again in its turn", step.name)
        close_old_connections()
        stop.wait(0.25)
