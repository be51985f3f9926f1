"""The reference engine, held to the tables of examples."""

from typing import Any

import pytest

from nhasan.domain.plan import Tables
from nhasan.engines import connect
from nhasan.engines.engine import TooLarge
from nhasan.engines.parquet import read_cube
from tests.engines import examples


@pytest.mark.parametrize("example", examples.EXAMPLES, ids=examples.NAMES)
def test_the_examples_hold(example: dict[str, Any]) -> None:
    assert examples.computed(connect("reference:"), example) == examples.told(example)


def test_a_figure_too_large_to_be_exact_is_refused() -> None:
    example = {"rows": [["A", "commune", "c1", "2025", "_T", str(2**62), "A"],
                        ["A", "commune", "c2", "2025", "_T", str(2**62), "A"]],
               "steps": examples.EXAMPLES[0]["steps"], "gives": []}
    with pytest.raises(TooLarge):
        examples.computed(connect("reference:"), example)


def test_what_is_computed_is_written_as_it_is_returned(tmp_path: Any) -> None:
    example = examples.EXAMPLES[0]
    tables: Tables = examples.tables_of(example)
    cube = connect("reference:").write(examples.plan_of(example), tables, tmp_path / "x.parquet")
    assert list(read_cube(tmp_path / "x.parquet").rows()) == list(cube.rows())
