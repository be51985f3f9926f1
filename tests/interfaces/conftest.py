"""Doors are tested at one fixed moment: the clock of the house is set by hand."""

from typing import Any

import pytest

from tests import factories


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request happen on Tuesday 25 November 2025, 9 o'clock in Viet Nam."""
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: factories.AT)


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Name static files as they are: nothing needs to be built to test a page's words."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
