"""What is written in a format is read back the same."""

import csv
import io
import json
from decimal import Decimal

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.cube import FIXED, Cube, CubeRow
from nhasan.domain.observations import Status
from nhasan.domain.problems import Invalid
from nhasan.formats import FORMATS, About, format_of
from nhasan.formats.format import plain_number

DIMS = (*FIXED, "ETHNIC_GROUP", "VILLAGE")
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12,
).filter(lambda text: text == text.strip() and not text.startswith("_x"))
CODES = st.sampled_from(["01", "02", "_T", "province", "2019", "Bản Á, “x”", '=1+1', '-a"b'])


@st.composite
def rows(draw):
    status = draw(st.sampled_from(list(Status)))
    decimals = draw(st.integers(0, 4))
    number = draw(st.integers(-10**14, 10**14))
    value = Decimal(number).scaleb(-decimals) if status is Status.REPORTED else None
    key = (draw(WORDS), *(draw(CODES) for _ in DIMS[1:]))
    return CubeRow(key, value, status, decimals, draw(st.sampled_from(["", "90/92"])))


CUBES = st.lists(rows(), max_size=25, unique_by=lambda row: row.key).map(
    lambda found: Cube.of(DIMS, found))
ABOUT = About(
    title="Dân số theo dân tộc", source="Tổng cục Thống kê", release="BDT:DAN_SO(1.0.0)",
    address="https://example.vn/data/BDT/DAN_SO/1.0.0", licence="CC BY 4.0",
    units={"S:1": "Người"}, labels={"ETHNIC_GROUP": {"01": "Kinh"}}, notes=("Điều tra 2019",),
)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.id)
@given(cube=CUBES)
def test_what_is_written_is_read_back(form, cube):
    assert form.read(form.content(cube, ABOUT)).sorted() == cube.sorted()


@given(st.integers(-10**20, 10**20), st.integers(0, 6))
def test_a_plain_number_is_exact(value, decimals):
    assert Decimal(plain_number(value, decimals)) == Decimal(value).scaleb(-decimals)


@pytest.fixture
def cube():
    return Cube.of((*FIXED, "ETHNIC_GROUP"), [
        CubeRow(("S:1", "province", "06", "2019", "01"), Decimal(313905), Status.REPORTED),
        CubeRow(("S:1", "province", "06", "2019", "02"), Decimal(0), Status.REPORTED),
        CubeRow(("S:1", "province", "06", "2019", "03"), None, Status.NOT_REPORTED),
        CubeRow(("S:1", "province", "06", "2019", "04"), None, Status.NOT_APPLICABLE),
        CubeRow(("S:1", "province", "06", "2019", "05"), None, Status.CONFIDENTIAL),
        CubeRow(("S:2", "province", "06", "2019", "_T"), Decimal("36.10"), Status.REPORTED, 2),
    ])


def test_csv_keeps_four_kinds_of_nothing_apart(cube):
    text = format_of("csv").content(cube, ABOUT).decode()
    found = list(csv.DictReader(io.StringIO(text)))
    assert [(line["OBS_VALUE"], line["OBS_STATUS"], line["CONF_STATUS"]) for line in found] == [
        ("313905", "A", "F"), ("0", "A", "F"), ("", "L", "F"), ("", "M", "F"), ("", "Q", "C"),
        ("36.10", "A", "F"),
    ]
    assert found[0]["UNIT_MEASURE"] == "Người"
    assert found[5]["UNIT_MEASURE"] == ""


def test_csv_comes_in_pieces():
    cube = Cube.of(FIXED, [
        CubeRow(("S:1", "commune", f"{n:05}", "2019"), Decimal(n), Status.REPORTED)
        for n in range(12_000)
    ])
    pieces = list(format_of("csv").write(cube, About()))
    assert len(pieces) == 4
    assert b"".join(pieces).count(b"\r\n") == 12_001


def test_json_says_what_its_codes_mean(cube):
    found = json.loads(format_of("json").content(cube, ABOUT))
    assert found["title"] == "Dân số theo dân tộc"
    ethnic = next(each for each in found["dimensions"] if each["id"] == "ETHNIC_GROUP")
    assert ethnic["name"] == "Dân tộc"
    assert ethnic["codes"]["01"] == "Kinh"
    assert ethnic["codes"]["_T"] == "Tổng số"
    assert dict(zip(found["columns"], found["rows"][5], strict=True))["OBS_VALUE"] == "36.10"


def test_xlsx_is_for_people(cube):
    book = openpyxl.load_workbook(io.BytesIO(format_of("xlsx").content(cube, ABOUT)))
    sheet = book.worksheets[0]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    said = [line[0] for line in lines]
    assert said[0] == "Dân số theo dân tộc"
    assert "Nguồn: Tổng cục Thống kê" in said
    assert "Địa chỉ: https://example.vn/data/BDT/DAN_SO/1.0.0" in said
    head = next(line for line in lines if line[0] == "Chỉ tiêu")
    value = head.index("Giá trị")
    figures = lines[lines.index(head) + 1:]
    assert [line[value] for line in figures] == [313905, 0, "...", "x", "c", 36.1]
    assert figures[0][head.index("Dân tộc")] == "Kinh"


def test_text_that_begins_like_a_formula_stays_text():
    cube = Cube.of(FIXED, [CubeRow(("=1+1", "@a", "+b", "-c"), Decimal(1), Status.REPORTED)])
    book = openpyxl.load_workbook(io.BytesIO(format_of("xlsx").content(cube, About())))
    kinds = {cell.data_type for line in book.worksheets[0].iter_rows() for cell in line}
    assert "f" not in kinds


def test_parquet_has_exact_decimals_and_says_what_it_is(cube):
    table = pq.read_table(io.BytesIO(format_of("parquet").content(cube, ABOUT)))
    assert table.column("OBS_VALUE").to_pylist()[5] == Decimal("36.10")
    about = json.loads(table.schema.metadata[b"nhasan"])
    assert about["release"] == "BDT:DAN_SO(1.0.0)"


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.id)
@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"a,b\r\n1,2\r\n", b"{}", b"[1]", b"PK\x03\x04", b"PAR1PAR1"])
def test_other_bytes_are_refused_as_a_problem(form, data):
    with pytest.raises(Invalid):
        form.read(data)


@pytest.mark.parametrize("line", ["S,p,06,2019,1,Z", "S,p,06,2019,,A", "S,p,06,2019,1,L", "S,p"])
def test_a_line_that_contradicts_itself_is_refused(line):
    head = "INDICATOR,AREA_LEVEL,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS"
    with pytest.raises(Invalid):
        format_of("csv").read(f"{head}\r\n{line}\r\n".encode())
