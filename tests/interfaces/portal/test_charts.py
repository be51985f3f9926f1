"""Bars: lengths are shares of the widest, what is missing has none."""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.observations import CONFIDENTIAL, NOT_REPORTED, Figure, reported
from nhasan.interfaces.portal.charts import Bar, bars


def lengths(svg: str) -> list[float]:
    """Return the length of each bar, in shares of the width."""
    return [float(found) for found in
            re.findall(r'class="cot"[^>]*width="(-?[\d.]+)%"', svg)]


def test_lengths_follow_the_figures() -> None:
    svg = bars([Bar("Tày", reported(400)), Bar("Nùng", reported(100)), Bar("Mông", reported(0))],
               name="t", title="Thử")
    first, second, third = lengths(svg)
    assert abs(first - 4 * second) < 0.05
    assert third == 0
    assert ">400<" in svg
    assert ">Tày<" in svg


def test_what_is_not_shown_has_no_length_but_words() -> None:
    svg = bars([Bar("Tày", reported(4)), Bar("Nùng", CONFIDENTIAL), Bar("Mông", NOT_REPORTED)],
               name="t", title="Thử")
    assert len(lengths(svg)) == 1
    assert ">bảo mật<" in svg
    assert ">chưa có<" in svg
    assert "url(#t-gach)" in svg
    assert "url(#t-cham)" in svg


def test_a_negative_figure_goes_the_other_way() -> None:
    svg = bars([Bar("A", Figure(Decimal("-3.4")), 1), Bar("B", reported(2), 1)], name="t",
               title="Thử")
    starts = [float(found) for found in re.findall(r'class="cot" x="([\d.]+)%"', svg)]
    axis = re.search(r'class="truc" x1="([\d.]+)%"', svg)
    assert axis
    assert starts[0] < float(axis[1]) == starts[1]
    assert "−3,4" in svg


def test_a_few_long_names_are_cut_and_many_stand_above() -> None:
    few = [Bar(f"Tên {n}", reported(n)) for n in range(20)]
    svg = bars([*few, Bar("Người nước ngoài và không xác định", reported(1))], name="t", title="")
    assert "Người nước ngoài và…" in svg
    long = bars([Bar("Trung du và miền núi phía Bắc", reported(1))] * 3, name="t", title="")
    assert ">Trung du và miền núi phía Bắc<" in long
    assert 'text-anchor="end"' not in long


@given(st.lists(st.tuples(st.text(max_size=30), st.integers(-10**12, 10**12)), max_size=40))
def test_no_bar_leaves_the_page(items: list[tuple[str, int]]) -> None:
    svg = bars([Bar(name, reported(number)) for name, number in items], name="t", title="<b>")
    assert "<b>" not in svg
    for start, wide in re.findall(r'class="cot" x="(-?[\d.]+)%"[^>]*width="(-?[\d.]+)%"', svg):
        assert float(start) >= -0.01
        assert float(start) + float(wide) <= 100.01
