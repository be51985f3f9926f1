"""Rules between cells, forms, periods and levels: the browser runs the same table."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nhasan.domain.answers import Answers
from nhasan.domain.checking import check
from nhasan.domain.forms import Expansion, FormDefinition, Layout
from nhasan.domain.grids import grid_json
from nhasan.domain.numbers import read_text
from nhasan.domain.outliers import Usual
from nhasan.domain.references import Outside
from nhasan.domain.rules import outside_reads, place_of, rules_within

SPEC = json.loads((Path(__file__).parents[1] / "spec" / "rules.json").read_text("utf-8"))


def layout_of(case: dict[str, Any]) -> Layout:
    definition = {"id": "F", "version": "1", "title": "Biểu thử", **{
        part: case[part] for part in ("tables", "rules")}}
    return FormDefinition.parse(definition).layout(Expansion())


def typed(layout: Layout, cells: dict[str, str]) -> Answers:
    entries = {}
    for cell, text in cells.items():
        table, _, name = cell.split("/")
        column = layout.table(table).column(name)  # type: ignore[union-attr]
        assert column is not None
        entries[cell] = read_text(text, column.kind, column.unit).entry
    return Answers(entries)


def outside_of(data: dict[str, Any]) -> Outside:
    return Outside(
        {key: {cell: Decimal(value) for cell, value in cells.items()}
         for key, cells in data.get("figures", {}).items()},
        *({cell: Usual.from_json(usual) for cell, usual in data.get(part, {}).items()}
          for part in ("own", "peers")), data.get("whose", ""))


@pytest.mark.parametrize("case", SPEC["cases"], ids=lambda case: case["name"])
def test_rules_find_what_the_table_says(case: dict[str, Any]) -> None:
    layout = layout_of(case)
    found = check(layout, typed(layout, case["cells"]), outside_of(case["outside"]))
    assert [each.as_json() for each in found] == case["findings"]
    assert grid_json(layout) == case["grid"]


@pytest.mark.parametrize("case", SPEC["cases"], ids=lambda case: case["name"])
def test_the_page_receives_every_outside_figure_that_a_rule_reads(case: dict[str, Any]) -> None:
    layout = layout_of(case)
    outside = outside_of(case["outside"])
    sent = outside.as_json(outside_reads(layout))
    again = outside_of(json.loads(json.dumps(sent)))
    found = check(layout, typed(layout, case["cells"]), again)
    assert [each.as_json() for each in found] == case["findings"]


def test_figures_that_no_rule_reads_stay_at_home() -> None:
    case = next(each for each in SPEC["cases"] if "each row" in each["name"])
    layout = layout_of(case)
    sent = outside_of(case["outside"]).as_json(outside_reads(layout))
    assert sent["figures"] == {"@previous": {"dt/02/so_ho": "990", "dt/06/so_ho": "400"}}


def test_a_part_of_a_form_keeps_the_rules_that_read_nothing_beyond_it() -> None:
    case = next(each for each in SPEC["cases"] if "between tables: the sum" in each["name"])
    whole = layout_of({**case, "rules": [
        *case["rules"],
        {"id": "row", "each": "dt", "test": "[so_ho] <= [dan_so]", "message": "?"},
        {"id": "said", "each": "dt", "test": "[so_ho] > 0", "message": "{chung/xa/tong}"},
        {"id": "other", "each": "chung", "test": "[nu] <= [tong]", "message": "?"}]})
    first = Layout(whole.form, whole.version, whole.tables[:1])
    assert [rule.id for rule in rules_within(first, whole).rules] == ["row"]
    assert rules_within(whole, whole) == whole


def test_a_place_is_told_in_words_or_not_at_all() -> None:
    layout = layout_of(SPEC["cases"][0])
    assert place_of(layout, "dt/02/so_ho") == "Tày, Hộ, Tổng số"
    assert place_of(layout, "dt/99/so_ho") == ""
    assert place_of(layout, "") == ""
