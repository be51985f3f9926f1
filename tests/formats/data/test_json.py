import json

from hypothesis import given

from nhasan.formats.data.json import JSON
from tests.formats.data.material import ABOUT, CUBE, CUBES, comes_back, refuses


@given(CUBES)
def test_what_is_written_is_read_back(cube):
    comes_back(JSON, cube)


def test_other_bytes_are_refused():
    refuses(JSON)


def test_json_says_what_its_codes_mean():
    found = json.loads(JSON.content(CUBE, ABOUT))
    assert found["title"] == "Dân số theo dân tộc"
    ethnic = next(each for each in found["dimensions"] if each["id"] == "ETHNIC_GROUP")
    assert ethnic["name"] == "Dân tộc"
    assert ethnic["codes"]["01"] == "Kinh"
    assert ethnic["codes"]["_T"] == "Tổng số"
    assert dict(zip(found["columns"], found["rows"][5], strict=True))["OBS_VALUE"] == "36.10"
