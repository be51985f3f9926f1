"""Report forms: each can be read, laid out, computed and checked, and is bound to the end."""

from decimal import Decimal
from pathlib import Path

import pytest

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.checking import check, compute
from nhasan.domain.forms import FormDefinition, Row
from nhasan.domain.numbers import read_text
from nhasan.domain.observations import breakdown_parts
from nhasan.domain.references import Outside
from nhasan.domain.verification import verify

VILLAGES = (Row(id="thon-1", label="Nà Mèo"), Row(id="thon-2", label="Bản Cám"))
PLACES = {  # who fills a form of each kind, and on which map
    "UBND cấp xã": ("commune:01906", "2026-06-30"),
    "Cấp tỉnh": ("province:19", "2026-06-30"),
    "Bộ Dân tộc và Tôn giáo": ("country:VN", "2016-12-31"),
}


def laid_out(facts, expansion):
    place, day = next((held for name, held in PLACES.items()
                       if facts["reporting_unit"].startswith(name)), ("province:06", "2019-12-31"))
    found = expansion(place, day)
    opened = {item["id"]: VILLAGES for item in facts["tables"]
              if any("open" in row for row in item["rows"])}
    definition = FormDefinition.parse(facts)
    return definition.layout(type(found)(found.codes, found.areas, opened))


def answered(layout, texts):
    cells = {}
    for table in layout.tables:
        for row, column in table.cells():
            name = f"{table.id}/{row.id}/{column.id}"
            if name in texts:
                cells[name] = Entry(texts[name], read_text(texts[name], column.kind).entry.figure)
    assert set(cells) == set(texts)
    return Answers(cells)


def findings(layout, texts):
    return {(found.code, found.severity.value) for found in check(layout, answered(layout, texts))}


def test_there_are_enough_forms_and_the_named_ones_are_among_them(forms):
    assert len(forms) >= 9
    assert {"ND255-2025-01", "ND272-2025-04", "ND272-2025-05", "TT03-2015-04",
            "HO-CAN-NGHEO-3", "HS-DAN-TOC-10", "DS-DT-TINH"} <= set(forms)


def test_every_form_holds_together(forms, expansion):
    layouts = {name: laid_out(facts, expansion) for name, facts in forms.items()}
    for name, layout in layouts.items():
        verify(layout, layouts)
        assert layout.cell_count() > 0, name


def test_rules_of_our_own_are_named_as_ours(forms):
    ruled = {name for name, facts in forms.items() if facts.get("rules")}
    assert len(ruled) >= 7
    for name in ruled:
        assert any("Quy tắc" in said for said in forms[name]["provenance"]["own"]), name


def test_every_form_stands_in_the_official_places_and_says_what_is_ours(forms):
    for name, facts in forms.items():
        for field in ("title", "reporting_unit", "receiving_unit", "deadline", "legal_status"):
            assert facts[field], (name, field)
        assert facts["layout"] in {"official", "mixed", "own"}, name
        assert facts["provenance"]["source"], name
        assert facts["provenance"]["own"], name
        assert facts["legal_basis"] or "nguồn" in facts["legal_status"] \
            or "hệ thống" in facts["legal_status"], name


def test_every_numeric_cell_is_bound_to_a_shipped_indicator(forms, expansion, indicators):
    for name, facts in forms.items():
        layout = laid_out(facts, expansion)
        for table in layout.tables:
            for row, column in table.cells():
                if not column.kind.numeric:
                    continue
                key = layout.key(table, row, column, "province:06", "2019")
                assert key is not None, (name, row.id, column.id)
                assert key.indicator in indicators, (name, key)


def test_no_two_cells_of_a_form_are_bound_to_the_same_key(forms, expansion):
    for name, facts in forms.items():
        layout = laid_out(facts, expansion)
        keys = [layout.key(table, row, column, "province:06", "2019")
                for table in layout.tables for row, column in table.cells()]
        bound = [key for key in keys if key is not None]
        assert len(bound) == len(set(bound)), name


def test_cells_keep_the_decimals_and_breakdowns_of_their_indicator(
    forms, expansion, indicators, facts, code_lists,
):
    lists = {item["id"]: item["code_list"] for item in facts("dimensions.json")}
    for name, form in forms.items():
        layout = laid_out(form, expansion)
        for table in layout.tables:
            for row, column in table.cells():
                key = layout.key(table, row, column, "province:06", "2019")
                if key is None:
                    continue
                item = indicators[key.indicator]
                assert column.kind.decimals <= item["decimals"], (name, column.id)
                for dimension, code in breakdown_parts(key.breakdown).items():
                    assert dimension in lists, (name, dimension)
                    assert dimension in item["dimensions"], (name, column.id, dimension)
                    if lists[dimension]:
                        codes = {found["code"] for found in code_lists[lists[dimension]]["codes"]}
                        assert code in codes, (name, dimension, code)


def test_forms_name_a_dataflow_that_lists_them(forms, facts):
    flows = {flow["id"]: flow for flow in facts("dataflows.json")}
    for name, form in forms.items():
        if form["dataflow"]:
            assert name in flows[form["dataflow"]]["forms"]


