"""A published census, built once for the tests of a file, and how a page is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as house_settings
from django.db import transaction
from django.test import Client

from nhasan.domain.access import Actor
from tests.interfaces.portal import census


@pytest.fixture(scope="module")
def published(django_db_setup: None, django_db_blocker: Any,
              tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Actor]]:
    """Publish the census; everything is taken back after the last test of the file."""
    place = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        for name, value in (("RUNS", place / "runs"), ("RELEASES", place / "releases"),
                            ("ENGINE", "reference:")):
            patch.setattr(house_settings, name, value)
        with transaction.atomic():
            yield census.published()
            transaction.set_rollback(True)


@pytest.fixture
def people(published: dict[str, Actor], db: None) -> dict[str, Actor]:
    """Return who may publish, in a test that may change the world for itself."""
    return published


@pytest.fixture
def reader(people: dict[str, Actor]) -> Client:
    """Return somebody of the public."""
    return Client()
