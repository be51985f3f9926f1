"""Uploads: a file beyond the limit is let go while it arrives, never kept in memory or on disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class WithinLimit(FileUploadHandler):
    """Stop keeping a file as soon as it is larger than any workbook may be."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a chunk on, or drop the file; the other fields of the page are kept."""
        if start + len(raw_data) > settings.WORKBOOK_LIMIT:
            self.request.upload_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """Leave the keeping to the handlers that follow."""
        return None


def too_large(request: HttpRequest) -> bool:
    """Tell whether a file of this request was let go for its size."""
    return bool(request.POST) and getattr(request, "upload_too_large", False)
