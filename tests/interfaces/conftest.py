"""Doors are tested at one fixed moment: the clock of the house is set by hand."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tests import factories


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of a door as one."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.door)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request happen on Tuesday 25 November 2025, 9 o'clock in Viet Nam."""
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: factories.AT)


@pytest.fixture(autouse=True)
def plain_static_files(settings: LazySettings, tmp_path: Any) -> None:
    """Write the addresses of static files without digests: nothing is collected for a test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STORE = tmp_path / "store"
