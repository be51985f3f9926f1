"""A world that is written again is the world that was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from nhasan.collection import queries
from tests import factories


def _rows(make: Callable[[], Any]) -> dict[str, int]:
    """Make a world, count what stands in every table, and take it back."""
    with transaction.atomic():
        make()
        counted = {
            model._meta.db_table: model._base_manager.count()
            for model in apps.get_models(include_auto_created=True)}
        transaction.set_rollback(True)
    return counted


@pytest.mark.django_db
def test_what_is_written_again_is_what_was_made() -> None:
    made = _rows(factories.world.__wrapped__)  # type: ignore[attr-defined]
    assert sum(made.values()) > 50
    assert _rows(factories.world) == made
    assert _rows(factories.world) == made


@pytest.mark.django_db
@pytest.mark.parametrize("time", ["first", "second"])
def test_its_people_work_in_it(time: str) -> None:
    world = factories.world()
    factories.sent(world.report, world.officer)
    report = queries.assignment(factories.HOUSE, world.report.pk)
    assert report.state == "submitted"
    world.officer.name = "đổi trong bài này"  # the next test is given its own
