"""Run one measurement of ``benchmarks/`` beside a database server of its own.

``python3 -m scripts.bench workbook`` runs ``python -m benchmarks.workbook``. It finds the address
of a temporary PostgreSQL, with a disk's honest waits, in ``NHASAN_BENCH_POSTGRES``. For a
``benchmarks/NAME.txt`` of packages to compare with, it finds a Python that has them in
``NHASAN_BENCH_PEER``; nothing of the peers stays in the checkout's own environment.
"""

import sys
import tempfile
from pathlib import Path

from scripts import entry, frontend, install, places, postgres, processes, progress, translations

_FOLDER = places.ROOT / "benchmarks"


def names() -> list[str]:
    """Return the names that can be asked for."""
    return sorted(path.stem for path in _FOLDER.glob("[!_]*.py"))


def _peer(name: str, workplace: Path, story: progress.Progress) -> str:
    wanted = _FOLDER / f"{name}.txt"
    if not wanted.exists():
        return ""
    log = install.log_file("bench")
    folder = workplace / "peer"
    python = str(folder / "bin" / "python")
    with story.step("Cài phần mềm để so sánh vào một thư mục tạm"):
        uv = [str(places.PYTHON), "-m", "uv"]
        env = install.uv_environment()
        make = [*uv, "venv", "--quiet", "--python", str(places.PYTHON), str(folder)]
        install.require(processes.run(make, env=env, log=log), "Không tạo được thư mục", log)
        add = [*uv, "pip", "install", "--python", python, "-r", str(wanted)]
        install.require(processes.run(add, env=env, log=log), "Không cài được", log)
    return python


def measure(name: str, story: progress.Progress) -> int:
    """Prepare everything and run the measurement; its own output is the answer."""
    install.ensure("dev", story)
    frontend.ensure(story)
    translations.ensure(story)
    with tempfile.TemporaryDirectory(prefix="nhasan-bench-") as folder:
        workplace = Path(folder).resolve()
        peer = _peer(name, workplace, story)
        with postgres.cluster(durable=True) as url:
            env = places.environment(
                NHASAN_VAR=str(workplace / "var"),
                NHASAN_BENCH_POSTGRES=url,
                NHASAN_BENCH_PEER=peer,
            )
            env.pop("NHASAN_DATABASE_URL", None)
            command = [str(places.PYTHON), "-m", f"benchmarks.{name}"]
            return processes.run(command, env=env, cwd=places.ROOT)


def main() -> int:
    """Run the measurement named on the command line."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in names():
        known = ", ".join(names()) or "(chưa có)"
        progress.complain(f"Cách dùng: make bench NAME=…   Có: {known}")
        return 2
    return entry.answer(lambda: measure(name, progress.Progress(f"Nhà Sàn · phép đo {name}")))


if __name__ == "__main__":
    sys.exit(main())
