"""Reading is never a guess, and what is shown reads back as the same figure."""

import json
import math
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.forms import Kind
from nhasan.domain.numbers import (
    display,
    notation,
    read_number,
    read_text,
    read_tidy,
    rounded,
    show,
    whole_kind,
)
from nhasan.domain.observations import Figure, Status
from nhasan.domain.validation import Severity

SPEC = json.loads((Path(__file__).parents[1] / "spec" / "numbers.json").read_text("utf-8"))


def kind_of(name: str) -> Kind:
    data = dict(SPEC["kinds"][name])
    data["choices"] = tuple((code, label) for code, label in data.get("choices", ()))
    return Kind(**data)


def unit_of(name: str) -> str:
    return "%" if name == "percent" else ""


@pytest.mark.parametrize("row", SPEC["read"], ids=lambda row: f"{row['kind']}:{row['text']}")
def test_typed_text_is_read_as_the_table_says(row: dict) -> None:
    reading = read_text(row["text"], kind_of(row["kind"]), unit_of(row["kind"]))
    figure, finding = reading.entry.figure, reading.finding
    assert reading.entry.text == row["text"]
    assert (str(figure.value) if figure and figure.value is not None else None) == row["value"]
    assert (figure.status.value if figure else "") == row["status"]
    assert (finding.code if finding else "") == row["code"]
    assert (finding.severity.value if finding else "") == row["severity"]
    assert (finding.message if finding else "") == row["message"]
    tidy = read_tidy(row["text"], kind_of(row["kind"]), unit_of(row["kind"]))
    assert tidy.text == row["tidy"]


@pytest.mark.parametrize(
    "row", SPEC["read_number"], ids=lambda row: f"{row['kind']}:{row['number']}")
def test_numeric_cell_is_read_as_the_table_says(row: dict) -> None:
    reading = read_number(row["number"], kind_of(row["kind"]), unit_of(row["kind"]))
    figure = reading.entry.figure
    assert reading.entry.text == row["text"]
    assert (str(figure.value) if figure and figure.value is not None else None) == row["value"]
    assert (reading.finding.code if reading.finding else "") == row["code"]


@pytest.mark.parametrize("row", SPEC["show"], ids=lambda row: f"{row['kind']}:{row['value']}")
def test_figure_is_shown_as_the_table_says(row: dict) -> None:
    value = None if row["value"] is None else Decimal(row["value"])
    kind = kind_of(row["kind"])
    assert show(Figure(value, Status(row["status"])), kind) == row["shown"]
    assert display(value, kind) == row["displayed"]


KINDS = st.builds(
    Kind,
    name=st.sampled_from(["integer", "decimal"]),
    decimals=st.integers(0, 4),
    minimum=st.just(None),
) | st.sampled_from([kind_of("choice"), kind_of("text")])


@st.composite
def figures(draw: st.DrawFn) -> tuple[Figure, Kind]:
    kind = draw(KINDS.filter(lambda kind: kind.name != "text"))
    status = draw(st.sampled_from(Status))
    if status is not Status.REPORTED:
        return Figure(None, status), kind
    if kind.name == "choice":
        return Figure(Decimal(draw(st.sampled_from(["0", "1"])))), kind
    places = kind.decimals if kind.name == "decimal" else 0
    digits = draw(st.integers(-(10**14), 10**14) | st.integers(-20000, 20000))
    return Figure(Decimal(digits).scaleb(-places)), kind


@given(figures())
def test_what_is_shown_reads_back_as_the_same_figure(case: tuple[Figure, Kind]) -> None:
    figure, kind = case
    again = read_text(show(figure, kind), kind).entry.figure
    assert again == figure


@given(figures())
def test_numeric_cell_keeps_its_figure_when_its_text_is_read_again(
    case: tuple[Figure, Kind],
) -> None:
    figure, kind = case
    if figure.value is None or not kind.numeric or abs(figure.value) > 10**10:
        return
    first = read_number(float(figure.value), kind)
    assert first.entry.figure == figure
    again = read_text(first.entry.text, kind)
    assert again.entry.figure == figure
    assert again.finding is None or again.finding.severity is Severity.NOTE


