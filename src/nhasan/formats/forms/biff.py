"""An Excel workbook of the old kind (.xls), measured before anything lays it out.

Such a file is a small disk with a table of sectors. A reader that lays a sheet out as a
rectangle needs room for millions of cells when two cells stand at opposite ends, so the
records are walked first: where cells stand, whether a password locks them, whether programs
travel along. The reader never sees the disk as it came: it gets a new one that holds the
measured book alone, without the sizes that a sheet claims to have (room is kept for them).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from nhasan.domain.problems import phrase
from nhasan.formats.forms.refusals import (
    NotAWorkbook,
    WorkbookDamaged,
    WorkbookEncrypted,
    WorkbookUnsafe,
    WorkbookWithMacros,
)
from nhasan.formats.forms.sheets import CELL_LIMIT, DENSE_LIMIT

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFA  # this number and those above it name no sector
_ENTRY = 128
_MOST_ENTRIES = 2_000
_BOF, _FILEPASS = (0x009, 0x209, 0x409, 0x809), 0x02F
# Records of one cell each; those of several cells in a line name the last column at their end
_ONE_CELL = (0x006, 0x203, 0x204, 0x205, 0x27E, 0x0FD, 0x201, 0x0D6, 0x206, 0x406)
_SEVERAL_CELLS = (0x0BD, 0x0BE)
_SHEET, _DIMENSIONS = 0x085, 0x200
_SECTOR, _PER_SECTOR = 4096, 1024  # of the new disk: bytes, and numbers of sectors in one
_TABLE, _END, _NONE = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Stream:
    name: str
    start: int
    size: int


def biff_for_reader(data: bytes) -> bytes:
    """Return an old Excel file as a reader may have it.

    One that is locked, carries programs, or would swell when opened is refused.
    """
    try:
        disk = _Disk(data)
        streams = {each.name: each for each in disk.streams()}
        if "EncryptedPackage" in streams:
            raise WorkbookEncrypted
        if any(name.startswith(("_VBA_PROJECT", "VBA")) for name in streams):
            raise WorkbookWithMacros
        book = streams.get("Workbook") or streams.get("Book")
        if book is None:
            raise NotAWorkbook(kind=phrase("không nhận ra kiểu tệp"))
        content = disk.content(book)
        _refuse_swelling(content)
        return _packed(_without_sizes(content))
    except (struct.error, IndexError) as error:
        raise WorkbookDamaged from error


class _Disk:
    """The sectors of the file, and which follows which."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise WorkbookDamaged
        self._size = 1 << shift
        (self._root_at,) = struct.unpack_from("<I", data, 48)
        (self._cutoff,) = struct.unpack_from("<I", data, 56)
        (self._minis_at,) = struct.unpack_from("<I", data, 60)
        self._most = len(data) // self._size + 2
        self._next = self._table()
        self._small = self._root = b""

    def _table(self) -> list[int]:
        """Return, for each sector, which one follows it."""
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        more, count = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(count, self._most)):
            if more >= _FREE:
                break
            part = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            numbers += part[:-1]
            more = part[-1]
        found: list[int] = []
        for number in numbers[:self._most]:
            if number < _FREE:
                found += struct.unpack(f"<{self._size // 4}I", self._sector(number))
        return found

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        part = self._data[at:at + self._size]
        return part if len(part) == self._size else part.ljust(self._size, b"\0")

    def _chain(self, start: int) -> bytes:
        parts: list[bytes] = []
        while start < _FREE:
            if len(parts) > self._most:  # it bites its own tail
                raise WorkbookDamaged
            parts.append(self._sector(start))
            start = self._next[start]
        return b"".join(parts)

    def streams(self) -> Iterator[_Stream]:
        """Yield the streams; the first is the root, which holds the small ones."""
        entries = self._chain(self._root_at)
        for at in range(0, min(len(entries), _MOST_ENTRIES * _ENTRY), _ENTRY):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            if not kind:
                continue
            name = entries[at:at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", entries, at + 116)
            if kind == 5:
                self._root = self._chain(start) if start < _FREE else b""
            yield _Stream(name, start, size)

    def content(self, stream: _Stream) -> bytes:
        """Return the bytes of a stream."""
        if stream.size >= self._cutoff:
            return self._chain(stream.start)[:stream.size]
        table = self._chain(self._minis_at)
        following = struct.unpack(f"<{len(table) // 4}I", table)
        parts: list[bytes] = []
        start = stream.start
        while start < _FREE and len(parts) <= len(following):
            parts.append(self._root[start * 64:start * 64 + 64])
            start = following[start]
        return b"".join(parts)[:stream.size]


def _refuse_swelling(book: bytes) -> None:
    """Walk the records; each sheet's cells must fit into a rectangle that there is room for."""
    cells = total = lines = columns = 0
    for kind, line, column in _cells(book):
        if kind in _BOF:
            total += lines * columns
            lines = columns = 0
            continue
        cells += 1
        lines, columns = max(lines, line + 1), max(columns, column + 1)
        if cells > CELL_LIMIT or total + lines * columns > DENSE_LIMIT:
            raise WorkbookUnsafe(reason=phrase("bảng tính trải quá rộng"))


def _records(book: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place of the body and length of each record."""
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, at + 4, length
        at += 4 + length


def _without_sizes(book: bytes) -> bytes:
    """Return the book with every claimed size of a sheet blanked: they only reserve room.

    A sheet begins where its record of the list says; one that begins elsewhere than at a start
    that was walked over would be read from records nobody has measured.
    """
    calm = bytearray(book)
    starts, named = set(), set()
    for kind, body, length in _records(book):
        if kind in _BOF:
            starts.add(body - 4)
        elif kind == _SHEET:
            named.add(struct.unpack_from("<I", book, body)[0])
        elif kind == _DIMENSIONS:
            calm[body:body + length] = bytes(len(calm[body:body + length]))
    if not named <= starts:
        raise WorkbookDamaged
    return bytes(calm)


def _packed(book: bytes) -> bytes:
    """Return a disk with this book alone, its sectors in order."""
    book = book.ljust(_SECTOR, b"\0")
    size, lasting = len(book), -(-len(book) // _SECTOR)
    tables = -(-(lasting + 1) // (_PER_SECTOR - 1))
    following = [_TABLE] * tables + [_END, *range(tables + 2, tables + 1 + lasting), _END]
    following += [_NONE] * (tables * _PER_SECTOR - len(following))
    head = OLE + bytes(16) + struct.pack("<5H", 0x3E, 4, 0xFFFE, 12, 6) + bytes(6)
    head += struct.pack("<9I", 1, tables, tables, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", *range(tables), *[_NONE] * (109 - tables))
    entries = _entry("Root Entry", 5, 1, 0, 0) + _entry("Workbook", 2, _NONE, tables + 1, size)
    return b"".join((
        head.ljust(_SECTOR, b"\0"), struct.pack(f"<{len(following)}I", *following),
        entries.ljust(_SECTOR, b"\0"), book.ljust(lasting * _SECTOR, b"\0"),
    ))


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return (
        text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text) + 2, kind, 1, _NONE, _NONE, child)
        + bytes(36) + struct.pack("<IQ", start, size))


def _cells(book: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield kind, line and last column of each record of cells, and each start of a part."""
    for kind, body, length in _records(book):
        if kind == _FILEPASS:
            raise WorkbookEncrypted
        if kind in _BOF:
            yield kind, 0, 0
        elif kind in _ONE_CELL and length >= 4:
            line, column = struct.unpack_from("<HH", book, body)
            yield kind, line, column
        elif kind in _SEVERAL_CELLS and length >= 6:
            (line,) = struct.unpack_from("<H", book, body)
            (column,) = struct.unpack_from("<H", book, body + length - 2)
            yield kind, line, column
