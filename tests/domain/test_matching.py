"""A code and a name that disagree are asked about; spellings of one name meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.matching import Names, agree, bare_name, same_name
from nhasan.domain.validation import Severity

NAMES_1979 = {
    "01": "Kinh", "02": "Tày", "03": "Thái", "04": "Hoa", "05": "Khmer", "06": "Mường",
    "07": "Nùng", "08": "Mông", "09": "Dao", "10": "Gia Rai", "14": "Xơ Đăng", "18": "Sán Dìu",
    "24": "Thổ", "30": "Co", "39": "La Chí",
}
ALIASES = {
    "02": ["Thổ", "Ngạn"], "04": ["Hán"], "05": ["Khơ-me"],
    "08": ["HMông", "H'mông", "Mèo", "Hoa"], "09": ["Mán"], "18": ["Mán"], "99": ["Không dùng"],
}
NAMES_2008 = {"04": "Mường", "06": "Hoa", "08": "Mông"}
GROUPS = Names(NAMES_1979, ALIASES, {"2008": NAMES_2008})


@pytest.mark.parametrize(("code", "name", "settled", "said"), [
    ("04", "Hoa", "04", ""),
    ("04", "hoa", "04", ""),
    ("04", "Hán", "04", ""),
    ("04", "", "04", ""),
    ("4", "Hoa", "04", "code-completed"),
    ("4.0", "Hoa", "04", "code-completed"),
    ("8", "Hmông", "08", "code-completed"),
    ("08", "H’Mông", "08", ""),
    ("08", "Dân tộc Mông", "08", ""),
    ("08", "Mong", "08", ""),
    ("", "Xơ-đăng", "14", ""),
    ("", "gia rai", "10", ""),
    ("", "Tay", "02", ""),
    ("", "Thổ", "24", ""),
    ("", "Khơ me", "05", ""),
    ("04", "Mường", None, "other-numbering"),
    ("06", "Hoa", None, "other-numbering"),
    ("08", "Hoa", None, "code-name-differ"),
    ("02", "Nùng", None, "code-name-differ"),
    ("02", "Nguồn", None, "unknown-name"),
    ("99", "Tày", None, "unknown-code"),
    ("99", "", None, "unknown-code"),
    ("", "Murong", None, "unknown"),
    ("", "Mán", None, "several"),
    ("", "", None, "nothing-given"),
])
def test_code_and_name_together(code: str, name: str, settled: str | None, said: str) -> None:
    verdict = GROUPS.agree(code, name)
    assert verdict.code == settled
    assert (verdict.finding.code if verdict.finding else "") == said
    if verdict.finding:
        expected = Severity.NOTE if settled else Severity.ERROR
        assert verdict.finding.severity is expected


def test_other_numbering_says_both_meanings() -> None:
    verdict = GROUPS.agree("04", "Mường")
    assert verdict.suggestions == ("06", "04")
    assert verdict.finding is not None
    for word in ("2008", "Mường", "Hoa", "06"):
        assert word in verdict.finding.message


def test_unknown_names_get_likely_codes() -> None:
    assert GROUPS.agree("", "Murong").suggestions[0] == "06"
    assert GROUPS.agree("99", "Tày").suggestions == ("02",)
    assert GROUPS.agree("", "zzzzzz").suggestions == ()
    several = GROUPS.agree("", "Mán")
    assert set(several.suggestions) == {"09", "18"}


def test_one_line_can_be_asked_without_preparation() -> None:
    assert agree("04", "Mường", NAMES_1979).finding.code == "code-name-differ"  # type: ignore[union-attr]
    assert agree("04", "Hoa", NAMES_1979).code == "04"


def test_areas_are_called_with_and_without_their_kind() -> None:
    assert bare_name("Tỉnh Bắc Kạn") == "bắc kạn"
    assert bare_name("TP. Hà Nội") == "hà nội"
    assert same_name("Thị trấn Chợ Rã", "CHỢ RÃ")
    assert same_name("Xã Ba Bể", "ba be")
    assert not same_name("Xã Ba Bể", "Xã Ba Vì")
    assert not same_name("", "")
    # A people called Xá is not a commune called Phó.
    assert bare_name("Xá Phó") == "xá phó"
    provinces = Names({"06": "Tỉnh Bắc Kạn", "19": "Tỉnh Thái Nguyên"})
    assert provinces.agree("06", "Bắc Kạn").code == "06"
    assert provinces.agree("6", "bac kan").code == "06"
    assert provinces.agree("19", "Bắc Kạn").suggestions == ("06", "19")


def test_diacritics_decide_between_names_that_differ_only_in_them() -> None:
    names = Names({"1": "Tân Lập", "2": "Tận Lạp"})
    assert names.agree("", "Tận Lạp").code == "2"
    assert names.agree("", "tan lap").finding.code == "several"  # type: ignore[union-attr]


@given(st.sampled_from(sorted(NAMES_1979)), st.sampled_from([str.upper, str.lower, str.title]))
def test_official_names_settle_their_own_code(code: str, spelled: object) -> None:
    name = spelled(NAMES_1979[code])  # type: ignore[operator]
    assert GROUPS.agree(code, name).code == code
    assert GROUPS.agree("", name).code == code
    assert GROUPS.agree(str(int(code)), name).code == code


@given(st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_typed_gets_a_code_or_a_word(code: str, name: str) -> None:
    verdict = GROUPS.agree(code, name)
    assert (verdict.code is not None) or (verdict.finding is not None)
    assert verdict.code is None or verdict.code in NAMES_1979
