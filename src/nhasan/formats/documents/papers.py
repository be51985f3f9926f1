"""Papers: a scan or a digitally signed file of a report, known by its first bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PDF, _PNG, _JPEG = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_PACKAGE, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SIGNATURES = {
    ".pdf": _PDF, ".png": _PNG, ".jpg": _JPEG, ".jpeg": _JPEG,
    ".docx": _PACKAGE, ".xlsx": _PACKAGE, ".odt": _PACKAGE, ".ods": _PACKAGE,
    ".doc": _COMPOUND, ".xls": _COMPOUND,
}
"""How the bytes of each kind of file begin, by its extension: a name alone proves nothing."""
# A signature of a PDF names the stretches of the file that it covers (ISO 32000, 12.8).
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*\d+\s+\d+\s+\d+\s+\d+\s*\]")


@dataclass(frozen=True, slots=True)
class Paper:
    """What kind of file it is, and whether a PDF carries a digital signature.

    `signed` says that there is a signature, not that it is valid: that is for the signature
    service of the State to say.
    """

    media_type: str
    extension: str
    signed: bool = False


def paper_of(content: bytes) -> Paper | None:
    """Return what a file is, or nothing when it is neither a PDF nor a picture."""
    if content.startswith(_PDF):
        return Paper("application/pdf", "pdf", _BYTE_RANGE.search(content) is not None)
    if content.startswith(_PNG):
        return Paper("image/png", "png")
    if content.startswith(_JPEG):
        return Paper("image/jpeg", "jpg")
    return None
