"""Uploads: a file beyond the limit is let go while it arrives, never kept in memory or on disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _


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


def limit_megabytes() -> int:
    """Return how heavy a workbook may be, in MB."""
    return int(settings.WORKBOOK_LIMIT) // (1024 * 1024)


def too_heavy() -> str:
    """Return what is said of a file beyond the limit."""
    return _(
        "Tệp nặng quá {limit} MB nên không được nhận. Biểu điền đủ chỉ nặng vài MB: hãy xoá "
        "ảnh và trang thừa, hoặc tải lại mẫu rồi chép số liệu sang.").format(
            limit=limit_megabytes())
