"""Nobody adds people to households, or compares a share with an area."""

import pytest

from nhasan.domain.formulas import parse
from nhasan.domain.problems import Invalid
from nhasan.domain.units import unit_of

UNITS = {"nguoi": "người", "nu": "người", "ho": "hộ", "ty_le": "%", "dat": "ha", "lan": "",
         "tien": "triệu đồng"}


@pytest.mark.parametrize(("formula", "unit"), [
    ("[nguoi] + [nu]", "người"), ("sum([nguoi], [nu])", "người"), ("[nguoi] - 5", "người"),
    ("[nguoi] / [ho]", ""), ("[ho] * 100 / [nguoi] + [ty_le]", "%"), ("abs(-[dat])", "ha"),
    ("if([ho] > [nguoi], [ty_le], 0)", "%"), ("[ho] <= [nguoi]", "hộ"), ("[lan] + [ho]", "hộ"),
    ("min([ho], [nguoi])", "hộ"), ("coalesce([tien], 0)", "triệu đồng"),
    ("[ho] = 0 or [nguoi] / [ho] <= 12", ""), ("[unknown] + [ho]", "hộ"), ("1", ""),
])
def test_units_that_fit_give_a_unit(formula: str, unit: str) -> None:
    assert unit_of(parse(formula), lambda name: UNITS.get(name, "")) == unit


@pytest.mark.parametrize("formula", [
    "[nguoi] + [ho]", "sum([nguoi], [nu], [ho])", "[ty_le] <= [nguoi]", "[dat] = [tien]",
    "if([ho] > 1, [ty_le], [dat])", "round([nguoi] - [ho])", "max([ty_le], [ho]) > 1",
    "[ho] > 1 and [nguoi] + [ho] > 2", "([nguoi] + [nu]) * 2 + sum([ho]) > [nguoi] + [ho]",
])
def test_units_that_do_not_fit_are_refused_by_name(formula: str) -> None:
    with pytest.raises(Invalid, match="không cộng trừ hay so sánh được"):
        unit_of(parse(formula), lambda name: UNITS.get(name, ""))
