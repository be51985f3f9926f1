"""Published figures as work: each workbook fits its form, and adds up to what was published."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.checking import check, compute
from nhasan.domain.forms import FormDefinition
from nhasan.domain.numbers import read_text
from nhasan.domain.observations import Status

AREA_OF = {"bo-dttg": "country:VN"}


@pytest.fixture(scope="session")
def workbooks(facts, table, forms, expansion):
    """Every (round, unit) with its layout and answers, as the loader fills them."""
    found = []
    for held in facts("demo.json")["rounds"]:
        definition = FormDefinition.parse(forms[held["form"]])
        cells = defaultdict(dict)
        for row in table(held["cells"]):
            cells[row["unit"]][row["cell"]] = row["text"]
        assert list(cells) == held["units"]
        for unit, texts in cells.items():
            place = AREA_OF.get(unit, f"province:{unit[-2:]}")
            layout = definition.layout(expansion(place, held["reference_date"]))
            found.append((held, unit, place, layout, texts))
    return found


def read(layout, texts):
    """Return the answers; a cell that the form does not have is a mistake of the data."""
    cells = {}
    for table in layout.tables:
        for row, column in table.cells():
            name = f"{table.id}/{row.id}/{column.id}"
            reading = read_text(texts[name], column.kind, column.unit)
            figure = reading.entry.figure
            assert figure is not None, (name, texts[name], reading.finding)
            if figure.status is Status.REPORTED:
                assert figure.value == Decimal(texts[name]), name
            cells[name] = Entry(texts[name], figure)
    assert set(cells) == set(texts)
    return Answers(cells)


def test_every_cell_of_every_workbook_is_filled_and_can_be_read(workbooks):
    assert len(workbooks) == 25 + 2 + 4 + 63 + 9 + 9 + 1 + 7 + 1
    for held, unit, _, layout, texts in workbooks:
        assert read(layout, texts).cells, (held["id"], unit)


def test_no_published_figure_breaks_a_rule_of_its_form(workbooks):
    found = defaultdict(list)
    for held, unit, _, layout, texts in workbooks:
        for item in check(layout, read(layout, texts)):
            found[item.severity.value, item.code].append((held["id"], unit, item.cell))
    assert dict(found) == {}


def test_keys_meet_only_once_over_all_rounds(workbooks):
    seen = {}
    for held, unit, place, layout, _ in workbooks:
        for table in layout.tables:
            for row, column in table.cells():
                key = layout.key(table, row, column, place, held["period"])
                if key is not None:
                    assert seen.setdefault(key, (held["id"], unit)) == (held["id"], unit), key


@pytest.fixture(scope="session")
def reported(workbooks):
    """Reported figures of all workbooks by (dataflow, indicator, area, period, breakdown)."""
    found = {}
    for held, _, place, layout, texts in workbooks:
        answers = read(layout, texts)
        for table in layout.tables:
            for row, column in table.cells():
                key = layout.key(table, row, column, place, held["period"])
                figure = answers.cells[f"{table.id}/{row.id}/{column.id}"].figure
                if key is not None and figure is not None and figure.status is Status.REPORTED:
                    found[held["dataflow"], key.indicator, key.area, key.period,
                          key.breakdown] = figure.value
    return found


def added(reported, wanted, parents):
    """Return the reported figure of an expectation, or the sum over areas and breakdown."""
    flow, indicator, area = wanted["dataflow"], wanted["indicator"], wanted["area"]
    whole = Decimal(0)
    for (its_flow, its, place, period, breakdown), value in reported.items():
        if (its_flow, its, period) != (flow, indicator, wanted["period"]):
            continue
        inside = place == area or area in parents.get(place, ())
        if inside and breakdown == (wanted["breakdown"] or breakdown):
            whole += value
    return whole


def test_everything_expected_follows_from_the_workbooks(reported, table, areas):
    parents = {}
    for row in areas:
        if row["level"] in ("region", "province") and row["valid_from"] == "":
            above = f"{row['parent_level']}:{row['parent_code']}"
            parents[f"{row['level']}:{row['code']}"] = {above, "country:VN"}
    expected = table("demo/expected.csv")
    assert len(expected) > 300
    assert {row["how"] for row in expected if not row["value"]} == {"incomplete"}
    for wanted in expected:
        if not wanted["value"]:
            continue
        assert added(reported, wanted, parents) == Decimal(wanted["value"]), wanted


def test_composition_of_bac_kan_equals_the_boards_own_page(reported, table):
    for row in table("published/bac_kan_ethnic_composition_2019.csv"):
        if row["ethnic_code"].isdigit():
            key = ("ETHNIC_POPULATION", "PUBLISHED:DS01", "province:06", "2019",
                   f"ETHNIC_GROUP={row['ethnic_code']}")
            assert reported[key] == int(row["population"])


def test_shares_of_bac_kan_come_out_as_published(workbooks, table):
    held, _, _, layout, texts = next(
        found for found in workbooks if found[0]["id"] == "POVERTY-BK-2019")
    values = compute(layout, read(layout, texts))
    published = table(held["source"])[0]
    assert values["tinh/toan_tinh/ty_le_ngheo"] == Decimal(published["poor_rate_pct_published"])
    assert values["tinh/toan_tinh/ty_le_can_ngheo"] == \
        Decimal(published["near_poor_rate_pct_published"])


def test_minority_pupils_fall_short_of_the_country_by_the_row_of_other_provinces(
    reported, table,
):
    rows = {(row["area_code"], row["year"], row["school_level"]): row
            for row in table("published/gso_pupils_total_em_2012_2016.csv")}
    for year in range(2012, 2017):
        for level in ("primary", "lower_secondary", "upper_secondary"):
            ours = sum(value for key, value in reported.items()
                       if key[1] == "PUBLISHED:HS02" and key[3] == str(year)
                       and key[4] == f"SCHOOL_LEVEL={level}")
            country, other = (int(rows[code, str(year), level]["pupils_ethnic_minority"])
                              for code in ("00", "99"))
            assert ours + other == country, (year, level)


def test_missing_is_never_zero(workbooks, table):
    texts = next(found[4] for found in workbooks if found[0]["id"] == "CENSUS-NATIONAL-2009")
    assert sum(text == "..." for text in texts.values()) == 14 + 1
    assert not [text for text in texts.values() if text == "0"]


def test_what_is_not_loaded_is_said(facts):
    data = Path(__file__).resolve().parents[2] / "data"
    for item in [*facts("demo.json")["not_loaded"], *facts("demo.json")["bad_examples"]]:
        assert (data / item["file"]).exists()
        assert item["why"]


def test_every_published_table_is_loaded_or_explained(facts):
    data = Path(__file__).resolve().parents[2] / "data"
    demo = facts("demo.json")
    spoken_of = {held["source"] for held in demo["rounds"]} | {
        item["file"] for item in [*demo["not_loaded"], *demo["bad_examples"]]} | {
        "published/bac_kan_ethnic_composition_2019.csv"}
    shipped = {f"published/{path.name}" for path in (data / "published").glob("*.csv")}
    assert shipped == spoken_of


def test_dataflows_hold_what_their_rounds_bring(facts, workbooks, indicators):
    flows = {flow["id"]: flow for flow in facts("dataflows.json")}
    dimensions = {item["id"] for item in facts("dimensions.json")}
    for flow in flows.values():
        assert set(flow["dimensions"]) <= dimensions
        assert set(flow["indicators"]) <= set(indicators)
        policy = flow["policy"]
        assert policy["source"] if policy["kind"] == "public" else policy["minimum"] >= 3
    for held, _, place, layout, _ in workbooks:
        flow = flows[held["dataflow"]]
        assert held["form"] in flow["forms"]
        expected_day = f"{flow['map_date']['month']:02}-{flow['map_date']['day']:02}"
        assert held["reference_date"] == f"{held['period']}-{expected_day}"
        for table in layout.tables:
            for row, column in table.cells():
                key = layout.key(table, row, column, place, held["period"])
                assert key.indicator in flow["indicators"]
                parts = {pair.split("=")[0] for pair in key.breakdown.split(";") if pair}
                assert parts <= set(flow["dimensions"])
                assert key.area.split(":")[0] in flow["area_levels"]
