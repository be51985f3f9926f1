"""Verbs of the map."""

from nhasan.areas.operations.answerable import (
    JurisdictionHeld,
    end_jurisdiction,
    give_jurisdiction,
)
from nhasan.areas.operations.classifying import (
    ClassesFaulty,
    NewDecision,
    NothingToClassify,
    SchemeExists,
    classify,
    define_scheme,
)
from nhasan.areas.operations.enacting import NewLink, enact
from nhasan.areas.operations.registering import NewArea, register

__all__ = [
    "ClassesFaulty",
    "JurisdictionHeld",
    "NewArea",
    "NewDecision",
    "NewLink",
    "NothingToClassify",
    "SchemeExists",
    "classify",
    "define_scheme",
    "enact",
    "end_jurisdiction",
    "give_jurisdiction",
    "register",
]
