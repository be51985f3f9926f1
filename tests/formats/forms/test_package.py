"""Files that are no workbooks, or not safe ones. The corpus is made here, byte by byte."""

import io
import resource
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.problems import Problem
from nhasan.formats.forms import package
from nhasan.formats.forms.package import UPLOAD_LIMIT, opened
from nhasan.formats.forms.refusals import (
    NotAWorkbook,
    WorkbookDamaged,
    WorkbookEncrypted,
    WorkbookTooLarge,
    WorkbookUnsafe,
    WorkbookWithMacros,
)
from nhasan.formats.forms.workbook import annotate, read_form
from tests.formats.forms.material import CONTEXT, LAYOUT, figures, filled, read, repacked, same
from tests.formats.forms.material import workbook as good

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


NOT_WORKBOOKS = {
    "empty": (b"", "rỗng"),
    "xls": (OLE, ".xls"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "csv": ("Dân tộc,Số\nKinh,5\n".encode(), "CSV"),
    "html": (b"<html><table></table></html>", "web"),
    "noise": (bytes(range(256)) * 20, "không nhận ra"),
    "ods": (zipped(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                   ("content.xml", "<x/>")), ".ods"),
    "docx": (zipped(("[Content_Types].xml", ""), ("word/document.xml", "")), "Word"),
    "xlsb": (zipped(("[Content_Types].xml", ""), ("xl/workbook.bin", "")), ".xlsb"),
    "zip": (zipped(("a.txt", "a")), "tệp nén"),
}


@pytest.mark.parametrize("name", NOT_WORKBOOKS)
def test_what_is_no_workbook_is_named(name):
    data, word = NOT_WORKBOOKS[name]
    with pytest.raises(NotAWorkbook, match=r"\.xlsx") as refused:
        read(data)
    assert word in str(refused.value)


def test_an_encrypted_workbook_is_told():
    with pytest.raises(WorkbookEncrypted):
        read(OLE + "EncryptedPackage".encode("utf-16-le"))


def test_a_zip_with_a_password_is_told():
    data = bytearray(good())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(sign, at + 4)
    with pytest.raises(WorkbookEncrypted):
        read(bytes(data))


@pytest.mark.parametrize("name", [
    "xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml",
    "vbaProjectSignature.bin",
])
def test_macros_are_refused(name):
    with pytest.raises(WorkbookWithMacros):
        read(repacked(good(), same, add=[(name, b"x")]))


def test_a_workbook_that_calls_itself_macro_enabled_is_refused():
    def change(name, content):
        return content.replace(
            b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main"
        ) if name == "[Content_Types].xml" else content

    with pytest.raises(WorkbookWithMacros):
        read(repacked(good(), change))


def test_too_many_bytes_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(package.zipfile, "ZipFile", None)
    with pytest.raises(WorkbookTooLarge, match="50 MB") as refused:
        read(b"PK\x03\x04" + bytes(50 * 1024 * 1024))
    assert refused.value.status == 413
    assert UPLOAD_LIMIT < 50 * 1024 * 1024


def bomb():
    return repacked(good(), same, add=[("xl/media/image1.png", bytes(250 * 1024 * 1024))])


def dense_bomb():
    return repacked(good(), same, add=[("xl/media/image1.png", bytes(20 * 1024 * 1024))])


def lying_bomb():
    """Return a package whose directory says 100 bytes where 30 MB come out."""
    data = bytearray(repacked(good(), same, add=[("xl/media/a.xml", b" " * 30_000_000)]))
    at = data.rfind(b"xl/media/a.xml") - 46
    assert data[at:at + 4] == b"PK\x01\x02"
    data[at + 24:at + 28] = (100).to_bytes(4, "little")
    return bytes(data)


def nested():
    return repacked(good(), same, add=[("xl/embeddings/b.bin", zipped(("a", "b")))])


def nested_by_name():
    return repacked(good(), same, add=[("xl/embeddings/b.xlsx", b"x")])


def many_entries():
    return repacked(good(), same, add=[(f"xl/x{n}.xml", b"") for n in range(2500)])


def same_name_twice():
    return repacked(good(), same, add=[("xl/WORKBOOK.xml", b"<x/>")])


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    b'<!ENTITY lol1 "&lol;&lol;&lol;&lol;">]><sst>&lol1;</sst>'
)


def entities():
    return repacked(
        good(), lambda name, content: LAUGHS if name == "xl/sharedStrings.xml" else content)


def hidden_entities():
    wide = LAUGHS.decode().encode("utf-16")
    return repacked(
        good(), lambda name, content: wide if name == "xl/sharedStrings.xml" else content)


