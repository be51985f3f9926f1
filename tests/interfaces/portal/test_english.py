"""The public pages in English: no sentence of the house stays behind; names of data do."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from tests.interfaces.portal.census import ADDRESS, FORM, REF
from tests.interfaces.portal.test_answers import PAGES
from tests.interfaces.reading import left_over, said

pytestmark = pytest.mark.django_db
# Islands keep their names in every language.
DATA = json.dumps([FORM, "Quần đảo Hoàng Sa", "Quần đảo Trường Sa"], ensure_ascii=False)
TAY = f"{ADDRESS}?AREA_LEVEL=province&ETHNIC_GROUP=02&TIME_PERIOD=2019"
SHOWN = tuple(path for path in PAGES if not path.endswith((".txt", ".xml")))


@pytest.fixture
def english(reader: Client) -> Client:
    """Return a reader who pressed “English”."""
    reader.post("/tieng/", {"language": "en", "next": "/"})
    return reader


def test_no_sentence_of_the_portal_is_left_in_vietnamese(english: Client) -> None:
    found = []
    for path in (*SHOWN, "/tim/?q=khong-co-gi", "/khong-co/trang-nay/"):
        page = english.get(path).content.decode()
        assert '<html lang="en">' in page, path
        found += [f"{path}: {each}" for each in left_over(page, DATA)]
    assert not found


def test_numbers_and_days_follow_the_reader(english: Client) -> None:
    table = said(english.get(TAY).content.decode())
    assert "165,055" in table
    assert "165.055" not in table
    assert "25 Nov 2025" in table
    figure = said(english.get(f"{ADDRESS}/1.0.0/o/{REF}/province/06/2019/02").content.decode())
    assert "165,055" in figure
    assert "Ethnic group" in figure


def test_each_language_has_pages_of_its_own(english: Client) -> None:
    first, other = english.get(TAY), Client().get(TAY)
    assert first["ETag"] != other["ETag"]
    assert (first["Content-Language"], other["Content-Language"]) == ("en", "vi")
    assert "165.055" in said(other.content.decode())
    again = Client().get(TAY, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200


def test_the_other_language_is_offered_and_keeps_the_page(reader: Client) -> None:
    address = f"{ADDRESS}?TIME_PERIOD=2009"
    page = reader.get(address).content.decode()
    assert re.search(r'<button[^>]*name="language" value="en" lang="en">English</button>', page)
    assert f'<input type="hidden" name="next" value="{address}">' in page
    assert reader.post("/tieng/", {"language": "en", "next": address})["Location"] == address
    assert 'lang="vi">Tiếng Việt</button>' in reader.get(address).content.decode()


def test_a_file_is_the_same_to_every_reader(english: Client) -> None:
    for kind in ("csv", "xlsx"):
        path = f"{ADDRESS}/1.0.0/figures.{kind}"
        assert english.get(path)["ETag"] == Client().get(path)["ETag"]
    lines = english.get(f"{ADDRESS}/1.0.0/figures.csv").content
    assert lines == Client().get(f"{ADDRESS}/1.0.0/figures.csv").content
