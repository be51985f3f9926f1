"""A refusal has a code for machines and a sentence for people."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from nhasan.domain.problems import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    WrongState,
    phrase,
)


def _kinds(kind: type[Problem]) -> Iterator[type[Problem]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith("nhasan."):
            yield below
            yield from _kinds(below)


def test_marking_a_sentence_does_not_change_it() -> None:
    assert phrase("Không tìm thấy {gì}.") == "Không tìm thấy {gì}."


def test_the_sentence_is_filled_with_the_facts() -> None:
    refused = WrongState(action="duyệt", state="đã trả lại")
    assert str(refused) == "Không thể “duyệt” khi đang ở trạng thái “đã trả lại”."
    assert refused.facts == {"action": "duyệt", "state": "đã trả lại"}


def test_a_forgotten_fact_does_not_hide_the_refusal_behind_a_crash() -> None:
    assert str(WrongState(action="duyệt")) == "Không thể “duyệt” khi đang ở trạng thái “?”."


def test_a_fact_that_looks_like_a_hole_is_not_filled_again() -> None:
    assert str(Invalid(reason="{reason} {0} %s")) == "Dữ liệu chưa đúng: {reason} {0} %s"


@pytest.mark.parametrize(
    ("kind", "status"),
    [(NotFound, 404), (Forbidden, 403), (Conflict, 409), (WrongState, 409), (Invalid, 422)],
)
def test_each_kind_says_what_answer_it_becomes(kind: type[Problem], status: int) -> None:
    assert kind.status == status


def test_codes_are_stable_words_and_never_shared() -> None:
    kinds = list(_kinds(Problem))
    codes = Counter(kind.code for kind in kinds)
    assert kinds
    assert [code for code, count in codes.items() if count > 1] == []
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_every_sentence_is_a_sentence() -> None:
    for kind in _kinds(Problem):
        assert kind.message[0].isupper(), kind.code
        assert kind.message.rstrip()[-1] in ".}?”", kind.code
