"""A form is data; expanded for a unit it is plain rows, columns and keys."""

from typing import Any

import pytest

from nhasan.domain.forms import (
    AREA_DIMENSION,
    Column,
    Expansion,
    FormDefinition,
    Kind,
    Layout,
    Row,
    Table,
    cell_id,
)
from nhasan.domain.observations import Key
from nhasan.domain.problems import Invalid

CODES = [Row("01", "Kinh"), Row("02", "Tày"), Row("04", "Hoa")]
AREAS = [Row("05443", "Ba Bể", code="Xã"), Row("01840", "Đức Xuân", code="Phường")]


def _definition(**changes: Any) -> dict[str, Any]:
    table = {
        "id": "ho", "title": "Hộ", "unit": "hộ", "row_header": "Dân tộc",
        "bind": {"URBAN_RURAL": "R"},
        "rows": [
            {"id": "nhom", "label": "Chia theo dân tộc", "heading": True},
            {"id": "tong", "label": "Tổng số", "sum": ["*"]},
            {"codes": "EM:CL(1.0.0)", "dimension": "ETHNIC_GROUP", "only": ["02", "04"],
             "indent": 1},
        ],
        "columns": [
            {"label": "Số hộ", "bind": {"SEX": "T"}, "columns": [
                {"id": "tong", "label": "Tổng", "bind": {"INDICATOR": "A:1"}},
                {"label": "Trong đó", "columns": [
                    {"id": "ngheo", "label": "Nghèo", "bind": {"INDICATOR": "A:2", "SEX": "F"}},
                ]},
            ]},
            {"id": "ty_le", "label": "Tỷ lệ", "kind": "decimal", "decimals": 1,
             "formula": "[ngheo] / [tong] * 100"},
            {"id": "ghi_chu", "label": "Ghi chú", "kind": "text", "bind": {"INDICATOR": "A:3"}},
        ],
        "checks": [{"id": "le", "test": "[ngheo] <= [tong]", "message": "{ngheo} > {tong}"}],
    }
    return {"id": "F", "version": "1.0.0", "title": "Biểu thử", "tables": [table], **changes}


def _table(item: dict[str, Any], expansion: Expansion) -> Table:
    data = _definition()
    data["tables"][0]["rows"] = [item]
    return FormDefinition.parse(data).layout(expansion).tables[0]


@pytest.fixture
def layout() -> Layout:
    definition = FormDefinition.parse(_definition())
    return definition.layout(Expansion(codes={"EM:CL(1.0.0)": CODES}))


def _column(layout: Layout, name: str) -> Column:
    found = layout.tables[0].column(name)
    assert found is not None
    return found


@pytest.mark.parametrize("missing", ["id", "version", "title", "tables"])
def test_a_form_without_its_essentials_is_refused_by_name(missing: str) -> None:
    data = _definition()
    del data[missing]
    with pytest.raises(Invalid, match=missing):
        FormDefinition.parse(data)


def test_two_columns_of_one_id_are_refused_at_any_depth() -> None:
    data = _definition()
    data["tables"][0]["columns"][2]["id"] = "ngheo"
    with pytest.raises(Invalid, match="trùng mã"):
        FormDefinition.parse(data)


def test_a_form_says_what_it_needs_from_outside() -> None:
    data = _definition()
    data["tables"][0]["rows"].append({"areas": "commune"})
    definition = FormDefinition.parse(data)
    assert definition.code_lists() == {"EM:CL(1.0.0)"}
    assert definition.area_levels() == {"commune"}
    assert definition.indicators() == {"A:1", "A:2", "A:3"}


def test_codes_become_rows_in_their_order_only_those_wanted(layout: Layout) -> None:
    rows = layout.tables[0].rows
    assert [row.id for row in rows] == ["nhom", "tong", "02", "04"]
    assert [row.indent for row in rows] == [0, 0, 1, 1]
    assert rows[2].bind == {"ETHNIC_GROUP": "02"}


def test_a_total_of_all_names_the_rows_that_people_fill(layout: Layout) -> None:
    assert layout.tables[0].rows[1].sum == ("02", "04")


def test_a_total_of_no_rows_is_still_the_machines(layout: Layout) -> None:
    empty = FormDefinition.parse(_definition()).layout(Expansion()).tables[0]
    total = empty.row("tong")
    assert total is not None
    assert total.computed
    assert list(empty.cells()) == []


def test_areas_become_rows_that_are_their_own_place() -> None:
    table = _table({"areas": "commune", "kinds": ["Xã"]}, Expansion(areas={"commune": AREAS}))
    assert [(row.id, row.code) for row in table.rows] == [("05443", "05443")]
    assert table.rows[0].bind == {AREA_DIMENSION: "commune:05443"}


