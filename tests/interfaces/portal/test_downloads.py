"""Files: the same figures in every format, refusals that say what is wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from nhasan.formats import FORMATS
from tests.interfaces.portal.census import ADDRESS, CENSUS, GROUPS, NAME, REF
from tests.interfaces.portal.pages import download, words

WANTED = {"ETHNIC_GROUP": ["02", "18"], "AREA_LEVEL": "province"}


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.id)
def test_every_format_is_read_back_the_same(reader: Client, kind: Any) -> None:
    answer = reader.get(f"{ADDRESS}/1.0.0/figures.{kind.extension}", WANTED)
    assert answer.status_code == 200
    assert answer["Content-Type"] == kind.media_type
    assert answer["Content-Disposition"] == (
        f'attachment; filename="DAN_SO-1.0.0.{kind.extension}"')
    found = {row.key: row.figure.value for row in kind.read(answer.content).rows()}
    assert len(found) == 2 * 2 * 5
    expected = {
        (REF, "province", area, period, group): numbers[GROUPS.index(group)]
        for period, areas in CENSUS.items() for area, numbers in areas.items()
        for group in ("02", "18")
    }
    told = {key: "..." if value is None else str(value) for key, value in found.items()}
    assert told == expected


def test_machines_read_machine_notation(reader: Client) -> None:
    text = reader.get(f"{ADDRESS}/1.0.0/figures.csv").content.decode()
    lines = {
        (line["AREA_LEVEL"], line["REF_AREA"], line["TIME_PERIOD"], line["ETHNIC_GROUP"]): line
        for line in csv.DictReader(io.StringIO(text))
    }
    assert lines["province", "06", "2019", "02"]["OBS_VALUE"] == "165055"
    assert lines["province", "01", "2009", "08"]["OBS_VALUE"] == "0"
    missing = lines["province", "06", "2009", "18"]
    assert (missing["OBS_VALUE"], missing["OBS_STATUS"], missing["CONF_STATUS"]) == ("", "L", "F")
    assert lines["region", "R2", "2009", "18"]["COVERAGE"] == "1/4"
    assert len(lines) == 2 * 7 * 7


def test_people_get_names_and_a_file_called_by_what_was_chosen(reader: Client) -> None:
    page = reader.get(ADDRESS, {"REF_AREA": "06", "TIME_PERIOD": "2019"})
    answer = reader.get(download(page, "csv"))
    assert answer["Content-Disposition"] == (
        'attachment; filename="DAN_SO-1.0.0-bac-kan-2019.csv"')
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    tay = next(line for line in lines if line["ETHNIC_GROUP"] == "02")
    assert (tay["Dân tộc"], tay["REF_AREA"], tay["Địa bàn"]) == ("Tày", "06", "Bắc Kạn")
    assert (tay["OBS_VALUE"], tay["Trạng thái"]) == ("165055", "có số")


def test_the_workbook_is_entitled_by_what_was_chosen(reader: Client) -> None:
    page = reader.get(ADDRESS, {"REF_AREA": "06", "ETHNIC_GROUP": "02", "TIME_PERIOD": "2019"})
    answer = reader.get(download(page, "xlsx"))
    assert 'filename="DAN_SO-1.0.0-tay-bac-kan-2019.xlsx"' in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.content))["Số liệu"]
    head = [str(row[0]) for row in sheet.iter_rows(max_row=9, values_only=True)]
    assert head[0] == "Dân số theo dân tộc: Tày, Bắc Kạn, 2019"
    assert "Ghi chú: Trích từ bộ số liệu “Dân số năm tỉnh”" in head


def test_programs_are_told_an_address_with_codes_alone(reader: Client) -> None:
    said = words(reader.get(ADDRESS, {"REF_AREA": "06"}))
    found = re.search(r"http://testserver(/data\S+figures\.csv\S*)", said)
    assert found
    answer = reader.get(found[1])
    assert answer.content.startswith(b"INDICATOR,AREA_LEVEL,REF_AREA,TIME_PERIOD,ETHNIC_GROUP,OBS")
    refused = reader.get(f"{ADDRESS}/1.0.0/figures.csv", {"labels": "ten"})
    assert refused.status_code == 422
    assert "“labels” nhận “id” hoặc “name”" in words(refused)


def test_files_say_where_they_are_from(reader: Client) -> None:
    content = json.loads(reader.get(f"{ADDRESS}/figures.json").content)
    assert content["release"] == f"{NAME}(1.0.0)"
    assert content["address"] == f"http://testserver{ADDRESS}/1.0.0"
    assert content["licence"] == "CC BY 4.0"
    assert content["source"] == "Tổng điều tra thử"
    assert content["illustrative"] is False


def test_the_newest_figures_say_which_version_they_are(reader: Client) -> None:
    answer = reader.get(f"{ADDRESS}/figures.csv", {"ETHNIC_GROUP": "02"})
    assert answer["Content-Location"] == f"{ADDRESS}/1.0.0/figures.csv?ETHNIC_GROUP=02"


@pytest.mark.parametrize(("asked", "said"), [
    ({"ETHNIC_GROUPS": "02"}, "bộ dữ liệu này không có chiều “ETHNIC_GROUPS”"),
    ({"ETHNIC_GROUP": "2"}, "chiều “ETHNIC_GROUP” không có mã “2”"),
])
def test_a_misspelt_name_is_refused(reader: Client, asked: dict[str, str], said: str) -> None:
    answer = reader.get(f"{ADDRESS}/1.0.0/figures.csv", asked)
    assert answer.status_code == 422
    assert said in words(answer)


def test_the_files_of_a_release_are_given_as_they_are(reader: Client) -> None:
    manifest = json.loads(b"".join(reader.get(f"{ADDRESS}/1.0.0/files/manifest.json")))
    assert manifest["urn"] == f"{NAME}(1.0.0)"
    for file in manifest["files"]:
        answer = reader.get(f"{ADDRESS}/1.0.0/files/{file['path']}")
        assert len(b"".join(answer)) == file["size"]
        assert answer["Cache-Control"].endswith("immutable")
    assert reader.get(f"{ADDRESS}/1.0.0/files/csv").status_code == 404
