import io

import pytest

from nhasan.domain.problems import Invalid, NotFound
from nhasan.storage.unit_data import UnitData
from tests.house import code


def test_a_part_is_kept_for_the_house_alone_and_replaced_as_a_whole(tmp_path):
    kept = UnitData(tmp_path / "units")
    kept.put("census", "19", io.BytesIO(b"first"))
    path = kept.put("census", "19", io.BytesIO(b"second"))
    assert kept.part("census", "19").read_bytes() == b"second"
    assert kept.parts("census") == [path]
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (path.parent, tmp_path / "units"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_strange_names_and_missing_parts_are_refused(tmp_path):
    kept = UnitData(tmp_path)
    for name in ("", "../x", "a/b", ".x"):
        with pytest.raises(Invalid):
            kept.put("census", name, io.BytesIO(b""))
    with pytest.raises(NotFound):
        kept.part("census", "19")


def test_no_door_knows_of_unit_data():
    doors = code.SOURCE / "interfaces"
    assert not [path for path in doors.rglob("*.py")
                if "storage.unit_data" in path.read_text(encoding="utf-8")]
