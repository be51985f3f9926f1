"""How the portal answers: cacheable, checked by a tag, without a cookie, under a strict policy."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.interfaces.portal.census import ADDRESS, REF

PAGES = (
    "/", "/tim/", "/tim/?q=tay", "/so-lieu/", "/ban-do/", "/dan-toc/", "/dan-toc/02/",
    "/dia-ban/province/06/", "/chi-tieu/", "/chi-tieu/DEM/DS/", "/phuong-phap/", "/du-lieu-mo/",
    "/lich-cong-bo/", ADDRESS, f"{ADDRESS}/1.0.0", f"{ADDRESS}/1.0.0/ban-cong-bo",
    f"{ADDRESS}/1.0.0/o/{REF}/province/06/2019/02", "/robots.txt", "/sitemap.xml",
)
FILES = tuple(f"{ADDRESS}/1.0.0/figures.{kind}" for kind in ("csv", "xlsx", "json", "parquet"))


@pytest.mark.parametrize("path", [*PAGES, *FILES, f"{ADDRESS}/1.0.0/files/manifest.json"])
def test_an_answer_may_be_kept_and_asked_after(reader: Client, path: str) -> None:
    first = reader.get(path)
    assert first.status_code == 200
    assert first["Cache-Control"].startswith("public, max-age=")
    assert {"Cookie", "Accept-Language"} <= set(re.split(r",\s*", first["Vary"]))
    assert not first.cookies
    again = reader.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    other = reader.get(path, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    head = reader.head(path)
    assert (head.status_code, b"".join(head)) == (200, b"")
    assert reader.post(path).status_code == 405


def test_what_never_changes_may_be_kept_for_a_year(reader: Client) -> None:
    assert reader.get(FILES[0])["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reader.get(f"{ADDRESS}/figures.csv")["Cache-Control"] == "public, max-age=60"
    moment = reader.get(ADDRESS)["Last-Modified"]
    assert reader.get(ADDRESS, headers={"If-Modified-Since": moment}).status_code == 304


def test_every_page_keeps_the_strict_policy(reader: Client) -> None:
    for path in PAGES:
        page = reader.get(path)
        policy = page["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        text = page.content.decode()
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path


def test_every_id_is_used_once_and_every_reference_leads_somewhere(reader: Client) -> None:
    for path in PAGES:
        text = reader.get(path).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), path
        wanted = re.findall(r'(?:aria-labelledby|aria-describedby|\sfor)="([^"]+)"', text)
        wanted += re.findall(r"url\(#([^)]+)\)", text)
        assert set(wanted) <= set(ids), path


def test_every_link_of_every_page_is_answered(reader: Client) -> None:
    links = set()
    for path in PAGES:
        text = reader.get(path).content.decode()
        links |= {link.split("#")[0].replace("&amp;", "&")
                  for link in re.findall(r'href="(/[^"/][^"]*)"', text)}
    links = {link for link in links if not link.startswith(("/static/", "/viec/"))}
    assert len(links) > 50
    wrong = {link: code for link in links if (code := reader.get(link).status_code) != 200}
    assert not wrong


def test_the_language_is_a_choice_of_the_reader(reader: Client) -> None:
    answer = reader.post("/tieng/", {"language": "en", "next": "/so-lieu/"})
    assert (answer.status_code, answer["Location"]) == (302, "/so-lieu/")
    assert answer.cookies["django_language"].value == "en"
    assert answer.cookies["django_language"]["httponly"]
    away = reader.post("/tieng/", {"language": "xx", "next": "https://example.org/"})
    assert away["Location"] == "/"
    assert "django_language" not in away.cookies
    assert Client(enforce_csrf_checks=True).post("/tieng/", {"language": "vi"}).status_code == 302
