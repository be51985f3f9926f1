"""The old kind of Excel, measured before it is laid out."""

import base64
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from nhasan.formats.forms.biff import _packed, biff_for_reader
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
    biff_for_reader(OLD)


def test_one_without_a_book_is_none():
    with pytest.raises(NotAWorkbook):
        biff_for_reader(renamed("Workbook", "Khac"))


def test_programs_and_locks_are_refused():
    with pytest.raises(WorkbookWithMacros):
        biff_for_reader(renamed("\x05SummaryInformation", "_VBA_PROJECT_CUR"))
    with pytest.raises(WorkbookEncrypted):
        biff_for_reader(renamed("\x05SummaryInformation", "EncryptedPackage"))
    with pytest.raises(WorkbookEncrypted):
        biff_for_reader(disk(record(0x809, b"\0" * 16) + record(0x2F, b"\0" * 6)))


def test_two_cells_at_opposite_ends_are_refused_before_a_reader_lays_them_out():
    biff_for_reader(disk(record(0x809, b"\0" * 16) + cell(0, 0) + cell(200, 9)))
    with pytest.raises(WorkbookUnsafe):
        biff_for_reader(disk(record(0x809, b"\0" * 16) + cell(0, 0) + cell(65535, 255)))
    wide = record(0x0BE, struct.pack("<HHHH", 65535, 0, 0, 255))
    with pytest.raises(WorkbookUnsafe):
        biff_for_reader(disk(record(0x809, b"\0" * 16) + wide))


def test_damage_is_told_as_damage():
    for data in (OLD[:300], OLD[:512], disk(b"")[:700]):
        with pytest.raises((WorkbookDamaged, NotAWorkbook)):
            biff_for_reader(data)
    circle = bytearray(disk(cell(0, 0)))
    struct.pack_into("<I", circle, 512 + 4, 1)  # the list of entries follows itself
    with pytest.raises(WorkbookDamaged):
        biff_for_reader(bytes(circle))


# Opens what comes in as base64 with little memory, and says the names of the sheets.
READER = """
import base64, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from nhasan.domain.problems import Problem
from nhasan.formats.forms.own import open_own
try:
    print(len(open_own(base64.b64decode(sys.stdin.read()))))
except Problem as refused:
    print(type(refused).__name__)
"""


def read_apart(data: bytes) -> str:
    """Return what becomes of a file in a process of its own: a reader may take all with it."""
    done = subprocess.run(
        [sys.executable, "-c", READER], input=base64.b64encode(data).decode(), text=True,
        capture_output=True, check=False,
        env={"PYTHONPATH": "src", "NHASAN_SECRET_KEY": "x"}, cwd=Path(__file__).parents[3])
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def claiming(first: int, last: int, left: int, right: int) -> bytes:
    """Return the file with every sheet claiming to reach from here to there."""
    changed, mark = bytearray(OLD), struct.pack("<HH", 0x200, 14)
    at = OLD.find(mark)
    assert at > 0
    while at > 0:
        struct.pack_into("<IIHH", changed, at + 4, first, last, left, right)
        at = OLD.find(mark, at + 4)
    return bytes(changed)


@pytest.mark.parametrize("claim", [
    (0, 0xFFFFFFFF, 0, 0xFF), (5, 2, 9, 1), (0, 65536, 0, 0xFFFF), (0xFFFFFFFF, 1, 0xFF, 1),
])
def test_sizes_that_sheets_claim_are_not_believed(claim: tuple[int, int, int, int]) -> None:
    assert read_apart(claiming(*claim)) == read_apart(OLD)


def test_a_narrow_claim_of_an_older_book_is_blanked_too() -> None:
    claim = record(0x200, struct.pack("<5H", 9, 1, 200, 1, 0))
    given = biff_for_reader(disk(record(0x809, b"\0" * 16) + claim + cell(0, 0)))
    assert claim not in given
    assert record(0x200, bytes(10)) in given


def test_a_sheet_that_begins_among_other_records_is_damage() -> None:
    hidden = record(0x0FC, record(0x809, b"\0" * 16) + cell(65535, 255))
    book = record(0x809, b"\0" * 16)
    listed = record(0x085, struct.pack("<IHBB", len(book) + 12 + 4 + 4, 0, 1, 0) + b"A")
    with pytest.raises(WorkbookDamaged):
        biff_for_reader(disk(book + listed + hidden))


def test_a_reader_sees_nothing_of_the_disk_as_it_came() -> None:
    swollen = bytearray(OLD)
    struct.pack_into("<I", swollen, 44, 0xFFFFFFFF)  # tables of sectors that room is kept for
    struct.pack_into("<I", swollen, 64, 0xFFFFFFFF)
    assert read_apart(bytes(swollen)) == read_apart(OLD)


@pytest.mark.parametrize("many", [1, 900, 1023, 1024, 2500])
def test_a_long_book_is_whole_on_the_new_disk(many: int) -> None:
    with_it = biff_for_reader(biff_for_reader(OLD))
    assert with_it == biff_for_reader(OLD)
    book = record(0x809, b"\0" * 16) + record(0x3C, b"\1" * 4000) * many
    packed = _packed(book)
    assert biff_for_reader(packed) == packed
