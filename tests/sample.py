"""A small form for tests that know no database; everything in it is made up."""

from __future__ import annotations

from typing import Any

FORM: dict[str, Any] = {
    "id": "THU-HO-NGHEO", "version": "1.0.0", "code": "Biểu 01/THU",
    "title": "Hộ nghèo theo dân tộc", "legal_basis": "Thông tư thử", "frequency": "A",
    "reporting_unit": "UBND xã", "receiving_unit": "Sở Dân tộc và Tôn giáo",
    "deadline": "28/11", "provenance": "số liệu minh hoạ", "illustrative": True,
    "tables": [
        {
            "id": "ho", "title": "Hộ nghèo theo dân tộc", "unit": "hộ",
            "row_header": "Dân tộc",
            "rows": [
                {"id": "tong", "label": "Tổng số", "sum": ["*"]},
                {"id": "tay", "label": "Tày", "code": "02", "bind": {"ETHNIC_GROUP": "02"}},
                {"id": "nung", "label": "Nùng", "code": "06", "bind": {"ETHNIC_GROUP": "06"}},
                {"id": "mong", "label": "Mông", "code": "08", "bind": {"ETHNIC_GROUP": "08"}},
            ],
            "columns": [
                {"label": "Tổng số hộ", "columns": [
                    {"id": "tong", "label": "Số hộ", "bind": {"INDICATOR": "THU:01"}},
                    {"id": "dtts", "label": "Hộ DTTS", "bind": {"INDICATOR": "THU:02"}},
                ]},
                {"label": "Hộ nghèo", "columns": [
                    {"id": "ngheo", "label": "Số hộ", "bind": {"INDICATOR": "THU:03"}},
                    {"id": "ty_le", "label": "Tỷ lệ %", "kind": "decimal", "decimals": 1,
                     "formula": "[ngheo] / [tong] * 100", "unit": "%"},
                ]},
            ],
            "checks": [
                {"id": "dtts-trong-tong", "test": "[dtts] <= [tong]", "column": "dtts",
                 "message": "Hộ DTTS là {dtts}, nhiều hơn tổng số hộ {tong}. "
                            "Hãy xem lại hai số."},
                {"id": "nhieu-ho-ngheo", "test": "[ngheo] <= [tong] / 2", "column": "ngheo",
                 "message": "Hộ nghèo {ngheo} quá nửa số hộ {tong}. Nếu đúng, viết lý do.",
                 "severity": "warning"},
            ],
        },
        {
            "id": "thon", "title": "Các thôn", "unit": "hộ", "row_header": "Thôn",
            "rows": [
                {"open": 8, "dimension": "VILLAGE"},
                {"id": "cong", "label": "Cộng", "sum": ["*"]},
            ],
            "columns": [
                {"id": "ho", "label": "Số hộ", "bind": {"INDICATOR": "THU:05"}},
                {"id": "nha", "label": "Có nhà văn hoá", "kind": "choice",
                 "choices": [["1", "Có"], ["0", "Không"]], "bind": {"INDICATOR": "THU:06"}},
                {"id": "dat", "label": "Đất sản xuất", "kind": "decimal", "decimals": 2,
                 "unit": "ha", "bind": {"INDICATOR": "THU:07"}},
                {"id": "ghi_chu", "label": "Ghi chú", "kind": "text"},
            ],
            "checks": [],
        },
    ],
}
"""A form with levels of header, a total, a rate, rules, open rows, a choice and a text."""
