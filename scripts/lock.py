"""Write the lock files of the Python packages anew: exact versions and hashes, no host names."""

import sys

from scripts import entry, install, places, processes, progress

_LOCKS: dict[str, list[str]] = {
    "installer": [],
    "runtime": [],
    "dev": ["-c", "requirements/runtime.txt"],
}


def _work() -> int:
    install.ensure("dev", progress.Progress("Nhà Sàn · khoá phiên bản"))
    for name, constraints in _LOCKS.items():
        code = processes.run(
            [
                *(str(places.PYTHON), "-m", "uv", "pip", "compile", "--quiet"),
                *("--universal", "--generate-hashes", "--python-version", "3.11"),
                *("--upgrade", "--custom-compile-command", "make lock"),
                *constraints,
                f"requirements/{name}.in",
                *("-o", f"requirements/{name}.txt"),
            ],
            env=install.uv_environment(),
            cwd=places.ROOT,
        )
        install.require(code, f"Không khoá được requirements/{name}.in")
    return 0


def main() -> int:
    """Resolve each list of wanted packages for every Python and platform that we support."""
    return entry.answer(_work)


if __name__ == "__main__":
    sys.exit(main())
