"""Several forms in one workbook, by its pages."""

from __future__ import annotations

import io
from copy import deepcopy
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nhasan.collection import queries
from nhasan.formats.forms.workbook import Filled
from tests import factories
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
SECOND: dict[str, Any] = deepcopy(factories.FORM) | {"id": "THU-HAI", "title": "Biểu thử hai"}


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> factories.World:
    settings.STORE = tmp_path / "store"
    made = factories.world()
    factories.publish(SECOND)
    factories.give(factories.round_of(SECOND), "XA-BABE", "01900")
    return made


def post(client: Any, content: bytes | None) -> Any:
    data = {} if content is None else {"workbook": SimpleUploadedFile("hai.xlsx", content)}
    return client.post(reverse("workbench:bundle"), data)


def spoiled(content: bytes, report: Any) -> bytes:
    row = queries.assignment(factories.HOUSE, report.pk)
    sheet, address = Filled(content).read(
        queries.layout_of(row), queries.workbook_context(row)).places["ho/tay/tong"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    book[sheet][address] = "sáu hai"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_forms_go_out_together_and_come_back_told_one_by_one(world: factories.World) -> None:
    client = signed_in(world.officer)
    page = words(client.get(reverse("workbench:bundle")))
    assert "Biểu thử hai, năm 2025" in page
    rows = queries.to_fill_together(factories.actor(world.officer), on=factories.TODAY)
    out = client.get(reverse("workbench:bundle_file"), {"b": [row.pk for row in rows]})
    assert out.status_code == 200
    assert "nhieu-bieu-2025-11-25.xlsx" in out["Content-Disposition"] or "attachment" in (
        out["Content-Disposition"])
    answer = post(client, spoiled(out.content, world.report))
    assert answer.status_code == 302
    result = words(client.get(answer["Location"]))
    assert "Đã nhận 1 biểu. Có 1 lỗi phải sửa. 1 biểu chưa điền, để lại." in result
    marked = client.get(answer["Location"] + "danh-dau.xlsx")
    listed = [line[6] for line in openpyxl.load_workbook(io.BytesIO(marked.content))[
        "Lỗi cần sửa"].iter_rows(min_row=5, values_only=True)]
    assert any("không phải là số" in str(text) for text in listed)
    assert not any("chưa điền" in str(text) for text in listed)


def test_a_whole_round_is_taken_away_at_once(world: factories.World) -> None:
    clerk = factories.person("so-nhap", "Vi Thị Nga", "SO-TN", "enterer")
    out = signed_in(clerk).get(
        reverse("workbench:bundle_file"), {"ky": world.round.pk})
    assert [each.unit_name for each in Filled(out.content).identities] == [
        "Xã Ba Bể", "Xã Chợ Rã"]


def test_a_commune_gets_no_file_with_the_figures_of_another(world: factories.World) -> None:
    clerk = signed_in(factories.person("so-nhap", "Vi Thị Nga", "SO-TN", "enterer"))
    out = clerk.get(reverse("workbench:bundle_file"), {"ky": world.round.pk})
    content = spoiled(spoiled(out.content, world.report), world.other_report)
    answer = post(clerk, content)
    assert clerk.get(answer["Location"] + "danh-dau.xlsx").status_code == 200
    client = signed_in(world.officer)
    kept, = queries.attachments(world.report)
    shown = client.get(reverse("workbench:uploaded", args=[world.report.pk, kept.pk]))
    assert "danh-dau" not in shown.content.decode()
    assert "Có 1 lỗi phải sửa. Sửa trên màn hình, hoặc sửa trong tệp" in words(shown)
    assert "Chợ Rã" not in words(shown)
    marked = client.get(reverse("workbench:marked", args=[world.report.pk, kept.pk]))
    assert marked.status_code == 404
    for address in (answer["Location"], answer["Location"] + "danh-dau.xlsx"):
        assert client.get(address).status_code == 404
    assert "Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên nộp trong tệp nhiều biểu “hai.xlsx”" in words(
        client.get(reverse("workbench:history", args=[world.report.pk])))


def test_what_was_forgotten_or_is_no_workbook_is_said_gently(world: factories.World) -> None:
    client = signed_in(world.officer)
    assert "Chưa chọn biểu nào" in words(client.get(reverse("workbench:bundle_file")))
    assert "Bạn chưa chọn tệp" in words(post(client, None))
    refused = post(client, b"a,b")
    assert refused.status_code == 422
    assert "Chưa nhận được tệp “hai.xlsx”" in words(refused)
