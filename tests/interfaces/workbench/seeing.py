"""How tests of the workbench look at a page."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user: Any, **wanted: Any) -> Client:
    """Return a browser in which a person is signed in."""
    client = Client(**wanted)
    client.force_login(user, backend=_BACKEND)
    return client


def words(response: Any) -> str:
    """Return what a page says, without tags, on one line."""
    shown = re.sub(r"<(script|style|title)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())
