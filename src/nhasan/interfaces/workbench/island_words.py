"""The sentences of the grid in the browser, for readers of another language.

The script speaks Vietnamese by itself; a page in another language hands it the translations.
"""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhasan.domain.checking import BLANK, BLANK_CHOICE, BLANKS, LOST, NO_ROWS
from nhasan.domain.outliers import ASK, WHOSE
from nhasan.domain.outliers import SENTENCES as UNUSUAL
from nhasan.domain.problems import phrase
from nhasan.domain.readings import MESSAGES
from nhasan.domain.rules import NOT_FILLED

SENTENCES = (
    phrase("Giữ số của tôi ({mine})"),
    phrase("Lấy số kia ({theirs})"),
    phrase("Lý do"),
    phrase("và {count} điều nữa, xem trong bảng."),
    phrase("Cả biểu"),
    phrase("Đã có lời giải thích, mời đọc lại."),
    phrase("Lỗi {number}"),
    phrase("Nhắc {number}"),
    phrase("Ghi chú {number}"),
    phrase("Hai người cùng sửa {number}"),
    phrase("Bạn ghi “{mine}”, {by} ghi “{theirs}”. Chọn số đúng."),
    phrase("Lý do trả lại"),
    phrase("Còn {errors} lỗi phải sửa và {unexplained} điều cần giải thích trước khi gửi"),
    phrase("Còn {errors} lỗi phải sửa trước khi gửi"),
    phrase("Còn {unexplained} điều cần giải thích trước khi gửi"),
    phrase("Các điều nhắc đều đã có lời giải thích"),
    phrase("Đã lấy lại {count} ô bạn nhập lần trước mà chưa kịp lưu."),
    phrase("Hoàn tác lần dán {count} ô"),
    phrase("Đã dán {count} ô, {look} ô cần xem lại."),
    phrase("Đã dán {count} ô."),
    phrase("{differ} ô máy tính ra khác số dán vào: xem lại có dán lệch cột không."),
    phrase("{outside} ô thừa ra ngoài bảng, không dán."),
    phrase("Đã hoàn tác lần dán {count} ô."),
    phrase("Dán lại {count} ô"),
    phrase("Đã dán lại {count} ô."),
    phrase("Còn {count} ô hai người cùng sửa, chưa lưu: hãy chọn số đúng."),
    phrase("Đã nhập {done} trên {all} ô."),
    phrase("Đăng nhập lại"),
    phrase("Đang lưu…"),
    phrase("Đã lưu lúc {time}."),
    phrase("{waiting} ô đang giữ trên máy này, sẽ tự gửi khi có mạng."),
    phrase("Số đã nhập vẫn được giữ trên máy này."),
    phrase("{period}: {before}"),
    phrase("{period}: {before}, khác {change}"),
    phrase(", khác"),
    phrase("ghi chú"),
    phrase("{count} tài liệu"),
    phrase(
        "Máy đang không có mạng nên chưa lưu được. Chữ bạn viết vẫn còn ở đây, đừng đóng trang."),
    phrase("Chưa lấy được số kỳ trước: các ô vừa nhập còn chưa lưu xong."),
    phrase("Tệp nặng quá {limit} MB nên không được nhận."),
    phrase("Trước"),
    phrase("Tiếp theo"),
    phrase("Xong bảng này"),
    phrase("Xem cả bảng"),
    phrase("Nhập từng dòng một"),
    phrase("Đã xong {done} trên {all} dòng."),
    phrase("{label}: có chỗ phải xem"),
    phrase("{label}: xong"),
    phrase("{label}: chưa nhập"),
    phrase("{label}: còn {left} ô"),
    phrase("Các dòng cộng"),
    *(sentence for _severity, sentence in MESSAGES.values()),
    ASK,
    BLANK,
    BLANK_CHOICE,
    BLANKS,
    NO_ROWS,
    LOST,
    NOT_FILLED,
    phrase("Dải: khoảng thường thấy. Chấm: các kỳ trước. Hình thoi: số này."),
    phrase("Dải: khoảng thường thấy. Hình thoi: số này."),
    phrase("Hình: số này nằm ngoài khoảng thường thấy"),
    phrase("Xem bằng số"), phrase("Số này"), phrase("Mức thường thấy"),
    phrase("Thường không dưới"), phrase("Thường không quá"),
    *UNUSUAL,
    *WHOSE.values(),
)


def island_words() -> dict[str, str]:
    """Return Vietnamese → the reader's language; nothing when that is Vietnamese."""
    if (get_language() or "vi").startswith("vi"):
        return {}
    return {sentence: _(sentence) for sentence in SENTENCES}
