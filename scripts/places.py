"""Where things lie in a checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE = VENV / "node"
REQUIREMENTS = ROOT / "requirements"
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src" / "nhasan" / "interfaces" / "static" / "build"
SETTINGS = "nhasan.project.settings"


def var() -> Path:
    """Return the folder of everything the running house writes."""
    return Path(os.environ.get("NHASAN_VAR") or ROOT / "var").absolute()


def environment(**more: str) -> dict[str, str]:
    """Return the environment in which the house's own Python runs."""
    chosen = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "NHASAN_VAR": str(var()),
    }
    chosen.pop("PYTHONHOME", None)
    return {**chosen, **more}


def home_is_writable() -> bool:
    """Tell whether caches may go to their usual place."""
    home = Path(os.environ.get("HOME") or "/nonexistent")
    return home.is_dir() and os.access(home, os.W_OK)
