"""Doors are tested at one fixed moment: the clock of the house is set by hand."""

import pytest

from tests import factories


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request happen on Tuesday 25 November 2025, 9 o'clock in Viet Nam."""
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: factories.AT)
