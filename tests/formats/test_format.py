from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from nhasan.formats import About
from nhasan.formats.format import CONFIDENTIALITY, plain_number


@given(st.integers(-10**20, 10**20), st.integers(0, 6))
def test_a_plain_number_is_exact(value, decimals):
    assert Decimal(plain_number(value, decimals)) == Decimal(value).scaleb(-decimals)


def test_nothing_is_an_empty_text():
    assert plain_number(None, 2) == ""


def test_only_a_confidential_figure_is_confidential():
    assert CONFIDENTIALITY == {"A": "F", "E": "F", "L": "F", "M": "F", "Q": "C"}


def test_a_code_without_a_name_stands_for_itself():
    about = About(labels={"SEX": {"F": "Nữ"}}, names={"SEX": "Giới"})
    assert about.label("SEX", "F") == "Nữ"
    assert about.label("SEX", "M") == "M"
    assert about.label("SEX", "_T") == "Tổng số"
    assert about.dimension_name("SEX") == "Giới"
    assert about.dimension_name("KHAC") == "KHAC"
