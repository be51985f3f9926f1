import pytest

from nhasan.domain.problems import Problem
from nhasan.formats.forms import refusals

CLASSES = [
    each for each in vars(refusals).values()
    if isinstance(each, type) and issubclass(each, Problem)
    and each.__module__ == refusals.__name__
]


@pytest.mark.parametrize("problem", CLASSES, ids=lambda each: each.code)
def test_every_refusal_says_what_to_do_next(problem):
    said = str(problem(kind="k", size=1, limit=2, reason="r", found="f", wanted="w", sheet="s"))
    assert "?" not in said
    assert "Hãy" in said
    assert 400 <= problem.status < 500


def test_codes_are_distinct():
    assert len({each.code for each in CLASSES}) == len(CLASSES)
