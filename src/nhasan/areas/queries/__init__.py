"""Nouns of the map, each asked about a day."""

from nhasan.areas.queries.answerable import answering, jurisdictions, jurisdictions_of, responsible
from nhasan.areas.queries.carrying import between
from nhasan.areas.queries.checking import (
    DAY_BEFORE_MERGER,
    DAY_OF_MERGER,
    READINGS,
    MapCheck,
    check_map,
)
from nhasan.areas.queries.descent import line, lines
from nhasan.areas.queries.kin import Kin, links, predecessors, successors
from nhasan.areas.queries.standing import (
    Reach,
    Tally,
    area,
    areas,
    drawn_on,
    edition,
    former,
    known_since,
    names,
    on_day,
    parents,
    parents_of,
    reach,
    tally,
    tree_rows,
    versions,
    within,
)

__all__ = [
    "DAY_BEFORE_MERGER",
    "DAY_OF_MERGER",
    "READINGS",
    "Kin",
    "MapCheck",
    "Reach",
    "Tally",
    "answering",
    "area",
    "areas",
    "between",
    "check_map",
    "drawn_on",
    "edition",
    "former",
    "jurisdictions",
    "jurisdictions_of",
    "known_since",
    "line",
    "lines",
    "links",
    "names",
    "on_day",
    "parents",
    "parents_of",
    "predecessors",
    "reach",
    "responsible",
    "successors",
    "tally",
    "tree_rows",
    "versions",
    "within",
]
