"""Releases: manifests, differences and the numbers that follow."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.identity import Urn, Version
from nhasan.domain.problems import Invalid
from nhasan.domain.release import Difference, File, Manifest, difference, next_version

MANIFEST = Manifest(
    urn=Urn.parse("BDT:POPULATION(1.0.0)"), title="Dân số", content="a", rows=2,
    dims=("INDICATOR",), codes={"REF_AREA": ("01", "02"), "SEX": ("F", "M")},
    files=(File("data/part.parquet", "ab", 12),), writer="w", run="r", policy={"public": "x"},
)


def test_a_manifest_comes_back_from_its_text() -> None:
    assert Manifest.from_json(MANIFEST.to_json()) == MANIFEST
    assert '"Dân số"' in MANIFEST.text()


@pytest.mark.parametrize(("codes", "content", "version"), [
    ({"REF_AREA": ("01",), "SEX": ("F", "M")}, "b", "2.0.0"),
    ({"REF_AREA": ("01", "02")}, "b", "2.0.0"),
    ({"REF_AREA": ("01", "03"), "SEX": ("F", "M")}, "b", "2.0.0"),
    ({"REF_AREA": ("01", "02", "03"), "SEX": ("F", "M")}, "b", "1.1.0"),
    ({"REF_AREA": ("01", "02"), "SEX": ("F", "M"), "AGE": ("_T",)}, "b", "1.1.0"),
    ({"REF_AREA": ("01", "02"), "SEX": ("F", "M")}, "b", "1.0.1"),
])
def test_the_number_follows_from_the_difference(
    codes: dict[str, tuple[str, ...]], content: str, version: str,
) -> None:
    found = difference(MANIFEST, replace(MANIFEST, codes=codes, content=content))
    assert str(next_version(Version(1), found)) == version


def test_a_release_that_says_nothing_new_is_refused() -> None:
    with pytest.raises(Invalid):
        next_version(Version(1), difference(MANIFEST, MANIFEST))


def test_the_first_release_is_number_one() -> None:
    assert str(next_version(None, Difference())) == "1.0.0"


def test_two_datasets_are_not_compared() -> None:
    with pytest.raises(Invalid):
        difference(MANIFEST, replace(MANIFEST, urn=Urn.parse("BDT:OTHER(1.0.0)")))


CODES = st.dictionaries(
    st.sampled_from(("A", "B")),
    st.sets(st.sampled_from("xyz"), min_size=1).map(sorted).map(tuple),
)


@given(CODES, CODES)
def test_what_is_gone_one_way_is_new_the_other_way(
    one: dict[str, tuple[str, ...]], two: dict[str, tuple[str, ...]],
) -> None:
    old, new = replace(MANIFEST, codes=one), replace(MANIFEST, codes=two)
    assert difference(old, new).gone == difference(new, old).new
