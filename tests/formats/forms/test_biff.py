"""The old kind of Excel, measured before it is laid out."""

import struct
from pathlib import Path

import pytest

from nhasan.formats.forms.biff import refuse_unsafe_biff
from nhasan.formats.forms.refusals import (
    NotAWorkbook,
    WorkbookDamaged,
    WorkbookEncrypted,
    WorkbookUnsafe,
    WorkbookWithMacros,
)

OLD = Path(__file__).with_name("own.xls").read_bytes()


def renamed(old: str, new: str) -> bytes:
    """Return the file with the entry of that name called otherwise."""
    before = old.encode("utf-16-le").ljust(64, b"\0")
    assert before in OLD
    at = OLD.index(before)
    name = new.encode("utf-16-le")
    changed = bytearray(OLD)
    changed[at:at + 66] = name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2)
    return bytes(changed)


def disk(book: bytes) -> bytes:
    """Return a disk that holds this book alone, in large sectors."""
    book = book.ljust(4608, b"\0")
    sectors = (len(book) + 511) // 512
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    struct.pack_into("<108I", header, 80, *[0xFFFFFFFF] * 108)
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        return (text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 0)
                + b"\xff" * 12 + b"\0" * 36 + struct.pack("<III", start, size, 0))

    entries = entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry("Workbook", 2, 2, len(book))
    return (bytes(header) + struct.pack("<128I", *table) + entries.ljust(512, b"\0")
            + book.ljust(sectors * 512, b"\0"))


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def cell(line: int, column: int) -> bytes:
    return record(0x203, struct.pack("<HHHd", line, column, 0, 1.0))


def test_a_real_one_passes():
    refuse_unsafe_biff(OLD)


def test_one_without_a_book_is_none():
    with pytest.raises(NotAWorkbook):
        refuse_unsafe_biff(renamed("Workbook", "Khac"))


def test_programs_and_locks_are_refused():
    with pytest.raises(WorkbookWithMacros):
        refuse_unsafe_biff(renamed("\x05SummaryInformation", "_VBA_PROJECT_CUR"))
    with pytest.raises(WorkbookEncrypted):
        refuse_unsafe_biff(renamed("\x05SummaryInformation", "EncryptedPackage"))
    with pytest.raises(WorkbookEncrypted):
        refuse_unsafe_biff(disk(record(0x809, b"\0" * 16) + record(0x2F, b"\0" * 6)))


def test_two_cells_at_opposite_ends_are_refused_before_a_reader_lays_them_out():
    refuse_unsafe_biff(disk(record(0x809, b"\0" * 16) + cell(0, 0) + cell(200, 9)))
    with pytest.raises(WorkbookUnsafe):
        refuse_unsafe_biff(disk(record(0x809, b"\0" * 16) + cell(0, 0) + cell(65535, 255)))
    wide = record(0x0BE, struct.pack("<HHHH", 65535, 0, 0, 255))
    with pytest.raises(WorkbookUnsafe):
        refuse_unsafe_biff(disk(record(0x809, b"\0" * 16) + wide))


def test_damage_is_told_as_damage():
    for data in (OLD[:300], OLD[:512], disk(b"")[:700]):
        with pytest.raises((WorkbookDamaged, NotAWorkbook)):
            refuse_unsafe_biff(data)
    circle = bytearray(disk(cell(0, 0)))
    struct.pack_into("<I", circle, 512 + 4, 1)  # the list of entries follows itself
    with pytest.raises(WorkbookDamaged):
        refuse_unsafe_biff(bytes(circle))
