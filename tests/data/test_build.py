"""The derived files are exactly what the raw ones give, with nothing from outside `data/`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.build_files import read_json

ROOT = Path(__file__).resolve().parents[2]
DERIVED = ("areas", "codes", "demo", "indicators", "correspondences.json", "demo.json",
           "illustrative.json", "organisations.json")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    home = tmp_path_factory.mktemp("rebuilt")
    shutil.copytree(ROOT / "data", home / "data")
    (home / "scripts").mkdir()
    for path in ROOT.glob("scripts/build_*.py"):
        shutil.copy(path, home / "scripts")
    for name in ("areas", "demo"):
        shutil.rmtree(home / "data" / name)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.build_data"], cwd=home, capture_output=True, text=True,
        check=True, env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
    )
    return home, done.stdout


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"}


@pytest.mark.parametrize("name", DERIVED)
def test_building_again_changes_nothing(rebuilt, name):
    home, _ = rebuilt
    ours, theirs = ROOT / "data" / name, home / "data" / name
    if ours.is_file():
        assert ours.read_bytes() == theirs.read_bytes()
    else:
        assert files(ours) == files(theirs)


def test_it_prints_counts_and_doubts(rebuilt):
    _, printed = rebuilt
    assert "EXPECTED" not in printed
    for line in ("10035  ok", "3321  ok", "122  ok", "108  ok", "92  ok"):
        assert line in printed
    assert "doubt    31" in printed
    assert "doubt    17" in printed


def test_no_file_is_larger_than_three_megabytes():
    for path in (ROOT / "data").rglob("*"):
        assert not path.is_file() or path.stat().st_size < 3_000_000, path


def test_json_reads_back_as_it_was_written():
    found = read_json(ROOT / "data" / "codes" / "CL_SEX.json")
    assert [code["code"] for code in found["codes"]] == ["M", "F", "_T"]
