"""Names of the sheets that belong to the product, and the signs that stand for a figure."""

GUIDE_SHEET = "Hướng dẫn"
CONTENTS_SHEET = "Mục lục"
ERROR_SHEET = "Lỗi cần sửa"
PREVIOUS_PREFIX = "Kỳ trước"
IDENTITY_SHEET = "_nhasan"
LISTS_SHEET = "_nhasan_ds"
OWN_SHEETS = (GUIDE_SHEET, CONTENTS_SHEET, ERROR_SHEET, IDENTITY_SHEET, LISTS_SHEET)

MARKERS = ("...", "…", "x", "c")
