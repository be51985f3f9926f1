"""Refusals of an uploaded workbook, each with what to do next."""

from __future__ import annotations

from nhasan.domain.problems import Invalid, phrase


class NotAWorkbook(Invalid):
    """The bytes are something else than an .xlsx workbook."""

    code = "not-a-workbook"
    message = phrase(
        "Tệp này không phải tệp Excel .xlsx ({kind}). Hãy mở bằng Excel hoặc LibreOffice, chọn "
        "“Lưu thành…” kiểu “Excel Workbook (.xlsx)”, rồi nộp lại."
    )


class WorkbookTooLarge(Invalid):
    """The upload is larger than any filled form can be."""

    code = "workbook-too-large"
    status = 413
    message = phrase(
        "Tệp nặng {size} MB, quá giới hạn {limit} MB. Hãy xoá ảnh, trang thừa hoặc tải lại mẫu "
        "rồi chép số liệu sang."
    )


class WorkbookEncrypted(Invalid):
    """The workbook is locked by a password."""

    code = "workbook-encrypted"
    message = phrase(
        "Tệp được đặt mật khẩu mở nên không đọc được. Hãy bỏ mật khẩu (Tệp → Thông tin → Bảo vệ "
        "sổ làm việc) rồi nộp lại."
    )


class WorkbookWithMacros(Invalid):
    """The workbook carries programs."""

    code = "workbook-macros"
    message = phrase(
        "Tệp có chứa macro (chương trình) nên không được nhận. Hãy lưu lại thành kiểu “Excel "
        "Workbook (.xlsx)” không có macro, hoặc chép số liệu sang mẫu tải về từ hệ thống."
    )


class WorkbookUnsafe(Invalid):
    """The file would swell beyond measure when opened, or hides another archive."""

    code = "workbook-unsafe"
    message = phrase(
        "Tệp không an toàn để mở: {reason}. Hãy tải lại mẫu từ hệ thống, chép số liệu sang rồi "
        "nộp lại."
    )


class WorkbookDamaged(Invalid):
    """The file looks like a workbook and cannot be opened as one."""

    code = "workbook-damaged"
    message = phrase(
        "Tệp Excel bị hỏng hoặc tải lên chưa trọn vẹn. Hãy mở lại tệp bằng Excel, lưu lại rồi "
        "nộp lần nữa."
    )


class OtherForm(Invalid):
    """The workbook is another form."""

    code = "workbook-other-form"
    message = phrase(
        "Tệp này là biểu “{found}”, còn việc đang làm cần biểu “{wanted}”. Hãy chọn đúng tệp, "
        "hoặc tải mẫu của việc này."
    )


class OtherVersion(Invalid):
    """The workbook is another version of the form."""

    code = "workbook-other-version"
    message = phrase(
        "Tệp này theo phiên bản {found} của biểu, còn kỳ này dùng phiên bản {wanted}. Hãy tải "
        "mẫu mới của kỳ này rồi chép số liệu sang."
    )


class OtherUnit(Invalid):
    """The workbook was made for another unit."""

    code = "workbook-other-unit"
    message = phrase(
        "Tệp này là của “{found}”, còn việc đang làm là của “{wanted}”. Hãy chọn đúng tệp của "
        "đơn vị."
    )


class OtherPeriod(Invalid):
    """The workbook was made for another period."""

    code = "workbook-other-period"
    message = phrase(
        "Tệp này là của kỳ “{found}”, còn việc đang làm là kỳ “{wanted}”. Hãy chọn đúng tệp của "
        "kỳ này; nếu bạn điền số liệu kỳ này vào mẫu cũ, hãy đánh dấu vào ô “Tệp theo mẫu của kỳ "
        "trước” rồi nộp lại."
    )


class SheetOfOtherUnit(Invalid):
    """The face of a sheet names another unit than the workbook is handed in for."""

    code = "sheet-other-unit"
    message = phrase(
        "Đầu trang “{sheet}” ghi đơn vị báo cáo là “{found}”, còn việc đang làm là của "
        "“{wanted}”. Có thể trang này chép từ tệp của đơn vị khác. Hãy dùng đúng tệp; nếu số liệu "
        "đúng là của “{wanted}”, hãy sửa tên đơn vị ở đầu trang rồi nộp lại."
    )


class SheetOfOtherPeriod(Invalid):
    """The face of a sheet names another period than the workbook is handed in for."""

    code = "sheet-other-period"
    message = phrase(
        "Đầu trang “{sheet}” ghi kỳ “{found}”, còn việc đang làm là kỳ “{wanted}”. Hãy dùng đúng "
        "tệp; nếu bạn điền số liệu kỳ này vào mẫu cũ, hãy đánh dấu vào ô “Tệp theo mẫu của kỳ "
        "trước” rồi nộp lại."
    )
