"""Put the Python packages of a lock file into the checkout's own environment.

Run as ``python3 -m scripts.install runtime`` or ``… dev``; does nothing when nothing changed.
"""

import ast
import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import entry, machine, places, processes, progress, stamps

_STAMP = places.VENV / "installed"
_PATHS = "nhasan-checkout.pth"
_UNUSABLE = (
    "Không tạo được môi trường Python. Hãy cài gói python3-venv (apt-get install python3-venv) "
    "rồi chạy lại."
)


def ensure(lock: str, story: progress.Progress) -> None:
    """Have the packages of a lock installed, and ``nhasan`` importable."""
    with stamps.alone(places.ROOT / "var" / "install.lock"):
        if _is_current(lock):
            write_command(places.PYTHON.parent)
            return
        log = log_file("install")
        _make_venv(story, log)
        with story.step("Cài các gói Python vào .venv"):
            _install(lock, log)
            _link_checkout()
            write_command(places.PYTHON.parent)
        stamps.write(_STAMP, _wanted(lock))


def log_file(name: str) -> Path:
    """Return an empty log of this name."""
    path = places.var() / "log" / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def require(code: int, what: str, log: Path | None = None) -> None:
    """Refuse to go on after a program that failed."""
    if code:
        lines = processes.last_lines(log) if log else []
        where = f" (đầy đủ ở {log})" if log else ""
        raise processes.FailedError(f"{what}{where}", lines)


def _wanted(lock: str) -> str:
    """Return what the stamp says after this lock was installed: one line per lock it covers."""
    covered = ["runtime"] if lock == "runtime" else ["runtime", lock]
    version = ".".join(map(str, sys.version_info[:2]))
    return "\n".join(
        f"{name} {version} {stamps.digest([places.REQUIREMENTS / f'{name}.txt'])}"
        for name in covered
    )


def _is_current(lock: str) -> bool:
    said = stamps.read(_STAMP).splitlines()
    wanted = _wanted(lock).splitlines()
    return all(line in said for line in wanted) and _venv_works()


def _venv_works() -> bool:
    """Tell whether the environment is there and is of the Python that runs us."""
    if not places.PYTHON.exists():
        return False
    asked = [str(places.PYTHON), "-c", "import sys; print(*sys.version_info[:2])"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    return said.returncode == 0 and said.stdout.split() == [str(n) for n in sys.version_info[:2]]


def _has_pip() -> bool:
    asked = [str(places.PYTHON), "-m", "pip", "--version"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _make_venv(story: progress.Progress, log: Path) -> None:
    if _venv_works() and _has_pip():
        return
    with story.step("Tạo môi trường Python riêng trong .venv"):
        _STAMP.unlink(missing_ok=True)
        create = [sys.executable, "-m", "venv", "--clear", str(places.VENV)]
        if processes.run(create, log=log) == 0:
            return
        # Debian keeps what fills an environment in a package of its own.
        version = ".".join(map(str, sys.version_info[:2]))
        machine.install_packages([f"python{version}-venv"], needed=_UNUSABLE)
        require(processes.run(create, log=log), _UNUSABLE, log)


def _pip_settings() -> dict[str, list[str]]:
    """Return what the machine tells pip: uv reads none of it by itself."""
    said = subprocess.run(
        [str(places.PYTHON), "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, list[str]] = {}
    for line in said.stdout.splitlines():
        name, _, value = line.partition("=")
        with contextlib.suppress(ValueError, SyntaxError):
            found.setdefault(name.rpartition(".")[2], []).extend(
                str(ast.literal_eval(value)).split()
            )
    return found


def uv_environment() -> dict[str, str]:
    """Return an environment in which uv asks the indexes that pip would ask."""
    pip = _pip_settings()
    env = dict(os.environ)
    for setting, name in (
        ("index-url", "UV_DEFAULT_INDEX"),
        ("extra-index-url", "UV_INDEX"),
        ("find-links", "UV_FIND_LINKS"),
        ("cert", "SSL_CERT_FILE"),
        ("trusted-host", "UV_INSECURE_HOST"),
        ("proxy", "ALL_PROXY"),
    ):
        if setting in pip:
            separator = "," if name == "UV_FIND_LINKS" else " "
            env.setdefault(name, separator.join(dict.fromkeys(pip[setting])))
    # Every file is held to the hash in the lock, so any index may supply it.
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    env["UV_NO_PROGRESS"] = "1"
    if not places.home_is_writable():
        env.setdefault("UV_CACHE_DIR", str(places.VENV / "cache"))
    return env


def _install(lock: str, log: Path) -> None:
    """Install with uv, and where uv cannot read the machine's settings, with pip itself."""
    python = str(places.PYTHON)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    hashed = ["--require-hashes", "-r"]
    wanted = str(places.REQUIREMENTS / f"{lock}.txt")
    installer = str(places.REQUIREMENTS / "installer.txt")
    if processes.run([*pip, *hashed, installer], cwd=places.ROOT, log=log) == 0:
        uv = [python, "-m", "uv", "pip", "install", "--python", python]
        if processes.run([*uv, *hashed, wanted], env=uv_environment(), log=log) == 0:
            return
    require(
        processes.run([*pip, *hashed, wanted], cwd=places.ROOT, log=log),
        "Không cài được các gói Python. Kiểm tra mạng rồi chạy lại",
        log,
    )


def write_command(folder: Path) -> None:
    """Put the command ``nhasan`` beside the environment's Python, whatever the path is called."""
    command = folder / "nhasan"
    command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m nhasan.project.command "$@"\n')
    command.chmod(0o755)


def _link_checkout() -> None:
    """Put ``src`` on the path by a relative line, which no folder name can break."""
    asked = [str(places.PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)
    site = Path(said.stdout.strip())
    (site / _PATHS).write_text(os.path.relpath(places.ROOT / "src", site) + "\n")
    shutil.rmtree(places.VENV / "node", ignore_errors=True)


def main() -> int:
    """Install the lock named on the command line."""
    lock = sys.argv[1] if len(sys.argv) > 1 else "dev"

    def work() -> int:
        ensure(lock, progress.Progress(f"Nhà Sàn · cài đặt ({lock})"))
        return 0

    return entry.answer(work)


if __name__ == "__main__":
    sys.exit(main())