def test_the_form_list_names_every_form(forms):
    text = (Path(__file__).resolve().parents[2] / "data/forms/README.md").read_text("utf-8")
    for name in forms:
        assert f"`{name}`" in text


def test_near_poor_households_must_balance(forms, expansion):
    layout = FormDefinition.parse(forms["HO-CAN-NGHEO-3"]).layout(
        expansion("province:19", "2026-06-30"))
    urban = {row.id for row in layout.tables[0].rows if row.label.startswith("Phường")}
    assert len(urban) == 15
    assert sum(1 for _ in layout.tables[0].columns) == 16
    cells = {"tong_ho": "900", "tong_dtts": "700", "dau_ho": "100", "dau_dtts": "80",
             "thoat_ho": "30", "tai_ho": "2", "phat_sinh_ho": "5", "cuoi_ho": "77",
             "cuoi_dtts": "60"}
    texts = {f"hcn/01906/{column}": text for column, text in cells.items()}
    assert findings(layout, texts) == set()
    wrong = {**texts, "hcn/01906/cuoi_ho": "78"}
    assert findings(layout, wrong) == {("balance", "error")}
    values = compute(layout, answered(layout, texts))
    assert values["hcn/01906/dau_tl"] == Decimal("11.11")
    assert values["hcn/tong/cuoi_ho"] == 77


def test_poor_households_of_a_group_cannot_exceed_its_households(forms, expansion):
    layout = FormDefinition.parse(forms["ND255-2025-01"]).layout(
        expansion("commune:01906", "2026-06-30"))
    texts = {"dt/02/dan_so": "400", "dt/02/so_ho": "100", "dt/02/ho_ngheo": "60",
             "dt/02/ho_can_ngheo": "30"}
    assert findings(layout, texts) == set()
    assert findings(layout, {**texts, "dt/02/ho_ngheo": "71"}) == {
        ("poor-le-households", "error")}
    assert findings(layout, {**texts, "dt/02/dan_so": "99"}) == {
        ("households-le-people", "error")}
    assert findings(layout, {**texts, "dt/02/dan_so": "1300"}) == {
        ("household-size", "warning")}


@pytest.mark.parametrize(("poverty", "road", "power", "delta", "met", "result"), [
    ("4.0", "60", "90", "0", 1, 0), ("3.99", "59.99", "89.99", "0", 2, 1),
    ("2.0", "70", "95", "1", 1, 0), ("2.0", "10", "95", "1", 2, 1), ("4", "59", "89", "0", 3, 1),
])
def test_a_village_needs_two_of_three_criteria(
    forms, expansion, poverty, road, power, delta, met, result,
):
    layout = laid_out(forms["ND272-2025-04"], expansion)
    texts = {"dbscl": delta, "ngheo_lan": poverty, "duong": road, "dien": power}
    values = compute(layout, answered(
        layout, {f"thon/thon-1/{column}": text for column, text in texts.items()}))
    assert values["thon/thon-1/so_tieu_chi"] == met
    assert values["thon/thon-1/ket_qua"] == result


GOOD = {"dbscl": "0", "thu_nhap": "50", "ngheo_lan": "1.9", "dien": "95", "nuoc": "30",
        "duong": "80", "duong_xuong_cap": "50", "y_te": "1", "truong": "50", "cho_o": "1",
        "noi_tru": "80", "ban_tru": "x", "tuoi": "50", "van_hoa": "1", "internet": "95",
        "nha_tieu": "50", "thon_dbkk": "0"}
BAD = {"thu_nhap": "49.99", "ngheo_lan": "2", "dien": "94", "nuoc": "29", "duong": "79",
       "y_te": "0", "truong": "49", "cho_o": "0", "tuoi": "49", "van_hoa": "0",
       "internet": "94", "nha_tieu": "49"}


@pytest.mark.parametrize(("changed", "met", "zone"), [
    ({}, 0, 1), ({"ban_tru": "59"}, 1, 1), ({"duong_xuong_cap": "51"}, 1, 1),
    ({"dbscl": "1", "ngheo_lan": "1.5"}, 1, 1),
    (dict(list(BAD.items())[:2]), 2, 1), (dict(list(BAD.items())[:3]), 3, 2),
    (dict(list(BAD.items())[:5]), 5, 2), (dict(list(BAD.items())[:6]), 6, 3), (BAD, 12, 3),
    ({**dict(list(BAD.items())[:3]), "thon_dbkk": "50"}, 3, 3),
    ({**dict(list(BAD.items())[:2]), "thon_dbkk": "100"}, 2, 1),
])
def test_the_zone_of_a_commune_follows_from_twelve_criteria(
    forms, expansion, changed, met, zone,
):
    layout = laid_out(forms["ND272-2025-05"], expansion)
    texts = {f"xa/toan_xa/{column}": text for column, text in {**GOOD, **changed}.items()}
    values = compute(layout, answered(layout, texts))
    assert values["xa/toan_xa/so_tieu_chi"] == met
    assert values["xa/toan_xa/khu_vuc"] == zone


