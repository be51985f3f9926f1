"""The zip around a workbook, looked through before anything opens it.

A stranger's file is measured first (bytes, entries, declared and real expansion), then the few
parts that hold words and figures are handed on. Readers never see the bytes as they came:
they see a package packed again from what was looked at.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nhasan.domain.problems import phrase
from nhasan.formats.forms.refusals import (
    NotAWorkbook,
    WorkbookDamaged,
    WorkbookEncrypted,
    WorkbookTooLarge,
    WorkbookUnsafe,
    WorkbookWithMacros,
)
from nhasan.formats.forms.sheets import CELL_LIMIT, Sheet, measured

MEGABYTE = 1024 * 1024
UPLOAD_LIMIT = 20 * MEGABYTE
EXPANDED_LIMIT = 80 * MEGABYTE
SHEET_LIMIT = 100
ENTRY_LIMIT = 2_000
RATIO_LIMIT = 250
RATIO_MATTERS_FROM = 4 * MEGABYTE

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_NESTED = re.compile(r"\.(zip|xlsx|xlsm|xlsb|docx|docm|pptx|jar|7z|rar|gz)$", re.IGNORECASE)
_MACROS = re.compile(r"vbaProject\.bin$|(^|/)macrosheets/|vbaProjectSignature", re.IGNORECASE)
_NEEDED = re.compile(
    r"^(\[Content_Types\]\.xml|_rels/\.rels|docProps/custom\.xml|xl/workbook\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/sharedStrings\.xml|xl/styles\.xml|xl/theme/[^/]+\.xml"
    r"|xl/worksheets/[^/]+\.xml)$",
    re.IGNORECASE,
)
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
# How a spreadsheet program packs; other ways come from elsewhere, and fail in other ways.
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError,
    ValueError,
)
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
# No form needs more; what is larger was made to keep a reader busy.
_PART_LIMITS = (
    (re.compile(r"^docProps/|\.rels$|^\[Content_Types\]", re.IGNORECASE), MEGABYTE // 4),
    (re.compile(r"^xl/workbook\.xml$", re.IGNORECASE), MEGABYTE),
    (re.compile(r"^xl/(styles|theme/)", re.IGNORECASE), 8 * MEGABYTE),
    (re.compile(r"^xl/sharedStrings\.xml$", re.IGNORECASE), 10 * MEGABYTE),
)
_OTHER_ZIPS = (
    ("word/document.xml", phrase("đây là tệp Word")),
    ("ppt/presentation.xml", phrase("đây là tệp PowerPoint")),
    ("xl/workbook.bin", phrase("đây là tệp Excel nhị phân .xlsb")),
    ("content.xml", phrase("đây là tệp OpenDocument .ods")),
)


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a workbook that were looked through, by name.

    `others` names what was left closed: pictures, printer settings, drawings. `sheets` tells
    what each sheet holds beyond its values; `strays` gives, per sheet, cells with content too
    far out to be read.
    """

    parts: Mapping[str, bytes]
    sheets: Mapping[str, Sheet]
    strays: Mapping[str, Sequence[str]]
    others: tuple[str, ...]
    original: bytes

    @property
    def linked(self) -> bool:
        """Tell whether the workbook fetches values from other files."""
        return any("externallinks/" in name.lower() for name in self.others)

    def for_reader(self) -> bytes:
        """Return a package of the needed parts alone, not compressed: quick and known in size."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name, part in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name), part)
        return packed.getvalue()

    def for_editor(self) -> bytes:
        """Return the whole workbook with its slimmed sheets, to be changed and given back."""
        packed = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(self.original)) as source,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive,
        ):
            for name, part in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name), part)
            for name in self.others:
                archive.writestr(zipfile.ZipInfo(name), source.read(name))
        return packed.getvalue()


def opened(data: bytes) -> Package:
    """Look through an upload and return its parts, or refuse it with the reason."""
    if len(data) > UPLOAD_LIMIT:
        raise WorkbookTooLarge(
            size=round(len(data) / MEGABYTE), limit=UPLOAD_LIMIT // MEGABYTE
        )
    _refuse_other_kinds(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bad_directory(archive.infolist())
            return _package(archive, data)
    except DAMAGE as error:
        raise WorkbookDamaged from error


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(_ZIP):
        return
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise WorkbookEncrypted
        raise NotAWorkbook(kind=phrase("đây là tệp Excel đời cũ .xls"))
    raise NotAWorkbook(kind=_kind(data))


def _kind(data: bytes) -> str:
    if not data.strip():
        return phrase("tệp rỗng")
    if data.startswith(b"%PDF"):
        return phrase("đây là tệp PDF")
    if data[:200].lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
        return phrase("đây là tệp web hoặc XML")
    if b"\x00" not in data[:4096]:
        return phrase("đây là tệp chữ, có thể là CSV")
    return phrase("không nhận ra kiểu tệp")


def _refuse_bad_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename for entry in entries}
    _refuse_other_zips(names)
    refuse_unsafe_archive(entries)
    if not {"xl/workbook.xml", "[Content_Types].xml"} <= names:
        raise NotAWorkbook(kind=phrase("đây là tệp nén, không phải sổ tính"))


def refuse_unsafe_archive(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that is locked, hides other files or would swell when opened."""
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRY_LIMIT or len({name.lower() for name in names}) != len(names):
        raise WorkbookUnsafe(reason=phrase("tệp nén có quá nhiều mục hoặc có mục trùng tên"))
    if any(entry.flag_bits & 1 for entry in entries):
        raise WorkbookEncrypted
    if any(entry.compress_type not in _PACKED for entry in entries):
        raise WorkbookUnsafe(reason=phrase("tệp được nén theo kiểu lạ"))
    if any(_MACROS.search(name) for name in names):
        raise WorkbookWithMacros
    if any(_NESTED.search(name) for name in names):
        raise WorkbookUnsafe(reason=phrase("bên trong có tệp nén hoặc tệp đính kèm khác"))
    _refuse_swelling(entries)


