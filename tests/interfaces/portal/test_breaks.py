"""A definition that changed is told to the public beside the figures of the indicator."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from nhasan.metadata import operations, queries
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import words

pytestmark = pytest.mark.django_db


def _amended() -> None:
    factories.units()
    factories.indicators()
    operations.amend_indicator_set(
        actor=HOUSE, identifier="THU", version="2.0.0", name_vi="Bộ thử", decision={}, at=AT)
    found = queries.indicator_set("THU", "2.0.0")
    assert found is not None
    row = queries.indicator_in(found, "03")
    assert row is not None
    operations.put_indicator(
        actor=HOUSE, identifier="THU", version="2.0.0", was="03", at=AT,
        sheet={**queries.sheet_of(row), "unit": "nghìn hộ", "concept": "Hộ nghèo đa chiều.",
               "break_words": "Từ 2026 tính theo nghìn hộ.", "lead_agency": "Bộ thử",
               "breakdowns": [{"name": "Dân tộc", "period": "5 năm"}]})


def test_the_public_is_told_of_a_break_once_it_is_in_force() -> None:
    _amended()
    assert "Chỗ gãy" not in words(Client().get("/chi-tieu/THU/03/"))
    operations.put_in_force(
        actor=HOUSE, kind="indicator_set", identifier="THU", version="2.0.0",
        on=date(2026, 1, 1), at=AT)
    said = words(Client().get("/chi-tieu/THU/03/"))
    assert "01/01/2026: đổi định nghĩa (Khái niệm, Đơn vị tính, " in said
    assert "Từ 2026 tính theo nghìn hộ." in said
    assert "Kỳ công bố của từng phân tổ Dân tộc: 5 năm" in said
    assert "Cơ quan chủ trì Bộ thử" in said
    assert "Chỗ gãy" not in words(Client().get("/chi-tieu/THU/01/"))


def test_a_local_draft_is_no_part_of_the_portal() -> None:
    factories.units()
    operations.draft_indicator_set(
        actor=HOUSE, agency="SO-TN", identifier="RIENG", version="1.0.0", unit="SO-TN",
        name_vi="Bộ riêng", source="", decision={}, completeness="", illustrative=True,
        indicators=[{"key": "R1", "name_vi": "Số làng nghề"}], at=AT)
    assert Client().get("/chi-tieu/RIENG/R1/").status_code == 404
    assert "làng nghề" not in words(Client().get("/tim/?q=lang+nghe"))
