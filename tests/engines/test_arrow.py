"""Cubes go into Arrow and come back as they were."""

from hypothesis import given

from nhasan.domain.cube import Cube, dimensions
from nhasan.engines.arrow import arrow_of, cube_of
from tests.engines.test_compiler import CUBES


@given(CUBES)
def test_a_cube_comes_back_from_arrow(cube: Cube) -> None:
    assert list(cube_of(arrow_of(cube)).rows()) == list(cube.rows())


def test_an_empty_cube_keeps_its_dimensions() -> None:
    empty = Cube.empty(dimensions(["SEX"]))
    assert cube_of(arrow_of(empty)).dims == empty.dims
