"""An observation is superseded, never changed or erased: the database sees to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from nhasan.domain.access import EVERYTHING
from nhasan.observations.models import Batch, Observation
from nhasan.observations.operations import ingest_approved
from tests import factories

pytestmark = pytest.mark.django_db
LATER = factories.AT + timedelta(days=1)


@pytest.fixture
def stored() -> None:
    world = factories.world()
    factories.approved(world.report, world.officer, world.reviewer)
    ingest_approved(actor=factories.HOUSE, at=factories.AT)


def rows(model: Any) -> Any:
    return model.objects.within(EVERYTHING)


def first() -> Any:
    return rows(Observation).filter(status="A").order_by("pk")[0]


def another(**more: Any) -> None:
    copy = first()
    copy.pk = None
    for name, value in more.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)


def supersede_twice() -> None:
    rows(Observation).update(known_to=LATER)
    rows(Observation).update(known_to=LATER + timedelta(days=1))


ATTEMPTS: dict[str, Callable[[], Any]] = {
    "observation_one_present_value": another,
    "observation_value_exactly_when_reported": lambda: another(
        value=None, indicator="THU:99"),
    "observation_superseded_later": lambda: another(
        indicator="THU:99", known_to=factories.AT - timedelta(seconds=1)),
    "observation_frozen_update": lambda: rows(Observation).update(value=1),
    "observation_frozen_delete": lambda: rows(Observation).delete(),
    "observation_superseded_once_update": supersede_twice,
    "batch_frozen_update": lambda: rows(Batch).update(size=0),
    "batch_frozen_delete": lambda: rows(Batch)._raw_delete("default"),
}


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("promise", sorted(ATTEMPTS))
def test_the_database_keeps_its_promise(promise: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ATTEMPTS[promise]()
    said = str(refused.value)
    # SQLite names the columns of a broken uniqueness, not the constraint
    assert promise in said or (promise == "observation_one_present_value" and "UNIQUE" in said)
