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
from nhasan.areas.operations.reorganising import (
    Decree,
    DecreeEntered,
    NotYetRight,
    decide_reorganisation,
    discard_reorganisation,
    draft_reorganisation,
    edit_reorganisation,
    enact_due,
    enact_reorganisation,
    recall_reorganisation,
)
from nhasan.areas.operations.sharing import NewShare, ShareWithoutLink, set_shares

__all__ = [
    "ClassesFaulty",
    "Decree",
    "DecreeEntered",
    "JurisdictionHeld",
    "NewArea",
    "NewDecision",
    "NewLink",
    "NewShare",
    "NotYetRight",
    "NothingToClassify",
    "SchemeExists",
    "ShareWithoutLink",
    "classify",
    "decide_reorganisation",
    "define_scheme",
    "discard_reorganisation",
    "draft_reorganisation",
    "edit_reorganisation",
    "enact",
    "enact_due",
    "enact_reorganisation",
    "end_jurisdiction",
    "give_jurisdiction",
    "recall_reorganisation",
    "register",
    "set_shares",
]
