"""What a form adds up to, line by line."""

from decimal import Decimal

import pytest

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.forms import Expansion, FormDefinition
from nhasan.domain.observations import NOT_APPLICABLE, reported
from nhasan.domain.problems import Invalid
from nhasan.domain.totals import compute, lines_of

FORM = {
    "id": "F", "version": "1", "title": "Biểu", "tables": [{
        "id": "t", "title": "Biểu", "rows": [
            {"id": "all", "label": "Tất cả", "sum": ["north", "c"]},
            {"id": "h", "label": "Miền Bắc", "heading": True},
            {"id": "north", "label": "Miền Bắc", "sum": ["a", "b"]},
            {"id": "a", "label": "A"}, {"id": "b", "label": "B"}, {"id": "c", "label": "C"},
        ],
        "columns": [
            {"id": "n", "label": "Số"}, {"id": "of", "label": "Trong đó"},
            {"id": "rate", "label": "Tỷ lệ", "kind": "decimal", "decimals": 1,
             "formula": "[of] / [n] * 100"},
            {"id": "twice", "label": "Gấp đôi", "kind": "decimal", "decimals": 1,
             "formula": "[rate] * 2"},
            {"id": "word", "label": "Chữ", "kind": "text"},
        ]}]}


def layout(form=FORM):
    return FormDefinition.parse(form).layout(Expansion())


def answers(**cells):
    return Answers({
        f"t/{name.replace('_', '/')}":
            Entry(str(value), reported(value)) if isinstance(value, int) else Entry("x", value)
        for name, value in cells.items()})


def test_subtotals_and_totals_add_what_was_reported():
    found = compute(layout(), answers(a_n=10, a_of=5, b_n=30, c_n=60, c_of=NOT_APPLICABLE))
    assert found["t/north/n"] == 40
    assert found["t/all/n"] == 100
    assert found["t/all/of"] == 5
    assert found["t/all/word"] is None


def test_a_rate_of_totals_is_the_rate_of_the_totals():
    found = compute(layout(), answers(a_n=10, a_of=5, b_n=30, b_of=1))
    assert found["t/a/rate"] == Decimal("50.0")
    assert found["t/north/rate"] == Decimal("15.0")
    assert found["t/north/twice"] == Decimal("30.0")


def test_nothing_reported_is_missing_and_never_zero():
    found = compute(layout(), answers(a_n=NOT_APPLICABLE))
    assert set(found.values()) == {None}
    assert "t/h/n" not in found


def test_a_line_knows_what_was_typed_and_what_it_means():
    (first, *rest) = lines_of(layout().tables[0], answers(a_n=10, a_of=NOT_APPLICABLE))
    assert first.row.id == "a"
    assert [(column.id, entry.text) for column, entry in first.typed] == [("n", "10"), ("of", "x")]
    assert first.values == {"n": 10, "of": None}
    assert [line.typed for line in rest] == [[], []]


def test_a_circle_is_refused():
    form = {**FORM, "tables": [{**FORM["tables"][0], "columns": [
        {"id": "p", "label": "P", "formula": "[q] + 1"},
        {"id": "q", "label": "Q", "formula": "[p] + 1"}]}]}
    with pytest.raises(Invalid, match="vòng tròn"):
        compute(layout(form), Answers())
