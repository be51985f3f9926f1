import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from nhasan.domain.cube import FIXED, Cube, CubeRow
from nhasan.domain.observations import Status
from nhasan.domain.problems import Invalid
from nhasan.formats import About
from nhasan.formats.data.csv import CSV
from tests.formats.data.material import ABOUT, CUBE, CUBES, comes_back, refuses


@given(CUBES)
def test_what_is_written_is_read_back(cube):
    comes_back(CSV, cube)


def test_other_bytes_are_refused():
    refuses(CSV)


def test_csv_keeps_four_kinds_of_nothing_apart():
    text = CSV.content(CUBE, ABOUT).decode()
    found = list(csv.DictReader(io.StringIO(text)))
    assert [(line["OBS_VALUE"], line["OBS_STATUS"], line["CONF_STATUS"]) for line in found] == [
        ("313905", "A", "F"), ("0", "A", "F"), ("", "L", "F"), ("", "M", "F"), ("", "Q", "C"),
        ("36.10", "A", "F"),
    ]
    assert found[0]["UNIT_MEASURE"] == "Người"
    assert found[5]["UNIT_MEASURE"] == ""


@given(CUBES)
def test_what_is_written_for_people_is_read_back_too(cube):
    written = CSV.content(cube, replace(ABOUT, named=True))
    assert CSV.read(written).sorted() == cube.sorted()


def test_people_get_names_beside_codes_and_a_mark_that_excel_needs():
    about = replace(ABOUT, named=True, names={"ETHNIC_GROUP": "Dân tộc"})
    written = CSV.content(CUBE, about)
    assert written.startswith(b"\xef\xbb\xbfINDICATOR,")
    found = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    assert (found[0]["ETHNIC_GROUP"], found[0]["Dân tộc"]) == ("01", "Kinh")
    assert (found[5]["ETHNIC_GROUP"], found[5]["Dân tộc"]) == ("_T", "Tổng số")
    assert [line["Trạng thái"] for line in found[1:5]] == [
        "có số", "chưa có", "không áp dụng", "bảo mật"]
    assert (found[4]["CONF_STATUS"], found[4]["Mức công khai"]) == ("C", "bảo mật")
    assert found[0]["OBS_VALUE"] == "313905"


def test_a_name_that_looks_like_a_formula_stays_a_name_in_excel():
    cube = Cube.of((*FIXED, "VILLAGE"), [
        CubeRow(("S:1", "commune", "01840", "2025", "=1+1"), Decimal(-5), Status.REPORTED)])
    text = CSV.content(cube, replace(ABOUT, named=True)).decode("utf-8-sig")
    line = next(csv.DictReader(io.StringIO(text)))
    assert (line["VILLAGE"], line["Thôn"], line["OBS_VALUE"]) == ("'=1+1", "'=1+1", "-5")
    assert CSV.content(cube, ABOUT).decode().splitlines()[1].split(",")[4] == "=1+1"


def test_programs_get_codes_alone():
    written = CSV.content(CUBE, ABOUT)
    assert written.splitlines()[:2] == [
        b"INDICATOR,AREA_LEVEL,REF_AREA,TIME_PERIOD,ETHNIC_GROUP,OBS_VALUE,OBS_STATUS,"
        b"CONF_STATUS,UNIT_MEASURE,DECIMALS,COVERAGE",
        "S:1,province,06,2019,01,313905,A,F,Người,0,".encode(),
    ]


def test_csv_comes_in_pieces():
    cube = Cube.of(FIXED, [
        CubeRow(("S:1", "commune", f"{n:05}", "2019"), Decimal(n), Status.REPORTED)
        for n in range(12_000)
    ])
    pieces = list(CSV.write(cube, About()))
    assert len(pieces) == 4
    assert b"".join(pieces).count(b"\r\n") == 12_001


@pytest.mark.parametrize("line", ["S,p,06,2019,1,Z", "S,p,06,2019,,A", "S,p,06,2019,1,L", "S,p"])
def test_a_line_that_contradicts_itself_is_refused(line):
    head = "INDICATOR,AREA_LEVEL,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS"
    with pytest.raises(Invalid):
        CSV.read(f"{head}\r\n{line}\r\n".encode())
