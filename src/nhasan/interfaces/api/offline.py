"""For a browser that works without a network: who is signed in, and the key to what it sealed.

What a person typed on a computer is sealed there with a key of that computer. The key itself is
wrapped with one that only this house can tell, and tells to nobody but that person: after signing
out, what is left on a shared computer opens again when the same person signs in
(docs/adr/0017-sealed-on-the-computer.md).
"""

from __future__ import annotations

import base64
from typing import Any

from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac
from ninja import Router, Schema

from nhasan.interfaces.http import Request

router = Router(tags=["offline"])
_SALT = "nhasan.interfaces.api.offline"


class SessionOut(Schema):
    """Who is signed in; `key` wraps the keys of that person's computers (256 bits, base64)."""

    person: str
    unit: str
    token: str
    key: str


@router.get("/session", response=SessionOut, url_name="session")
def session(request: Request) -> dict[str, Any]:
    """Tell who is signed in, with the token to send and the key to unseal with."""
    account: Any = request.user
    return {
        "person": request.actor.id, "unit": account.unit.code,
        "token": get_token(request), "key": wrapping_key(request.actor.id),
    }


def wrapping_key(person: str) -> str:
    """Return the key that wraps what a person's computers seal; it follows from our secret."""
    digest = salted_hmac(_SALT, person, algorithm="sha256").digest()
    return base64.b64encode(digest).decode()
