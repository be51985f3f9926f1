"""What every test shares. Knows no Django: pillars and beams are tested with it switched off."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is not a fault of the code under test, and a change is not to blame for an
# example that nobody has drawn before: it is the same examples each time, unless NHASAN_EXPLORE=1.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize=os.environ.get("NHASAN_EXPLORE") != "1",
)
settings.load_profile("house")

_BROWSER_SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the distribution's Chromium, not one that Playwright would have to download."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("NHASAN_CHROMIUM") or "/usr/bin/chromium",
        "args": list(_BROWSER_SWITCHES),
    }