def test_two_thirds_of_a_commune_decide_whether_it_is_mountainous(forms, expansion):
    layout = laid_out(forms["ND272-2025-02"], expansion)
    texts = {"ty_le_dtts": "14.99", "so_dtts": "4499", "cao_200m": "0.6666", "thon_mn": "0.6667"}
    cells = {f"xa/toan_xa/{column}": text for column, text in texts.items()}
    values = compute(layout, answered(layout, cells))
    assert (values["xa/toan_xa/vung_dtts"], values["xa/toan_xa/mien_nui"]) == (0, 1)
    assert values["xa/toan_xa/ket_qua"] == 1
    none = {**cells, "xa/toan_xa/thon_mn": "0.6"}
    assert compute(layout, answered(layout, none))["xa/toan_xa/ket_qua"] == 0


def test_the_table_whose_thousands_were_lost_is_caught(forms, expansion, table):
    """As a person would paste it: the dots of the source, whole columns of them."""
    rows = table("published/em_commune_teachers_by_qualification_raw.csv")
    layout = laid_out(forms["GV-XA-DTTS"], expansion)
    names = [row.id for row in layout.tables[0].rows]
    columns = dict(zip(
        ("Total", "Under_high_school", "High_school", "2_year_college", "3_year_college",
         "University", "Post_graduate", "Unknown"),
        (column.id for column in layout.tables[0].columns), strict=True))
    texts = {f"gv/{name}/{columns[title]}": row[title]
             for name, row in zip(names, rows, strict=True) for title in columns if row[title]}
    found = check(layout, answered(layout, texts))
    assert "thousands-lost" in {item.code for item in found if item.severity.value == "error"}


OWN, BELOW = "@previous", "ND255-2025-01@below"


@pytest.mark.parametrize(("name", "texts", "figures", "expected"), [
    ("HO-CAN-NGHEO-3", {"hcn/01840/dau_ho": "40", "hcn/01840/dau_dtts": "12"},
     {OWN: {"hcn/01840/cuoi_ho": 41, "hcn/01840/cuoi_dtts": 12}},
     {"start-previous-end": "Đầu năm ghi 40 hộ, báo cáo kỳ trước ghi cuối năm 41 hộ."}),
    ("ND255-2025-02", {"dt/02/dan_so": "900", "dt/02/so_ho": "300"},
     {BELOW: {"dt/02/dan_so": 901, "dt/02/so_ho": 300}, "ND255-2025-01@sent": {"": 92},
      "ND255-2025-01@owed": {"": 92}},
     {"communes-dan-so": "Dân số 900, các xã đã gửi cộng lại được 901 người (đủ 92 xã)."}),
    ("ND255-2025-02", {"dt/02/dan_so": "900"},
     {BELOW: {"dt/02/dan_so": 800}, "ND255-2025-01@sent": {"": 88},
      "ND255-2025-01@owed": {"": 92}},
     {"communes-missing": "Mới có 88 trên 92 xã gửi Mẫu số 01"}),
    ("ND272-2025-02", {"xa/toan_xa/ty_le_dtts": "60", "xa/toan_xa/so_dtts": "4600"},
     {"ND255-2025-01@": {"dt/tong/dan_so": 9000, "dt/01/dan_so": 4500}},
     {"minority-le-register": "Số người DTTS 4.600, nhiều hơn Mẫu số 01 đã gửi (4.500",
      "minority-share": "60,00 %, tính từ Mẫu số 01 đã gửi là 50 %"}),
    ("TT03-2015-04", {"hs/primary/bo_hoc": "60", "hs/primary/luu_ban": "50"},
     {"HS-PT-TINH@": {"hs/primary/dtts": 100}},
     {"le-pupils": "Bỏ học (60) cộng lưu ban (50) nhiều hơn số học sinh"}),
    ("DS-DT-CA-NUOC", {"ds/01/dan_so": "70", "ds/02/dan_so": "40",
                       "tong/tong_dan_so/dan_so": "100"}, {},
     {"groups-le-all": "Cộng các dân tộc được 110 người, nhiều hơn tổng dân số 100."}),
    ("GV-XA-DTTS", {"gv/tv_gv/tong": "100", "gv/tt_gv/tong": "40", "gv/nt_gv/tong": "50",
                    "gv/tv_dtts/tong": "20", "gv/tv_nu/tong": "21"}, {},
     {"urban-rural": "Thành thị (40) cộng nông thôn (50) được 90, khác toàn vùng (100).",
      "tv-women-le-minority": "nữ giáo viên dân tộc thiểu số (21) nhiều hơn"}),
])
def test_the_rules_of_a_form_say_what_does_not_fit(
    forms, expansion, name, texts, figures, expected,
):
    layout = laid_out(forms[name], expansion)
    outside = Outside({key: {cell: Decimal(value) for cell, value in cells.items()}
                       for key, cells in figures.items()})
    rules = {rule.id for rule in layout.rules}
    said = {item.code: item.message for item in check(layout, answered(layout, texts), outside)
            if item.code in rules}
    assert said.keys() == expected.keys()
    for code, words in expected.items():
        assert words in said[code]
