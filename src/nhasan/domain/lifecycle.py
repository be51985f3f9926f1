"""Lives: one transition table for each thing that is approved.

`(state, action) -> state`. Operations call `.after(...)`; nobody compares states by hand.
Each table also says, in words, what a state means and who is waited for in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nhasan.domain.access import Permission
from nhasan.domain.problems import WrongState, phrase


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A transition table with the words for its states and actions."""

    name: str
    initial: str
    states: Mapping[str, str]
    transitions: Mapping[tuple[str, str], str]
    actions: Mapping[str, str]
    permissions: Mapping[str, Permission]
    waits_for: Mapping[str, str]

    def after(self, state: str, action: str) -> str:
        """Return the state that follows, or refuse in words."""
        following = self.transitions.get((state, action))
        if following is None:
            raise WrongState(
                action=self.actions.get(action, action), state=self.states.get(state, state),
            )
        return following

    def allows(self, state: str, action: str) -> bool:
        """Tell whether the action is possible in the state."""
        return (state, action) in self.transitions


ARTEFACT = Lifecycle(
    name="artefact", initial="draft",
    states={
        "draft": phrase("bản thảo"), "in_force": phrase("đang áp dụng"),
        "retired": phrase("hết áp dụng"),
    },
    transitions={
        ("draft", "edit"): "draft",
        ("draft", "put_in_force"): "in_force",
        ("in_force", "retire"): "retired",
    },
    actions={
        "edit": phrase("sửa"), "put_in_force": phrase("đưa vào áp dụng"),
        "retire": phrase("thôi áp dụng"),
    },
    permissions={
        "edit": Permission.MANAGE, "put_in_force": Permission.MANAGE,
        "retire": Permission.MANAGE,
    },
    waits_for={
        "draft": phrase("người quản lý chỉ tiêu"), "in_force": "", "retired": "",
    },
)

ASSIGNMENT = Lifecycle(
    name="assignment", initial="not_started",
    states={
        "not_started": phrase("chưa nhập"), "in_progress": phrase("đang nhập"),
        "submitted": phrase("đã gửi"), "returned": phrase("bị trả lại"),
        "approved": phrase("đã duyệt"), "taken_back": phrase("đã thu hồi"),
    },
    transitions={
        ("not_started", "enter"): "in_progress",
        ("in_progress", "enter"): "in_progress",
        ("returned", "enter"): "returned",
        ("in_progress", "submit"): "submitted",
        ("returned", "submit"): "submitted",
        ("submitted", "pass_on"): "submitted",
        ("submitted", "approve"): "approved",
        ("submitted", "send_back"): "returned",
        ("submitted", "withdraw"): "in_progress",
        ("submitted", "withdraw_mended"): "returned",
        ("approved", "reopen"): "returned",
        ("not_started", "take_back"): "taken_back",
        ("in_progress", "take_back"): "taken_back",
        ("returned", "take_back"): "taken_back",
        ("taken_back", "give_again"): "in_progress",
    },
    actions={
        "take_back": phrase("thu hồi"), "give_again": phrase("giao lại"),
        "enter": phrase("nhập số liệu"), "submit": phrase("gửi báo cáo"),
        "pass_on": phrase("duyệt và chuyển tiếp"),
        "approve": phrase("duyệt"), "send_back": phrase("trả lại"),
        "withdraw": phrase("rút lại"), "withdraw_mended": phrase("rút lại bản đã sửa"),
        "reopen": phrase("mở lại"),
    },
    permissions={
        "enter": Permission.ENTER, "submit": Permission.ENTER, "approve": Permission.REVIEW,
        "pass_on": Permission.REVIEW,
        "send_back": Permission.REVIEW, "reopen": Permission.REVIEW,
        "withdraw": Permission.ENTER, "withdraw_mended": Permission.ENTER,
        "take_back": Permission.MANAGE, "give_again": Permission.MANAGE,
    },
    waits_for={
        "not_started": phrase("đơn vị báo cáo"), "in_progress": phrase("đơn vị báo cáo"),
        "submitted": phrase("đơn vị nhận báo cáo"), "returned": phrase("đơn vị báo cáo"),
        "approved": "", "taken_back": "",
    },
)

