"""What two versions of a set say otherwise, and formulas that hold together."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.dependencies import CircularFormula
from nhasan.domain.formulas import BadFormula
from nhasan.domain.indicators import (
    FIELDS,
    KINDS,
    Difference,
    DroppedInFormula,
    compare,
    faults,
    refs_elsewhere,
    verify_formulas,
)


def _sheet(key: str, **said: Any) -> dict[str, Any]:
    return {"key": key, "name_vi": f"Chỉ tiêu {key}", "unit": "hộ", "decimals": 0, **said}


BEFORE = [
    _sheet("01", breakdowns=[{"name": "Dân tộc", "period": "Năm"}], period="Năm"),
    _sheet("02"), _sheet("03", concept="cũ"), _sheet("04"), _sheet("05"),
]
AFTER = [
    _sheet("01", breakdowns=[{"name": "Dân tộc", "period": "5 năm"}], period="Năm"),
    _sheet("02", name_vi="Tên mới"), _sheet("03", concept="mới", unit="%"),
    _sheet("40", replaces="04"), _sheet("09"),
]


def test_what_was_added_dropped_and_changed_is_told_field_by_field() -> None:
    found = compare(BEFORE, AFTER, name="THU(1)")
    assert [each.key for each in found.added] == ["09"]
    assert [(each.key, each.name) for each in found.dropped] == [("05", "Chỉ tiêu 05")]
    told = {each.key: [(change.field, change.before, change.after) for change in each.fields]
            for each in found.changed}
    assert told == {
        "01": [("breakdowns", [{"name": "Dân tộc", "period": "Năm"}],
                [{"name": "Dân tộc", "period": "5 năm"}])],
        "02": [("name_vi", "Chỉ tiêu 02", "Tên mới")],
        "03": [("concept", "cũ", "mới"), ("unit", "hộ", "%")],
        "40": [("key", "04", "40"), ("name_vi", "Chỉ tiêu 04", "Chỉ tiêu 40")],
    }
    assert [each.was for each in found.changed] == ["01", "02", "03", "04"]


def test_a_new_definition_breaks_the_series_and_a_new_name_does_not() -> None:
    kinds = {each.key: (each.kinds, each.break_kind) for each in compare(BEFORE, AFTER).changed}
    assert kinds == {
        "01": (("breakdown",), ""), "02": (("renamed",), ""),
        "03": (("redefined", "unit"), "redefined"), "40": (("recoded", "renamed"), "recoded"),
    }
    other = compare([_sheet("1", breakdowns=[{"name": "Giới tính"}])],
                    [_sheet("1", breakdowns=[{"name": "Dân tộc"}])])
    assert other.changed[0].break_kind == "breakdown"


@pytest.mark.parametrize("field", [name for name in FIELDS if name not in (
    "key", "replaces", "break_words", "correspondence")])
def test_every_field_is_compared_and_has_a_kind(field: str) -> None:
    [changed] = compare([_sheet("1")], [_sheet("1", **{field: "khác"})]).changed
    assert [change.field for change in changed.fields] == [field]
    assert set(changed.kinds) <= set(KINDS)


def test_saying_nothing_in_two_ways_is_no_difference() -> None:
    assert not compare([_sheet("1", dimensions=[], concept=None)],
                       [_sheet("1", dimensions=(), concept="")])


_SHEETS = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.sampled_from(["x", "y"]), st.sampled_from("uvw")),
).map(lambda found: [
    {"key": key, "name_vi": name, "unit": unit} for key, (name, unit) in found.items()])


@given(_SHEETS, _SHEETS)
def test_a_difference_is_kept_as_plain_data_and_accounts_for_every_indicator(
    before: list[dict[str, Any]], after: list[dict[str, Any]],
) -> None:
    found = compare(before, after, name="BO(1)")
    assert Difference.of(json.loads(json.dumps(found.data()))) == found
    old, new = {each["key"] for each in before}, {each["key"] for each in after}
    assert {each.key for each in found.added} == new - old
    assert {each.key for each in found.dropped} == old - new
    assert bool(found) == (sorted(before, key=str) != sorted(after, key=str))


def test_formulas_that_hold_together_pass() -> None:
    verify_formulas([_sheet("1"), _sheet("1.2", formula="[1] / [BO:7] * 100")],
                    elsewhere=["BO:7"])
    assert refs_elsewhere([_sheet("1", formula="[BO:7] + [1]"), _sheet("2", formula="[")]) == {
        "BO:7"}


def test_a_formula_may_not_read_what_was_dropped() -> None:
    with pytest.raises(DroppedInFormula, match="chỉ tiêu “2” gọi đến “1”"):
        verify_formulas([_sheet("2", formula="[1] * 2")])
    with pytest.raises(DroppedInFormula):
        verify_formulas([_sheet("2", formula="[BO:7]")])


def test_formulas_may_not_go_round_in_a_circle() -> None:
    sheets = [_sheet("0", formula="[1]"), _sheet("1", formula="[2]"),
              _sheet("2", formula="[3] + [9]"), _sheet("3", formula="[1]"), _sheet("9")]
    with pytest.raises(CircularFormula, match="1 → 2 → 3 → 1"):
        verify_formulas(sheets)
    with pytest.raises(CircularFormula, match="1 → 1"):
        verify_formulas([_sheet("1", formula="[1] + 1")])


def test_a_formula_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(BadFormula):
        verify_formulas([_sheet("1", formula="[2] +")])


@pytest.mark.parametrize("said", [
    {"concept": "a\x00"}, {"name_vi": "\x0b a"}, {"notes": "\ud800"}, {"area_levels": ["\x01"]},
    {"breakdowns": [{"name": "\x1f", "period": ""}]}, {"dimensions": ["SEX", "A\x7f"]},
])
def test_signs_that_no_office_types_are_faults(said: dict[str, Any]) -> None:
    told = {(field, str(words)) for field, words in faults({**_sheet("1"), **said})}
    assert (*said, "có ký tự không hiểu được") in told
    assert not faults(_sheet("1", concept="a\n\tb"))


def test_the_same_levels_in_another_order_are_no_change() -> None:
    before = {"key": "1", "name_vi": "A", "area_levels": ["commune", "province"]}
    after = {"key": "1", "name_vi": "B", "area_levels": ["province", "commune"]}
    [changed] = compare([before], [after]).changed
    assert [each.field for each in changed.fields] == ["name_vi"]
