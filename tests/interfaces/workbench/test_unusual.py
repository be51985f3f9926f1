"""An unusual figure is drawn beside what is usual there, and told in numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from nhasan.collection import operations
from nhasan.collection.operations import Change
from nhasan.domain.forms import Expansion, FormDefinition
from nhasan.domain.outliers import OWN_CODE, PEERS_CODE, Usual
from nhasan.domain.references import Outside
from nhasan.domain.validation import Finding, Severity
from nhasan.interfaces.workbench.unusual import WIDTH, picture
from tests import factories

LAYOUT = FormDefinition.parse({"id": "F", "version": "1", "title": "F", "tables": [{
    "id": "T", "rows": [{"id": "r", "label": "R"}],
    "columns": [{"id": "a", "label": "A"}]}]}).layout(Expansion())


def finding(code: str, cell: str = "T/r/a") -> Finding:
    return Finding(code, Severity.WARNING, "…", cell)


def usual(*data: Any) -> dict[str, Usual]:
    return {"T/r/a": Usual.from_json(data)}


def test_history_is_drawn_with_its_periods() -> None:
    outside = Outside(
        own=usual("500", "1500", "1000", 3), periods=("2025", "2024", "2023"),
        past={"T/r/a": (Decimal(1000), None, Decimal(900))})
    drawn = picture(finding(OWN_CODE), LAYOUT, Decimal(4000), outside)
    assert drawn.count('class="muc-truoc"') == 2
    assert f'd="M{WIDTH - 8 - 6} 18' in drawn  # the greatest stands at the edge
    for words in ("<dt>Năm 2025</dt><dd>1.000</dd>", "<dt>Năm 2023</dt><dd>900</dd>",
                  "<dt>Thường không quá</dt><dd>1.500</dd>", "<dt>Số này</dt><dd>4.000</dd>"):
        assert words in drawn
    assert "Năm 2024" not in drawn


def test_peers_are_drawn_as_a_range_only() -> None:
    outside = Outside(peers=usual(None, "3000", "1000", 92), periods=("2025",),
                      past={"T/r/a": (Decimal(7),)})
    drawn = picture(finding(PEERS_CODE), LAYOUT, Decimal(52000), outside)
    assert "muc-truoc" not in drawn
    assert "Thường không dưới" not in drawn
    assert "Chấm" not in drawn


@pytest.mark.parametrize(("found", "now"), [
    (finding("khac"), Decimal(1)), (finding(OWN_CODE, "T/r/gone"), Decimal(1)),
    (finding(OWN_CODE, "U/r/a"), Decimal(1)), (finding(OWN_CODE), None),
    (finding(PEERS_CODE), Decimal(1)),
])
def test_other_findings_have_no_picture(found: Finding, now: Decimal | None) -> None:
    assert picture(found, LAYOUT, now, Outside(own=usual("1", "2", "1", 1))) == ""


def test_one_value_everywhere_is_drawn_all_the_same() -> None:
    drawn = picture(finding(OWN_CODE), LAYOUT, Decimal(0), Outside(own=usual("0", "0", "0", 1)))
    assert "<svg" in drawn


@pytest.mark.django_db
def test_the_unit_and_its_reviewer_see_it_and_the_reason_goes_with_the_figure(
    client: Client,
) -> None:
    made = {**factories.FORM, "tables": factories.FORM["tables"][:1]}
    answers = {cell: text for cell, text in factories.ANSWERS.items() if cell.startswith("ho/")}
    house = factories.world(form=made, period="2024")
    factories.fill(house.report, house.officer, answers, villages=())
    before = factories.send(house.report, house.officer)
    operations.approve(actor=factories.actor(house.reviewer), submission=before.pk,
                       at=factories.AT)
    report = factories.give(factories.round_of(made, period="2025"), "XA-BABE", "01900")
    officer = factories.actor(house.officer)
    factories.fill(report, house.officer, {**answers, "ho/tay/tong": "900"}, villages=())
    client.force_login(house.officer)
    page = client.get(f"/viec/bao-cao/{report.pk}/").content.decode()
    assert '"past": {' in page
    assert '"ho/tay/tong": ["62"]' in page
    asked = client.get(f"/viec/bao-cao/{report.pk}/gui/").content.decode()
    assert "900 khác thường so với kỳ trước (62)" in asked
    assert "<dt>Năm 2024</dt><dd>62</dd>" in asked
    key = f"{OWN_CODE}|ho/tay/tong"
    operations.explain(actor=officer, assignment=report.pk, at=factories.AT, reasons={
        key: "Nhập hai thôn của xã bên.", f"{OWN_CODE}|ho/nung/tong": "Số cũ, đã sửa."})
    operations.save_cells(
        actor=officer, assignment=report.pk, channel="screen", at=factories.AT,
        changes=[Change("ho/tay/dtts", "61", 1)])
    sent = factories.send(report, house.officer)
    assert sent.answers["reasons"] == {key: "Nhập hai thôn của xã bên."}
    client.force_login(house.reviewer)
    seen = client.get(f"/viec/duyet/{sent.pk}/").content.decode()
    assert 'class="muc"' in seen
    assert "Nhập hai thôn của xã bên." in seen
    story = client.get(f"/viec/bao-cao/{report.pk}/o/?o=ho/tay/tong")
    assert story.status_code in (200, 404)
