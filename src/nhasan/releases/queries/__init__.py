"""Nouns of releases: what has been said in public, and, for officials, what is about to be."""

from nhasan.releases.queries.comparing import Compared, compared
from nhasan.releases.queries.explaining import Explanation, Origin, Part, explain
from nhasan.releases.queries.inhand import Review, in_hand, release_of, review_of
from nhasan.releases.queries.pages import (
    CalendarLine,
    Card,
    Page,
    Said,
    Withdrawn,
    calendar,
    dataset,
    datasets,
    file,
    indicator_datasets,
    said,
)
from nhasan.releases.queries.places import (
    Neighbour,
    Standing,
    lines_of,
    places_named,
    standings,
)
from nhasan.releases.queries.recasting import OnMap, map_edition, on_map
from nhasan.releases.queries.searching import Hit, plain, search
from nhasan.releases.queries.slices import Figures, Row, areas, figures, figures_arrow

__all__ = [
    "CalendarLine", "Card", "Compared", "Explanation", "Figures", "Hit", "Neighbour", "OnMap",
    "Origin", "Page", "Part", "Review", "Row", "Said", "Standing", "Withdrawn", "areas",
    "calendar", "compared", "dataset", "datasets", "explain", "figures", "figures_arrow", "file",
    "in_hand", "indicator_datasets", "lines_of", "map_edition", "on_map", "places_named", "plain",
    "release_of", "review_of", "said", "search", "standings",
]
