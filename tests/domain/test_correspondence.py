"""What areas of one day are on the map of another."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from nhasan.domain.correspondence import (
    ONE,
    Correspondence,
    Key,
    KeyKind,
    OwnAncestor,
    Part,
    SharesUneven,
    Step,
    TwoVersions,
    Unit,
    correspondence,
    refuse_circles,
)
from nhasan.domain.problems import Invalid

AREAS = Path(__file__).parents[2] / "data" / "areas"
OLD, MID, NEW = date(2020, 1, 1), date(2022, 1, 1), date(2026, 1, 1)
FIRST, SECOND = date(2021, 1, 1), date(2025, 7, 1)


def _told(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def real(level: str) -> tuple[list[Unit], list[Step]]:
    """Return the areas and the links of a level as the project ships them."""
    with (AREAS / "areas.csv").open(encoding="utf-8") as file:
        units = [
            Unit(row["code"], _told(row["valid_from"]), _told(row["valid_to"]), row["parent_code"])
            for row in csv.DictReader(file) if row["level"] == level
        ]
    with (AREAS / "changes.csv").open(encoding="utf-8") as file:
        steps = [
            Step(row["old_code"], row["new_code"], date.fromisoformat(row["date"]))
            for row in csv.DictReader(file) if row["level"] == level
        ]
    return units, steps


def small() -> tuple[list[Unit], list[Step]]:
    """Return a map on which A and B merge into A, then A is split into A and C."""
    return [
        Unit("A", None, FIRST, "d"), Unit("B", None, FIRST, "d"),
        Unit("A", FIRST, SECOND, "d"), Unit("A", SECOND, None, "d"), Unit("C", SECOND, None, "d"),
        Unit("Z", None, None, "e"),
    ], [
        Step("A", "A", FIRST), Step("B", "A", FIRST), Step("A", "A", SECOND),
        Step("A", "C", SECOND),
    ]


def test_one_day_is_itself() -> None:
    units, steps = small()
    found = correspondence("x", units, steps, OLD, OLD)
    assert found.parts == {code: (Part(code),) for code in "ABZ"}
    assert found.same("A") == "A"


def test_what_is_merged_goes_whole_and_what_did_not_change_stays() -> None:
    units, steps = small()
    found = correspondence("x", units, steps, OLD, MID)
    assert found.parts == {"A": (Part("A"),), "B": (Part("A"),), "Z": (Part("Z"),)}
    assert [part.code for part in found.sources["A"]] == ["A", "B"]
    assert found.same("A") == "", "A of today is more than A of then"
    assert found.same("Z") == "Z"


def test_a_split_needs_a_key() -> None:
    units, steps = small()
    without = correspondence("x", units, steps, OLD, NEW)
    assert without.parts["B"] == (Part("A", None), Part("C", None))
    equal = correspondence("x", units, steps, OLD, NEW, Key(KeyKind.EQUAL))
    half = Fraction(1, 2)
    assert equal.parts["B"] == (
        Part("A", half, KeyKind.EQUAL), Part("C", half, KeyKind.EQUAL))
    weighed = Key(KeyKind.AREA, {units[3]: Fraction(3), units[4]: Fraction(1)})
    by_area = correspondence("x", units, steps, OLD, NEW, weighed)
    assert [part.share for part in by_area.parts["A"]] == [Fraction(3, 4), Fraction(1, 4)]


def test_an_area_without_a_weight_leaves_the_split_unknown() -> None:
    units, steps = small()
    found = correspondence("x", units, steps, OLD, NEW, Key(KeyKind.AREA, {units[3]: ONE}))
    assert found.parts["A"] == (Part("A", None), Part("C", None))


def test_the_weight_of_an_earlier_bearer_of_a_code_weighs_nothing() -> None:
    units, steps = small()
    weighed = Key(KeyKind.AREA, {units[2]: Fraction(3), units[4]: Fraction(1)})
    found = correspondence("x", units, steps, OLD, NEW, weighed)
    assert found.parts["A"] == (Part("A", None), Part("C", None))


def test_a_table_comes_before_the_weights_on_its_own_day() -> None:
    units, steps = small()
    table = {Step("A", "A", SECOND): Fraction(9, 10), Step("A", "C", SECOND): Fraction(1, 10)}
    found = correspondence("x", units, steps, OLD, NEW, Key(KeyKind.EQUAL, {}, table))
    assert found.parts["A"] == (
        Part("A", Fraction(9, 10), KeyKind.TABLE), Part("C", Fraction(1, 10), KeyKind.TABLE))
    other_day = {step._replace(on=FIRST): share for step, share in table.items()}
    found = correspondence("x", units, steps, OLD, NEW, Key(KeyKind.NONE, {}, other_day))
    assert found.parts["A"] == (Part("A", None), Part("C", None))


def test_walked_back_a_merger_is_a_split_and_a_split_a_merger() -> None:
    units, steps = small()
    found = correspondence("x", units, steps, NEW, MID)
    assert found.parts == {"A": (Part("A"),), "C": (Part("A"),), "Z": (Part("Z"),)}
    found = correspondence("x", units, steps, NEW, OLD, Key(KeyKind.EQUAL))
    half = Fraction(1, 2)
    assert found.parts["C"] == (Part("A", half, KeyKind.EQUAL), Part("B", half, KeyKind.EQUAL))


def test_pieces_that_meet_again_are_the_whole() -> None:
    """A is split in two and both are merged again: no estimate is left."""
    units = [Unit("A", None, FIRST), Unit("B", FIRST, SECOND), Unit("C", FIRST, SECOND),
             Unit("D", SECOND, None)]
    steps = [Step("A", "B", FIRST), Step("A", "C", FIRST), Step("B", "D", SECOND),
             Step("C", "D", SECOND)]
    assert correspondence("x", units, steps, OLD, NEW).parts == {"A": (Part("D"),)}


def test_a_code_used_again_joins_nothing() -> None:
    units = [Unit("A", None, FIRST, "d"), Unit("B", None, FIRST, "e"),
             Unit("A", FIRST, None, "e"), Unit("B", FIRST, None, "f")]
    found = correspondence("x", units, [Step("B", "A", FIRST)], OLD, MID)
    assert found.parts == {"A": (), "B": (Part("A"),)}
    assert found.sources == {"A": (Part("B"),)}


def test_a_lost_area_makes_its_neighbours_unsure() -> None:
    """Who took in an area without an heir on record is one of those around it."""
    units = [Unit("A", None, FIRST, "d"), Unit("B", None, None, "d"), Unit("C", None, None, "e")]
    found = correspondence("x", units, [Step("A", "", FIRST)], OLD, MID)
    assert found.parts["A"] == ()
    assert found.unsure == {"B"}
    assert found.same("B") == ""
    assert found.same("C") == "C"
    back = correspondence("x", units, [Step("A", "", FIRST)], MID, OLD)
    assert back.unsure == {"B"}, "walked back, B holds what was A's"


def test_a_piece_that_is_lost_leaves_the_other_pieces_untold() -> None:
    units = [Unit("A", None, FIRST, "d"), Unit("B", FIRST, SECOND, "d"),
             Unit("C", FIRST, SECOND, "d"), Unit("D", SECOND, None, "d")]
    steps = [Step("A", "B", FIRST), Step("A", "C", FIRST), Step("B", "D", SECOND)]
    found = correspondence("x", units, steps, OLD, NEW, Key(KeyKind.EQUAL))
    assert found.parts["A"] == (Part("D", None, KeyKind.EQUAL),)


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(SharesUneven, match=r"A cộng lại là 9/10"):
        Key(table={Step("A", "B", FIRST): Fraction(9, 10)})
    with pytest.raises(SharesUneven):
        Key(table={Step("A", "B", FIRST): Fraction(2), Step("A", "C", FIRST): Fraction(-1)})
    with pytest.raises(SharesUneven):
        Correspondence("x", OLD, NEW, {"A": (Part("B", Fraction(1, 2), KeyKind.TABLE),)})


def test_a_table_of_others_than_the_heirs_is_refused() -> None:
    units, steps = small()
    table = {Step("A", "Z", SECOND): ONE}
    with pytest.raises(Invalid, match="bảng chia"):
        correspondence("x", units, steps, OLD, NEW, Key(table=table))


def test_two_areas_of_one_code_on_one_day_are_refused() -> None:
    units = [Unit("A", None, SECOND), Unit("A", FIRST, None)]
    with pytest.raises(TwoVersions, match="01/01/2022"):
        correspondence("x", units, [], MID, NEW)


def test_an_area_that_lies_in_itself_is_refused() -> None:
    refuse_circles({"A": "B", "B": "C"}, OLD)
    with pytest.raises(OwnAncestor):
        refuse_circles({"X": "A", "A": "B", "B": "A"}, OLD)
    with pytest.raises(OwnAncestor, match="01/01/2020"):
        refuse_circles({"A": "A"}, OLD)


@pytest.mark.parametrize(("old", "new"), [
    ("01834", "01840"), ("01846", "01840"), ("01957", "01957"), ("01906", "01906"),
])
def test_communes_of_bac_kan_go_where_the_resolution_says(old: str, new: str) -> None:
    units, steps = real("commune")
    found = correspondence("commune", units, steps, date(2024, 12, 31), date(2025, 12, 31))
    assert found.parts[old] == (Part(new),)


def test_the_whole_country_has_heirs_in_2025() -> None:
    units, steps = real("commune")
    found = correspondence("commune", units, steps, date(2025, 6, 30), date(2025, 12, 31))
    assert len(found.parts) == 10_035
    assert all(found.parts.values())
    assert not found.unsure
    assert len(found.sources) == 3_316, "five island districts had had no communes"
    split = [code for code, parts in found.parts.items() if len(parts) > 1]
    assert 400 < len(split) < 500
    provinces = correspondence(
        "province", *real("province"), date(2024, 12, 31), date(2025, 12, 31))
    assert provinces.parts["06"] == provinces.parts["19"] == (Part("19"),)
    assert len(provinces.parts) == 63
    assert len(provinces.sources) == 34
    assert provinces.same("01") == "01"
    assert provinces.same("19") == ""


def test_of_bac_kan_in_2019_the_lost_communes_are_told() -> None:
    units, steps = real("commune")
    found = correspondence("commune", units, steps, date(2019, 12, 31), date(2025, 12, 31))
    lost = {code for code, parts in found.parts.items() if not parts}
    assert len(lost) == 14
    assert found.unsure
    assert found.unsure <= found.sources.keys()
