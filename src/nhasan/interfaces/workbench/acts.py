"""What the acts in the audit trail are called when people read them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from nhasan.domain.problems import phrase

ACTS = {
    "account.activate": phrase("mở lại tài khoản"),
    "account.change_password": phrase("đổi mật khẩu"),
    "account.reset_password": phrase("cấp lại mật khẩu"),
    "account.deactivate": phrase("khoá tài khoản"),
    "account.open": phrase("lập tài khoản"),
    "account.open_with_role": phrase("cấp tài khoản cho người dùng"),
    "account.move": phrase("chuyển người sang đơn vị khác"),
    "account.open_list": phrase("lập tài khoản theo danh sách"),
    "account.set_mail": phrase("đổi cách nhận thư nhắc việc"),
    "account.sign_in": phrase("đăng nhập"),
    "area.enact": phrase("ghi biến động địa giới"),
    "area.give_jurisdiction": phrase("giao địa bàn phụ trách"),
    "area.register": phrase("ghi đơn vị hành chính"),
    "artefact.put_in_force": phrase("đưa vào áp dụng"),
    "artefact.retire": phrase("thôi áp dụng"),
    "assignment.give": phrase("giao báo cáo"),
    "batch.ingest": phrase("nạp số liệu đã duyệt"),
    "batch.withdraw": phrase("rút số liệu của báo cáo mở lại"),
    "calendar.announce": phrase("báo lịch công bố"),
    "code_list.draft": phrase("soạn danh mục mã"),
    "correspondence.draft": phrase("soạn bảng đối chiếu"),
    "dataflow.draft": phrase("soạn luồng dữ liệu"),
    "draft.explain": phrase("giải thích cảnh báo"),
    "draft.name_rows": phrase("ghi tên dòng của biểu"),
    "draft.save": phrase("lưu số liệu đang nhập"),
    "draft.undo": phrase("lấy lại số trước khi lưu"),
    "form.draft": phrase("soạn biểu mẫu"),
    "form.publish": phrase("ban hành biểu mẫu"),
    "indicator.drop": phrase("bỏ chỉ tiêu khỏi bản thảo"),
    "indicator.put": phrase("ghi chỉ tiêu vào bản thảo"),
    "indicator_set.amend": phrase("soạn bản sửa đổi bộ chỉ tiêu"),
    "indicator_set.describe": phrase("ghi căn cứ của bộ chỉ tiêu"),
    "indicator_set.discard": phrase("bỏ bản thảo bộ chỉ tiêu"),
    "indicator_set.draft": phrase("soạn bộ chỉ tiêu"),
    "indicator_set.replace": phrase("nhập bộ chỉ tiêu từ tệp"),
    "mail.try_again": phrase("gửi lại thư nhắc việc"),
    "plan.decide": phrase("quyết định cách tổng hợp"),
    "policy.decide": phrase("quyết định cách bảo mật"),
    "record.issue": phrase("ban hành mục ghi danh mục"),
    "record.propose": phrase("đề xuất mục ghi danh mục"),
    "record.withdraw": phrase("rút mục ghi danh mục"),
    "release.approve": phrase("phê duyệt bản công bố"),
    "release.decide_gone": phrase("nói rõ mã không còn"),
    "release.discard": phrase("bỏ bản thảo công bố"),
    "release.draft": phrase("lập bản công bố"),
    "release.publish": phrase("công bố"),
    "release.recall": phrase("rút lại phê duyệt bản công bố"),
    "release.withdraw": phrase("thu hồi bản công bố"),
    "role.assign": phrase("giao vai trò"),
    "role.end": phrase("thôi vai trò"),
    "round.ask": phrase("mở kỳ và giao báo cáo"),
    "round.close": phrase("khoá kỳ báo cáo"),
    "round.open": phrase("mở kỳ báo cáo"),
    "round.open_again": phrase("mở lại kỳ báo cáo"),
    "run.fail": phrase("ghi lượt tổng hợp không xong"),
    "run.finish": phrase("ghi lượt tổng hợp đã xong"),
    "run.request": phrase("yêu cầu tổng hợp"),
    "run.request_again": phrase("yêu cầu tổng hợp lại"),
    "run.start": phrase("bắt đầu tổng hợp"),
    "submission.approve": phrase("duyệt báo cáo"),
    "submission.approve_many": phrase("duyệt nhiều báo cáo"),
    "submission.reopen": phrase("mở lại báo cáo đã duyệt"),
    "submission.send_back": phrase("trả lại báo cáo"),
    "submission.submit": phrase("gửi báo cáo"),
    "submission.withdraw": phrase("rút lại báo cáo đã gửi"),
    "unit.close": phrase("đóng đơn vị"),
    "unit.hand_over_people": phrase("chuyển người của đơn vị đã đóng sang đơn vị kế thừa"),
    "unit.set_contact": phrase("ghi liên hệ của đơn vị"),
    "unit.open": phrase("lập đơn vị"),
    "workbook.bring": phrase("tải bảng tính riêng lên"),
    "workbook.map": phrase("ghi số từ bảng tính riêng"),
    "workbook.receive": phrase("tải tệp báo cáo lên"),
    "workbook.receive_bundle": phrase("tải tệp nhiều biểu lên"),
}
"""Every operation by its name; a test holds this against the operations there are."""


def act_words(action: str) -> str:
    """Return the words of an act."""
    return _(ACTS[action]) if action in ACTS else action


def known_acts(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return acts with their words, in the order of the words."""
    return sorted(((name, act_words(name)) for name in names), key=lambda each: each[1])