EXTENSION = Lifecycle(
    name="extension", initial="asked",
    states={
        "asked": phrase("đang chờ trả lời"), "granted": phrase("được gia hạn"),
        "refused": phrase("không được gia hạn"), "withdrawn": phrase("đã rút lại"),
    },
    transitions={
        ("asked", "grant"): "granted", ("asked", "refuse"): "refused",
        ("asked", "withdraw"): "withdrawn",
    },
    actions={
        "grant": phrase("cho gia hạn"), "refuse": phrase("không cho gia hạn"),
        "withdraw": phrase("rút lại"),
    },
    permissions={
        "grant": Permission.REVIEW, "refuse": Permission.REVIEW, "withdraw": Permission.ENTER,
    },
    waits_for={
        "asked": phrase("đơn vị nhận báo cáo"), "granted": "", "refused": "", "withdrawn": "",
    },
)

SUBMISSION = Lifecycle(
    name="submission", initial="submitted",
    states={
        "submitted": phrase("chờ duyệt"), "approved": phrase("đã duyệt"),
        "returned": phrase("đã trả lại"), "reopened": phrase("đã mở lại"),
        "withdrawn": phrase("đã rút lại"),
    },
    transitions={
        ("submitted", "pass_on"): "submitted",
        ("submitted", "approve"): "approved",
        ("submitted", "send_back"): "returned",
        ("submitted", "withdraw"): "withdrawn",
        ("approved", "reopen"): "reopened",
    },
    actions={
        "pass_on": phrase("duyệt và chuyển tiếp"),
        "approve": phrase("duyệt"), "send_back": phrase("trả lại"), "reopen": phrase("mở lại"),
        "withdraw": phrase("rút lại"),
    },
    permissions={
        "pass_on": Permission.REVIEW,
        "approve": Permission.REVIEW, "send_back": Permission.REVIEW,
        "reopen": Permission.REVIEW, "withdraw": Permission.ENTER,
    },
    waits_for={
        "submitted": phrase("đơn vị nhận báo cáo"), "approved": "", "returned": "",
        "reopened": "", "withdrawn": "",
    },
)

RECORD = Lifecycle(
    name="record", initial="proposed",
    states={
        "proposed": phrase("đề xuất"), "issued": phrase("đã ban hành"),
        "withdrawn": phrase("đã rút"),
    },
    transitions={("proposed", "issue"): "issued", ("issued", "withdraw"): "withdrawn"},
    actions={"issue": phrase("ban hành"), "withdraw": phrase("rút khỏi danh mục")},
    permissions={"issue": Permission.MANAGE, "withdraw": Permission.MANAGE},
    waits_for={"proposed": phrase("cơ quan chủ trì"), "issued": "", "withdrawn": ""},
)

ROUND = Lifecycle(
    name="round", initial="open",
    states={"open": phrase("đang mở"), "closed": phrase("đã khoá")},
    transitions={("open", "close"): "closed", ("closed", "open_again"): "open"},
    actions={"close": phrase("khoá kỳ"), "open_again": phrase("mở lại kỳ")},
    permissions={"close": Permission.MANAGE, "open_again": Permission.MANAGE},
    waits_for={"open": phrase("đơn vị báo cáo"), "closed": ""},
)

