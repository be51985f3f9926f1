"""What is written while running can be read by the account that runs the house alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import code

_OPEN_DATABASE = (
    "import django; django.setup();"
    "from django.db import connection;"
    "connection.cursor().execute('CREATE TABLE drafts (figure integer)')"
)


def _start(var: Path) -> None:
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NHASAN_DATABASE_URL", "NHASAN_SECRET_KEY")
    }
    env |= {
        "NHASAN_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "nhasan.project.settings",
        "PYTHONPATH": str(code.ROOT / "src"),
    }
    subprocess.run([sys.executable, "-c", _OPEN_DATABASE], env=env, umask=0o022, check=True)


@pytest.mark.parametrize("before", [None, 0o755], ids=["new", "made-before"])
def test_others_on_the_machine_cannot_enter(tmp_path: Path, before: int | None) -> None:
    var = tmp_path / "var"
    if before is not None:
        var.mkdir()
        var.chmod(before)

    _start(var)

    assert (var / "nhasan.sqlite3").is_file()
    assert var.stat().st_mode & 0o777 == 0o700
    assert (var / "secret.key").stat().st_mode & 0o777 == 0o600