def packed_another_way():
    source = zipfile.ZipFile(io.BytesIO(good()))
    return zipped(*((name, source.read(name)) for name in source.namelist()),
                  method=zipfile.ZIP_LZMA)


def misnamed():
    """Return a package with a name that says it is UTF-8 and is not."""
    data = repacked(good(), same, add=[("xl/media/QQQQ.png", b"x")])
    for sign, flags, length in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = data.find(b"xl/media/QQQQ.png") - length
        at = at if data[at:at + 4] == sign else data.rfind(b"xl/media/QQQQ.png") - length
        data = data[:at + flags] + b"\x00\x08" + data[at + flags + 2:]
    return data.replace(b"QQQQ", b"\xff\xfe\xfd\xfc")


@pytest.mark.parametrize("make", [
    packed_another_way, misnamed, bomb, dense_bomb, lying_bomb, nested, nested_by_name,
    many_entries, same_name_twice, entities, hidden_entities,
], ids=lambda make: make.__name__)
def test_what_would_swell_or_hides_something_is_refused(make):
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for act in (read, lambda data: annotate(data, (), {})):
        with pytest.raises((WorkbookUnsafe, WorkbookDamaged)):
            act(data)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 120_000  # kilobytes


@pytest.mark.parametrize("cut", [30, 500, 5000, -200, -30])
def test_a_torn_file_is_damaged(cut):
    with pytest.raises(WorkbookDamaged):
        read(good()[:cut])


@given(st.integers(0, len(good()) - 1), st.binary(min_size=1, max_size=4), st.booleans())
def test_spoiled_bytes_are_a_problem_or_still_read(at, noise, ending):
    data = bytearray(good())
    at = len(data) - 1 - at // 20 if ending else at  # the directory stands at the end
    data[at:at + len(noise)] = noise
    with suppress(Problem):
        read(bytes(data))


@pytest.mark.parametrize("content", [b"\xff\xfe", b'<property name="\xff"><a>\xff</a></property>'])
def test_words_that_are_no_words_are_a_problem_or_still_read(content):
    for part in ("docProps/custom.xml", "xl/_rels/workbook.xml.rels"):
        data = repacked(good(), lambda name, old, part=part: content if name == part else old)
        with suppress(Problem):
            read(data)


@pytest.mark.parametrize("part", [
    "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
    "[Content_Types].xml", "docProps/custom.xml", "xl/_rels/workbook.xml.rels",
])
@pytest.mark.parametrize("content", [b"", b"<", b"<a/>", b"\x00\x01", b"<a>" * 100_000])
def test_a_spoiled_part_is_a_problem_or_still_read(part, content):
    data = repacked(good(), lambda name, old: content if name == part else old)
    with suppress(Problem):
        arrival = read_form(data, LAYOUT, CONTEXT)
        annotate(data, arrival.findings, arrival.places)


def test_coloured_rows_to_the_end_of_the_world_cost_no_memory():
    """A fill dragged to the last line gives a million lines of cells without content."""
    lines = b"".join(
        b'<row r="%d"><c r="A%d" s="1"/><c r="XFD%d" s="1"/></row>' % (n, n, n)
        for n in range(60, 200_000)) + b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'

    def change(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        start = content.index(b"<dimension")
        end = content.index(b"/>", start) + 2
        content = content[:start] + b'<dimension ref="A1:XFD1048576"/>' + content[end:]
        return content.replace(b"</sheetData>", lines + b"</sheetData>")

    data = repacked(good(), change)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    arrival = read(data)
    assert figures(arrival.answers) == figures(filled())
    assert arrival.findings == ()
    openpyxl.load_workbook(io.BytesIO(annotate(data, arrival.findings, arrival.places)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes


def test_two_cells_at_the_corners_cost_no_memory():
    def change(name, content):
        far = b'<row r="1048576"><c r="XFD1048576"><v>5</v></c></row></sheetData>'
        return content.replace(b"</sheetData>", far) if name.endswith("sheet1.xml") else content

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert [each.code for each in read(repacked(good(), change)).findings] == ["cells-astray"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_what_is_looked_through_is_packed_again_for_the_reader():
    looked = opened(repacked(good(), same, add=[("xl/media/image1.png", b"picture")]))
    with zipfile.ZipFile(io.BytesIO(looked.for_reader())) as archive:
        assert "xl/media/image1.png" not in archive.namelist()
    with zipfile.ZipFile(io.BytesIO(looked.for_editor())) as archive:
        assert archive.read("xl/media/image1.png") == b"picture"
