"""A house that has not published anything yet."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.interfaces.portal.pages import words


def test_nothing_is_published_yet(db: None, client: Client, settings: Any, tmp_path: Any) -> None:
    settings.RELEASES = tmp_path
    for path in ("/", "/so-lieu/", "/ban-do/", "/dan-toc/", "/tim/?q=tay", "/chi-tieu/",
                 "/du-lieu-mo/", "/lich-cong-bo/", "/phuong-phap/", "/sitemap.xml"):
        assert client.get(path).status_code == 200, path
    assert "Chưa có bản nào được công bố." in words(client.get("/"))
    assert client.get("/dan-toc/02/").status_code == 404