ODD = st.text(alphabet="0123456789.,- −+()%xc…\u00a0１Xđô#", max_size=12) | st.text(max_size=30)


@given(ODD, KINDS)
def test_nothing_typed_is_lost_and_errors_never_carry_a_figure(text: str, kind: Kind) -> None:
    reading = read_text(text, kind)
    assert reading.entry.text == text
    if reading.finding and reading.finding.severity is Severity.ERROR:
        assert reading.entry.figure is None
    elif text.strip() and kind.name != "text" and reading.entry.figure is None:
        # Only white space of other kinds may be neither figure nor finding.
        assert read_text(text + "1", kind) != reading


@given(ODD, KINDS)
def test_tidying_changes_how_a_number_is_written_and_nothing_else(text: str, kind: Kind) -> None:
    before, entry = read_text(text, kind), read_tidy(text, kind)
    after = read_text(entry.text, kind)
    assert entry.figure == after.entry.figure == before.entry.figure
    assert (after.finding is None) == (before.finding is None)
    assert read_tidy(entry.text, kind) == entry


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_the_short_way_of_digits_reads_as_the_long_one(text: str) -> None:
    long = read_text(text, Kind("integer")).entry.figure
    assert read_tidy(text, Kind("integer")).figure == long


@given(st.text(alphabet="0123456789.,", min_size=1, max_size=10))
def test_a_whole_number_is_never_scaled_in_silence(text: str) -> None:
    """Whatever is accepted without a word has the digits that were typed, in their order."""
    reading = read_text(text, Kind("integer"))
    figure = reading.entry.figure
    if figure is not None and figure.value is not None and reading.finding is None:
        digits = text.replace(".", "").replace(",", "")
        assert figure.value == int(digits)


@given(st.floats(), KINDS)
def test_any_float_is_read_or_refused_without_an_exception(value: float, kind: Kind) -> None:
    reading = read_number(value, kind)
    if not math.isfinite(value):
        assert reading.entry.figure is None


@given(st.floats(min_value=0, max_value=1e9), st.integers(1, 4))
def test_binary_noise_is_cleaned(value: float, places: int) -> None:
    wanted = round(Decimal(value), places)
    noisy = float(wanted) * 3 / 3
    reading = read_number(noisy, Kind("decimal", places))
    assert reading.entry.figure == Figure(wanted.normalize() + 0)


def test_truth_value_in_a_number_cell_is_questioned() -> None:
    reading = read_number(True, Kind("integer"))
    assert reading.finding is not None
    assert reading.finding.code == "not-a-number"
    assert read_number(True, kind_of("choice")).entry.figure == Figure(Decimal(1))


def test_labels_that_look_like_another_code_are_shown_as_codes() -> None:
    kind = Kind("choice", choices=(("1", "2"), ("2", "1"), ("3", "Ba")))
    assert [show(Figure(Decimal(code)), kind) for code in (1, 2, 3)] == ["1", "2", "Ba"]


def test_bounds_are_named_in_vietnamese_notation() -> None:
    kind = Kind("decimal", 1, minimum="10.5", maximum="1000")
    low, high = read_text("3", kind).finding, read_text("2000", kind).finding
    assert low is not None
    assert "10,5" in low.message
    assert high is not None
    assert "1.000" in high.message


def test_notation_rounds_half_up_and_never_writes_minus_zero() -> None:
    assert notation(Decimal("-0.04"), 1) == "0,0"
    assert notation(Decimal("0.25"), 1) == "0,3"
    assert notation(Decimal("-1234567.5")) == "−1.234.567,5"
    assert notation(Decimal("1E+3")) == "1.000"


def test_computed_values_take_the_decimals_of_their_column() -> None:
    assert rounded(Decimal("2.35"), Kind("decimal", 1)) == Decimal("2.4")
    assert rounded(Decimal("2.5"), Kind("integer")) == Decimal(3)
    assert whole_kind(Kind("integer"))
    assert not whole_kind(Kind("decimal", 1))
    assert whole_kind(Kind("decimal", 0))
