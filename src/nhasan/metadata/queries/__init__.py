"""Nouns of metadata: open to every official, and to the public once in force."""

from nhasan.metadata.queries.formulas import (
    check_formulas,
    check_sheet,
    formula_reads,
    known_indicators,
)
from nhasan.metadata.queries.formulas import (
    check_formulas,
    check_sheet,
    formula_reads,
    known_indicators,
)
from nhasan.metadata.queries.lists import (
    Dimension,
    aliases,
    code_list,
    code_list_version,
    code_lists,
    code_names,
    code_rows,
    codes,
    codes_of,
    correspondence,
    correspondence_items,
    correspondences,
    criteria_set,
    criteria_sets,
    dataflow,
    dataflows,
    dataflows_with,
    dimensions,
    newest,
    other_numberings,
    search_codes,
)
from nhasan.metadata.queries.sets import (
    breaks,
    citing,
    compared,
    difference,
    digest_of,
    groups,
    indicator,
    indicator_in,
    indicator_set,
    indicator_sets,
    indicators,
    indicators_by_ref,
    new_indicators,
    predecessor,
    search_indicators,
    sheet_of,
    sheets,
    standing,
    versions,
)

__all__ = [
    "Dimension", "aliases", "breaks", "check_formulas", "check_sheet", "citing", "code_list",
    "code_list_version", "code_lists", "code_names", "code_rows", "codes", "codes_of", "compared",
    "correspondence", "correspondence_items", "correspondences", "criteria_set", "criteria_sets",
    "dataflow", "dataflows", "dataflows_with", "difference", "digest_of", "dimensions",
    "formula_reads", "groups", "indicator", "indicator_in", "indicator_set", "indicator_sets",
    "indicators", "indicators_by_ref", "known_indicators", "new_indicators", "newest",
    "other_numberings", "predecessor", "search_codes", "search_indicators", "sheet_of", "sheets",
    "standing", "versions",
]
