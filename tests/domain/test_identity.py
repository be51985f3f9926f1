"""Names, addresses and folders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.identity import Urn, Version, file_part
from nhasan.domain.problems import Invalid

IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True)
NUMBERS = st.integers(0, 999)
URNS = st.builds(Urn, IDS, IDS, st.builds(Version, NUMBERS, NUMBERS, NUMBERS))


@given(URNS)
def test_one_name_has_one_address_and_one_folder(urn: Urn) -> None:
    assert Urn.parse(str(urn)) == urn
    assert Urn.parse(urn.address) == urn
    assert urn.folder == "releases" + urn.address.removeprefix("/data")


def test_the_example_of_the_handbook() -> None:
    urn = Urn.parse("BDT:ETHNIC_POPULATION(1.0.0)")
    assert urn.address == "/data/BDT/ETHNIC_POPULATION/1.0.0"
    assert urn.folder == "releases/BDT/ETHNIC_POPULATION/1.0.0"
    assert str(urn.at(Version(2, 1))) == "BDT:ETHNIC_POPULATION(2.1.0)"


@pytest.mark.parametrize("text", [
    "", "BDT", "BDT:X", "BDT:X(1.0)", "BDT:../X(1.0.0)", "B/D:X(1.0.0)", "/data/../etc/1.0.0",
    "BDT:X(1.0.0)\n",
])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Urn.parse(text)


def test_versions_are_ordered_as_people_expect() -> None:
    assert Version.parse("1.10.0") > Version.parse("1.9.9")
    assert str(Version(1, 2, 3).next_major()) == "2.0.0"
    assert str(Version(1, 2, 3).next_minor()) == "1.3.0"
    assert str(Version(1, 2, 3).next_patch()) == "1.2.4"
    with pytest.raises(Invalid):
        Version.parse("1.0")


def test_a_code_becomes_part_of_a_file_name() -> None:
    assert file_part("VSDG-TT02-2025:1.1.1") == "VSDG-TT02-2025.1.1.1"
    for bad in ("../x", "a/b", "", ":x", "a b", "a\0"):
        with pytest.raises(Invalid):
            file_part(bad)
