"""What a report is compared with: its own past, other forms, units below, peers in the round."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea
from nhasan.collection import operations, queries
from nhasan.collection.models import UsualFigures
from nhasan.collection.operations import Change, measure, measure_rounds
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Invalid
from nhasan.organisations import operations as organisations
from tests import factories
from tests.breaking import refused
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db

ANSWERS = {"ho/tay/tong": "60", "ho/tay/dtts": "55", "ho/tay/ngheo": "6"}
REST = {f"ho/{row}/{column}": "0" for row in ("nung", "mong")
        for column in ("tong", "dtts", "ngheo")}


def form(identifier: str = "THU-LUAT", *, rules: Any = (), **more: Any) -> dict[str, Any]:
    """Return a form of one table with rules."""
    made = deepcopy(factories.FORM)
    made |= {"id": identifier, "code": identifier, "rules": list(rules), **more}
    made["tables"] = made["tables"][:1]
    return made


def rule(identifier: str, test: str, message: str = "?", **more: str) -> dict[str, str]:
    """Return a rule."""
    return {"id": identifier, "test": test, "message": message, **more}


def save(report: Any, by: Any, answers: dict[str, str]) -> Any:
    """Save answers and return what is found in them."""
    return operations.save_cells(
        actor=factories.actor(by), assignment=report.pk, channel="screen", at=AT,
        changes=[Change(cell, text, 0) for cell, text in answers.items()]).findings


def test_a_report_is_compared_with_its_own_past() -> None:
    made = form(rules=[
        rule("kem-truoc", "[tong] >= [tong@previous]", "{tong}, kỳ trước {tong@previous}",
             each="ho", severity="note"),
        rule("kem-nam-ngoai", "[ho/tong/tong] >= [ho/tong/tong@last_year]",
             "{ho/tong/tong} < {ho/tong/tong@last_year}", severity="warning")])
    house = factories.world(form=made, period="2023")
    answers = {**ANSWERS, **REST}
    factories.fill(house.report, house.officer, answers, villages=())
    factories.send(house.report, house.officer)
    found = queries.submissions_of(house.report)[0]
    operations.approve(actor=factories.actor(house.reviewer), submission=found.pk, at=AT)
    next_year = factories.give(factories.round_of(made, period="2024"), "XA-BABE", "01900")
    said = save(next_year, house.officer, {"ho/tay/tong": "59"})
    assert [(each.code, each.cell, each.message) for each in said] == [
        ("kem-truoc", "ho/tay/tong", "59, kỳ trước 60"),
        ("kem-nam-ngoai", "ho/tong/tong", "59 < 60")]
    later = factories.give(factories.round_of(made, period="2025"), "XA-BABE", "01900")
    said = save(later, house.officer, {"ho/tay/tong": "59"})
    assert [each.code for each in said] == ["kem-truoc"]  # 2024 is not approved


def test_a_report_is_compared_with_another_form_of_the_same_unit_and_period() -> None:
    house = factories.world(form=form("THU-A"))
    made = form("THU-B", rules=[rule(
        "khac-bieu-a", "[tong] = [THU-A!tong]", "{tong}, biểu A {THU-A!tong}", each="ho")])
    factories.publish(made)
    report = factories.give(factories.round_of(made), "XA-BABE", "01900")
    assert save(report, house.officer, {"ho/tay/tong": "59"}) == ()
    factories.fill(house.report, house.officer, {**ANSWERS, **REST}, villages=())
    assert queries.examine(report).findings == ()  # a draft is not compared with
    factories.send(house.report, house.officer)
    assert [each.message for each in queries.examine(report).findings] == ["59, biểu A 60"]
    other = factories.give(report.round, "XA-CHORA", "01903")
    assert save(other, house.other_officer, {"ho/tay/tong": "59"}) == ()


def test_the_province_is_compared_with_what_its_communes_sent() -> None:
    house = factories.world(form=form("THU-XA"))
    made = form("THU-TINH", rules=[rule(
        "cong-xa", "[tong] = [THU-XA!tong@below]",
        "{tong}, các xã {THU-XA!tong@below} ({THU-XA!@sent} trên {THU-XA!@owed})",
        each="ho", severity="warning")])
    factories.publish(made)
    held = factories.round_of(made, receiver="BO")
    report = factories.give(held, "SO-TN", "19", "province")
    clerk = factories.person("nhap-tn", "Ma Thị Hoa", "SO-TN", "enterer")
    assert save(report, clerk, {"ho/tay/tong": "100"}) == ()  # nobody sent yet
    factories.fill(house.report, house.officer, {**ANSWERS, **REST}, villages=())
    factories.send(house.report, house.officer)
    factories.fill(house.other_report, house.other_officer, {**ANSWERS, **REST}, villages=())
    said = [each.message for each in queries.examine(report).findings]
    assert said == ["100, các xã 60 (1 trên 2)"]
    factories.send(house.other_report, house.other_officer)
    said = [each.message for each in queries.examine(report).findings]
    assert said == ["100, các xã 120 (2 trên 2)"]
    elsewhere = factories.give(held, "SO-CB", "04", "province")
    assert save(elsewhere, house.neighbour, {"ho/tay/tong": "100"}) == ()


@pytest.mark.parametrize(("test", "words"), [
    ("[KHONG-CO!ho/tay/tong] > 1", "KHONG-CO!ho/tay/tong"),
    ("[THU-A!ho/tay/bo] > 1", "THU-A!ho/tay/bo"),
])
def test_a_form_that_reads_what_another_does_not_have_is_not_published(
    test: str, words: str,
) -> None:
    factories.world(form=form("THU-A"))
    with pytest.raises(Invalid, match=words):
        factories.publish(form("THU-B", rules=[rule("k", test)]))


def test_a_form_keeps_the_cells_that_rules_of_other_forms_read() -> None:
    factories.world(form=form("THU-A"))
    factories.publish(form("THU-B", rules=[rule("k", "[THU-A!ho/tay/dtts] >= 0")]))
    smaller = form("THU-A", version="2.0.0")
    group = smaller["tables"][0]["columns"][0]
    group["columns"] = [each for each in group["columns"] if each["id"] != "dtts"]
    smaller["tables"][0]["checks"] = []
    with pytest.raises(Invalid, match=r"còn so với biểu này.*THU-A!ho/tay/dtts"):
        factories.publish(smaller)


def crowd(house: factories.World, number: int) -> list[Any]:
    """Open communes, and give each its part in the round."""
    found = []
    for at in range(number):
        code = f"{20000 + at}"
        areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
            NewArea("commune", code, "Xã", f"Xã {at}", "province", "19", factories.MAP_DAY)])
        organisations.open_unit(
            actor=HOUSE, code=f"XA-{at}", name=f"Xã {at}", short_name=f"Xã {at}",
            kind="commune", parent="SO-TN", opened=None, at=AT)
        found.append(factories.give(house.round, f"XA-{at}", code))
    return found


def send_all(reports: list[Any], tong: str = "1000") -> None:
    for report in reports:
        answers = {**ANSWERS, **REST, "ho/tay/tong": tong, "ho/tay/ngheo": "100"}
        factories.fill(report, HOUSE, answers, villages=())
        factories.send(report, HOUSE)


def test_a_figure_is_set_against_what_is_usual_among_many_units_only() -> None:
    house = factories.world(form=form())
    reports = crowd(house, 11)
    send_all(reports[:9])
    assert measure_rounds(actor=HOUSE, at=AT) == 0  # nine are few
    assert save(house.report, house.officer, {"ho/tay/tong": "52000"}) == ()
    send_all(reports[9:10])
    assert measure_rounds(actor=HOUSE, at=AT) == 1
    [finding] = queries.examine(house.report).findings
    assert finding.code == "unusual-among-peers"
    assert finding.message == (
        "52.000 cao gấp 52 lần mức thường thấy của 10 xã, phường (khoảng 1.000). "
        "Nếu đúng, viết một câu lý do.")
    assert measure_rounds(actor=HOUSE, at=AT) == 0  # no news
    send_all(reports[10:])
    assert measure_rounds(actor=HOUSE, at=AT) == 1


def test_only_limits_of_many_units_travel_to_a_unit() -> None:
    house = factories.world(form=form())
    reports = crowd(house, 12)
    send_all(reports[:11], "1234")
    send_all(reports[11:], "98761")
    measure_rounds(actor=HOUSE, at=AT)
    sent = queries.examine(house.report).outside_json
    assert sent["peers"]["ho/tay/tong"] == ["410", "3700", "1200", 12]  # type: ignore[index]
    assert "1234" not in str(sent)
    assert "98761" not in str(sent)
    assert not [cell for cell in sent["peers"] if cell.startswith("ho/nung")]  # type: ignore[attr-defined]


def test_who_has_a_history_is_not_asked_by_peers() -> None:
    made = form()
    house = factories.world(form=made, period="2024")
    factories.fill(house.report, house.officer, {
        **ANSWERS, **REST, "ho/tay/tong": "50000"}, villages=())
    sent = factories.send(house.report, house.officer)
    operations.approve(actor=factories.actor(house.reviewer), submission=sent.pk, at=AT)
    held = factories.round_of(made, period="2025")
    house_2025 = house.__class__(**{
        **{name: getattr(house, name) for name in house.__slots__}, "round": held})
    send_all(crowd(house_2025, 10))
    measure_rounds(actor=HOUSE, at=AT)
    again = factories.give(held, "XA-BABE", "01900")
    assert save(again, house.officer, {"ho/tay/tong": "52000"}) == ()
    [finding] = save(again, house.officer, {"ho/tay/ngheo": "900"})
    assert finding.code == "unusual-change"


def test_limits_are_kept_once_for_a_round_and_level() -> None:
    house = factories.world(form=form())
    measure(actor=HOUSE, round_id=house.round.pk, level="commune", at=AT)
    again = measure(actor=HOUSE, round_id=house.round.pk, level="commune", at=AT)
    assert UsualFigures.objects.within(EVERYTHING).count() == 1
    refused("usual_figures_once_for_level", lambda: UsualFigures.objects.create(
        round=house.round, area_level="commune", reports=0, at=AT))
    assert again.reports == 0


def test_an_examination_asks_the_database_few_questions() -> None:
    made = form(rules=[rule("k", "[tong] >= [tong@previous]", each="ho")])
    house = factories.world(form=made)
    save(house.report, house.officer, ANSWERS)
    row = queries.assignment(factories.actor(house.officer), house.report.pk)
    with CaptureQueriesContext(connection) as seen:
        queries.examine(row, complete=True)
    assert len(seen) <= 4, [each["sql"] for each in seen]  # codes, draft, history, peers


def test_sending_asks_few_questions_however_long_the_history() -> None:
    made = form(rules=[rule("k", "[tong] >= 0 and [tong@previous] >= 0", each="ho")])
    house = factories.world(form=made, period="2018")
    reports = [house.report, *(
        factories.give(factories.round_of(made, period=str(year)), "XA-BABE", "01900")
        for year in range(2019, 2025))]
    for report in reports[:-1]:
        factories.fill(report, house.officer, {**ANSWERS, **REST}, villages=())
        sent = factories.send(report, house.officer)
        operations.approve(actor=factories.actor(house.reviewer), submission=sent.pk, at=AT)
    factories.fill(reports[-1], house.officer, {**ANSWERS, **REST}, villages=())
    officer = factories.actor(house.officer)
    with CaptureQueriesContext(connection) as seen:
        factories.send(reports[-1], officer)
    assert len(seen) <= 15, [each["sql"][:90] for each in seen]
