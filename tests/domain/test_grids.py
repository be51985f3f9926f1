"""The page receives what the shared table of grids says, and nothing of the bindings."""

import json
from pathlib import Path

import pytest

from nhasan.domain.forms import Expansion, FormDefinition
from nhasan.domain.grids import grid_json

SPEC = json.loads((Path(__file__).parents[1] / "spec" / "grids.json").read_text("utf-8"))


@pytest.mark.parametrize("grid", SPEC["grids"], ids=lambda grid: grid["name"])
def test_layout_is_sent_as_the_table_says(grid: dict) -> None:
    definition = {"id": "F", "version": "1", "title": "Biểu thử", "tables": grid["tables"]}
    layout = FormDefinition.parse(definition).layout(Expansion())
    assert grid_json(layout) == grid["grid"]


def test_bindings_stay_on_the_server() -> None:
    definition = {
        "id": "F", "version": "1", "title": "Biểu thử", "tables": [{
            "id": "T", "bind": {"INDICATOR": "SET:0101"},
            "rows": [{"id": "r", "label": "R", "bind": {"SEX": "F"}}],
            "columns": [{"id": "a", "label": "A", "bind": {"ETHNIC_GROUP": "01"}}]}]}
    sent = json.dumps(grid_json(FormDefinition.parse(definition).layout(Expansion())))
    assert "SET:0101" not in sent
    assert "ETHNIC_GROUP" not in sent