def _refuse_other_zips(names: set[str]) -> None:
    for member, kind in _OTHER_ZIPS:
        if member in names and "xl/workbook.xml" not in names:
            raise NotAWorkbook(kind=kind)


def _refuse_swelling(entries: list[zipfile.ZipInfo]) -> None:
    too_large = any(
        limit < entry.file_size
        for entry in entries for name, limit in _PART_LIMITS if name.search(entry.filename)
    )
    if (
        too_large
        or sum(entry.file_size for entry in entries) > EXPANDED_LIMIT
        or sum(1 for entry in entries if _SHEET.match(entry.filename)) > SHEET_LIMIT
        or any(map(_swells, entries))
    ):
        raise WorkbookUnsafe(reason=phrase("tệp nén phình quá lớn khi mở"))


def _swells(entry: zipfile.ZipInfo) -> bool:
    return (
        entry.file_size > RATIO_MATTERS_FROM
        and entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1)
    )


def _package(archive: zipfile.ZipFile, data: bytes) -> Package:
    parts: dict[str, bytes] = {}
    sheets: dict[str, Sheet] = {}
    far: dict[str, list[str]] = {}
    others = []
    for entry in archive.infolist():
        # zipfile stops at the declared size and then compares the checksum, so an entry that
        # lies about its size is refused here as damaged, whatever it would have swollen to.
        content = archive.read(entry)
        if content.startswith(_ZIP):
            raise WorkbookUnsafe(reason=phrase("bên trong có tệp nén hoặc tệp đính kèm khác"))
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            refuse_declarations(content)
        if not _NEEDED.match(entry.filename):
            others.append(entry.filename)
        elif _SHEET.match(entry.filename):
            name = entry.filename
            parts[name], sheets[name], far[name] = measured(content)
            if sum(sheet.cells for sheet in sheets.values()) > CELL_LIMIT:
                raise WorkbookUnsafe(reason=phrase("bảng tính có quá nhiều ô"))
        else:
            parts[entry.filename] = content
    if b"macroEnabled" in parts["[Content_Types].xml"]:
        raise WorkbookWithMacros
    return Package(parts, sheets, far, tuple(others), data)


def refuse_declarations(content: bytes) -> None:
    """Refuse XML that declares entities: a few bytes of them may mean gigabytes."""
    if b"\x00" in content[:64] or any(sign in content for sign in _DECLARATIONS):
        raise WorkbookUnsafe(reason=phrase("nội dung XML có khai báo lạ"))
