"""What kind of paper a file is, told by its bytes and not by its name."""

from __future__ import annotations

import pytest

from nhasan.formats.documents.papers import paper_of


@pytest.mark.parametrize(("content", "media_type"), [
    (b"%PDF-1.7\n...", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n....", "image/png"),
    (b"\xff\xd8\xff\xe0....", "image/jpeg"),
])
def test_a_pdf_and_pictures_are_papers(content: bytes, media_type: str) -> None:
    found = paper_of(content)
    assert found is not None
    assert found.media_type == media_type
    assert not found.signed


@pytest.mark.parametrize("content", [
    b"", b"<html><script>alert(1)</script>", b"PK\x03\x04", b"MZ", b"<svg onload=alert(1)>",
    b" %PDF-1.7",
])
def test_nothing_else_is(content: bytes) -> None:
    assert paper_of(content) is None


def test_a_signature_in_a_pdf_is_seen() -> None:
    found = paper_of(b"%PDF-1.7\n<< /Type /Sig /ByteRange [ 0 840 960 240 ] >>")
    assert found is not None
    assert found.signed
