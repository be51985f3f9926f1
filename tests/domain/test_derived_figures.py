"""Figures of derived indicators: at every level from what is there, never a sum of rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.cube import Cube, CubeRow, dimensions
from nhasan.domain.derived import Facts, Known
from nhasan.domain.derived_figures import Figures, Place, Told, added
from nhasan.domain.observations import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_REPORTED,
    Figure,
    Status,
    reported,
)

DIMS = dimensions(["ETHNIC_GROUP"])
BROKEN = ("ETHNIC_GROUP",)
KNOWN = Known({facts.ref: facts for facts in (
    Facts("S:ho", "hộ", dimensions=BROKEN), Facts("S:ngheo", "hộ", dimensions=BROKEN),
    Facts("S:tuoi", "tuổi", "average", adds=False, decimals=1),
    Facts("S:tl", "%", "rate", False, BROKEN, 1, "[ngheo] / [ho] * 100"),
    Facts("S:giam", "điểm %", "rate", False, BROKEN, 1, "[tl] - [tl @previous]"),
    Facts("S:dtts", "%", "rate", False, (), 1, "[ngheo | ETHNIC_GROUP <> 01] / [ngheo] * 100"),
    Facts("S:phan", "%", "rate", False, BROKEN, 1, "[ngheo] / [ngheo | ETHNIC_GROUP = _T] * 100"),
    Facts("S:tb", "tuổi", "average", False, (), 1, "[tuoi weighted ho]"),
    Facts("S:xa", "hộ", formula="[ho] * 10000000000000000000000000000"),
    Facts("S:vong", "hộ", formula="[quanh] + [ho]"),
    Facts("S:quanh", "hộ", formula="[vong] + [ho]"),
)}, {"ETHNIC_GROUP": {"01", "02"}})
UNDER = {("province", "19"): [("commune", "a"), ("commune", "b")]}


def children(level: str, code: str, period: str) -> Sequence[tuple[str, str]]:
    return UNDER.get((level, code), [])


def row(ref: str, area: str, group: str, figure: Figure | int | str, *, period: str = "2025",
        origin: int = 7) -> CubeRow:
    held = figure if isinstance(figure, Figure) else reported(figure)
    return CubeRow((f"S:{ref}", "commune", area, period, group), held.value, held.status, 1,
                   origin=origin)


ROWS = [
    row("ho", "a", "01", 100), row("ho", "a", "02", 50), row("ho", "b", "01", 20),
    row("ho", "b", "02", 30), row("ngheo", "a", "01", 10), row("ngheo", "a", "02", 20),
    row("ngheo", "b", "01", 2), row("ngheo", "b", "02", 28),
    row("tuoi", "a", "_T", "30"), row("tuoi", "b", "_T", "45"),
]
PLACE = Place("S:tl", "province", "19", "2025")


def told(rows: Sequence[CubeRow], place: Place = PLACE) -> Told:
    return Figures(KNOWN, Cube.of(DIMS, rows), children).told(place)


def test_a_rate_is_computed_again_at_every_level() -> None:
    found = told(ROWS)
    assert found.figure == reported("30.0")  # 60 of 200, not the mean of 20 and 60
    assert [(part.name, part.figure.value) for part in found.parts] == [
        ("ngheo", Decimal(60)), ("ho", Decimal(200))]
    assert found.formula == "[ngheo] / [ho] * 100"
    assert told(ROWS, replace(PLACE, level="commune", area="b")).figure == reported("60.0")
    assert told(ROWS, PLACE.moved("ETHNIC_GROUP", "02")).figure == reported("60.0")


def test_every_figure_leads_down_to_who_reported_it() -> None:
    figures = Figures(KNOWN, Cube.of(DIMS, ROWS), children)
    areas = figures.told(figures.told(PLACE).parts[0].place)
    assert (areas.how, areas.expected) == ("areas", 2)
    codes = figures.told(areas.parts[0].place)
    assert codes.how == "codes"
    assert [part.figure.value for part in codes.parts] == [10, 20]
    reported_one = figures.told(codes.parts[0].place)
    assert (reported_one.how, reported_one.origin) == ("reported", 7)


def test_shares_conditions_and_other_periods() -> None:
    assert told(ROWS, replace(PLACE, ref="S:dtts")).figure == reported("80.0")
    share = replace(PLACE, ref="S:phan").moved("ETHNIC_GROUP", "01")
    assert told(ROWS, share).figure == reported("20.0")
    before = [replace_period(each) for each in ROWS if each.key[0] != "S:tuoi"]
    change = told([*ROWS, *before], replace(PLACE, ref="S:giam"))
    assert change.figure == reported("0.0")
    assert told(ROWS, replace(PLACE, ref="S:giam")).figure == NOT_REPORTED


def replace_period(found: CubeRow) -> CubeRow:
    return found._replace(key=(*found.key[:3], "2024", *found.key[4:]))


def test_an_average_is_weighted_over_the_areas() -> None:
    assert told(ROWS, replace(PLACE, ref="S:tb")).figure == reported("33.8")  # 30×150 + 45×50
    no_people = [*ROWS[8:], *(row("ho", area, "_T", 0) for area in "ab")]
    assert told(no_people, replace(PLACE, ref="S:tb")).figure == NOT_APPLICABLE


def test_what_is_too_large_or_goes_round_in_a_circle_is_told_all_the_same() -> None:
    assert told(ROWS, replace(PLACE, ref="S:xa")).figure == reported("2E+30")
    assert told(ROWS, replace(PLACE, ref="S:vong")).figure == NOT_REPORTED
    UNDER["commune", "a"] = [("province", "19")]
    try:
        assert told(ROWS[1:], replace(PLACE, ref="S:ho")).figure == NOT_REPORTED
    finally:
        del UNDER["commune", "a"]


def test_what_was_reported_is_never_replaced() -> None:
    own = [*ROWS, CubeRow(("S:tl", "province", "19", "2025", "_T"), Decimal(31),
                          Status.REPORTED, 1, origin=9)]
    assert told(own).figure == reported(31)
    assert told(own).how == "reported"


def test_a_missing_hidden_or_zero_denominator_gives_a_status_and_no_number() -> None:
    assert told([each for each in ROWS if each.key[:3] != ("S:ho", "commune", "b")]).figure == (
        NOT_REPORTED)
    hidden = [row("ho", "a", "01", CONFIDENTIAL), *ROWS[1:]]
    assert told(hidden).figure == CONFIDENTIAL
    nobody = [each._replace(value=Decimal(0)) if each.key[0] == "S:ho" else each for each in ROWS]
    assert told(nobody).figure == NOT_APPLICABLE
    assert told([]).figure == NOT_REPORTED


def test_what_is_neither_reported_nor_added_is_not_there() -> None:
    assert told(ROWS, replace(PLACE, ref="S:tuoi")) == Told(
        replace(PLACE, ref="S:tuoi"), NOT_REPORTED, "none")
    assert told(ROWS, replace(PLACE, ref="S:khac")).how == "none"
    silent = [row("tuoi", "a", "_T", NOT_REPORTED, origin=3)]
    assert told(silent, Place("S:tuoi", "commune", "a", "2025")).origin == 3


def test_a_computed_total_of_the_file_is_told_as_one() -> None:
    total = [*ROWS[:2], row("ho", "a", "_T", 150, origin=-1)]
    found = told(total, Place("S:ho", "commune", "a", "2025"))
    assert (found.how, found.figure, len(found.parts)) == ("codes", reported(150), 2)


def test_parts_that_do_not_apply_are_left_out() -> None:
    assert added([reported(1), NOT_APPLICABLE]) == reported(1)
    assert added([NOT_APPLICABLE]) == NOT_APPLICABLE
    assert added([CONFIDENTIAL, NOT_REPORTED]) == NOT_REPORTED


COUNTS = st.integers(0, 1000)


@given(st.lists(COUNTS, min_size=4, max_size=4), st.lists(COUNTS, min_size=4, max_size=4))
def test_the_rate_of_a_whole_is_the_rate_of_its_sums(poor: list[int], all_: list[int]) -> None:
    keys = [("a", "01"), ("a", "02"), ("b", "01"), ("b", "02")]
    rows = [row("ngheo", area, group, value) for (area, group), value in
            zip(keys, poor, strict=True)]
    rows += [row("ho", area, group, value) for (area, group), value in
             zip(keys, all_, strict=True)]
    found = told(rows).figure
    if sum(all_) == 0:
        assert found == NOT_APPLICABLE
    else:
        assert found.value is not None
        assert abs(found.value - Decimal(sum(poor)) * 100 / sum(all_)) <= Decimal("0.05")