RUN = Lifecycle(
    name="run", initial="requested",
    states={
        "requested": phrase("chờ chạy"), "running": phrase("đang chạy"),
        "done": phrase("xong"), "failed": phrase("không xong"),
    },
    transitions={
        ("requested", "start"): "running", ("running", "start"): "running",
        ("running", "finish"): "done", ("running", "fail"): "failed",
        ("failed", "request"): "requested",
    },
    actions={
        "start": phrase("chạy"), "finish": phrase("hoàn thành"), "fail": phrase("báo hỏng"),
        "request": phrase("chạy lại"),
    },
    permissions={"request": Permission.PUBLISH},
    waits_for={"requested": phrase("hệ thống"), "running": phrase("hệ thống"), "done": "",
               "failed": phrase("người công bố")},
)

REORGANISATION = Lifecycle(
    name="reorganisation", initial="draft",
    states={
        "draft": phrase("bản thảo"), "decided": phrase("đã chốt, chờ đến ngày"),
        "enacted": phrase("đã thực hiện"), "discarded": phrase("đã bỏ"),
    },
    transitions={
        ("draft", "edit"): "draft", ("draft", "decide"): "decided",
        ("draft", "discard"): "discarded", ("decided", "recall"): "draft",
        ("decided", "enact"): "enacted",
    },
    actions={
        "edit": phrase("sửa"), "decide": phrase("chốt"), "discard": phrase("bỏ"),
        "recall": phrase("rút lại để sửa"), "enact": phrase("thực hiện"),
    },
    permissions={
        "edit": Permission.MANAGE, "decide": Permission.MANAGE, "discard": Permission.MANAGE,
        "recall": Permission.MANAGE,
    },
    waits_for={
        "draft": phrase("người quản lý bản đồ"), "decided": phrase("đến ngày có hiệu lực"),
        "enacted": "", "discarded": "",
    },
)

RELEASE = Lifecycle(
    name="release", initial="draft",
    states={
        "draft": phrase("bản thảo"), "approved": phrase("đã phê duyệt, chờ công bố"),
        "published": phrase("đã công bố"), "withdrawn": phrase("đã thu hồi"),
    },
    transitions={
        ("draft", "approve"): "approved", ("approved", "publish"): "published",
        ("approved", "recall"): "draft", ("published", "withdraw"): "withdrawn",
    },
    actions={
        "approve": phrase("phê duyệt"), "publish": phrase("công bố"),
        "recall": phrase("rút lại phê duyệt"), "withdraw": phrase("thu hồi"),
    },
    permissions={
        "approve": Permission.PUBLISH, "recall": Permission.PUBLISH,
        "withdraw": Permission.PUBLISH,
    },
    waits_for={
        "draft": phrase("người phê duyệt công bố"), "approved": phrase("đến giờ công bố"),
        "published": "", "withdrawn": "",
    },
)

MAIL = Lifecycle(
    name="mail", initial="waiting",
    states={
        "waiting": phrase("chờ gửi"), "sending": phrase("đang gửi"), "sent": phrase("đã gửi"),
        "failed": phrase("không gửi được"), "kept": phrase("giữ lại, không gửi ra ngoài"),
    },
    transitions={
        ("waiting", "send"): "sending", ("sending", "send"): "sending",
        ("sending", "succeed"): "sent", ("sending", "put_off"): "waiting",
        ("sending", "give_up"): "failed", ("waiting", "keep"): "kept",
        ("failed", "try_again"): "waiting",
    },
    actions={
        "send": phrase("gửi thư"), "succeed": phrase("ghi thư đã gửi"),
        "put_off": phrase("để gửi lại sau"), "give_up": phrase("thôi gửi"),
        "keep": phrase("giữ thư lại"), "try_again": phrase("gửi lại thư"),
    },
    permissions={"try_again": Permission.ADMINISTER},
    waits_for={
        "waiting": phrase("hệ thống"), "sending": phrase("hệ thống"), "sent": "",
        "failed": phrase("người quản trị"), "kept": "",
    },
)

LIFECYCLES = (
    ARTEFACT, ASSIGNMENT, EXTENSION, SUBMISSION, RECORD, ROUND, RUN, RELEASE,
    REORGANISATION, MAIL,
)
