"""A text is taken apart into the sentence it was made from."""

from __future__ import annotations

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain import checking, matching, outliers, readings
from nhasan.domain.sentences import Sentences
from nhasan.domain.words import Words

TEMPLATES = (
    *(sentence for _severity, sentence in readings.MESSAGES.values()),
    *(sentence for _severity, sentence in matching.MESSAGES.values()),
    checking.DIFFERS, outliers.CHANGED, checking.LOST, checking.BLANKS, checking.BLANK,
)
KNOWN = Sentences(TEMPLATES)
FACTS = st.text("0123456789.,−x “”kỳ", min_size=1, max_size=12).map(str.strip).filter(bool)


def names(template: str) -> list[str]:
    """Return the holes of a sentence."""
    return [name for _, name, _, _ in Formatter().parse(template) if name]


@given(st.sampled_from(TEMPLATES), st.data())
def test_a_sentence_is_found_again_whatever_fills_it(template: str, data: st.DataObject) -> None:
    facts = {name: data.draw(FACTS) for name in names(template)}
    found = KNOWN.words_of(template.format(**facts))
    assert found is not None
    assert str(found) == template.format(**facts)


@given(st.sampled_from(TEMPLATES))
def test_plain_facts_come_back_to_their_holes(template: str) -> None:
    facts = {name: str(100 + n) for n, name in enumerate(dict.fromkeys(names(template)))}
    found = KNOWN.words_of(template.format(**facts))
    assert found == Words(template, facts)


@pytest.mark.parametrize(
    ("text", "template", "facts"),
    [
        ("Còn 3 ô trống.", "Còn {count} ô trống.", {"count": "3"}),
        ("“Bó Lù” lạ.", "“{name}” lạ. {hint}", {"name": "Bó Lù", "hint": ""}),
        ("“A” lạ. Hãy sửa.", "“{name}” lạ. {hint} Hãy sửa.", {"name": "A", "hint": ""}),
        ("1 là 1.", "{x} là {x}.", {"x": "1"}),
    ],
)
def test_holes_may_be_empty_or_come_twice(text: str, template: str, facts: dict[str, str]) -> None:
    assert Sentences([template]).words_of(text) == Words(template, facts)


def test_what_no_sentence_made_stays_unknown() -> None:
    assert Sentences(["{x} là {x}."]).words_of("1 là 2.") is None
    assert Sentences(["Còn {count} ô."]).words_of("Còn ô nào đâu") is None
    assert Sentences([]).words_of("") is None


def test_a_fact_that_is_a_sentence_comes_back_as_one() -> None:
    known = Sentences(["“{name}” lạ. {hint}", "Có phải {suggestions}?"])
    found = known.words_of("“Tai” lạ. Có phải Tày hay Thái?")
    assert found is not None
    english = {"“{name}” lạ. {hint}": "“{name}” is unknown. {hint}",
               "Có phải {suggestions}?": "Did you mean {suggestions}?"}
    assert found.said(english.__getitem__) == (
        "“Tai” is unknown. Did you mean Tày hay Thái?")


def test_the_sentence_that_says_most_wins() -> None:
    known = Sentences(["Ô ghi {text}.", "Ô ghi {text}. Hãy sửa."])
    found = known.words_of("Ô ghi 5. Hãy sửa.")
    assert found == Words("Ô ghi {text}. Hãy sửa.", {"text": "5"})
