"""What an installation leaves beside the environment's Python."""

import os
import subprocess
import sys
from pathlib import Path

from scripts import install, places


def test_the_command_runs_the_house_from_a_folder_with_spaces(tmp_path: Path) -> None:
    folder = tmp_path / "một thư mục" / "bin"
    folder.mkdir(parents=True)
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    install.write_command(folder)
    said = subprocess.run(
        [str(folder / "nhasan"), "help", "verify"],
        env={**os.environ, "PYTHONPATH": str(places.ROOT / "src"), "NHASAN_VAR": str(tmp_path)},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "demo" in said.stdout
    assert "audit" in said.stdout
