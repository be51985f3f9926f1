"""Criteria of decrees: shipped rules against worked examples, and what holds for every rule."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.criteria import BadCriteria, Criteria, Outcome, judge
from nhasan.domain.formulas import evaluate, parse

DATA = Path(__file__).parents[2] / "data"
SHIPPED = {path.stem: json.loads(path.read_text()) for path in (DATA / "criteria").glob("*.json")}
# Twelve figures of a commune of which none meets its criterion of khoản 2 Điều 8.
WELL_OFF = {
    "thu_nhap": 90, "ngheo_lan": 1, "dien": 99, "nuoc": 80, "duong": 95, "duong_xuong_cap": 0,
    "y_te": 1, "truong": 90, "cho_o": 1, "noi_tru": 90, "ban_tru": 90, "tuoi": 70, "van_hoa": 1,
    "internet": 100, "nha_tieu": 80, "thon_dbkk": 0,
}
POOR_2020 = {
    "ty_le_ho_ngheo": 17, "ho_ngheo": 100, "ho_ngheo_dtts": 50, "dat_ntm": 0, "dtts_15_60": 1000,
    "mu_chu": 10, "ld_co_viec": 1000, "ld_chua_dao_tao": 500, "km_duong": 10,
    "km_chua_cung_hoa": 10,
}


def rules(name: str) -> Criteria:
    return Criteria.parse(SHIPPED[name])


def figures(values: dict[str, Any]) -> dict[str, Decimal | None]:
    return {name: None if value is None else Decimal(str(value))
            for name, value in values.items()}


def sorted_as(name: str, values: dict[str, Any], region: str = "") -> str:
    return judge(rules(name), figures(values), region).code


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_rules_are_read_and_tell_their_law(name: str) -> None:
    read = rules(name)
    assert len(read.classes) >= 2
    assert SHIPPED[name]["legal_basis"]
    assert SHIPPED[name]["source"]
    everything = {each.id: None for each in read.facts}
    judged = judge(read, everything)
    assert judged.code == ""
    assert set(judged.possible) <= {each.code for each in read.classes}


@pytest.mark.parametrize(("changed", "region", "code"), [
    ({}, "", "I"),
    ({"thu_nhap": 49, "dien": 94.99}, "", "I"),
    ({"thu_nhap": 49, "dien": 94.99, "nuoc": 29}, "", "II"),
    ({"thu_nhap": 49, "dien": 94.99, "nuoc": 29, "thon_dbkk": 50}, "", "III"),
    ({"thu_nhap": 49, "dien": 94.99, "thon_dbkk": 100}, "", "I"),
    ({"thu_nhap": 49, "dien": 94, "nuoc": 29, "duong_xuong_cap": 51, "y_te": 0}, "", "II"),
    ({"thu_nhap": 49, "dien": 94, "nuoc": 29, "duong": 79, "y_te": 0, "cho_o": 0}, "", "III"),
    ({"ngheo_lan": 1.5, "dien": 94, "nuoc": 29}, "", "I"),
    ({"ngheo_lan": 1.5, "dien": 94, "nuoc": 29}, "DBSCL", "II"),
    ({"noi_tru": None, "ban_tru": 59, "dien": 94, "nuoc": 29}, "", "II"),
])
def test_communes_of_2026_are_sorted_by_the_count_of_their_criteria(
    changed: dict[str, Any], region: str, code: str,
) -> None:
    assert sorted_as("PHAN-DINH-XA-2026", {**WELL_OFF, **changed}, region) == code


@pytest.mark.parametrize(("changed", "region", "code"), [
    ({}, "", "II"),
    ({"ty_le_ho_ngheo": 20}, "", "III"),
    ({"ty_le_ho_ngheo": 20, "dat_ntm": 1}, "", "I"),
    ({"ty_le_ho_ngheo": 9.99}, "", "I"),
    ({"ho_ngheo_dtts": 61}, "", "III"),
    ({"ho_ngheo_dtts": 60}, "", "II"),
    ({"mu_chu": 200}, "", "III"),
    ({"mu_chu": 0, "dtts_15_60": 0}, "", "II"),
    ({"km_duong": 21, "km_chua_cung_hoa": 11}, "", "III"),
    ({"km_duong": 21, "km_chua_cung_hoa": 10}, "", "II"),
    ({"ty_le_ho_ngheo": 15}, "DBSCL", "III"),
    ({"ty_le_ho_ngheo": 11, "ho_ngheo": 600, "ho_ngheo_dtts": 151}, "DBSCL", "III"),
    ({"ty_le_ho_ngheo": 11, "ho_ngheo": 600, "ho_ngheo_dtts": 151}, "", "II"),
])
def test_communes_of_2021_are_sorted_by_the_decision_of_2020(
    changed: dict[str, Any], region: str, code: str,
) -> None:
    assert sorted_as("PHAN-DINH-XA-2021", {**POOR_2020, **changed}, region) == code


def test_two_of_three_make_a_village_disadvantaged_even_when_the_third_is_not_known() -> None:
    village = {"ngheo_lan": 4, "duong": 59, "dien": None}
    assert sorted_as("THON-DBKK-2026", village) == "DBKK"
    judged = judge(rules("THON-DBKK-2026"), figures({**village, "duong": 60}))
    assert judged.code == ""
    assert judged.possible == ("DBKK", "OTHER")
    assert judged.missing == ("dien",)
    assert sorted_as("THON-DBKK-2026", {**village, "ngheo_lan": 3, "duong": 60}) == "OTHER"


def test_a_small_people_that_shrinks_has_special_difficulties() -> None:
    group = {"ngheo_da_chieu": 10, "ngheo_53": 20, "dan_so": 9000, "dan_so_2019": 9100}
    assert sorted_as("DAN-TOC-DAC-THU-2026", group) == "CO"
    assert sorted_as("DAN-TOC-DAC-THU-2026", {**group, "dan_so": 9200}) == "KHONG"
    assert sorted_as("DAN-TOC-NHIEU-KHO-KHAN-2026", group) == "KHONG"


def test_the_reason_says_how_many_and_which_with_their_figures() -> None:
    values = {**WELL_OFF, "thu_nhap": 49, "dien": 94, "nuoc": 29}
    judged = judge(rules("PHAN-DINH-XA-2026"), figures(values))
    ruling, outcome = judged.outcomes[-1]
    assert (ruling.code, judged.code) == ("II", "II")
    assert outcome is not None
    assert outcome.met_parts == 3
    met = [part for part in outcome.parts if part.met]
    assert [part.values for part in met] == [
        (("thu_nhap", Decimal(49)),), (("dien", Decimal(94)),), (("nuoc", Decimal(29)),)]


def test_the_rules_give_what_the_form_of_the_decree_computes() -> None:
    """The form has the same rules as formulas of its columns: two writings, one result."""
    form = json.loads((DATA / "forms" / "ND272-2025-05.json").read_text())
    made = {each["id"]: each["formula"] for each in form["tables"][0]["columns"]
            if "formula" in each}
    turned = ("thu_nhap", "dien", "nuoc", "y_te", "cho_o", "tuoi", "van_hoa")
    for chosen in product((False, True), repeat=len(turned)):
        for dbscl, part in product((0, 1), (0, 50)):
            values = dict(WELL_OFF, thon_dbkk=part, ngheo_lan=1.5)
            values |= {name: 0 for name, on in zip(turned, chosen, strict=True) if on}
            row = {**figures(values), "dbscl": Decimal(dbscl)}
            for column in ("so_tieu_chi", "khu_vuc"):
                row[column] = evaluate(parse(made[column]), row)  # type: ignore[assignment]
            code = sorted_as("PHAN-DINH-XA-2026", values, "DBSCL" if dbscl else "")
            assert {"I": 1, "II": 2, "III": 3}[code] == row["khu_vuc"]


@given(st.fixed_dictionaries({}, optional={
    name: st.integers(0, 120) for name in WELL_OFF}), st.data())
def test_a_class_once_decided_stays_whatever_else_becomes_known(
    given_: dict[str, int], data: st.DataObject,
) -> None:
    read = rules("PHAN-DINH-XA-2026")
    few = judge(read, figures(given_))
    whole = {each.id: Decimal(data.draw(st.integers(0, 120))) for each in read.facts
             if each.id not in {"noi_tru", "ban_tru"}}
    more = judge(read, {**whole, **figures(given_)})
    assert more.code in few.possible
    if few.code:
        assert more.code == few.code


def _bad(**changed: Any) -> dict[str, Any]:
    return {
        "facts": [{"id": "a", "label": "A"}], "regions": {"V": "Vùng"},
        "classes": [{"code": "1", "label": "Một", "when": {"if": "[a] > 1", "label": "hơn 1"}},
                    {"code": "2", "label": "Hai"}],
        **changed,
    }


@pytest.mark.parametrize(("data", "said"), [
    (_bad(classes=[]), "chưa có loại nào"),
    (_bad(classes=[{"code": "2", "label": "Hai"}, {"code": "1", "label": "Một"}]),
     "chỉ loại cuối cùng"),
    (_bad(thresholds={"t": {"V": 1}}), "chưa có giá trị chung"),
    (_bad(thresholds={"t": {"": 1, "X": 1}}), "không có vùng này: X"),
    (_bad(thresholds={"a": {"": 1}}), "một tên được dùng hai lần"),
    (_bad(criteria={"x": {"criterion": "x"}}), "chưa được định nghĩa ở trên: x"),
    (_bad(criteria={"x": {"if": "[b] > 1", "label": "b"}}), "không có số liệu này: b"),
    (_bad(criteria={"x": {"if": "[a] > 1"}}), "chưa được viết thành lời"),
    (_bad(criteria={"x": {"count": [2], "of": [{"if": "[a] > 1", "label": "a"}]}}), "nằm ngoài"),
    (_bad(criteria={"x": {"any": []}}), "nằm ngoài"),
    (_bad(criteria={"x": {}}), "cần đúng một cách xét"),
    (_bad(criteria={"x": {"any": [], "all": []}}), "cần đúng một cách xét"),
])
def test_what_cannot_be_a_rule_is_refused_in_words(data: dict[str, Any], said: str) -> None:
    with pytest.raises(BadCriteria, match=said):
        Criteria.parse(data)


def test_a_region_that_the_rules_do_not_know_is_refused() -> None:
    with pytest.raises(BadCriteria, match="không có vùng này"):
        judge(rules("PHAN-DINH-XA-2026"), {}, "SAO HOA")


def test_none_of_is_met_when_no_part_is() -> None:
    read = Criteria.parse(_bad(classes=[
        {"code": "1", "label": "Một", "when": {"none": [{"if": "[a] > 1", "label": "a"}]}},
        {"code": "2", "label": "Hai"}]))
    assert judge(read, {"a": Decimal(1)}).code == "1"
    assert judge(read, {"a": Decimal(2)}).code == "2"
    assert judge(read, {}).possible == ("1", "2")


def test_an_outcome_without_parts_is_its_own_leaf() -> None:
    leaf = Outcome("a", None)
    assert list(leaf.leaves()) == [leaf]
