"""What an address means: defaults, everything, unknown codes, sums of higher levels."""

from __future__ import annotations

from urllib.parse import parse_qs

from hypothesis import given
from hypothesis import strategies as st

from nhasan.interfaces.portal.choice import Combination, Stock, read

LEVELS = {"region": ("R1", "R2"), "province": ("01", "06"), "district": ("058", "060")}
STOCK = Stock(
    {"INDICATOR": ("S:A", "S:B"), "AREA_LEVEL": ("region", "province", "district"),
     "REF_AREA": ("R1", "R2", "01", "06", "058", "060"), "TIME_PERIOD": ("2018", "2019"),
     "SEX": ("_T", "M", "F")},
    LEVELS,
    tuple(
        Combination({"INDICATOR": ref, "AREA_LEVEL": level, "TIME_PERIOD": period, "SEX": sex}, 2)
        for ref, levels in (("S:A", ("region", "province")), ("S:B", ("region", "district")))
        for level in levels for period in ("2018", "2019") for sex in ("_T", "M", "F")
        if not (level == "district" and period == "2018")
    ),
    {"region:R1": "", "region:R2": "", "province:01": "region:R1", "province:06": "region:R2",
     "district:058": "province:06", "district:060": "province:06"},
)


def test_a_bare_address_takes_the_first_indicator_by_province_in_total() -> None:
    choice = read({}, STOCK)
    assert choice.picked == {
        "INDICATOR": ("S:A",), "AREA_LEVEL": ("province",), "SEX": ("_T",)}
    assert choice.selection(STOCK)["AREA_LEVEL"] == ("province", "region")
    assert "REF_AREA" not in choice.selection(STOCK)


def test_sums_that_belong_to_nothing_shown_are_left_out() -> None:
    selection = read({"INDICATOR": ["S:B"]}, STOCK).selection(STOCK)
    assert selection["AREA_LEVEL"] == ("district", "province", "region")
    assert selection["TIME_PERIOD"] == ("2019",)
    assert selection["REF_AREA"] == ("058", "060", "06", "R2")


def test_everything_is_said_with_a_star() -> None:
    choice = read({"SEX": ["*"], "INDICATOR": ["*"]}, STOCK)
    assert "SEX" not in choice.picked
    assert "INDICATOR" not in choice.picked


def test_a_place_tells_its_level() -> None:
    choice = read({"REF_AREA": ["058"]}, STOCK)
    assert choice.level == "district"
    assert choice.selection(STOCK)["AREA_LEVEL"] == ("district",)


def test_what_is_unknown_is_named() -> None:
    choice = read({"SEX": ["X", "M"], "trang": ["0"], "dong": ["KHONG"], "sap": ["-1"]}, STOCK)
    assert choice.unknown == ("X",)
    assert choice.picked["SEX"] == ("M",)
    assert (choice.page, choice.rows, choice.sort) == (1, "", "-1")


words = st.sampled_from(["*", "", "S:A", "S:B", "region", "province", "district", "06", "058",
                         "R1", "2018", "2019", "_T", "M", "F", "?", "SEX", "REF_AREA"])


@given(st.dictionaries(
    st.sampled_from([*STOCK.codes, "dong", "cot", "sap", "trang"]),
    st.lists(words, max_size=3)))
def test_an_address_written_from_a_choice_means_the_same_choice(
    asked: dict[str, list[str]],
) -> None:
    choice = read(asked, STOCK)
    again = read(parse_qs(choice.query(STOCK)), STOCK)
    assert again.picked == choice.picked
    assert (again.rows, again.columns, again.sort) == (choice.rows, choice.columns, choice.sort)
    assert again.selection(STOCK) == choice.selection(STOCK)
