"""Derived indicators: formulas that mean something, and those that do not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.derived import CHANGE, NONE, RATE, SUM, Facts, Known, Meaningless, check
from nhasan.domain.formulas import BadFormula, Tree, columns, evaluate, parse
from nhasan.domain.operands import BadOperand
from nhasan.domain.problems import Problem

ETHNIC = ("ETHNIC_GROUP",)
INDICATORS = {f"S:{facts.ref}": facts for facts in (
    Facts("ho", "hộ", dimensions=ETHNIC), Facts("ngheo", "hộ", dimensions=ETHNIC),
    Facts("dan", "người", dimensions=ETHNIC), Facts("von", "triệu đồng", "amount"),
    Facts("ty_le", "%", "rate", adds=False, dimensions=ETHNIC),
    Facts("ty_le_2", "%", "rate", adds=False, dimensions=ETHNIC),
    Facts("tuoi", "tuổi", "average", adds=False), Facts("trung_vi", "tuổi", "median", adds=False),
    Facts("co", "", "yes_no", adds=False),
)}
KNOWN = Known(INDICATORS, {"ETHNIC_GROUP": {"01", "02", "06"}}, "S")


def kind(formula: str, unit: str = "%", *, dimensions: tuple[str, ...] = ()) -> Any:
    return check(Facts("S:x", unit, "rate", False, dimensions, 1, formula), KNOWN)


def test_formulas_have_a_unit_and_a_way_of_adding() -> None:
    assert kind("[ngheo] / [ho] * 100").adds == RATE
    assert kind("[ho] - [ngheo]", "hộ").adds == SUM
    assert kind("[ty_le] - [ty_le @previous]").adds == CHANGE
    assert kind("100 - [ty_le]").adds == CHANGE
    assert kind("max([ho], [ngheo])", "hộ").adds == NONE
    assert kind("[ngheo | ETHNIC_GROUP <> 01] / [ngheo] * 100").adds == RATE
    assert kind("[tuoi weighted dan]", "tuổi").adds == RATE
    assert kind("[von] * 1000000 / [dan]", "đồng/người").unit == "triệu đồng/người"
    assert kind("[von] * 1000000", "đồng").adds == SUM
    assert kind("if([ngheo] > 0, [ngheo] / [ho] * 100, 0)").adds == RATE
    assert kind("round([ty_le], 1)").adds == RATE
    assert kind("-[ho]", "hộ").adds == SUM
    assert kind("[ho] * [dan]", "").unit == "hộ·người"


@pytest.mark.parametrize(("formula", "said"), [
    ("[ty_le] + [ty_le_2]", "cộng tử số"), ("sum([ty_le], [ty_le_2])", "cộng tử số"),
    ("[ty_le | ETHNIC_GROUP <> 01]", "cộng tử số"),
    ("[ty_le] - (0 - [ty_le_2])", "không thì không cộng được"),
    ("[ty_le] - [ty_le_2] * (0 - 1)", "không cộng được"),
    ("[ty_le] - (-[ty_le_2])", "không cộng được"),
    ("[trung_vi] + [tuoi]", "trung vị"), ("[trung_vi weighted dan]", "Trung vị không gộp"),
    ("[ho] + [von]", "“triệu đồng” đứng cùng đơn vị “hộ”"),
    ("[dan] - [ty_le]", "“%” đứng cùng đơn vị “người”"),
    ("[ho] > [von] and [ho] > 1", "điều kiện"),
    ("if([ho] > [von], [ty_le], 0)", "triệu đồng"),
    ("[ngheo] / [ty_le]", "mẫu số phải là số cộng được"),
    ("[ty_le] / [ho]", "không cộng được"), ("[ty_le] * [ho]", "không cộng được"),
    ("coalesce([ty_le], [co])", "đứng cùng đơn vị"),
    ("max([ho], [ty_le] * 1)", "đứng cùng đơn vị"),
    ("[khac] / [ho]", "không có chỉ tiêu “khac”"), ("[T:ho] / [ho]", "BỘ:mã"),
    ("[von | ETHNIC_GROUP = 01] / [von]", "không có phân tổ ETHNIC_GROUP"),
    ("[ho | ETHNIC_GROUP = 99] / [ho]", "không có mã “99”"),
    ("1 + 2", "không đọc chỉ tiêu nào"), ("[ho] * (1 / 0)", "chia cho 0"),
    ("[ngheo] + [ho]", "đơn vị “%”"),
])
def test_nonsense_is_refused_with_place_and_mending(formula: str, said: str) -> None:
    with pytest.raises((Meaningless, BadFormula), match=said):
        kind(formula)


def test_breakdowns_match_or_are_said() -> None:
    assert kind("[ngheo] / [ho] * 100", dimensions=ETHNIC)
    with pytest.raises(Meaningless, match="có phân tổ ETHNIC_GROUP mà chỉ tiêu này không có"):
        kind("[von] / [ho]", "triệu đồng/hộ", dimensions=ETHNIC)


def test_a_rate_is_not_declared_as_something_that_adds_up() -> None:
    lying = Facts("S:x", "%", "count", True, (), 1, "[ngheo] / [ho] * 100")
    with pytest.raises(Meaningless, match="không cộng được từ các đơn vị cấp dưới"):
        check(lying, KNOWN)
    assert check(Facts("S:x", "hộ", "count", True, (), 0, "[ho] - [ngheo]"), KNOWN).adds == SUM


@pytest.mark.parametrize("formula", [
    "{} + {}", "sum({}, {})", "{} - (-{})", "{} - (0 - {})", "{} * 2 + {} * 2",
    "{} - ({} * (0 - 1))", "({} / {} + 1) * [ty_le]", "round({}, 1) + round({}, 1)",
    "abs({} + {})", "max({}, 0) + min({}, 100)", "if([ho] > 0, {} + {}, 0)",
    "coalesce({}, 0) + {}", "({} - 0) - (0 - {})", "([ho] * {} + [ho] * {}) / [ho]",
])
@pytest.mark.parametrize("pair", [("[ty_le]", "[ty_le_2]"), ("[ty_le]", "[ty_le @previous]")])
def test_roundabout_sums_of_rates_are_refused(formula: str, pair: tuple[str, str]) -> None:
    with pytest.raises(Meaningless):
        kind(formula.format(*pair))


def test_brackets_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(BadOperand):
        kind("[ho @tomorrow]")


LEAVES = st.sampled_from([
    "[ty_le]", "[ty_le_2]", "[ho]", "[ngheo]", "[ty_le @previous]", "100", "2", "0.5", "1",
])
FORMULAS = st.recursive(LEAVES, lambda inner: st.one_of(
    st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
    st.builds("-{}".format, inner), st.builds("sum({}, {})".format, inner, inner),
    st.builds("{}({}, {})".format, st.sampled_from(["min", "max", "coalesce"]), inner, inner),
    st.builds("if({} > {}, {}, {})".format, inner, inner, inner, inner),
    st.builds("abs({})".format, inner), st.builds("round({}, 2)".format, inner),
), max_leaves=7)
RATES = ("ty_le", "ty_le_2", "ty_le @previous")
BASE = {"ty_le": Decimal(37), "ty_le_2": Decimal(23), "ty_le @previous": Decimal(53),
        "ho": Decimal(700), "ngheo": Decimal(110)}


def moves(tree: Tree, name: str) -> Decimal | None:
    """Return how the result moves when one operand grows a little."""
    before, after = evaluate(tree, BASE), evaluate(tree, {**BASE, name: BASE[name] + 1})
    return None if before is None or after is None else Decimal(after) - Decimal(before)


@given(FORMULAS)
def test_no_path_through_the_language_sums_a_rate(formula: str) -> None:
    try:
        kind(formula)
    except Problem:
        return
    tree = parse(formula)
    moved = [moves(tree, name) for name in RATES if name in columns(tree)]
    signs = [value > 0 for value in moved if value]
    # A difference of two rates goes up with one and down with the other; only a sum goes with
    # both. Where an unlike pair is compared or chosen from, the result moves with one at most.
    assert len(signs) < 2 or len(set(signs)) == len(signs)
