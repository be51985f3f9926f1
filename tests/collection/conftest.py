"""Files that come with a report go into a store of the test's own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    """Keep uploads of a test in its own folder."""
    settings.STORE = tmp_path / "store"
