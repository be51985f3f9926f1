import pytest

from nhasan.formats.forms.refusals import WorkbookDamaged
from nhasan.formats.forms.tags import tags


def test_names_lose_their_prefixes_and_texts_are_gathered():
    found = tags(b'<p:a xmlns:p="u"><p:b r:id="1" xmlns:r="v"><c>x &amp; y</c></p:b><b/></p:a>')
    assert [each.name for each in found] == ["a", "b", "c", "b"]
    assert found[1].attributes["id"] == "1"
    assert [each.text for each in found] == ["", "x & y", "x & y", ""]


def test_an_empty_part_has_no_tags():
    assert tags(b"") == []


@pytest.mark.parametrize("broken", [b"<a>", b"x", b'<property name="' * 200_000, b"\xff"])
def test_what_cannot_be_parsed_is_damaged(broken):
    with pytest.raises(WorkbookDamaged):
        tags(broken)
