"""Pages for those who read figures with a program: what they print works."""

from __future__ import annotations

import html
import re

from django.test import Client

from tests.interfaces.portal.census import ADDRESS
from tests.interfaces.portal.pages import words


def test_every_example_address_works(reader: Client) -> None:
    text = html.unescape(reader.get("/du-lieu-mo/").content.decode())
    found = set(re.findall(r'"http://testserver(/data/[^"]+)"', text))
    assert len(found) >= 3
    for address in found:
        assert reader.get(address).status_code == 200, address


def test_methods_say_the_four_things(reader: Client) -> None:
    said = words(reader.get("/phuong-phap/"))
    for word in ("bảo mật", "chưa có", "không áp dụng", "63 tỉnh"):
        assert word in said


def test_crawlers_are_told_what_is_theirs(reader: Client) -> None:
    assert "Disallow: /viec/" in reader.get("/robots.txt").content.decode()
    addresses = re.findall(r"<loc>http://testserver([^<]+)</loc>",
                           reader.get("/sitemap.xml").content.decode())
    assert ADDRESS in addresses
    assert all(reader.get(address).status_code == 200 for address in addresses)
