"""Cubes to write into files."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st

from nhasan.domain.cube import FIXED, Cube, CubeRow
from nhasan.domain.observations import Status
from nhasan.domain.problems import Invalid
from nhasan.formats import About

DIMS = (*FIXED, "ETHNIC_GROUP", "VILLAGE")
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12,
).filter(lambda text: text == text.strip() and not text.startswith("_x"))
CODES = st.sampled_from(["01", "02", "_T", "province", "2019", "Bản Á, “x”", "=1+1", '-a"b'])


@st.composite
def rows(draw):
    status = draw(st.sampled_from(list(Status)))
    decimals = draw(st.integers(0, 4))
    number = draw(st.integers(-10**14, 10**14))
    value = Decimal(number).scaleb(-decimals) if status is Status.REPORTED else None
    key = (draw(WORDS), *(draw(CODES) for _ in DIMS[1:]))
    return CubeRow(key, value, status, decimals, draw(st.sampled_from(["", "90/92"])))


CUBES = st.lists(rows(), max_size=25, unique_by=lambda row: row.key).map(
    lambda found: Cube.of(DIMS, found))
ABOUT = About(
    title="Dân số theo dân tộc", source="Tổng cục Thống kê", release="BDT:DAN_SO(1.0.0)",
    address="https://example.vn/data/BDT/DAN_SO/1.0.0", licence="CC BY 4.0",
    units={"S:1": "Người"}, labels={"ETHNIC_GROUP": {"01": "Kinh"}}, notes=("Điều tra 2019",),
)
CUBE = Cube.of((*FIXED, "ETHNIC_GROUP"), [
    CubeRow(("S:1", "province", "06", "2019", "01"), Decimal(313905), Status.REPORTED),
    CubeRow(("S:1", "province", "06", "2019", "02"), Decimal(0), Status.REPORTED),
    CubeRow(("S:1", "province", "06", "2019", "03"), None, Status.NOT_REPORTED),
    CubeRow(("S:1", "province", "06", "2019", "04"), None, Status.NOT_APPLICABLE),
    CubeRow(("S:1", "province", "06", "2019", "05"), None, Status.CONFIDENTIAL),
    CubeRow(("S:2", "province", "06", "2019", "_T"), Decimal("36.10"), Status.REPORTED, 2),
])
OTHER_BYTES = (
    b"", b"\xff\xfe\x00", b"a,b\r\n1,2\r\n", b"{}", b"[1]", b"PK\x03\x04", b"PAR1PAR1",
)


def comes_back(form, cube):
    """Tell that what is written is read back the same."""
    assert form.read(form.content(cube, ABOUT)).sorted() == cube.sorted()


def refuses(form):
    """Tell that other bytes are refused as a problem."""
    for data in OTHER_BYTES:
        with pytest.raises(Invalid):
            form.read(data)
