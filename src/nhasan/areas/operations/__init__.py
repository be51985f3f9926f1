"""Verbs of the map."""

from nhasan.areas.operations.answerable import (
    JurisdictionHeld,
    end_jurisdiction,
    give_jurisdiction,
)
from nhasan.areas.operations.enacting import NewLink, enact
from nhasan.areas.operations.registering import NewArea, register

__all__ = [
    "JurisdictionHeld",
    "NewArea",
    "NewLink",
    "enact",
    "end_jurisdiction",
    "give_jurisdiction",
    "register",
]
