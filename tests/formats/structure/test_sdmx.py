"""Sets as SDMX structure, judged by two readers of SDMX that are not ours."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pysdmx.io
import pytest
import sdmx

from nhasan.formats.structure.sdmx import SDMX, identifier
from nhasan.formats.structure.sheets import SetFile
from tests.formats.structure.test_sheets import EMPTY, SET, where

PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<mes:Structure xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
 xmlns:str="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure"
 xmlns:com="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"><mes:Structures>
<str:Codelists><str:Codelist id="CL_X" agencyID="X" version="1.0">
<com:Name xml:lang="en">X</com:Name>
<str:Code id="POV"><com:Name xml:lang="en">Poverty</com:Name></str:Code>
<str:Code id="POV_1"><com:Name xml:lang="en">Poor households</com:Name>
<com:Name xml:lang="vi">Hộ nghèo</com:Name><str:Parent><Ref id="POV"/></str:Parent></str:Code>
</str:Codelist></str:Codelists></mes:Structures></mes:Structure>"""


def test_the_schema_of_sdmx_accepts_it(tmp_path: Path) -> None:
    file = tmp_path / "set.xml"
    file.write_bytes(SDMX.write(SET))
    message = pysdmx.io.read_sdmx(file, validate=True)
    [listed] = message.get_codelists()
    assert (listed.id, listed.version, len(listed.codes)) == ("CL_THU", "2.0.0", 4)
    assert [code.id for code in listed.codes] == ["G_1", "0102", "1_a", "1_a_2"]
    [scheme] = message.get_concept_schemes()
    assert [concept.id for concept in scheme.concepts] == ["INDICATOR"]


def test_another_reader_finds_groups_names_and_annotations() -> None:
    message = sdmx.read_sdmx(io.BytesIO(SDMX.write(SET)))
    listed = message.codelist["CL_THU"]
    code = listed["1_a"]
    assert code.parent.id == "G_1"
    assert code.name["vi"] == "Tỷ lệ <hộ> & \"nghèo\""
    said = {each.type: each.text["vi"] for each in code.annotations}
    assert (said["key"], said["breakdowns"]) == ("1.a", "Dân tộc | 5 năm\nGiới tính")
    assert message.concept_scheme["CS_THU"]["INDICATOR"].core_representation.enumerated is listed


def test_a_code_list_of_others_is_read_by_codes_names_and_parents() -> None:
    found = SDMX.read(PLAIN.encode())
    assert list(found.sheets) == [EMPTY | {
        "key": "POV_1", "name_vi": "Hộ nghèo", "name_en": "Poor households",
        "group_code": "POV", "group_name": "Poverty"}]


@pytest.mark.parametrize("data", [
    b"", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "không phải xml".encode(),
])
def test_what_is_no_structure_is_told(data: bytes) -> None:
    assert len(where(SDMX.read(data).faults)) == 1


def test_agencies_and_ids_are_such_as_sdmx_allows(tmp_path: Path) -> None:
    assert identifier("1.2 a/đ") == "1_2_a__"
    file = tmp_path / "set.xml"
    file.write_bytes(SDMX.write(SetFile("9 đơn vị", "Bộ số 1", "1", "Tên", [
        EMPTY | {"key": "Ω", "name_vi": "Ôm"}])))
    assert pysdmx.io.read_sdmx(file, validate=True).get_codelists()[0].codes[0].id == "_"


def test_what_was_kept_with_odd_signs_is_still_well_formed() -> None:
    odd = [{**SET.sheets[0], "concept": "a\x01\x0b]]>\ufffeb"}, *SET.sheets[1:]]
    read_in = SDMX.read(SDMX.write(replace(SET, sheets=odd, source="x\x00")))
    assert not read_in.faults
    assert read_in.sheets[0]["concept"] == "a]]>b"
