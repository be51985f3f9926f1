"""Links: from a unit to a higher one, through whatever lies between, day by day."""

from datetime import date

from nhasan.domain.links import Link, links_between

NEW_MAP = date(2025, 7, 1)
RENAMED = date(2015, 3, 12)
TREE = [
    ("country", "VN", "", "", None, None),
    ("region", "R2", "country", "VN", None, NEW_MAP),
    ("province", "06", "region", "R2", None, NEW_MAP),
    ("province", "19", "region", "R2", None, NEW_MAP),
    ("province", "19", "country", "VN", NEW_MAP, None),
    ("district", "058", "province", "06", None, RENAMED),
    ("district", "058", "province", "06", RENAMED, NEW_MAP),
    ("commune", "01840", "district", "058", None, NEW_MAP),
    ("commune", "01840", "province", "19", NEW_MAP, None),
]


def test_a_direct_parent_is_a_link() -> None:
    assert Link("province", "06", "region", "R2", None, NEW_MAP) in links_between(
        TREE, "province", "region",
    )


def test_what_lies_between_is_passed_through() -> None:
    found = links_between(TREE, "commune", "province")
    assert found == [
        Link("commune", "01840", "province", "06", None, NEW_MAP),
        Link("commune", "01840", "province", "19", NEW_MAP, None),
    ]
    country = {link.code: link for link in links_between(TREE, "province", "country")}
    assert country["19"] == Link("province", "19", "country", "VN", None, None)
    assert country["06"].valid_to == NEW_MAP


def test_days_are_half_open() -> None:
    old, new = links_between(TREE, "commune", "province")
    assert old.holds(date(2025, 6, 30))
    assert not old.holds(NEW_MAP)
    assert new.holds(NEW_MAP)


def test_without_a_way_up_there_is_no_link() -> None:
    assert links_between(TREE, "country", "region") == []
    assert links_between(TREE, "region", "province") == []
