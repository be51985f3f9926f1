"""Notes and papers beside cells, as pages: written, shown at the cell, fetched."""

from __future__ import annotations

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nhasan.collection import operations, queries
from nhasan.collection.operations import Evidence
from tests import factories
from tests.interfaces.workbench.test_entry import data, page_of, plain

pytestmark = pytest.mark.django_db
AT = factories.AT
CELL = "ho/tay/ngheo"


@pytest.fixture
def world(client: Client) -> factories.World:
    made = factories.world()
    client.force_login(made.officer)
    return made


def address(world: factories.World, more: str = "ghi-chu/") -> str:
    return f"/viec/bao-cao/{world.report.pk}/{more}"


def keep(world: factories.World, text: str = "Theo biên bản.") -> None:
    operations.keep_note(
        actor=factories.actor(world.officer), assignment=world.report.pk, cell=CELL, text=text,
        paper=Evidence("bien-ban.pdf", b"%PDF-1.7"), at=AT)


def test_a_note_and_its_paper_are_written_without_scripts(
    client: Client, world: factories.World,
) -> None:
    page = plain(client.get(address(world), {"o": CELL}).content.decode())
    assert "Tày, Hộ nghèo, Số hộ" in page
    response = client.post(address(world), {
        "o": CELL, "ghi_chu": "Theo biên bản.",
        "tep": SimpleUploadedFile("bien-ban.pdf", b"%PDF-1.7")})
    assert response.status_code == 302
    assert response["Location"] == address(world) + "#ghi-chu-o-ho-tay-ngheo"
    shown = plain(client.get(address(world)).content.decode())
    assert "Theo biên bản. (Hoàng Thị Mai, " in shown
    assert "bien-ban.pdf" in shown


def test_what_is_refused_stays_written(client: Client, world: factories.World) -> None:
    response = client.post(address(world), {
        "o": CELL, "ghi_chu": "Theo biên bản.", "tep": SimpleUploadedFile("x.exe", b"MZ")})
    page = response.content.decode()
    assert response.status_code == 422
    assert "chỉ nhận tệp PDF" in page
    assert ">Theo biên bản.</textarea>" in page


def test_the_grid_marks_the_cell_and_hands_the_note_to_the_browser(
    client: Client, world: factories.World,
) -> None:
    keep(world)
    page = page_of(client, world)
    assert html.unescape(
        f'<a class="co-ghi-chu" data-noted="{CELL}" href="{address(world)}?o={CELL}#ghi">'
    ) in html.unescape(page)
    [note] = data(page, "grid-notes")
    assert (note["cell"], note["text"], note["by"]) == (CELL, "Theo biên bản.", "Hoàng Thị Mai")
    assert [paper["name"] for paper in note["papers"]] == ["bien-ban.pdf"]


def test_a_paper_is_handed_out_to_be_kept_never_shown(
    client: Client, world: factories.World,
) -> None:
    keep(world)
    row = queries.assignment(factories.HOUSE, world.report.pk)
    [paper] = queries.evidence_of(row)
    client.force_login(world.reviewer)
    response = client.get(address(world, f"tai-lieu/{paper.pk}/"))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    client.force_login(world.other_officer)
    assert client.get(address(world, f"tai-lieu/{paper.pk}/")).status_code == 404


def test_who_only_reads_is_offered_no_fields(client: Client, world: factories.World) -> None:
    keep(world)
    client.force_login(world.reviewer)
    page = client.get(address(world), {"o": CELL}).content.decode()
    assert "Theo biên bản." in page
    assert "<textarea" not in page
    assert client.post(address(world), {"o": CELL, "ghi_chu": "x"}).status_code in (403, 404)


def test_who_checks_and_who_reviews_read_it_beside_the_figure(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer)
    keep(world)
    page = client.get(address(world, "gui/")).content.decode()
    assert f'data-noted="{CELL}" href="#ghi-chu-o-ho-tay-ngheo"' in page
    assert 'id="ghi-chu-o-ho-tay-ngheo"' in page
    sent = factories.send(world.report, world.officer)
    assert "Theo biên bản." in plain(client.get(f"/viec/ban-gui/{sent.pk}/").content.decode())
    client.force_login(world.reviewer)
    review = plain(client.get(f"/viec/duyet/{sent.pk}/").content.decode())
    assert "Ghi chú và tài liệu của đơn vị Tày, Hộ nghèo, Số hộ Theo biên bản." in review
    assert "có ghi chú" in review
