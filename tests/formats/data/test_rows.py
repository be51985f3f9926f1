from nhasan.domain.cube import Cube
from nhasan.formats.data.rows import batches, cube_from, lines
from nhasan.formats.format import MEASURES
from tests.formats.data.material import ABOUT, CUBE


def test_lines_carry_unit_status_and_decimals():
    found = list(lines(CUBE, ABOUT))
    assert found[0] == [
        "S:1", "province", "06", "2019", "01", "313905", "A", "F", "Người", "0", ""]
    assert found[4][5:8] == ["", "Q", "C"]


def test_lines_with_their_header_are_a_cube_again():
    assert cube_from([*CUBE.dims, *MEASURES], lines(CUBE, ABOUT)) == CUBE


def test_a_file_without_decimals_takes_those_that_are_written():
    header = [*CUBE.dims, "OBS_VALUE", "OBS_STATUS"]
    found = cube_from(header, [["S:2", "province", "06", "2019", "_T", "36.10", "A"]])
    assert isinstance(found, Cube)
    assert list(found.decimals) == [2]


def test_batches_lose_nothing():
    found = [[str(n)] for n in range(7)]
    assert list(batches(found, 3)) == [found[:3], found[3:6], found[6:]]
