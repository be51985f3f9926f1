"""A request for a few figures becomes a form that holds together, or is refused in words."""

import pytest

from nhasan.domain.ad_hoc import KINDS, AskedColumn, definition
from nhasan.domain.forms import Expansion, FormDefinition
from nhasan.domain.problems import Invalid

HOUSES = AskedColumn("Số nhà sập", "integer", "nhà")


def test_a_request_is_a_form_of_one_table() -> None:
    columns = (HOUSES, AskedColumn("Thiệt hại", "decimal", "triệu đồng"), AskedColumn(
        "Ghi chú", "text"))
    made = definition("YC-1", "  Thiệt hại do  bão ", columns, document="Công điện 5")
    layout = FormDefinition.parse(made).layout(Expansion())
    [table] = layout.tables
    assert (table.title, [row.label for row in table.rows]) == ("Thiệt hại do bão", ["Số liệu"])
    assert [(column.label, column.kind.name, column.unit) for column in table.columns] == [
        ("Số nhà sập", "integer", "nhà"), ("Thiệt hại", "decimal", "triệu đồng"),
        ("Ghi chú", "text", "")]
    assert layout.cell_count() == 3
    assert made["legal_basis"] == "Công điện 5"


def test_rows_may_be_named() -> None:
    made = definition("YC-1", "Thiệt hại", [HOUSES], ["Trường học", "Trạm y tế"])
    assert [row["label"] for row in made["tables"][0]["rows"]] == ["Trường học", "Trạm y tế"]


@pytest.mark.parametrize(("title", "columns", "rows"), [
    ("", [HOUSES], []), ("x" * 301, [HOUSES], []), ("Bão", [], []),
    ("Bão", [AskedColumn(" ")], []), ("Bão", [HOUSES, AskedColumn("số nhà SẬP")], []),
    ("Bão", [HOUSES], ["a", "A"]), ("Bão", [HOUSES], ["", "b"]),
    ("Bão", [AskedColumn("Ảnh", "image")], []), ("Bão", [AskedColumn("a", unit="x" * 41)], []),
    ("Bão", [AskedColumn("a", "decimal", decimals=9)], []),
    ("Bão", [AskedColumn(f"c{n}") for n in range(31)], []),
    ("Bão", [HOUSES], [f"d{n}" for n in range(201)]),
])
def test_a_request_without_sense_is_refused(
    title: str, columns: list[AskedColumn], rows: list[str],
) -> None:
    with pytest.raises(Invalid):
        definition("YC-1", title, columns, rows)


def test_every_kind_can_be_asked_for() -> None:
    made = definition("YC-1", "Bão", [AskedColumn(name, name) for name in KINDS])
    FormDefinition.parse(made)
