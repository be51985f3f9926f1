"""What the machine itself must have, installed from its distribution where we may."""

import os
import pwd
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from scripts import places, processes

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_POSTGRES_PROGRAMS = ("initdb", "postgres", "createdb")


def _as_administrator() -> list[str] | None:
    """Return what to put before a command that needs the administrator, or None."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    quiet = places.var() / "log" / "machine.log"
    quiet.parent.mkdir(parents=True, exist_ok=True)
    if sudo and processes.run([sudo, "-n", "true"], log=quiet) == 0:
        return [sudo, "-n"]
    return None


def install_packages(packages: Sequence[str], *, needed: str) -> None:
    """Install packages of the distribution, or say in one line what a person has to install.

    Args:
        packages: their names in Debian.
        needed: the line for the person.
    """
    apt = shutil.which("apt-get")
    before = _as_administrator()
    if apt is None or before is None:
        raise processes.FailedError(needed)
    log = places.var() / "log" / "machine.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    keep = ["env", "DEBIAN_FRONTEND=noninteractive"]  # sudo passes no environment on
    install = [*before, *keep, apt, "install", "-y", "--no-install-recommends", *packages]
    # The list of packages may be missing or old: read it anew first, as a person would.
    processes.run([*before, *keep, apt, "update"], env=env, log=log)
    if processes.run(install, env=env, log=log):
        raise processes.FailedError(needed, processes.last_lines(log, 8))


def browser() -> str | None:
    """Return the path of a Chromium."""
    chosen = os.environ.get("NHASAN_CHROMIUM")
    if chosen:
        return chosen
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def office() -> str | None:
    """Return the path of LibreOffice, which opens our workbooks as an office would."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def writer() -> Path | None:
    """Return the part of LibreOffice that opens letters; Debian brings it in a package apart."""
    found = office()
    part = Path(found).resolve().parent / "libswlo.so" if found else None
    return part if part and part.exists() else None


def postgres() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if _is_server(path)]
    if found:
        return max(found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))])
    on_path = shutil.which("initdb")
    folder = Path(on_path).resolve().parent if on_path else None
    return folder if folder and _is_server(folder) else None


def _is_server(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in _POSTGRES_PROGRAMS)


def server_account() -> tuple[int, int] | None:
    """Return an account that is not the administrator, for a server that refuses to be one."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return account.pw_uid, account.pw_gid
    raise processes.FailedError("Máy không có tài khoản postgres hay nobody để chạy PostgreSQL.")
