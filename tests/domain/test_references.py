"""What stands in square brackets: which cell of which form, of which time and unit."""

from decimal import Decimal

import pytest

from nhasan.domain.forms import Expansion, FormDefinition, Row
from nhasan.domain.formulas import columns, parse
from nhasan.domain.outliers import Usual
from nhasan.domain.references import Outside, reference, spread


@pytest.mark.parametrize(("text", "key", "cell"), [
    ("so_ho", "", "T/r/so_ho"),
    ("số hộ", "", "T/r/số hộ"),
    ("dt/tong/so_ho", "", "dt/tong/so_ho"),
    ("dt/*/so_ho", "", "dt/*/so_ho"),
    ("so_ho@previous", "@previous", "T/r/so_ho"),
    ("dt/tong/so_ho@last_year", "@last_year", "dt/tong/so_ho"),
    ("B-02!so_ho", "B-02@", "T/r/so_ho"),
    ("B-02!dt/tong/so_ho@below", "B-02@below", "dt/tong/so_ho"),
    ("B-02!dt/tong/so_ho@previous", "B-02@previous", "dt/tong/so_ho"),
    ("B-02!@sent", "B-02@sent", ""),
    ("B-02!@owed", "B-02@owed", ""),
])
def test_a_name_means_a_cell(text: str, key: str, cell: str) -> None:
    found = reference(text)
    assert found is not None
    assert (found.key, found.cell("T", "r")) == (key, cell)
    assert found.text == text


@pytest.mark.parametrize("text", [
    "", "a/b", "a/b/c/d", "a//c", "/b/c", "so_ho@tomorrow", "so_ho@below", "@sent", "F!",
    "F!a@sent", "F!G!a", "a@previous@previous", "F!@previous", "@", "a@",
])
def test_what_cannot_be_read_means_nothing(text: str) -> None:
    assert reference(text) is None


def test_a_star_stands_for_every_row_that_people_fill() -> None:
    layout = FormDefinition.parse({"id": "F", "version": "1", "title": "F", "tables": [{
        "id": "T", "columns": [{"id": "a", "label": "A"}], "rows": [
            {"id": "h", "label": "H", "heading": True}, {"open": 5, "dimension": "V"},
            {"id": "r", "label": "R"}, {"id": "s", "label": "S", "sum": ["*"]}]}]},
    ).layout(Expansion(open_rows={"T": (Row("v1", "Bó Lù"),)}))
    tree = spread(parse("sum([T/*/a]) + max([T/*/a@previous], [T/r/a])"), layout)
    assert columns(tree) == (
        "T/v1/a", "T/r/a", "T/v1/a@previous", "T/r/a@previous")
    alone = parse("[T/*/a] + sum([G!T/*/a], [U/*/a])")
    assert columns(spread(alone, layout)) == ("T/*/a", "G!T/*/a")


def test_outside_figures_travel_as_text() -> None:
    usual = Usual(None, Decimal("12.50"), Decimal(10), 9)
    outside = Outside(
        {"@previous": {"T/r/a": Decimal("1.20"), "T/r/b": Decimal(2)}}, {"T/r/a": usual},
        {"T/r/b": Usual(Decimal(1), None, Decimal(3), 12)}, "xã, phường",
        ("2025", "2024"), {"T/r/a": (None, Decimal("8.0"))})
    found = reference("a@previous")
    assert found is not None
    assert outside.figure(found, "T", "r") == Decimal("1.2")
    assert outside.figure(found, "T", "q") is None
    assert outside.as_json([("@previous", "T/r/a"), ("@previous", "T/q/a"), ("G@", "x")]) == {
        "figures": {"@previous": {"T/r/a": "1.20"}}, "whose": "xã, phường",
        "own": {"T/r/a": [None, "12.5", "10", 9]}, "peers": {"T/r/b": ["1", None, "3", 12]},
        "periods": ["2025", "2024"], "past": {"T/r/a": [None, "8.0"]}}
    assert Usual.from_json(usual.as_json()) == usual
