"""Verbs of metadata: draft, edit, put in force, retire. What is in force is never edited."""

from nhasan.metadata.operations.artefacts import (
    draft_code_list,
    draft_correspondence,
    draft_criteria,
    draft_dataflow,
    put_in_force,
    retire,
)
from nhasan.metadata.operations.sets import (
    BadSheet,
    ChangedMeanwhile,
    VersionExists,
    amend_indicator_set,
    describe_indicator_set,
    discard_indicator_set,
    draft_indicator_set,
    drop_indicator,
    put_indicator,
    replace_indicators,
)

__all__ = [
    "BadSheet", "ChangedMeanwhile", "VersionExists", "amend_indicator_set",
    "describe_indicator_set",
    "discard_indicator_set", "draft_code_list", "draft_correspondence", "draft_criteria",
    "draft_dataflow",
    "draft_indicator_set", "drop_indicator", "put_in_force", "put_indicator",
    "replace_indicators", "retire",
]
