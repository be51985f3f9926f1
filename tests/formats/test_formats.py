from nhasan.formats import FORMATS, format_of


def test_ids_and_extensions_name_one_format_each():
    assert len({each.id for each in FORMATS}) == len(FORMATS)
    assert len({each.extension for each in FORMATS}) == len(FORMATS)
    for each in FORMATS:
        assert format_of(each.id) is each
        assert "/" in each.media_type


def test_an_unknown_format_is_nothing():
    assert format_of("docx") is None
