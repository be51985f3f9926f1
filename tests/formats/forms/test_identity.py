from nhasan.domain.forms import Expansion, Row
from nhasan.formats.forms.grid import grids
from nhasan.formats.forms.identity import identity_from, identity_of, layout_digest
from tests.formats.forms.material import CONTEXT, DEFINITION, LAYOUT, ROWS, VILLAGES

IDENTITY = identity_of(LAYOUT, CONTEXT, grids(LAYOUT))


def test_the_hidden_lines_say_all_of_it():
    assert identity_from(IDENTITY.lines(), {}) == IDENTITY


def test_numbers_that_a_spreadsheet_made_of_ids_are_ids_again():
    lines = [[float(cell) if isinstance(cell, int) else cell for cell in line]
             for line in IDENTITY.lines()]
    assert identity_from(lines, {}) == IDENTITY


def test_the_properties_say_whose_it_is():
    found = identity_from([], IDENTITY.properties())
    assert (found.form, found.version, found.unit, found.period) == ("DT01", "1.0.0", "BK", "2019")
    assert found.tables == {}


def test_a_stranger_has_no_identity():
    assert identity_from([["Họ tên", "Tuổi"], ["A", 5]], {"Author": "x"}) is None


def test_the_map_names_rows_and_columns_where_they_stood():
    place = IDENTITY.tables["dan_so"]
    assert place.rows[13] == "01"
    assert place.columns[2] == "tong"
    assert "~3" not in IDENTITY.tables["thon"].rows.values()


def test_the_digest_follows_the_layout():
    more = DEFINITION.layout(Expansion(
        codes={"DAN_TOC": [*ROWS, Row("13", "Ba-na", "13")]}, open_rows={"thon": VILLAGES}))
    assert layout_digest(more) != layout_digest(LAYOUT)
