"""What the public reads: figures, words, search, and where a figure came from."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal

import pytest

from nhasan.domain.observations import Status
from nhasan.domain.problems import Invalid, NotFound
from nhasan.processing import queries as processing
from nhasan.releases import queries
from tests import factories
from tests.factories import AT
from tests.releases.conftest import NAME, House

PROVINCE = {"AREA_LEVEL": ["province"], "REF_AREA": ["19"]}


@pytest.fixture
def said(house: House) -> House:
    house.published()
    return house


def test_a_card_says_what_a_dataset_is(said: House) -> None:
    card, = queries.datasets()
    assert (card.name, card.version, card.title) == (NAME, "1.0.0", "Hộ nghèo theo dân tộc")
    assert (card.first_period, card.last_period) == ("2025", "2025")
    assert card.levels == ("province", "commune")
    assert card.illustrative
    assert card.address == "/data/THU/THU"
    assert queries.datasets("ho ngheo dan toc") == [card]
    assert queries.datasets("học sinh") == []
    assert queries.datasets(illustrative=False) == []


def test_a_page_holds_words_files_and_rules(said: House) -> None:
    page = queries.dataset(NAME)
    assert [dim.id for dim in page.dims] == [
        "INDICATOR", "AREA_LEVEL", "REF_AREA", "TIME_PERIOD", "ETHNIC_GROUP", "VILLAGE",
    ]
    groups = page.dim("ETHNIC_GROUP")
    assert groups is not None
    assert [(code.code, code.label) for code in groups.codes] == [
        ("_T", "Tổng số"), ("02", "Tày"), ("06", "Nùng"), ("08", "Mông"),
    ]
    assert page.policy["threshold"] == 5
    assert {line.format for line in page.files} == {"csv", "json", "parquet"}
    with pytest.raises(NotFound):
        queries.dataset("THU:KHONG-CO")
    with pytest.raises(NotFound):
        queries.dataset(NAME, "9.9.9")


def test_figures_come_with_their_words_in_official_order(said: House) -> None:
    found = queries.figures(NAME, {**PROVINCE, "INDICATOR": ["THU:01"]})
    assert [row.labels[4] for row in found.rows] == ["Tổng số", "Tày", "Nùng", "Mông"]
    total = found.rows[0]
    assert total.labels[2] == "Thái Nguyên"
    assert (total.value, total.unit, total.coverage) == (Decimal(400), "hộ", "2/2")
    rate, = queries.figures(NAME, {
        **PROVINCE, "INDICATOR": ["THU:TY_LE"], "ETHNIC_GROUP": ["_T"]}).rows
    assert (rate.value, rate.decimals) == (Decimal("12.8"), 1)


def test_pages_of_figures_make_up_the_whole(said: House) -> None:
    whole = queries.figures(NAME, {}, limit=5000)
    assert whole.total == len(whole.rows) == queries.datasets()[0].rows
    parts = [
        row for offset in range(0, whole.total, 7)
        for row in queries.figures(NAME, {}, offset=offset, limit=7).rows
    ]
    assert tuple(parts) == whole.rows
    assert queries.figures(NAME, {}, offset=whole.total + 5).rows == ()
    with pytest.raises(Invalid):
        queries.figures(NAME, {}, limit=0)
    with pytest.raises(Invalid):
        queries.figures(NAME, {"COLOUR": ["red"]})
    assert queries.figures(NAME, {"REF_AREA": ["no-such"]}).total == 0


def test_an_area_may_be_named_with_its_level(said: House) -> None:
    one = queries.figures(NAME, {"REF_AREA": ["commune:01900"]})
    assert one.total == queries.figures(NAME, {"REF_AREA": ["01900"]}).total > 0


def test_what_is_hidden_stays_hidden_everywhere(said: House) -> None:
    where = {"REF_AREA": ["01903"], "INDICATOR": ["THU:03"], "ETHNIC_GROUP": ["08"]}
    row, = queries.figures(NAME, where).rows
    assert (row.value, row.status) == (None, Status.CONFIDENTIAL)
    table = queries.file(NAME, "csv")
    lines = list(csv.DictReader(table.path.read_text(encoding="utf-8").splitlines()))
    hidden = [line for line in lines if line["CONF_STATUS"] == "C"]
    assert len(hidden) == sum(
        row.status is Status.CONFIDENTIAL for row in queries.figures(NAME, {}, limit=5000).rows
    )
    assert {line["OBS_VALUE"] for line in hidden} == {""}
    arrow = queries.figures_arrow(NAME, where)
    assert arrow.to_pylist()[0]["OBS_VALUE"] is None


def test_the_csv_says_what_the_screen_says(said: House) -> None:
    table = queries.file(NAME, "csv")
    lines = list(csv.DictReader(table.path.read_text(encoding="utf-8").splitlines()))
    page = queries.figures(NAME, {}, limit=5000)
    shown = {row.key: "" if row.value is None else f"{row.value:f}" for row in page.rows}
    assert {tuple(line[dim] for dim in page.dims): line["OBS_VALUE"] for line in lines} == shown
    arrow = queries.figures_arrow(NAME, {})
    assert [tuple(line[dim] for dim in page.dims) for line in arrow.to_pylist()] == [
        row.key for row in page.rows
    ]
    assert queries.file(NAME, "manifest.json").path.is_file()
    with pytest.raises(NotFound):
        queries.file(NAME, "../../secret.key")


def test_the_released_figures_are_those_of_the_run(said: House) -> None:
    release, = queries.in_hand(said.drafter)
    cube = processing.output(said.drafter, release.run.pk).cube
    read = {row.key: (row.value, row.status) for row in
            queries.figures(NAME, {}, limit=5000).rows}
    assert read == {row.key: (row.value, row.status) for row in cube.rows()}


def test_a_reported_figure_is_explained_down_to_its_form(said: House) -> None:
    told = queries.explain(NAME, {
        "INDICATOR": "THU:01", "AREA_LEVEL": "commune", "REF_AREA": "01900",
        "TIME_PERIOD": "2025", "ETHNIC_GROUP": "02", "VILLAGE": "_T",
    })
    assert told.how == "reported"
    assert told.origin is not None
    assert (told.origin.unit, told.origin.form_code) == ("Xã Ba Bể", "Biểu 01/THU")
    assert told.origin.approved_on == "2025-11-25"
    assert told.indicator["name"] == "Số hộ dân cư"
    world = said.stage.world
    for person in (world.officer, world.reviewer, world.publisher):
        assert person.name not in str(told)


def test_a_sum_and_a_rate_are_explained_by_their_parts(said: House) -> None:
    place = {"INDICATOR": "THU:01", "AREA_LEVEL": "province", "REF_AREA": "19",
             "TIME_PERIOD": "2025", "ETHNIC_GROUP": "02", "VILLAGE": "_T"}
    summed = queries.explain(NAME, place)
    assert summed.how == "summed"
    assert {part.name: part.row.value for part in summed.parts} == {
        "Ba Bể": Decimal(62), "Chợ Rã": Decimal(100),
    }
    groups = queries.explain(NAME, {
        **place, "AREA_LEVEL": "commune", "REF_AREA": "01900", "ETHNIC_GROUP": "_T"})
    assert [part.name for part in groups.parts] == ["Tày", "Nùng", "Mông"]
    rate = queries.explain(NAME, {**place, "INDICATOR": "THU:TY_LE"})
    assert (rate.how, rate.formula) == ("derived", "[ngheo] / [tong] * 100")
    assert {part.name for part in rate.parts} == {"ngheo", "tong"}
    with pytest.raises(NotFound):
        queries.explain(NAME, {**place, "REF_AREA": "99"})
    with pytest.raises(Invalid):
        queries.explain(NAME, {"INDICATOR": "THU:01"})


def test_search_finds_without_diacritics(said: House) -> None:
    kinds = {(hit.kind, hit.label) for hit in queries.search("ho ngheo")}
    assert ("dataset", "Hộ nghèo theo dân tộc") in kinds
    assert ("indicator", "Số hộ nghèo") in kinds
    assert [(hit.kind, hit.label) for hit in queries.search("thai nguyen")] == [
        ("area", "Thái Nguyên"),
    ]
    assert ("group", "Nùng") in {(hit.kind, hit.label) for hit in queries.search("nung")}
    assert queries.search("  ") == []
    assert queries.search("khong co gi") == []


def test_areas_of_a_period_and_datasets_of_an_indicator(said: House) -> None:
    assert [(one.code, one.label, one.extra["province"])
            for one in queries.areas(NAME, "2025", "commune")] == [
        ("01900", "Ba Bể", "19"), ("01903", "Chợ Rã", "19"),
    ]
    assert [card.name for card in queries.indicator_datasets("THU:03")] == [NAME]
    assert queries.indicator_datasets("THU:99") == []


def test_officials_review_what_the_public_will_see(house: House) -> None:
    drafted = house.drafted(AT + timedelta(minutes=1))
    review = queries.review_of(house.approver, drafted.pk)
    assert review.suppressed["counts"]["primary"] == 1
    assert Status.CONFIDENTIAL in review.cube.statuses
    assert {line.path for line in review.files} >= {"THU.csv", "codes.json", "sources.json"}
    assert queries.in_hand(factories.actor(house.stage.world.neighbour)) == []