def test_open_rows_carry_the_name_that_the_unit_typed() -> None:
    named = [Row("r1", "Thôn Nà Hai")]
    expansion = Expansion(open_rows={"ho": named, "khac": [Row("r9", "Không phải bảng này")]})
    table = _table({"open": 5, "dimension": "VILLAGE"}, expansion)
    assert table.open_rows == 5
    assert [row.bind for row in table.rows] == [{"VILLAGE": "Thôn Nà Hai"}]


def test_columns_know_the_labels_above_them_and_inherit_bindings(layout: Layout) -> None:
    poor = _column(layout, "ngheo")
    assert poor.path == ("Số hộ", "Trong đó")
    assert poor.full_label == "Số hộ, Trong đó, Nghèo"
    assert poor.bind == {"INDICATOR": "A:2", "SEX": "F"}, "the inner binding wins"
    assert _column(layout, "tong").bind == {"INDICATOR": "A:1", "SEX": "T"}


def test_people_fill_what_is_neither_heading_nor_computed(layout: Layout) -> None:
    asked = [(row.id, column.id) for row, column in layout.tables[0].cells()]
    assert asked == [
        (row, column) for row in ("02", "04") for column in ("tong", "ngheo", "ghi_chu")
    ]
    assert layout.cell_count() == 6
    total, share = layout.tables[0].rows[1], _column(layout, "ty_le")
    assert layout.tables[0].cell_computed(total, _column(layout, "tong"))
    assert layout.tables[0].cell_computed(layout.tables[0].rows[2], share)
    assert not layout.tables[0].cell_computed(layout.tables[0].rows[2], _column(layout, "tong"))


def test_a_cell_is_bound_by_table_row_and_column_together(layout: Layout) -> None:
    table = layout.tables[0]
    key = layout.key(table, table.rows[2], _column(layout, "ngheo"), "commune:05443", "2025")
    assert key == Key("A:2", "commune:05443", "2025", "ETHNIC_GROUP=02;SEX=F;URBAN_RURAL=R")


def test_words_are_no_figures(layout: Layout) -> None:
    table = layout.tables[0]
    note = _column(layout, "ghi_chu")
    assert layout.key(table, table.rows[2], note, "commune:05443", "2025") is None
    assert {column.id for _, column, _ in layout.keys("commune:05443", "2025")} == {
        "tong", "ngheo"
    }


def test_a_row_that_is_a_place_wins_over_the_place_of_the_unit() -> None:
    data = _definition()
    data["tables"][0]["rows"] = [{"areas": "commune"}]
    layout = FormDefinition.parse(data).layout(Expansion(areas={"commune": AREAS}))
    areas = {key.area for _, _, key in layout.keys("province:19", "2025")}
    assert areas == {"commune:05443", "commune:01840"}


def test_every_key_of_a_form_is_asked_for_once(layout: Layout) -> None:
    keys = [key for _, _, key in layout.keys("commune:05443", "2025")]
    addresses = [address for address, _, _ in layout.keys("commune:05443", "2025")]
    assert len(set(keys)) == len(keys) == len(set(addresses)) == 4


def test_what_is_looked_for_by_another_name_is_not_found(layout: Layout) -> None:
    assert layout.table("ho") is layout.tables[0]
    assert layout.table("nha") is None
    assert layout.tables[0].row("99") is None
    assert layout.tables[0].column("99") is None


def test_the_address_of_a_cell_is_the_same_everywhere() -> None:
    assert cell_id("ho", "02", "tong") == "ho/02/tong"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, Kind("integer", minimum="0")),
        ({"kind": "decimal", "decimals": 2, "minimum": None}, Kind("decimal", 2, None)),
        ({"maximum": 100}, Kind("integer", maximum="100")),
        ({"kind": "choice", "choices": [[1, "Đạt"], [0, "Chưa đạt"]]},
         Kind("choice", choices=(("1", "Đạt"), ("0", "Chưa đạt")))),
    ],
)
def test_a_column_counts_and_is_not_negative_unless_it_says_otherwise(
    given: dict[str, Any], kind: Kind
) -> None:
    data = _definition()
    data["tables"][0]["columns"] = [{"id": "a", "label": "A", **given}]
    column = FormDefinition.parse(data).layout(Expansion()).tables[0].columns[0]
    assert column.kind == kind
    assert column.kind.numeric == (kind.name in ("integer", "decimal"))
